//! `conf.yaml.example` of a check: every option with its description, in the form of Datadog's own files.

use std::fmt::Write as _;

use serde_json::Value;

use super::block_yaml;
use super::options;
use crate::check::Entry;
use crate::config::{OptionSpec, Shape, Spec};

/// How wide a line of a description may be, indentation and `## ` included; Datadog's validator asks for it.
const WIDTH: usize = 120;

/// A configuration file of the check with every option explained; those that are not required are commented out.
///
/// The form is that of the renderer in Datadog's `ddev`: `## @param NAME - TYPE - required|optional[ - default: D]`, the
/// description, `#`, the option. Hidden options are left out.
pub fn config_example(entry: &Entry) -> String {
    let mut example = Example { entry, out: String::new() };
    example.lines("", "All options defined here are available to all instances.");
    example.out.push_str("#\ninit_config:\n");
    for option in visible(options::shared(entry)) {
        // In `init_config` nothing is required: instances may give it.
        example.option(
            option,
            "    ",
            Style { list_start: false, commented: true, required: false },
        );
    }
    example.out.push('\n');
    example.lines("", "Every instance is scheduled independently of the others.");
    example.out.push_str("#\ninstances:\n");
    example.instance(&scalar_first(visible(options::of_instance(entry))));
    example.out
}

fn visible(options: Vec<&'static OptionSpec>) -> Vec<&'static OptionSpec> {
    options.into_iter().filter(|option| !option.hidden).collect()
}

/// A list item cannot begin with a group of options, so another option goes first.
fn scalar_first(mut options: Vec<&'static OptionSpec>) -> Vec<&'static OptionSpec> {
    let first = options.iter().position(|option| !matches!(option.shape, Shape::Section(_)));
    options[..=first.unwrap_or_default()].rotate_right(usize::from(first > Some(0)));
    options
}

struct Example<'e> {
    entry: &'e Entry,
    out: String,
}

/// How an option stands in the file.
#[derive(Clone, Copy)]
struct Style {
    /// It is the first of a list item and stands behind the `-`.
    list_start: bool,
    /// It is commented out.
    commented: bool,
    required: bool,
}

impl Style {
    /// The style of an option on its own.
    const fn of(option: &OptionSpec) -> Self {
        Self { list_start: false, commented: !option.required, required: option.required }
    }
}

impl Example<'_> {
    fn instance(&mut self, options: &[&'static OptionSpec]) {
        for (index, option) in options.iter().enumerate() {
            let style = Style::of(option);
            let first = index == 0;
            if first && style.commented {
                self.out.push_str("\n  -");
            }
            self.option(option, "    ", Style { list_start: first && !style.commented, ..style });
        }
    }

    /// Writes an option, after an empty line.
    fn option(&mut self, option: &'static OptionSpec, indent: &str, style: Style) {
        self.out.push('\n');
        if let Shape::Section(spec) = option.shape {
            return self.group(option, spec, indent, style);
        }
        self.heading(option, indent, style);
        self.describe(option, indent);
        let value = options::example(self.entry, option);
        let list = value.as_array().is_some_and(|items| !items.is_empty());
        for (index, line) in block_yaml::pair(option.name, &value).iter().enumerate() {
            let start = match (index, style.list_start) {
                (0, true) => "- ",
                (_, true) => "  ",
                _ => "",
            };
            self.out.push_str(&indent[..indent.len() - start.len()]);
            self.out.push_str(if style.commented { "# " } else { "" });
            self.out.push_str(start);
            self.out.push_str(if index > 0 && list { "  " } else { "" });
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    /// Writes a section of its own: its description, its name and, below it, its options.
    fn group(
        &mut self,
        option: &'static OptionSpec,
        spec: &'static Spec,
        indent: &str,
        style: Style,
    ) {
        self.describe(option, indent);
        self.out.push_str(indent);
        self.out.push_str(if style.commented { "# " } else { "" });
        self.out.push_str(option.name);
        self.out.push_str(":\n");
        let inner = format!("{indent}    ");
        for option in visible(spec.options()) {
            let own = Style::of(option);
            self.option(
                option,
                &inner,
                Style { commented: own.commented || style.commented, ..own },
            );
        }
    }

    fn heading(&mut self, option: &OptionSpec, indent: &str, style: Style) {
        let need = if style.required { "required" } else { "optional" };
        let kind = type_name(&option.shape);
        self.put(format_args!("{indent}## @param {} - {kind} - {need}", option.name));
        let default = options::default(self.entry, option).filter(|_| !style.required);
        match default {
            Some(Value::String(text)) if !text.is_empty() => {
                self.put(format_args!(" - default: {text}"));
            }
            Some(value @ (Value::Bool(_) | Value::Number(_))) => {
                self.put(format_args!(" - default: {value}"));
            }
            _ => {}
        }
        self.out.push('\n');
    }

    fn describe(&mut self, option: &OptionSpec, indent: &str) {
        let mut paragraphs = vec![option.description.trim_end().to_owned()];
        if let Shape::OneOf(choices) = option.shape {
            let choices = choices.iter().map(|(name, meaning)| format!("- `{name}`: {meaning}"));
            paragraphs.push(choices.collect::<Vec<_>>().join("\n"));
        } else if !option.constraints.one_of.is_empty() {
            paragraphs.push(format!("One of {}.", quoted(option.constraints.one_of)));
        }
        if let Some(instead) = option.deprecated {
            paragraphs.push(format!("<<< DEPRECATED >>>\n\nMigration: {instead}"));
        }
        self.lines(indent, &paragraphs.join("\n\n"));
        self.out.push_str(indent);
        self.out.push_str("#\n");
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing into a `String` cannot fail.
        let _ = self.out.write_fmt(text);
    }

    /// Writes the lines of a description, those that are too wide in several.
    fn lines(&mut self, indent: &str, text: &str) {
        for line in text.trim_end().lines() {
            if line.is_empty() {
                self.put(format_args!("{indent}##\n"));
            }
            for line in wrapped(line, WIDTH - indent.len() - 3) {
                self.put(format_args!("{indent}## {line}\n"));
            }
        }
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The type as the `@param` line has it.
fn type_name(shape: &Shape) -> String {
    match shape {
        Shape::List(inner) => match **inner {
            Shape::List(_) => String::from("list of lists"),
            Shape::Map(_) | Shape::Section(_) | Shape::Any => String::from("list of mappings"),
            ref inner => format!("list of {}s", inner.type_name()),
        },
        shape if shape.type_name() == "object" => String::from("mapping"),
        shape => shape.type_name().to_owned(),
    }
}

/// A line in pieces of at most `width` characters, as far as its words allow.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    if line.chars().count() <= width {
        return if line.is_empty() { Vec::new() } else { vec![line.to_owned()] };
    }
    let hang = if line.starts_with("- ") { "  " } else { "" };
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let current = lines.last().map_or("", String::as_str);
        if !current.trim().is_empty() && current.chars().count() + 1 + word.chars().count() > width
        {
            lines.push(format!("{hang}{word}"));
        } else if let Some(current) = lines.last_mut() {
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
    }
    lines
}
