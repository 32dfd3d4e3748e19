//! Bytes as a configuration file, and the reports of what is wrong with it: never a panic, never a secret.

#![no_main]

use std::path::Path;

use allwell::check::{Registry, load};
use allwell::config::confd::File;
use allwell::config::{Node, NodeValue, report, yaml};
use allwell_fuzz as _;
use libfuzzer_sys::fuzz_target;

/// Stands in secret options of the seeds, and nowhere else in what the project says.
const SECRET: &str = "hunter2";

/// Options of `Rich` whose values are secret.
const SECRET_OPTIONS: &[&str] = &["password", "key_phrase"];

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = yaml::decode(bytes) else { return };
    let registry = Registry::collect();
    let entry = registry.get("rich").expect("the check is linked in");
    let file = File::parse("rich", Path::new("rich.yaml"), text.into());
    let loaded = load(entry, &file);
    let files = [(&file, &loaded.problems)];
    let shown = report::text(&files, false);
    let styled = report::text(&files, true);
    let json = report::json(&files).to_string();
    assert_eq!(shown.is_empty(), loaded.problems.is_empty());
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
    if only_in_secrets(text) {
        for output in [&shown, &styled, &json] {
            assert!(!output.contains(SECRET), "{output}");
        }
    }
});

/// The secret stands in the text, and only as the value of secret options.
fn only_in_secrets(text: &str) -> bool {
    let in_text = text.matches(SECRET).count();
    let Some(root) = yaml::parse(text).root else {
        // Not YAML: it is enough that each one follows a secret option's name on its line.
        return in_text > 0 && text.lines().filter(|line| line.contains(SECRET)).all(follows_name);
    };
    in_text > 0 && in_text == in_secrets(&root)
}

fn follows_name(line: &str) -> bool {
    SECRET_OPTIONS.iter().any(|name| {
        line.trim_start().trim_start_matches("- ").starts_with(&format!("{name}: "))
    })
}

/// How often the secret stands as the value of a secret option, written out right there.
fn in_secrets(node: &Node) -> usize {
    match &node.value {
        NodeValue::Scalar { .. } => 0,
        NodeValue::Sequence(items) => items.iter().map(in_secrets).sum(),
        NodeValue::Mapping(pairs) => pairs
            .iter()
            .map(|pair| match SECRET_OPTIONS.contains(&pair.key.as_str()) {
                true => all(&pair.value),
                false => in_secrets(&pair.value),
            })
            .sum(),
    }
}

fn all(node: &Node) -> usize {
    match &node.value {
        NodeValue::Scalar { text, .. } => text.matches(SECRET).count(),
        NodeValue::Sequence(items) => items.iter().map(all).sum(),
        NodeValue::Mapping(pairs) => {
            pairs.iter().map(|pair| pair.key.matches(SECRET).count() + all(&pair.value)).sum()
        }
    }
}
