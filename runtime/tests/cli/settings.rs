//! `allwell.yaml`, and the secrets that its backend knows, as `check` and `config` use them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use crate::run::{Directory, Ran, allwell};

/// A directory with a program that answers as `script` does, a file of settings that names it, and an instance with a handle.
fn backend(script: &str, settings: &str, mode: u32) -> Directory {
    let directory = Directory::with("backend", &format!("#!/bin/sh\n{script}\n"))
        .and("conf.d/guest.yaml", "instances:\n  - mood: ENC[mood]\n");
    let program = format!("{}/backend", directory.path());
    fs::set_permissions(&program, fs::Permissions::from_mode(mode)).expect("it is ours");
    // A relative path is seen from the file of settings.
    directory.and("allwell.yaml", &format!("secret_backend_command: backend\n{settings}"))
}

fn validate(directory: &Directory) -> Ran {
    let config = format!("{}/allwell.yaml", directory.path());
    let mut ran = allwell(&["config", "validate", "--config", &config]);
    ran.err = ran.err.replace(directory.path(), "DIR");
    ran
}

#[test]
fn the_backend_is_asked_once_for_all_files() {
    let directory = backend(
        "cat > \"$(dirname \"$0\")/asked\"\n\
         echo '{\"mood\": {\"value\": \"calm\"}, \"other\": {\"value\": \"loud\", \"error\": null}}'",
        "",
        0o700,
    )
    .and("conf.d/guest.d/conf.yaml", "instances: [{mood: 'ENC[other]'}, {mood: ' ENC[mood] '}]");
    let ran = validate(&directory);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        directory.read("asked"),
        r#"{"version":"1.1","secrets":["mood","other"],"secret_backend_timeout":30}"#
    );
    assert!(ran.out.contains("guest     2 of 2"), "{}", ran.out);
}

#[test]
fn what_a_backend_does_wrong_is_said_at_each_value() {
    let timeout = "secret_backend_timeout: 1\n";
    for (script, settings, mode, expected) in [
        ("exit 3", "", 0o700, "the backend `DIR/backend` ended with exit code 3\n"),
        (
            "echo nonsense",
            "",
            0o700,
            "the backend `DIR/backend` did not answer with a JSON object\n",
        ),
        ("echo '[]'", "", 0o700, "did not answer with a JSON object\n"),
        (
            "echo '{}'",
            "",
            0o700,
            "`ENC[mood]` is not resolved: the backend did not answer for it\n",
        ),
        ("echo '{\"mood\": {\"error\": \"denied\"}}'", "", 0o700, "the backend says: denied\n"),
        ("echo '{\"mood\": {\"value\": \"\"}}'", "", 0o700, "gave an empty value for it\n"),
        ("echo '{\"mood\": {\"value\": 5}}'", "", 0o700, "gave a value for it that is not text\n"),
        ("sleep 60", timeout, 0o700, "the backend `DIR/backend` did not answer within 1 s\n"),
        ("exec >&-; sleep 60", timeout, 0o700, "did not answer within 1 s\n"),
        ("head -c 1100000 /dev/zero", "", 0o700, "answered with more than 1 MiB\n"),
        ("true", "", 0o600, "cannot be started: permission denied\n"),
        ("true", "", 0o705, "can be changed or run by others (its mode is 705)\n"),
        ("true", "", 0o750, "can be changed or run by others (its mode is 750)\n"),
    ] {
        let ran = validate(&backend(script, settings, mode));
        assert_eq!(ran.code, 3, "{script}\n{}", ran.err);
        assert!(ran.err.contains(expected), "{script} {mode:o}\n{}", ran.err);
        assert!(ran.err.contains(" --> DIR/conf.d/guest.yaml:2:11\n"), "{}", ran.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_backend_is_killed_with_what_it_has_started() {
    let script = "sleep 60 & echo $! > \"$0.pid\"; wait";
    let directory = backend(script, "secret_backend_timeout: 1\n", 0o700);
    assert!(validate(&directory).err.contains("did not answer within 1 s"));
    let process = format!("/proc/{}/stat", directory.read("backend.pid").trim());
    // A process takes a moment to die, and whoever adopts it another one to notice.
    let has_ended = |_| {
        std::thread::sleep(Duration::from_millis(10));
        let stat = fs::read_to_string(&process).unwrap_or_default();
        stat.is_empty() || stat.contains(") Z ")
    };
    assert!((0..500).any(has_ended), "it goes on");
}

#[test]
fn a_group_may_be_allowed_and_a_line_break_taken_off() {
    let settings = "secret_backend_command_allow_group_exec_perm: true\n\
                    secret_backend_remove_trailing_line_break: yes\n\
                    secret_backend_arguments: [calm]\n";
    let directory = backend(r#"printf '{"mood": {"value": "%s\\n"}}' "$1""#, settings, 0o750);
    let config = format!("{}/allwell.yaml", directory.path());
    let ran = allwell(&["check", "guest", "--config", &config, "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
}

#[test]
fn what_a_backend_says_is_told_without_secrets() {
    let script = "echo 'mood is calm' >&2; echo '{\"mood\": {\"value\": \"calm\"}}'";
    let ran = validate(&backend(script, "", 0o700));
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (0, "note: the backend of secrets says: mood is ********\n")
    );
}

#[test]
fn a_handle_without_a_backend_is_an_error() {
    let directory = Directory::with("conf.d/guest.yaml", "instances: [{mood: 'ENC[mood]'}]")
        .and("allwell.yaml", "");
    let ran = validate(&directory);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("no backend of secrets is configured"), "{}", ran.err);
}

#[test]
fn problems_of_the_settings_are_reported_as_those_of_any_file() {
    let directory = Directory::with("conf.d/guest.yaml", "instances: [{mood: calm}]").and(
        "allwell.yaml",
        "hostnam: a\nlog_level: loud\noutputs:\n  - console: {format: xml}\n  - {}\nlimits: {runs: 0}\n",
    );
    let ran = validate(&directory);
    assert_eq!(ran.code, 3);
    for expected in [
        "error: unknown option `hostnam`\n --> DIR/allwell.yaml:1:1\n",
        "hint: did you mean `hostname`?\n",
        "error: `log_level`: expected one of `trace`, `debug`, `info`, `warn`, `error`, `critical`, `off`, found `loud`\n",
        "error: `format`: expected one of `text`, `json`, found `xml`\n",
        "error: an output without a kind; write `- console: {}`\n",
        "error: `runs` must be at least 1, found `0`\n",
        "5 errors in 1 file\n",
    ] {
        assert!(ran.err.contains(expected), "{expected}\nis not in\n{}", ran.err);
    }
    let config = format!("{}/allwell.yaml", directory.path());
    let ran = allwell(&["check", "--config", &config]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(
        ran.err.ends_with(
            "error: the settings have errors\n\
             hint: `config example` prints a file of settings with every option explained\n"
        ),
        "{}",
        ran.err
    );
}

#[test]
fn the_problems_as_json_have_those_of_the_settings_first() {
    let directory = Directory::with("conf.d/guest.yaml", "instances: [{mod: calm}]")
        .and("allwell.yaml", "watch: maybe\n");
    let config = format!("{}/allwell.yaml", directory.path());
    let confd = format!("{}/conf.d", directory.path());
    let ran = allwell(&["config", "validate", &confd, "--config", &config, "--format", "json"]);
    let problems = &ran.json()["problems"];
    assert_eq!(problems[0]["option"], "watch");
    assert_eq!(problems[1]["option"], "instances[0].mod");
}

#[test]
fn a_file_of_settings_that_is_not_there_is_an_error() {
    let ran = allwell(&["config", "validate", "--config", "/nowhere/allwell.yaml"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("cannot read the file"), "{}", ran.err);
}

#[test]
fn the_settings_say_where_the_directory_is_seen_from_their_file() {
    let directory = Directory::with("checks/guest.yaml", "instances: [{mood: calm}]")
        .and("conf.d/guest.yaml", "instances: [{mood: calm}, {mood: loud}]")
        .and("allwell.yaml", "confd_path: checks\nhostname: web-1\n");
    let ran = validate(&directory);
    assert!(ran.out.contains("guest     1 of 1"), "{}", ran.out);
    let config = format!("{}/allwell.yaml", directory.path());
    let confd = format!("{}/conf.d", directory.path());
    let ran = allwell(&["config", "validate", "--config", &config, "--confd", &confd]);
    assert!(ran.out.contains("guest     2 of 2"), "{}", ran.out);
    let ran = allwell(&["check", "shelf", "--config", &config, "--json"]);
    assert_eq!(ran.json()[0]["aggregator"]["metrics"][0]["host"], "web-1");
}

#[test]
fn the_example_of_the_settings_is_a_file_without_problems() {
    let example = allwell(&["config", "example"]);
    assert_eq!((example.code, example.err.as_str()), (0, ""));
    golden("settings.yaml", &example.out);
    let directory = Directory::with("allwell.yaml", &example.out).and("conf.d/x", "");
    assert_eq!(validate(&directory).code, 0);
    // Everything that is only commented out is right, too.
    let directory = Directory::with("allwell.yaml", &uncommented(&example.out)).and("conf.d/x", "");
    let ran = validate(&directory);
    assert!(!ran.err.contains("unknown option"), "{}", ran.err);
    assert!(!ran.err.contains("allwell.yaml"), "{}", ran.err);
}

#[test]
fn the_schema_of_the_settings_knows_every_option() {
    let schema = allwell(&["config", "schema"]).json();
    assert_eq!(schema["title"], "Settings of allwell");
    assert_eq!(schema["properties"]["log_level"]["default"], "info");
    assert_eq!(schema["properties"]["limits"]["properties"]["runs"]["minimum"], 1);
    assert_eq!(schema["additionalProperties"], false);
}

/// The same instance in two files.
#[test]
fn an_instance_that_stands_in_two_files_runs_once() {
    let confd = Directory::with("guest.d/a.yaml", "instances: [{mood: a}, {mood: b}]\n")
        .and("guest.d/b.yaml", "instances:\n- mood: c\n- mood: b\n");
    let ran = allwell(&["config", "validate", confd.path()]);
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.err.replace(confd.path(), "DIR"),
        "warning: the same as instance 2 of `DIR/guest.d/a.yaml`
 --> DIR/guest.d/b.yaml:3:3
  |
3 | - mood: b
  |   ^^^^^^^
  |
  = hint: take one of them out; it runs once

1 warning in 1 file
"
    );
    assert!(ran.out.contains("guest     1 of 2       0         1  "), "{}", ran.out);
}

/// The lines that are commented out, not the explanations.
fn uncommented(example: &str) -> String {
    let line = |line: &str| match line.split_once("# ") {
        Some((indent, option)) if indent.trim().is_empty() => format!("{indent}{option}\n"),
        _ => format!("{line}\n"),
    };
    example.lines().map(line).collect()
}

/// Compares a text with its golden file.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).expect("the golden file can be written");
    }
    let expected = fs::read_to_string(&path).expect("the golden file is there");
    assert_eq!(text, expected, "{} differs; `UPDATE_GOLDEN=1` accepts it", path.display());
}
