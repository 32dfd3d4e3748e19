//! Template variables: `%%name%%` in a text.

use std::collections::{BTreeSet, HashMap};
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
    environment: &Environment,
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
                let value = environment.get(variable)?;
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

/// The variables of a process, and which of them files may name.
#[derive(Debug, Clone, Default)]
pub(super) struct Environment {
    pub(super) variables: HashMap<String, String>,
    pub(super) admitted: Admitted,
}

/// Which variables files may name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "settings alone restrict them"))]
pub(crate) enum Admitted {
    /// All of them.
    #[default]
    All,
    /// These.
    Some(BTreeSet<String>),
    /// None.
    None,
}

impl Environment {
    fn get(&self, variable: &str) -> Result<&str, Unknown> {
        let is_admitted = match &self.admitted {
            Admitted::All => true,
            Admitted::Some(names) => names.contains(variable),
            Admitted::None => false,
        };
        if !is_admitted {
            return Err(self.not_admitted(variable));
        }
        self.variables.get(variable).map(String::as_str).ok_or_else(|| not_set(variable))
    }

    fn not_admitted(&self, variable: &str) -> Unknown {
        let hint = match self.admitted {
            Admitted::None => "`ad_disable_env_var_resolution` of the settings is set",
            _ => "add its name to `ad_allowed_env_vars` of the settings",
        };
        Unknown::new(format!("the environment variable `{variable}` may not be used here"), hint)
    }
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
