//! The options of a check's file: those of the check and those of every check, as exports list them.

use serde_json::Value;

use crate::check::Entry;
use crate::config::{Common, Config, OptionSpec, OptionValue as _, Shape, Spec};

/// The options of an instance, the check's own first; a name that stands twice is the check's.
pub(super) fn of_instance(entry: &Entry) -> Vec<&'static OptionSpec> {
    const COMMON: Spec = Common::SPEC;
    let mut options = entry.options.options();
    for option in const { &COMMON }.options() {
        if !options.iter().any(|own| own.name == option.name) {
            options.push(option);
        }
    }
    options
}

/// The options that may stand in `init_config`.
pub(super) fn shared(entry: &Entry) -> Vec<&'static OptionSpec> {
    of_instance(entry).into_iter().filter(|option| option.shared).collect()
}

/// The value that an option has if it is not given; nothing where that is not one value, or a secret.
pub(super) fn default(entry: &Entry, option: &OptionSpec) -> Option<Value> {
    if option.secret {
        return None;
    }
    if is_interval(option) {
        return Some(entry.meta.interval.show());
    }
    option.default.map(|default| default()).filter(|default| !default.is_null())
}

/// What stands in an example: the example itself, else the default, else something to fill in.
pub(super) fn example(entry: &Entry, option: &OptionSpec) -> Value {
    if let Some(example) = option.example.filter(|_| !is_interval(option)) {
        return example();
    }
    default(entry, option).unwrap_or_else(|| placeholder(option))
}

/// The interval of a check is its own, unless an instance has another.
fn is_interval(option: &OptionSpec) -> bool {
    option.name == "min_collection_interval" && option.default.is_none()
}

fn placeholder(option: &OptionSpec) -> Value {
    match option.shape {
        Shape::Boolean => Value::Bool(false),
        Shape::OneOf([(first, _), ..]) => Value::from(*first),
        Shape::List(_) => Value::Array(Vec::new()),
        Shape::Map(_) | Shape::Section(_) | Shape::Any => Value::Object(serde_json::Map::new()),
        _ => Value::from(format!("<{}>", option.name.to_uppercase())),
    }
}
