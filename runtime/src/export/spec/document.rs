//! YAML for people: mappings in their order, texts of several lines as literal blocks.

use serde_json::{Map, Value};

use crate::export::yaml::{Analysis, Emitter, Pairs};

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Yaml {
    /// A value as others write it.
    Value(Value),
    /// A mapping, its keys in this order.
    Map(Vec<(String, Self)>),
    /// A list.
    List(Vec<Self>),
}

impl Yaml {
    pub(super) fn text(text: &str) -> Self {
        Self::Value(Value::from(text))
    }

    pub(super) const fn flag(flag: bool) -> Self {
        Self::Value(Value::Bool(flag))
    }

    /// The same without the order of keys.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Map(pairs) => {
                let pairs = pairs.iter().map(|(name, value)| (name.clone(), value.to_value()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
            Self::List(items) => items.iter().map(Self::to_value).collect(),
        }
    }

    /// The whole document.
    pub(super) fn document(pairs: &[(String, Self)]) -> String {
        let mut out = String::new();
        write_pairs(pairs, 0, &mut out);
        out
    }
}

/// Writes a mapping, the first line where the text ends.
fn write_pairs(pairs: &[(String, Yaml)], indent: usize, out: &mut String) {
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            push_spaces(indent, out);
        }
        match value {
            Yaml::Map(pairs) if !pairs.is_empty() => {
                push_name(name, ":\n", out);
                push_spaces(indent + 2, out);
                write_pairs(pairs, indent + 2, out);
            }
            Yaml::List(items) if !items.is_empty() => {
                push_name(name, ":\n", out);
                for item in items {
                    write_item(item, indent, out);
                }
            }
            Yaml::Value(Value::String(text)) if is_literal(name, text) => {
                write_literal(name, text, indent, out);
            }
            value => write_value(name, &value.to_value(), indent, out),
        }
    }
}

fn write_item(item: &Yaml, indent: usize, out: &mut String) {
    push_spaces(indent, out);
    out.push_str("- ");
    match item {
        Yaml::Map(pairs) if !pairs.is_empty() => write_pairs(pairs, indent + 2, out),
        item => {
            let mut emitter = Emitter::unicode();
            emitter.value(&item.to_value());
            push_lines(&emitter.finish(), indent + 2, out);
        }
    }
}

fn push_name(name: &str, end: &str, out: &mut String) {
    out.push_str(&Emitter::simple_key(name).unwrap_or_default());
    out.push_str(end);
}

fn write_value(name: &str, value: &Value, indent: usize, out: &mut String) {
    let mut emitter = Emitter::unicode();
    emitter.pairs(&Pairs::one(name, value));
    push_lines(&emitter.finish(), indent, out);
}

/// Appends lines, of which the first stands where the text ends.
fn push_lines(lines: &str, indent: usize, out: &mut String) {
    for (index, line) in lines.split_terminator('\n').enumerate() {
        if index > 0 && !line.is_empty() {
            push_spaces(indent, out);
        }
        out.push_str(line);
        out.push('\n');
    }
}

/// Whether a text reads better as a literal block: one of several lines, or one that would be folded.
fn is_literal(name: &str, text: &str) -> bool {
    let indented = text.starts_with([' ', '\n']);
    text.contains('\n')
        && !indented
        && !text.ends_with("\n\n")
        && Analysis::of(text, true).literal
        && Emitter::simple_key(name).is_some()
}

fn write_literal(name: &str, text: &str, indent: usize, out: &mut String) {
    push_name(name, if text.ends_with('\n') { ": |\n" } else { ": |-\n" }, out);
    for line in text.split_terminator('\n') {
        if !line.is_empty() {
            push_spaces(indent + 2, out);
        }
        out.push_str(line);
        out.push('\n');
    }
}

fn push_spaces(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}
