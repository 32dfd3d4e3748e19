//! Checks a value against what its option demands beyond the type.

use regex_lite::Regex;

use super::node::{Node, NodeValue};
use super::problem::Problem;
use super::reader::Reader;
use super::scalar;
use super::spec::{Constraints, OptionSpec, Shape};
use super::words;

/// Whether what is written fulfils the option's constraints; what does not is reported.
pub(super) fn holds(option: &OptionSpec, node: &Node, reader: &mut Reader) -> bool {
    let before = reader.problems().counts().errors;
    if option.constraints.non_empty {
        check_not_empty(option, node, reader);
    }
    check(option, &option.shape, node, reader);
    reader.problems().counts().errors == before
}

/// A list fulfils a constraint if each of its items does.
fn check(option: &OptionSpec, shape: &Shape, node: &Node, reader: &mut Reader) {
    match (&node.value, shape) {
        (NodeValue::Sequence(items), Shape::List(inner)) => {
            for (index, item) in items.iter().enumerate() {
                reader.at(index, |reader| check(option, inner, item, reader));
            }
        }
        (NodeValue::Scalar { text, .. }, _) if !node.is_null() => {
            let problem = range(&option.constraints, shape, text)
                .or_else(|| pattern(option, text))
                .or_else(|| one_of(&option.constraints, text));
            if let Some((demand, hint)) = problem {
                let message =
                    format!("`{}` must be {demand}, found {}", option.name, reader.shown(node));
                reader.report(Problem::error(node.span, message).hint(hint));
            }
        }
        _ => {}
    }
}

/// What a value must be, and a hint.
type Demand = (String, String);

fn range(constraints: &Constraints, shape: &Shape, text: &str) -> Option<Demand> {
    let Constraints { min, max, max_exclusive, .. } = *constraints;
    let number = match shape {
        _ if min.is_none() && max.is_none() => return None,
        Shape::Seconds => scalar::seconds(text).ok()?.as_secs_f64(),
        _ => scalar::number(text).ok()?,
    };
    let too_small = min.is_some_and(|min| number < min);
    let too_large = max.is_some_and(|max| number > max || (max_exclusive && number >= max));
    if !too_small && !too_large {
        return None;
    }
    let unit = if matches!(shape, Shape::Seconds) { " seconds" } else { "" };
    let demand = match (min, max) {
        (Some(min), Some(max)) if max_exclusive => {
            format!("at least {min} and less than {max}{unit}")
        }
        (Some(min), Some(max)) => format!("from {min} to {max}{unit}"),
        (Some(min), None) => format!("at least {min}{unit}"),
        (None, Some(max)) if max_exclusive => format!("less than {max}{unit}"),
        (None, max) => format!("at most {}{unit}", max.unwrap_or_default()),
    };
    let remedy = match (too_small, min, max) {
        (true, Some(min), _) => format!("raise it to {min} or more"),
        (_, _, Some(max)) if max_exclusive => format!("lower it to less than {max}"),
        (_, _, max) => format!("lower it to {} or less", max.unwrap_or_default()),
    };
    Some((demand, remedy))
}

fn pattern(option: &OptionSpec, text: &str) -> Option<Demand> {
    let pattern = option.constraints.pattern?;
    // A pattern that does not compile is refused when the check is built.
    let fits = Regex::new(pattern).is_ok_and(|regex| regex.is_match(text));
    (!fits).then(|| (format!("text that matches `{pattern}`"), option.summary().to_owned()))
}

fn one_of(constraints: &Constraints, text: &str) -> Option<Demand> {
    let choices = constraints.one_of;
    if choices.is_empty() || choices.contains(&text) {
        return None;
    }
    let hint = words::nearest(text, choices.iter().copied())
        .map_or_else(String::new, |name| format!("did you mean `{name}`?"));
    Some((format!("one of {}", words::list(choices.iter().copied())), hint))
}

fn check_not_empty(option: &OptionSpec, node: &Node, reader: &mut Reader) {
    let empty = match &node.value {
        NodeValue::Scalar { text, .. } => text.trim().is_empty(),
        NodeValue::Sequence(items) => items.is_empty(),
        NodeValue::Mapping(pairs) => pairs.is_empty(),
    };
    if empty {
        let hint = if option.required {
            "write a value"
        } else {
            "write a value, or leave the option out"
        };
        let message = format!("`{}` must not be empty", option.name);
        reader.report(Problem::error(node.span, message).hint(hint));
    }
}
