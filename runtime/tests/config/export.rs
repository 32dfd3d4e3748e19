//! What the exports say of a check's configuration, and that the loader takes it back.

use allwell::check::load;
use allwell::config::report;
use allwell::export::{config_example, config_schema};
use allwell::prelude::*;
use serde_json::{Value, json};

use crate::support::{entry, file, golden};

/// Options that are hard to write down.
#[derive(Debug, Config)]
struct Documented {
    /// Encryption comes first, and cannot.
    tls: Section,
    /// Address of the server: a text with a colon.
    ///
    /// A description with a very long line, which nobody wants to read in one piece because it is much longer than any screen is wide.
    ///
    /// - A list item that is long enough to need a second line, which begins below the text of the item and not below its dash.
    #[config(example = "http://localhost:8080/ # not a comment", tag)]
    address: String,
    /// How much to look at.
    #[config(default = "some")]
    level: Level,
    /// Sizes.
    #[config(default, example = [1, 2])]
    sizes: Vec<u32>,
    /// Texts that are something else without quotes.
    #[config(default, example = ["yes", "1.10", "null", "2026-11-24", "12:30:45", "0x1F", "a: b", "- a", "it's", "*", "", " x", "é", "<A>:<B>", "1e3", "1e+3", "~"])]
    texts: Vec<String>,
    /// Sections.
    #[config(default, example = json!([{ "name": "a", "values": [1, 2] }, { "name": "b" }]))]
    queries: Vec<Query>,
    /// A text that is longer than a line of eighty characters can hold and is folded there, as other writers of YAML do it.
    #[config(
        example = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    )]
    long: Option<String>,
    /// A share.
    #[config(default = 0.5, range = 0.0..1.0)]
    share: f64,
    /// What opens the door.
    #[config(secret)]
    key: Option<Secret>,
    /// Anything.
    #[config(example = json!({ "a": { "b": ["c", { "d": [] }] } }))]
    extra: Option<Value>,
    /// No longer in use.
    #[config(deprecated = "use `address`")]
    host: Option<String>,
    /// Not for everybody.
    #[config(hidden)]
    internal: Option<bool>,
}

/// Encryption.
#[derive(Debug, Config)]
struct Section {
    /// Whether to verify the certificate.
    #[config(default = true)]
    verify: bool,
    /// Names that are accepted.
    #[config(example = ["localhost"])]
    names: Vec<String>,
}

/// One query.
#[derive(Debug, Config)]
struct Query {
    /// Its name.
    name: String,
    /// Its values.
    #[config(default)]
    values: Vec<i64>,
}

/// How much.
#[derive(Debug, Config)]
enum Level {
    /// Next to nothing.
    Little,
    /// What matters.
    Some,
}

/// Looks at nothing.
#[check(name = "documented", interval = "30s")]
fn documented(config: &Documented) -> Result<()> {
    ensure!(!format!("{config:?}").is_empty());
    Ok(())
}

#[test]
fn an_example_file_shows_every_option() {
    golden("documented.yaml", &config_example(entry("documented")));
    golden("rich.yaml", &config_example(entry("rich")));
}

#[test]
fn the_loader_takes_the_example_as_it_is() {
    for name in ["documented", "rich", "plain"] {
        let file = file(&config_example(entry(name)));
        let loaded = load(entry(name), &file);
        assert_eq!(report::text(&[(&file, &loaded.problems)], false), "", "{name}");
        assert_eq!(loaded.instances.len(), 1, "{name}");
    }
}

#[test]
fn the_loader_takes_the_example_with_all_options() {
    let example = config_example(entry("documented"));
    let lines = example.lines().map(|line| match line.trim_start().strip_prefix("# ") {
        Some(option) => format!("{}{option}\n", &line[..line.len() - line.trim_start().len()]),
        None => format!("{line}\n"),
    });
    let file = file(&lines.collect::<String>());
    let loaded = load(entry("documented"), &file);
    let messages: Vec<_> = loaded.problems.list().iter().map(|p| p.message.as_str()).collect();
    assert_eq!(messages, ["`host` is deprecated"]);
    assert_eq!(loaded.instances.len(), 1);
}

#[test]
fn the_schema_says_what_is_allowed() {
    let schema = config_schema(entry("documented"));
    golden("documented.schema.json", &format!("{schema:#}\n"));
    let instance = &schema["properties"]["instances"]["items"];
    assert_eq!(instance["additionalProperties"], json!(false));
    assert_eq!(instance["required"], json!(["tls", "address"]));
    assert_eq!(instance["properties"]["share"]["exclusiveMaximum"], json!(1));
    assert_eq!(instance["properties"]["key"]["writeOnly"], json!(true));
    let level = &instance["properties"]["level"]["oneOf"];
    assert_eq!(level[0], json!({ "const": "little", "description": "Next to nothing." }));
}
