//! The options of a check's file: those of the check and those of every check, as exports list them.

use std::time::Duration;

use serde_json::Value;

use crate::check::Entry;
use crate::config::{Common, Config, OptionSpec, OptionValue as _, Spec};

/// What `init_config` is for.
pub(super) const INIT_CONFIG: &str = "Options that all instances share.";

/// What `instances` is for.
pub(super) const INSTANCES: &str = "What to look at; each item runs on its own.";

/// How often a check runs if an instance does not say otherwise; nothing if the options are not those of a check.
pub(super) type Interval = Option<Duration>;

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
pub(super) fn default(interval: Interval, option: &OptionSpec) -> Option<Value> {
    if option.secret {
        return None;
    }
    if let Some(interval) = interval.filter(|_| is_interval(option)) {
        return Some(interval.show());
    }
    option.default.map(|default| default()).filter(|default| !default.is_null())
}

/// What stands in an example: the example itself, else the default; nothing if there is neither.
pub(super) fn example(interval: Interval, option: &OptionSpec) -> Option<Value> {
    let own = option.example.filter(|_| !is_interval(option)).map(|example| example());
    own.filter(|example| !example.is_null()).or_else(|| default(interval, option))
}

/// The interval of a check is its own, unless an instance has another.
fn is_interval(option: &OptionSpec) -> bool {
    option.name == "min_collection_interval" && option.default.is_none()
}
