//! Settings from a file and from the environment.

use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use crate::config::{Tag, report};

use super::outputs::{Console, ConsoleFormat, Output};
use super::{Environment, Limits, LogFormat, LogLevel, Reading, Setup, read};

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What a file of settings says in an environment, and the directory that it is in.
fn reading(text: &str, variables: &[(&str, &str)]) -> (TempDir, Reading) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("allwell.yaml");
    fs::write(&file, text).expect("a file");
    let reading = read(Some(&file), &environment(variables));
    (directory, reading)
}

fn setup(text: &str, variables: &[(&str, &str)]) -> Setup {
    let (_directory, reading) = reading(text, variables);
    let told = report::text(&reading.problems(), false);
    assert_eq!(told, "");
    reading.setup.expect("settings without errors")
}

fn told(text: &str, variables: &[(&str, &str)]) -> String {
    let (directory, reading) = reading(text, variables);
    assert!(reading.setup.is_none());
    report::text(&reading.problems(), false).replace(&*directory.path().to_string_lossy(), "DIR")
}

fn tags(setup: &Setup) -> Vec<&str> {
    setup.settings.tags.iter().map(|Tag(tag)| tag.as_str()).collect()
}

#[test]
fn without_a_file_everything_has_its_default() {
    let setup = read(None, &Environment::new()).setup.expect("nothing is wrong");
    let settings = &setup.settings;
    assert_eq!((settings.log_level, settings.log_format), (LogLevel::Info, LogFormat::Text));
    assert!(settings.watch && settings.tags.is_empty() && settings.outputs.is_empty());
    assert_eq!(setup.limits(), Limits { runs: 1024, blocking_runs: 256, runs_of_one_check: 256 });
    assert_eq!(settings.secrets.secret_backend_timeout, Duration::from_secs(30));
    assert_eq!(settings.secrets.secret_refresh_interval, Duration::ZERO);
}

#[test]
fn a_file_says_what_is_otherwise() {
    let setup = setup(
        "hostname: web-1\ntags: [env:prod]\nlog_level: critical\nlog_format: json\nwatch: no\n\
         limits: {runs: 10, runs_of_one_check: 2}\n\
         outputs:\n  - console: {format: json}\n  - console: {}\n\
         secret_refresh_interval: 1h\n",
        &[],
    );
    assert_eq!(&*setup.host().hostname, "web-1");
    assert_eq!(tags(&setup), ["env:prod"]);
    let settings = &setup.settings;
    assert_eq!((settings.log_level, settings.log_format), (LogLevel::Critical, LogFormat::Json));
    assert_eq!(setup.limits(), Limits { runs: 10, blocking_runs: 256, runs_of_one_check: 2 });
    let console = |format| Output { console: Some(Console { format }), ..Output::default() };
    assert_eq!(settings.outputs, [console(ConsoleFormat::Json), console(ConsoleFormat::Text)]);
    assert_eq!(settings.secrets.secret_refresh_interval, Duration::from_hours(1));
    assert!(!settings.watch);
}

#[test]
fn the_environment_wins() {
    let setup = setup(
        "hostname: web-1\ntags: [a:b]\nlog_level: info\nlog_format: text\n",
        &[
            ("DD_HOSTNAME", "web-2"),
            ("DD_TAGS", "env:prod,team:x  c:d"),
            ("DD_LOG_LEVEL", "debug"),
            ("DD_LOG_FORMAT_JSON", "true"),
            ("DD_CONFD_PATH", "/checks"),
            ("DD_RUN_PATH", ""),
            ("DD_SECRET_BACKEND_COMMAND", "/bin/secrets"),
            ("DD_SECRET_BACKEND_ARGUMENTS", "a  b"),
            ("DD_SECRET_BACKEND_TIMEOUT", "5"),
        ],
    );
    assert_eq!(&*setup.host().hostname, "web-2");
    assert_eq!(tags(&setup), ["env:prod", "team:x", "c:d"]);
    let settings = &setup.settings;
    assert_eq!((settings.log_level, settings.log_format), (LogLevel::Debug, LogFormat::Json));
    assert_eq!(setup.confd().as_deref(), Some("/checks".as_ref()));
    assert_eq!(settings.run_path, None, "an empty variable gives nothing");
    let backend = settings.secrets.backend(None).expect("a backend");
    assert_eq!(backend.command, std::path::Path::new("/bin/secrets"));
    assert_eq!(backend.arguments, ["a", "b"]);
    assert_eq!(backend.timeout, Duration::from_secs(5));
}

#[test]
fn a_variable_that_is_wrong_is_told_by_its_name() {
    assert_eq!(
        told("log_level: info\n", &[("DD_LOG_LEVEL", "loud"), ("DD_SECRET_BACKEND_TIMEOUT", "0")]),
        "error: `DD_LOG_LEVEL`: expected one of `trace`, `debug`, `info`, `warn`, `error`, \
         `critical`, `off`, found `loud`\n--> environment\n\n\
         error: `DD_SECRET_BACKEND_TIMEOUT` must be at least 1 seconds, found `0`\n\
         --> environment\n = hint: raise it to 1 or more\n\n\
         2 errors in 1 file\n"
    );
}

#[test]
fn a_file_that_is_no_mapping_or_no_yaml_is_told() {
    let err = told("- hostname\n", &[]);
    assert!(
        err.starts_with("error: expected a mapping, found a list\n --> DIR/allwell.yaml:1:1\n")
    );
    let err = told("tags: [a\n", &[]);
    assert!(err.starts_with("error: a bracket that is not closed\n --> DIR/allwell.yaml:1:7\n"));
    assert!(setup("", &[]).settings.hostname.is_none());
}

#[test]
fn the_level_of_the_agents_logs_is_read_whatever_its_case() {
    for (level, expected) in [("WARN", LogLevel::Warn), ("warning", LogLevel::Warn)] {
        assert_eq!(setup("", &[("DD_LOG_LEVEL", level)]).settings.log_level, expected);
    }
}

#[test]
fn variables_and_handles_stand_for_something_in_settings_too() {
    let values = [("TEAM", "blue")];
    assert_eq!(tags(&setup("tags: [\"team:%%env_TEAM%%\"]\n", &values)), ["team:blue"]);
    let named = setup("hostname: \"db-%%env_TEAM%%\"\n", &values);
    assert_eq!(&*named.host().hostname, "db-blue");
    let err = told("hostname: \"ENC[host]\"\n", &[]);
    assert!(err.starts_with("error: `hostname`: `ENC[host]` is a handle of a secret"), "{err}");
}

#[test]
fn paths_are_seen_from_the_file_and_have_defaults() {
    let text = "confd_path: checks\nrun_path: state\n";
    let (directory, reading) = reading(text, &[("STATE_DIRECTORY", "/var/lib/x")]);
    let setup = reading.setup.expect("settings without errors");
    assert_eq!(setup.confd(), Some(directory.path().join("checks")));
    assert_eq!(setup.run_path(), directory.path().join("state"));
    assert_eq!(setup.socket(), directory.path().join("state/status.sock"));
    let setup = self::setup("socket: /run/x.sock\n", &[("STATE_DIRECTORY", "/var/lib/x")]);
    assert_eq!(setup.run_path(), std::path::Path::new("/var/lib/x"));
    assert_eq!(setup.socket(), std::path::Path::new("/run/x.sock"));
}
