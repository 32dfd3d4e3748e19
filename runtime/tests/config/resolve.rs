//! Handles of secrets and template variables: what they stand for, what is said where that is not known, and that nothing
//! shows it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use allwell::check::{Entry, Host, InstanceSpec, Loaded, load_with};
use allwell::config::resolve::{Answers, Scrubber, Unknown, Values, handles};
use allwell::config::{report, yaml};
use allwell::prelude::*;
use allwell::run::{RunOutcome, Worker};
use proptest::prelude::*;

use crate::support::{entry, file};

fn values() -> Values {
    let environment = [("PORT", "6380"), ("DB_PASSWORD", "opensesame"), ("EMPTY", "")];
    Values::new("web-1", environment.map(|(name, value)| (name.to_owned(), value.to_owned())))
}

fn with_secrets(secrets: &[(&str, &str)]) -> Values {
    let mut answers: Answers = HashMap::new();
    for (handle, value) in secrets {
        answers.insert((*handle).to_owned(), Ok(Secret::new(*value)));
    }
    let refused = Unknown { reason: "the backend says: no".into(), hint: "ask nicely".into() };
    answers.insert("refused".to_owned(), Err(refused));
    values().with_secrets(Arc::new(answers))
}

fn loaded(instance: &str, values: &Values) -> Loaded {
    load_with(entry("rich"), &file(&format!("instances:\n  - {instance}\n")), values)
}

fn instance(text: &str, values: &Values) -> InstanceSpec {
    let Loaded { mut instances, problems } = loaded(text, values);
    assert_eq!(problems.list(), [], "{text}");
    instances.remove(0)
}

fn told(text: &str, values: &Values) -> String {
    let file = file(&format!("instances:\n  - {text}\n"));
    let loaded = load_with(entry("rich"), &file, values);
    assert!(loaded.instances.is_empty(), "{text} was loaded");
    report::text(&[(&file, &loaded.problems)], false)
}

/// The text that an option has in the end.
fn value(text: &str, option: &str, values: &Values) -> String {
    let node = instance(text, values).written();
    let pair = node.get(option).expect("the option is there");
    match &pair.value.value {
        allwell::config::NodeValue::Scalar { text, .. } => text.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn variables_stand_anywhere_in_a_text() {
    let host = |text: &str| value(&format!("host: \"{text}\""), "host", &values());
    assert_eq!(host("%%hostname%%"), "web-1");
    assert_eq!(host("%%host%%:%%env_PORT%%/%%env_PORT%%"), "web-1:6380/6380");
    assert_eq!(host("100%% of %%hostname%%%"), "100%% of web-1%");
    for unchanged in ["100%%", "%% a %%", "%%%%", "%%a-b%%", "50%%%% off"] {
        assert_eq!(host(unchanged), unchanged);
    }
}

#[test]
fn a_variable_is_read_as_the_option_wants_it() {
    let instance = instance("{host: a, port: \"%%env_PORT%%\"}", &values());
    assert_eq!(instance.id.matches("6380").count(), 0);
    assert_eq!(value("{host: a, port: '%%env_PORT%%'}", "port", &values()), "6380");
    let err = told("{host: a, port: '%%env_DB_PASSWORD%%'}", &values());
    assert!(err.contains("found `********`"), "{err}");
    assert!(!err.contains("opensesame"), "{err}");
}

#[test]
fn a_variable_that_is_not_known_is_an_error_at_its_place_and_the_only_one_there() {
    assert_eq!(
        told("{host: a, port: \"%%env_NONE%%\"}", &values()),
        "error: `port`: the environment variable `NONE` is not set
 --> conf.d/rich.yaml:2:21
  |
2 |   - {host: a, port: \"%%env_NONE%%\"}
  |                     ^^^^^^^^^^^^^^
  |
  = hint: set it where this is started, or write the value itself

1 error in 1 file
"
    );
    let err = told("{host: \"%%port_0%%\"}", &values());
    assert!(
        err.starts_with(
            "error: `host`: `%%port_0%%` stands for something of a container, and there is none\n"
        ),
        "{err}"
    );
    assert!(err.contains("hint: `%%env_NAME%%`, `%%hostname%%` and `%%host%%` are known here"));
}

#[test]
fn a_value_is_a_handle_as_a_whole_or_not_at_all() {
    let values = with_secrets(&[("db", "s3cret")]);
    assert_eq!(value("host: ENC[db]", "host", &values), "s3cret");
    assert_eq!(value("host: ' ENC[db] '", "host", &values), "s3cret");
    assert_eq!(value("host: a ENC[db]", "host", &values), "a ENC[db]");
    let text = "{a: ENC[x], b: [ENC[y], 'no ENC[z]'], c: {d: 'ENC[backend;key]'}}";
    let root = yaml::parse(&text.replace("ENC[x]", "'ENC[x]'").replace("ENC[y]", "'ENC[y]'")).root;
    let root = root.expect("it is YAML");
    let mut found = BTreeSet::new();
    handles(&root, &mut found);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["backend;key", "x", "y"]);
}

#[test]
fn a_secret_that_reads_as_nothing_or_as_a_number_is_text() {
    let values = with_secrets(&[("nothing", "null"), ("number", "0755")]);
    assert_eq!(value("host: ENC[nothing]", "host", &values), "null");
    assert_eq!(value("host: ENC[number]", "host", &values), "0755");
}

#[test]
fn a_handle_that_is_not_resolved_is_an_error_at_its_place() {
    let err = told("host: ENC[db]", &values());
    assert!(
        err.starts_with(
            "error: `host`: `ENC[db]` is a handle of a secret, and no backend of secrets is configured\n \
             --> conf.d/rich.yaml:2:11\n"
        ),
        "{err}"
    );
    assert!(err.contains("hint: set `secret_backend_command` in `allwell.yaml`"), "{err}");
    let err = told("host: ENC[refused]", &with_secrets(&[]));
    assert!(err.contains("`ENC[refused]` is not resolved: the backend says: no\n"), "{err}");
    assert!(err.contains("hint: ask nicely"), "{err}");
}

#[test]
fn an_unresolved_handle_in_init_config_keeps_every_instance_from_running() {
    let file = file("init_config: {timeout: 'ENC[refused]'}\ninstances: [{host: a}, {host: b}]\n");
    let loaded = load_with(entry("rich"), &file, &with_secrets(&[]));
    assert!(loaded.instances.is_empty());
    assert_eq!(loaded.problems.counts().errors, 1);
    assert_eq!(loaded.problems.list()[0].path, "init_config.timeout");
}

#[test]
fn the_id_is_of_what_is_written_and_the_fingerprint_of_what_it_stands_for() {
    let text = "{host: a, password: 'ENC[db]', name: \"%%env_PORT%%\"}";
    let before = instance(text, &with_secrets(&[("db", "old")]));
    let after = instance(text, &with_secrets(&[("db", "new")]));
    assert_eq!(before.id, after.id);
    assert!(before.id.starts_with("rich:%%env_PORT%%:"), "{}", before.id);
    assert_ne!(before.fingerprint, after.fingerprint);
    let again = instance(text, &with_secrets(&[("db", "new")]));
    assert_eq!(after.fingerprint, again.fingerprint);
}

#[test]
fn no_message_and_no_debug_text_shows_a_secret() {
    let values = with_secrets(&[("it", "hunter2")]);
    for text in [
        "{host: a, port: 'ENC[it]'}",
        "{host: a, mode: 'ENC[it]'}",
        "{host: a, timeout: 'ENC[it]'}",
        "{host: a, names: ['ENC[it]']}",
        "{host: a, limits: {x: 'ENC[it]'}}",
        "{host: a, tls: 'ENC[it]'}",
        "{host: a, metric_patterns: {include: ['ENC[it]', '(']}}",
        "{host: a, min_collection_interval: 'ENC[it]'}",
    ] {
        let err = told(text, &values);
        assert!(!err.contains("hunter2"), "{err}");
    }
    let spec = instance("{host: 'ENC[it]', extra: {a: ['ENC[it]']}}", &values);
    let node = spec.written();
    for debug in [format!("{spec:?}"), format!("{node:?}")] {
        assert!(!debug.contains("hunter2"), "{debug}");
    }
    assert_eq!(spec.scrub("no user `hunter2`"), "no user `********`");
    let unscrubbed = instance("host: a", &values);
    assert_eq!(unscrubbed.scrub("no user `hunter2`"), "no user `hunter2`");
}

/// Where a tell-tale learns what it tells.
#[derive(Config)]
struct Telltale {
    /// What it knows.
    knows: String,
    /// How it tells it.
    tells: String,
}

/// Tells all it knows.
#[check]
fn telltale(config: &Telltale, cx: &Context) -> Result<()> {
    cx.warn(format!("I know {}", config.knows));
    ensure!(config.tells != "error", "knows {:?}", config.knows);
    panic!("oh, {}!", config.knows)
}

#[tokio::test]
async fn what_a_run_says_is_said_without_secrets() {
    let values = with_secrets(&[("it", "hunter2")]);
    for (tells, expected) in [
        ("panic", RunOutcome::Panicked("oh, ********!".to_owned())),
        ("error", RunOutcome::Failed("knows \"********\"".to_owned())),
    ] {
        let text = format!("instances: [{{knows: 'ENC[it]', tells: {tells}}}]");
        let mut loaded = load_with(Entry::of::<telltale>(), &file(&text), &values);
        let mut worker = Worker::new(loaded.instances.remove(0), &Host::new("web-1"));
        let report = worker.run().await;
        assert_eq!(report.warnings, ["I know ********"]);
        assert_eq!(report.outcome, expected);
    }
}

#[test]
fn a_scrubber_knows_how_a_secret_looks_when_it_is_escaped() {
    let mut scrubber = Scrubber::default();
    scrubber.add("a\"b/c");
    scrubber.add("a");
    assert_eq!(scrubber.scrub("x a\"b/c y"), "x ******** y");
    assert_eq!(scrubber.scrub(r#"x "a\"b/c" y"#), "x \"********\" y");
    assert_eq!(scrubber.scrub("http://u:%61@h a%22b%2Fc"), "http://u:********@h ********");
    assert_eq!(format!("{scrubber:?}"), "Scrubber(3 forms)");
}

#[test]
fn a_scrubber_knows_a_secret_of_which_only_some_bytes_are_encoded() {
    for (secret, text) in [
        ("p@ss!word", "http://u:p%40ss!word@h"),
        ("a b/c", "http://u:a%20b/c@h"),
        ("a b/c", "http://u:a+b%2fc@h"),
        ("a b/c", "http://u:a+b/c@h"),
        ("50%25", "http://u:50%2525@h"),
        ("50%25", "http://u:50%25@h"),
        ("50%25", "http://u:50%25%32%35@h"),
        ("é%", "http://u:%C3%a9%@h"),
        (" x", "http://u:+x@h"),
    ] {
        let mut scrubber = Scrubber::default();
        scrubber.add(secret);
        assert_eq!(scrubber.scrub(text), "http://u:********@h", "{secret} in {text}");
    }
    let mut scrubber = Scrubber::default();
    scrubber.add("p@ss");
    for text in ["p+ss", "p%41ss", "p%4", "p%4zss", "p@s", "%", "é%40ss", ""] {
        assert_eq!(scrubber.scrub(text), text);
    }
}

#[test]
fn a_scrubber_knows_what_a_secret_of_a_url_stands_for() {
    let mut scrubber = Scrubber::default();
    scrubber.add_encoded("p%40ss%");
    assert_eq!(scrubber.scrub("p%40ss% p@ss% p%40ss%25"), "******** ******** ********");
}

#[test]
fn nothing_is_left_of_secrets_that_overlap() {
    let mut scrubber = Scrubber::default();
    for secret in ["abcd", "zab", "*"] {
        scrubber.add(secret);
    }
    assert_eq!(scrubber.scrub("x zabcd y abcdabcd"), "x ******** y ****************");
}

proptest! {
    #[test]
    fn a_scrubber_finds_a_secret_however_it_is_encoded(
        secret in "[ %25+/a-c@é\"]{1,12}",
        ways in prop::collection::vec(0..4_u8, 40),
    ) {
        let mut text = String::from("<");
        for (character, way) in secret.chars().zip(ways) {
            let encoded = |upper: bool| -> String {
                let bytes = character.to_string().into_bytes();
                let one = |byte: u8| if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") };
                bytes.into_iter().map(one).collect()
            };
            match (way, character) {
                (0, _) => text += &encoded(true),
                (1, _) => text += &encoded(false),
                (2, ' ') => text.push('+'),
                _ => text.push(character),
            }
        }
        text.push('>');
        let mut scrubber = Scrubber::default();
        scrubber.add(&secret);
        let shown = scrubber.scrub(&text);
        // Where it stands more than once, so does what takes its place.
        prop_assert!(shown.starts_with("<********") && shown.ends_with('>'), "{shown}");
        prop_assert_eq!(shown.trim_start_matches(['<', '*']), ">");
    }
}
