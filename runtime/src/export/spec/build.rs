//! An option of a specification, from the table that the macro made of it.

use serde_json::{Map, Value};

use crate::config::{OptionSpec, Shape, Spec};
use crate::export::options::{self as values, Interval};

use super::{
    ShownDefault, SpecContent, SpecOption, SpecSchema, SpecType, SpecValue, convert, example,
    fault, lists, template, wording,
};

/// How deep the options of an instance stand, and how much deeper those of a section.
const INDENT: usize = 4;

/// An option of a section at the top of the file, and the option of Datadog's templates that it is.
pub(super) fn option(
    interval: Interval,
    option: &OptionSpec,
    required: bool,
    reference: Option<String>,
) -> SpecOption {
    if let Some(reference) = reference {
        let mut value = value(interval, option, required);
        if !template::can_be(&reference, &value) {
            fill_in(option, &mut value);
        }
        if template::can_be(&reference, &value) {
            let template = Some(reference);
            let content = SpecContent::Value(value);
            return SpecOption { template, ..described(option, required, content, INDENT) };
        }
    }
    let content = match option.shape {
        Shape::Section(spec) if lists::is_plain(option.name) => {
            SpecContent::Section { multiple: false, options: section(interval, spec, required) }
        }
        _ => SpecContent::Value(value(interval, option, required)),
    };
    described(option, required, content, INDENT)
}

/// The options of a section. A section in it is a mapping: `ddev` has no models of deeper ones.
fn section(interval: Interval, spec: &Spec, enabled: bool) -> Vec<SpecOption> {
    let option = |option: &'static OptionSpec| {
        let content = SpecContent::Value(value(interval, option, option.required));
        let described = described(option, option.required, content, 2 * INDENT);
        // Where the section is commented out, so is all of it.
        let enabled = (option.required && !enabled).then_some(false);
        SpecOption { enabled, ..described }
    };
    let mut options: Vec<_> = spec.options().into_iter().map(option).collect();
    // A section of comments alone would be no value.
    if enabled
        && !options.iter().any(|option| option.is_enabled() && !option.hidden)
        && let Some(first) = options.iter_mut().find(|option| !option.hidden)
    {
        first.enabled = Some(true);
    }
    options
}

fn described(
    option: &OptionSpec,
    required: bool,
    content: SpecContent,
    indent: usize,
) -> SpecOption {
    let migration = |instead: &str| {
        let key = String::from("Migration");
        let info = wording::fitted(instead, indent + key.len() + 2);
        (key, info)
    };
    let deprecation: Vec<_> = option.deprecated.map(migration).into_iter().collect();
    let description = wording::fitted(&explained(option, &content), indent);
    // What is deprecated is said after the last line.
    let description =
        if deprecation.is_empty() { wording::as_block(description) } else { description };
    let hidden = option.hidden;
    SpecOption {
        description,
        required,
        hidden,
        deprecation,
        ..SpecOption::new(option.name, content)
    }
}

/// The description with what the value's type has to say.
fn explained(option: &OptionSpec, content: &SpecContent) -> String {
    let mut paragraphs = vec![option.description.trim_end().to_owned()];
    let list = |(name, meaning): (&str, &str)| match meaning.trim() {
        "" => format!("- `{name}`"),
        meaning => format!("- `{name}`: {}", meaning.lines().next().unwrap_or_default()),
    };
    if let Shape::OneOf(choices) = innermost(&option.shape) {
        paragraphs.push(choices.iter().copied().map(list).collect::<Vec<_>>().join("\n"));
    } else if !option.constraints.one_of.is_empty() {
        let names = option.constraints.one_of.iter().map(|name| format!("`{name}`"));
        paragraphs.push(format!("One of {}.", names.collect::<Vec<_>>().join(", ")));
    }
    if let SpecContent::Value(SpecValue { schema, .. }) = content {
        let properties =
            properties(schema).iter().map(|property| (&*property.name, &*property.description));
        let lines: Vec<_> = properties.map(list).collect();
        paragraphs.extend((!lines.is_empty()).then(|| lines.join("\n")));
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}

/// The shape of a list's items, or of the value itself.
fn innermost(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(inner) => innermost(inner),
        shape => shape,
    }
}

/// The known keys of a mapping, or of the mappings of a list.
fn properties(schema: &SpecSchema) -> &[super::SpecProperty] {
    match &schema.kind {
        SpecType::Object { properties, .. } => properties,
        SpecType::Array(items) => properties(items),
        _ => &[],
    }
}

/// The value of an option: what it may be, and what is shown of it.
fn value(interval: Interval, option: &OptionSpec, required: bool) -> SpecValue {
    let example = shown(interval, option);
    let schema = convert::schema(&option.shape, &option.constraints, example.as_ref());
    let mut value = SpecValue { example, secret: option.secret, ..SpecValue::new(schema) };
    let shown = example::told(&value.shown(option.name));
    let default = values::default(interval, option).filter(is_told);
    value.default = match default {
        None if shown.is_none() || required => ShownDefault::Example,
        None => ShownDefault::Nothing,
        Some(default) if example::told(&default) == shown => ShownDefault::Example,
        Some(default) => ShownDefault::Value(default),
    };
    value
}

/// Whether a default can be told in the line that names the option.
fn is_told(default: &Value) -> bool {
    match default {
        Value::String(text) => !text.is_empty() && fault::is_one_line(text),
        default => default.is_number() || default.is_boolean(),
    }
}

/// What the example shows of an option; nothing where only its user can know.
fn shown(interval: Interval, option: &OptionSpec) -> Option<Value> {
    values::example(interval, option).or_else(|| match option.shape {
        Shape::Boolean => Some(Value::Bool(false)),
        Shape::OneOf([(first, _), ..]) => Some(Value::from(*first)),
        Shape::Text { .. } => option.constraints.one_of.first().map(|first| Value::from(*first)),
        Shape::Section(spec) => Some(Value::Object(mapping(interval, spec))),
        Shape::Any => Some(Value::Object(Map::new())),
        _ => None,
    })
}

fn mapping(interval: Interval, spec: &Spec) -> Map<String, Value> {
    let shown = |option: &'static OptionSpec| {
        let value = value(interval, option, option.required);
        (option.name.to_owned(), value.shown(option.name))
    };
    spec.options().into_iter().filter(|option| !option.hidden).map(shown).collect()
}

/// Gives the value an example of its own, where it has none and a template has another; not to a number, of which none is
/// as good as another.
fn fill_in(option: &OptionSpec, value: &mut SpecValue) {
    if !matches!(value.schema.kind, SpecType::Integer | SpecType::Number) {
        value.example = Some(value.shown(option.name));
    }
}
