//! Options that `#[derive(Config)]` makes: what is known of them, what becomes of a file, what is said about a wrong one.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;

use allwell::config::{Constraints, Item, Node, Reader, Section, Shape, Span, yaml};
use allwell::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// One server.
///
/// Of any kind.
#[derive(Debug, PartialEq, Config)]
#[config(validate = check_server)]
struct Server {
    /// Its address.
    #[config(tag = "server", example = "db-1", pattern = "^[a-z]", non_empty)]
    host: String,
    /// Its port.
    #[config(default = PORT, range = 1..=65535, shared, validate = even)]
    port: u16,
    /// Share of what to read.
    #[config(default = 1, range = 0.0..2.0)]
    share: f64,
    /// How long to wait.
    #[config(default = "1500ms")]
    timeout: Duration,
    /// Names to look for.
    #[config(default = ["a", "b"], one_of = ["a", "b", "c"])]
    names: Vec<String>,
    /// How to look.
    #[config(default = "full", tag)]
    mode: Mode,
    /// Its password.
    password: Option<Secret>,
    /// Its limits.
    #[config(serde, default, example = { "cpu": 5 }, name = "limits")]
    limit: Limits,
    #[config(hidden, default, deprecated = "use `host`")]
    old: bool,
    #[config(flatten)]
    labels: Labels<u8>,
}

/// More options.
#[derive(Debug, PartialEq, Config)]
struct Labels<T>
where
    T: PartialEq + std::fmt::Debug + Send + Sync + 'static,
{
    /// Labels.
    #[config(default)]
    labels: BTreeMap<String, T>,
}

#[derive(Debug, PartialEq, Config, TagValue)]
enum Mode {
    /// The totals.
    QuickLook,
    /// Everything.
    #[config(name = "full")]
    #[tag(name = "full")]
    Everything,
}

#[derive(Debug, PartialEq, Default, Deserialize)]
struct Limits {
    cpu: u64,
}

const PORT: u16 = 6380;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "`validate` takes a reference")]
fn even(port: &u16) -> Result<(), String> {
    if port.is_multiple_of(2) { Ok(()) } else { Err(format!("{port} is odd")) }
}

fn check_server(server: &Server) -> Result<()> {
    ensure!(server.host != "forbidden", "the host is forbidden");
    Ok(())
}

/// What is read from a text, and the messages about it.
fn read(text: &str) -> (Option<Server>, Vec<String>) {
    let node = yaml::parse(text).root.unwrap_or_else(|| Node::empty(Span::default()));
    let mut reader = Reader::new();
    let mut section = Section::new(&node, None, &mut reader);
    let server = <Server as Config>::read(&mut section);
    section.finish();
    let messages = reader.into_problems().into_iter().map(|problem| problem.message);
    (server, messages.collect())
}

#[test]
fn defaults() {
    let (server, messages) = read("host: db");
    assert_eq!(messages, [""; 0]);
    let expected = Server {
        host: "db".to_owned(),
        port: PORT,
        share: 1.0,
        timeout: Duration::from_millis(1500),
        names: vec!["a".to_owned(), "b".to_owned()],
        mode: Mode::Everything,
        password: None,
        limit: Limits { cpu: 0 },
        old: false,
        labels: Labels { labels: BTreeMap::new() },
    };
    assert_eq!(server, Some(expected));
}

#[test]
fn every_option_given() {
    let text = "{host: db, port: 80, share: 0.5, timeout: 2, names: [c], mode: quick_look, password: x,\
                limits: {cpu: 9}, labels: {x: 1}}";
    let (server, messages) = read(text);
    assert_eq!(messages, [""; 0]);
    let expected = Server {
        host: "db".to_owned(),
        port: 80,
        share: 0.5,
        timeout: Duration::from_secs(2),
        names: vec!["c".to_owned()],
        mode: Mode::QuickLook,
        password: Some(Secret::new("x")),
        limit: Limits { cpu: 9 },
        old: false,
        labels: Labels { labels: BTreeMap::from([("x".to_owned(), 1)]) },
    };
    let mut tags = Vec::new();
    Config::tags(&expected, &mut tags);
    assert_eq!(tags, ["server:db", "mode:quick_look"]);
    assert_eq!(server, Some(expected));
}

#[test]
fn every_mistake_is_told() {
    let (server, messages) =
        read("{port: 81, mode: ful, limits: 5, old: true, labels: [], colour: red}");
    assert_eq!(server, None);
    assert_eq!(
        messages,
        [
            "`port` is not valid: 81 is odd",
            "`mode`: expected one of `quick_look`, `full`, found `ful`",
            "`limits`: invalid type: integer `5`, expected struct Limits",
            "`old` is deprecated",
            "`labels`: expected a mapping, found a list",
            "unknown option `colour`",
            "`host` is missing",
        ]
    );
    assert_eq!(read("host: forbidden"), (None, vec!["the host is forbidden".to_owned()]));
}

#[test]
fn what_is_known_without_a_file() {
    let spec = <Server as Config>::SPEC;
    assert_eq!((spec.type_name, spec.description), ("Server", "One server.\n\nOf any kind."));
    assert!(matches!(spec.items[9], Item::Flatten(labels) if labels.type_name == "Labels"));
    let options = spec.options();
    let names: Vec<_> = options.iter().map(|option| option.name).collect();
    assert_eq!(
        names,
        [
            "host", "port", "share", "timeout", "names", "mode", "password", "limits", "old",
            "labels"
        ]
    );
    let required: Vec<_> = options.iter().filter(|o| o.required).map(|o| o.name).collect();
    assert_eq!(required, ["host"]);
    let defaults: Vec<_> = options.iter().map(|option| option.default.map(|show| show())).collect();
    assert_eq!(
        defaults[1..6],
        [
            Some(json!(6380)),
            Some(json!(1)),
            Some(json!(1.5)),
            Some(json!(["a", "b"])),
            Some(json!("full")),
        ]
    );
    assert_eq!(options[0].example.map(|show| show()), Some(json!("db-1")));
    assert_eq!(options[7].example.map(|show| show()), Some(json!({ "cpu": 5 })));
    assert_eq!((options[0].tag, options[5].tag, options[1].tag), ("server", "mode", ""));
    assert!(options[1].shared && !options[0].shared);
    assert!(options[6].secret && !options[0].secret);
    assert!(options[8].hidden && options[8].deprecated == Some("use `host`"));
    let Shape::OneOf(choices) = options[5].shape else { panic!("a choice is one of its texts") };
    assert_eq!(choices, [("quick_look", "The totals."), ("full", "Everything.")]);
}

#[test]
fn constraints() {
    let options = <Server as Config>::SPEC.options();
    let none = Constraints::NONE;
    let pattern = Some("^[a-z]");
    assert_eq!(options[0].constraints, Constraints { pattern, non_empty: true, ..none });
    assert_eq!(options[1].constraints, Constraints { min: Some(1.0), max: Some(65535.0), ..none });
    let below_two = Constraints { min: Some(0.0), max: Some(2.0), max_exclusive: true, ..none };
    assert_eq!(options[2].constraints, below_two);
    assert_eq!(options[4].constraints, Constraints { one_of: &["a", "b", "c"], ..none });
    assert_eq!(options[3].constraints, none);
}

#[test]
fn literal_default_of_a_wrong_form_is_told() {
    /// Options.
    #[derive(Debug, Config)]
    struct Wrong {
        /// How long to wait.
        #[config(default = "soon")]
        timeout: Duration,
    }
    let node = Node::empty(Span::default());
    let mut reader = Reader::new();
    let read = <Wrong as Config>::read(&mut Section::new(&node, None, &mut reader));
    assert_eq!(read.map(|wrong| wrong.timeout), None);
    let problem = reader.into_problems().into_iter().next().expect("the default is wrong");
    assert!(
        problem.message.starts_with("the check's own default of `timeout` is not valid: "),
        "{}",
        problem.message
    );
}
