//! Template variables: `%%name%%` in a text.

use std::collections::HashMap;
use std::ops::Range;

use crate::config::report;

use super::{Scrubber, Unknown};

/// Whether a text has a variable in it.
pub(super) fn has_one(text: &str) -> bool {
    next(text).is_some()
}

/// The text with what its variables stand for.
pub(super) fn replace(
    text: &str,
    hostname: &str,
    environment: &HashMap<String, String>,
    scrubber: &mut Scrubber,
) -> Result<String, Unknown> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = next(rest) {
        out.push_str(&rest[..place.start]);
        let name = &rest[place.start + 2..place.end - 2];
        match (name, name.strip_prefix("env_")) {
            ("hostname" | "host", _) => out.push_str(hostname),
            (_, Some(variable)) => {
                let value = environment.get(variable).ok_or_else(|| not_set(variable))?;
                if report::tells_secret(variable) {
                    scrubber.add(value);
                }
                out.push_str(value);
            }
            _ => return Err(of_a_container(name)),
        }
        rest = &rest[place.end..];
    }
    out.push_str(rest);
    Ok(out)
}

fn not_set(variable: &str) -> Unknown {
    Unknown::new(
        format!("the environment variable `{variable}` is not set"),
        "set it where this is started, or write the value itself",
    )
}

fn of_a_container(name: &str) -> Unknown {
    Unknown::new(
        format!("`%%{name}%%` stands for something of a container, and there is none"),
        "`%%env_NAME%%`, `%%hostname%%` and `%%host%%` are known here",
    )
}

/// Where the first variable of a text is: a name of letters, digits and `_` between two `%%`.
fn next(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(start) = text[from..].find("%%").map(|at| from + at) {
        let name = &text[start + 2..];
        let length = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        if let Some(length) = length.filter(|length| *length > 0)
            && name[length..].starts_with("%%")
        {
            return Some(start..start + 2 + length + 2);
        }
        from = start + 1;
    }
    None
}
