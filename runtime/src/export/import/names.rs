//! Names of Rust for metrics, tags and records.

use std::collections::HashSet;

use crate::metric::units;

/// The longest name of a record that is made of one part of a namespace.
const LONG: usize = 48;

/// Words that cannot be names as they are.
const KEYWORDS: &str = "
    abstract as async await become box break const continue do dyn else enum extern false final fn
    for gen if impl in let loop macro match mod move mut override priv pub ref return static
    struct trait true try type typeof unsafe unsized use virtual where while yield
";

/// Words that cannot be names at all, not even with `r#`.
const RESERVED: &[&str] = &["crate", "self", "super"];

/// Names of `allwell::prelude` that are no units. A unit of such a name is written `units::Check`.
const CONTRACT: &str = "
    Buckets Check Config Context Count Distribution Duration Gauge Histogram HttpOptions Log Metrics
    MonotonicCount Per Rate Result ScrapeOptions Secret ServiceCheck Status TagValue TlsOptions
    Unitless Url
";

/// Names that every file has, which a record should not take away.
const STANDARD: &str = "
    AsMut AsRef AsyncFn AsyncFnMut AsyncFnOnce Box Clone Copy Debug Default DoubleEndedIterator Drop
    Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From FromIterator Future Hash Into IntoFuture
    IntoIterator Iterator None Ok Option Ord PartialEq PartialOrd Self Send Sized Some String Sync
    ToOwned ToString TryFrom TryInto Unpin Vec
";

fn has(list: &str, name: &str) -> bool {
    list.split_whitespace().any(|word| word == name)
}

/// The type of a unit, as it is written where the prelude is imported.
pub(crate) fn unit_type(unit: &str) -> String {
    match units::type_name(unit) {
        None => "Unitless".to_owned(),
        Some(name) if has(CONTRACT, name) => format!("units::{name}"),
        Some(name) => name.to_owned(),
    }
}

/// Names of fields that are taken in one record.
#[derive(Default)]
pub(crate) struct Fields {
    taken: HashSet<String>,
}

impl Fields {
    /// A field for what stands at a path such as `mem.used` within a namespace, as it is without `r#`.
    pub(crate) fn name(&mut self, path: &str, namespace: &str) -> String {
        let words = words(path);
        let last = namespace.rsplit('.').map(self::words).find(|last| begins_a_name(last));
        let name = match last {
            _ if begins_a_name(&words) => words,
            Some(last) => format!("{last}_{words}"),
            None => format!("n{words}"),
        };
        let name = if RESERVED.contains(&name.as_str()) { format!("{name}_") } else { name };
        unused(&name, "_", &mut self.taken)
    }

    /// A field for a record, as it is without `r#`.
    pub(crate) fn record(&mut self, type_name: &str) -> String {
        let name = words(type_name);
        let taken = self.taken.contains(&name) || RESERVED.contains(&name.as_str());
        unused(&if taken { format!("{name}_metrics") } else { name }, "_", &mut self.taken)
    }
}

/// The name as an identifier.
pub(crate) fn identifier(name: &str) -> String {
    if has(KEYWORDS, name) { format!("r#{name}") } else { name.to_owned() }
}

/// Names of records that are taken in one module.
#[derive(Default)]
pub(crate) struct Types {
    taken: HashSet<String>,
}

impl Types {
    /// A record for what stands in a namespace under these tags: the last part of it if that is free, else more.
    pub(crate) fn name(&mut self, namespace: &str, tags: &[String]) -> String {
        let parts: Vec<_> = namespace.split('.').map(camel_case).collect();
        let whole = (0..parts.len()).rev().map(|from| parts[from..].concat());
        let mut candidates: Vec<_> =
            whole.filter(|name| begins_a_name(name) && name.len() <= LONG).collect();
        if candidates.is_empty() {
            candidates.push("Measured".to_owned());
        }
        let shortest = candidates[0].clone();
        let by: Vec<_> = tags.iter().take(2).map(|tag| camel_case(tag)).collect();
        if !by.is_empty() {
            candidates.insert(1, format!("{shortest}By{}", by.join("And")));
        }
        candidates.push(format!("{shortest}Metrics"));
        let free = |name: &&String| is_free(name) && !self.taken.contains(*name);
        let name = candidates.iter().find(free).or(candidates.last());
        unused(name.unwrap_or(&shortest), "", &mut self.taken)
    }
}

fn is_free(name: &str) -> bool {
    let is_unit = || units::NAMES.iter().any(|unit| units::type_name(unit) == Some(name));
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && !has(CONTRACT, name)
        && !has(STANDARD, name)
        && !is_unit()
}

/// The name, or with the first number that makes it one of its own.
fn unused(name: &str, before_number: &str, taken: &mut HashSet<String>) -> String {
    let mut own = name.to_owned();
    let mut number = 2;
    while !taken.insert(own.clone()) {
        own = format!("{}{before_number}{number}", name.trim_end_matches('_'));
        number += 1;
    }
    own
}

fn begins_a_name(words: &str) -> bool {
    words.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// `heapUsed` as `heap_used`, `App_Store` as `app_store`: ASCII letters and digits with one `_` between words.
pub(crate) fn words(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 4);
    for (i, &c) in chars.iter().enumerate() {
        let after = i.checked_sub(1).map_or('_', |before| chars[before]);
        let before_lower = chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
        let begins_word = after.is_ascii_lowercase()
            || after.is_ascii_digit()
            || (after.is_ascii_uppercase() && before_lower);
        if c.is_ascii_uppercase() && begins_word {
            out.push('_');
        }
        out.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    }
    let words: Vec<_> = out.split('_').filter(|word| !word.is_empty()).collect();
    words.join("_")
}

fn camel_case(text: &str) -> String {
    let words = words(text);
    let capital = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    };
    words.split('_').map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::{CONTRACT, has};
    use crate::metric::units;

    /// Names of the prelude that are no units must be in the list, or a record may be called so.
    #[test]
    fn all_of_the_prelude_is_known() {
        let prelude = include_str!("../../prelude.rs");
        let code: String = prelude.lines().filter(|line| !line.trim().starts_with("//")).collect();
        let words = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let types = words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
        let is_unit =
            |name: &str| units::NAMES.iter().any(|unit| units::type_name(unit) == Some(name));
        let unknown: Vec<_> = types.filter(|name| !has(CONTRACT, name) && !is_unit(name)).collect();
        assert_eq!(unknown, [""; 0]);
    }
}
