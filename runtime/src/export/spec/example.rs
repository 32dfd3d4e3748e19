//! `conf.yaml.example` as Datadog's `ddev` renders it.

use serde_json::Value;

use super::{ShownDefault, SpecContent, SpecFile, SpecOption, SpecValue, lists, wording};
use crate::export::yaml;

/// The file.
pub(in crate::export) fn render(file: &SpecFile) -> String {
    let mut out = String::new();
    for (index, option) in file.options.iter().enumerate() {
        if option.hidden {
            continue;
        }
        write_option(option, "", &mut out);
        if index + 1 < file.options.len() {
            out.push('\n');
        }
    }
    out
}

fn write_option(option: &SpecOption, indent: &str, out: &mut String) {
    match &option.content {
        SpecContent::Value(value) => {
            write_heading(option, value, indent, out);
            let shown = value.shown(&option.name);
            write_value(&yaml::pair(&option.name, &shown), &shown, option, indent, out);
        }
        SpecContent::Section { multiple, options } => {
            write_description(option, indent, out);
            push(out, &[indent, comment(option), &option.name, ":\n"]);
            write_section(options, *multiple, indent, out);
        }
    }
}

fn write_section(options: &[SpecOption], multiple: bool, indent: &str, out: &mut String) {
    if options.is_empty() && multiple {
        push(out, &["\n", indent, "  - {}\n"]);
    }
    let inner = format!("{indent}    ");
    for (index, option) in lists::displayed(options).into_iter().enumerate() {
        if option.hidden {
            continue;
        }
        out.push('\n');
        if index > 0 || !multiple {
            write_option(option, &inner, out);
        } else if let (SpecContent::Value(value), true) = (&option.content, option.is_enabled()) {
            // The first option stands behind the dash.
            write_heading(option, value, &inner, out);
            let shown = value.shown(&option.name);
            let dash = format!("{indent}  ");
            write_value(&yaml::item(&option.name, &shown), &shown, option, &dash, out);
        } else {
            push(out, &[indent, "  -\n"]);
            write_option(option, &inner, out);
        }
    }
}

/// Writes all of a value's option but the value.
fn write_heading(option: &SpecOption, value: &SpecValue, indent: &str, out: &mut String) {
    let need = if option.required { "required" } else { "optional" };
    push(out, &[indent, "## @param ", &option.name, " - ", &value.schema.name(), " - ", need]);
    if let Some(default) = shown_default(option, value) {
        push(out, &[" - default: ", &default]);
    }
    out.push('\n');
    write_description(option, indent, out);
}

fn write_description(option: &SpecOption, indent: &str, out: &mut String) {
    for line in wording::lines(&wording::whole(option)) {
        let line = match line {
            "" => format!("{indent}##\n"),
            line => format!("{indent}## {line}\n").replace(wording::TOO_LONG, ""),
        };
        out.push_str(&line);
    }
    push(out, &[indent, "#\n"]);
}

fn write_value(
    lines: &[String],
    value: &Value,
    option: &SpecOption,
    indent: &str,
    out: &mut String,
) {
    let deeper = if value.as_array().is_some_and(|items| !items.is_empty()) { "  " } else { "" };
    for (index, line) in lines.iter().enumerate() {
        push(out, &[indent, comment(option), if index > 0 { deeper } else { "" }, line, "\n"]);
    }
}

fn comment(option: &SpecOption) -> &'static str {
    if option.is_enabled() { "" } else { "# " }
}

/// The default that the heading tells.
fn shown_default(option: &SpecOption, value: &SpecValue) -> Option<String> {
    if option.required {
        return None;
    }
    match &value.default {
        ShownDefault::Nothing => None,
        ShownDefault::Value(default) => {
            scalar(default).filter(|text| text.to_lowercase() != "none")
        }
        ShownDefault::Example => told(&value.shown(&option.name)),
    }
}

/// What an example tells of itself as the default: text, a number or a flag that is not there to be filled in.
pub(super) fn told(shown: &Value) -> Option<String> {
    let text = scalar(shown)?;
    let placeholder = shown.is_string() && text.starts_with('<') && text.ends_with('>');
    (!text.is_empty() && !placeholder).then_some(text)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(yaml::number(number)),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn push(out: &mut String, parts: &[&str]) {
    out.extend(parts.iter().copied());
}
