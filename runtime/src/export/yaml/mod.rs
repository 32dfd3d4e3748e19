//! Writes values as YAML in block style, letter for letter as Python's `yaml.safe_dump(sort_keys=False,
//! default_flow_style=False)` does. Datadog's `conf.yaml.example` files are rendered with it, and its validator compares bytes.

mod emitter;
mod number;
mod resolve;
mod scalar;

pub(super) use emitter::{Emitter, Pairs};
pub(super) use number::number;
pub(super) use scalar::Analysis;

use serde_json::Value;

/// The lines of `name: value`.
pub(super) fn pair(name: &str, value: &Value) -> Vec<String> {
    let mut emitter = Emitter::ascii();
    emitter.pairs(&Pairs::one(name, value));
    lines(emitter)
}

/// The lines of `- name: value`.
pub(super) fn item(name: &str, value: &Value) -> Vec<String> {
    let mut emitter = Emitter::ascii();
    emitter.item_of_pairs(&Pairs::one(name, value));
    lines(emitter)
}

fn lines(emitter: Emitter) -> Vec<String> {
    emitter.finish().lines().map(str::to_owned).collect()
}
