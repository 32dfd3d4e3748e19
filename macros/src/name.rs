//! The rules for names: of metrics, tags, checks and service checks, and what was probably meant by a wrong one.

use syn::Ident;
use syn::ext::IdentExt;

/// The longest name of a metric, and the longest tag, that Datadog keeps.
pub(crate) const MAX_NAME: usize = 200;

/// The longest description that `metadata.csv` takes.
pub(crate) const MAX_DESCRIPTION: usize = 400;

/// The name that an identifier stands for: `r#type` is `type`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// What is wrong with a name, and what to do about it: the better name, if that is right, or an example.
fn fault(
    name: &str,
    flaw: fn(&str) -> Option<String>,
    better: &str,
    example: &str,
) -> Option<String> {
    let found = flaw(name)?;
    Some(if name.len() > MAX_NAME {
        format!("{found}\nhint: shorten it")
    } else if flaw(better).is_none() {
        format!("{found}\nhint: write `{better}`")
    } else {
        format!("{found}\nhint: choose one such as `{example}`")
    })
}

/// What is wrong with the full name of a metric.
pub(crate) fn metric_fault(name: &str) -> Option<String> {
    fault(name, metric_flaw, &normalize(name), "disk.in_use")
}

/// What is wrong with what stands before the names of a record's metrics.
pub(crate) fn namespace_fault(namespace: &str) -> Option<String> {
    fault(namespace, metric_flaw, &normalize(namespace), "system.disk")
}

/// What is wrong with the name of an option.
pub(crate) fn option_fault(name: &str) -> Option<String> {
    fault(name, option_flaw, &plain_snake_case(name), "port")
}

/// What is wrong with a tag's key.
pub(crate) fn tag_fault(key: &str) -> Option<String> {
    fault(key, tag_flaw, &plain_snake_case(key), "device")
}

/// What is wrong with a check's name.
pub(crate) fn check_fault(name: &str) -> Option<String> {
    fault(name, check_flaw, &plain_snake_case(name), "disk")
}

/// What is wrong with the name of a check for people.
pub(crate) fn display_name_fault(name: &str) -> Option<String> {
    let better = name.split_whitespace().collect::<Vec<_>>().join(" ");
    fault(name, display_name_flaw, &better, "HTTP Check")
}

/// What is wrong with the name of a service check.
pub(crate) fn service_check_fault(name: &str) -> Option<String> {
    let better = normalize(name).replace("__", "_");
    fault(name, service_check_flaw, &better, "postgres.can_connect")
}

fn metric_flaw(name: &str) -> Option<String> {
    let kept = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    if let Some(other) = name.chars().find(|c| !kept(*c)) {
        Some(format!("`{other}` is no ASCII letter, digit, `_` or `.`"))
    } else if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        Some("it does not begin with a letter".to_owned())
    } else if name.contains("..") || name.ends_with('.') {
        Some("something is missing beside a `.`".to_owned())
    } else if name.contains("_.") || name.contains("._") || name.ends_with('_') {
        Some("Datadog drops a `_` beside a `.` and at the end".to_owned())
    } else {
        too_long(name)
    }
}

fn option_flaw(name: &str) -> Option<String> {
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if let Some(other) = name.chars().find(|c| !kept(*c)) {
        Some(format!("`{other}` is no ASCII letter, digit, `_`, `-` or `.`"))
    } else if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        Some("it does not begin with a letter".to_owned())
    } else {
        too_long(name)
    }
}

fn tag_flaw(key: &str) -> Option<String> {
    let kept = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-' | '.' | '/');
    if let Some(other) = key.chars().find(|c| !kept(*c)) {
        Some(format!("`{other}` is no lower-case ASCII letter, digit, `_`, `-`, `.` or `/`"))
    } else if !key.starts_with(|c: char| c.is_ascii_lowercase()) {
        Some("it does not begin with a letter".to_owned())
    } else {
        too_long(key)
    }
}

fn check_flaw(name: &str) -> Option<String> {
    let kept = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_');
    if let Some(other) = name.chars().find(|c| !kept(*c)) {
        Some(format!("`{other}` is no lower-case ASCII letter, digit or `_`"))
    } else if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        Some("it does not begin with a letter".to_owned())
    } else {
        too_long(name)
    }
}

fn display_name_flaw(name: &str) -> Option<String> {
    if let Some(other) = name.chars().find(|c| !matches!(c, ' '..='~')) {
        Some(format!("`{}` is no printable ASCII character", other.escape_default()))
    } else if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        Some("it does not begin with a letter or digit".to_owned())
    } else if name.ends_with(' ') || name.contains("  ") {
        Some("it has a space too many".to_owned())
    } else {
        too_long(name)
    }
}

fn service_check_flaw(name: &str) -> Option<String> {
    let kept = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    if let Some(other) = name.chars().find(|c| !kept(*c)) {
        Some(format!("`{other}` is no ASCII letter, digit, `_` or `.`"))
    } else if ["__", "..", "_.", "._"].iter().any(|pair| name.contains(pair)) {
        Some("two of `_` and `.` follow each other".to_owned())
    } else if name.is_empty() || name.starts_with(['_', '.']) || name.ends_with(['_', '.']) {
        Some("it does not begin and end with a letter or digit".to_owned())
    } else {
        too_long(name)
    }
}

fn too_long(name: &str) -> Option<String> {
    let length = name.chars().count();
    (length > MAX_NAME).then(|| format!("it has {length} characters, and Datadog keeps {MAX_NAME}"))
}

/// The name as Datadog's backend would store it.
///
/// Runs of other characters become `_`, what precedes the first letter goes away, as do a `_` beside a `.` and empty
/// parts. The rule is that of `ddev validate metadata`.
fn normalize(name: &str) -> String {
    let start = name.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(name.len());
    let mut out = String::with_capacity(name.len());
    let mut in_other = false;
    for c in name[start..].chars() {
        let kept = c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if kept {
            out.push(c);
        } else if !in_other {
            out.push('_');
        }
        in_other = !kept;
    }
    let last = out.matches('.').count();
    let parts = out.split('.').enumerate().map(|(index, part)| {
        let part = if index > 0 { part.trim_start_matches('_') } else { part };
        if index < last { part.trim_end_matches('_') } else { part }
    });
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(".").trim_matches('_').to_owned()
}

/// The text in snake case, without anything but ASCII letters and digits between the underscores.
fn plain_snake_case(text: &str) -> String {
    let plain = text.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    let words = snake_case(&plain);
    let words: Vec<_> = words.split('_').filter(|word| !word.is_empty()).collect();
    let letters = words.join("_");
    letters.trim_start_matches(|c: char| !c.is_ascii_lowercase()).to_owned()
}

/// What is wrong with a tag's value, and what to do about it.
pub(crate) fn tag_value_fault(value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some("it is empty, and an empty tag is left out\nhint: give it a name")
    } else if value.chars().any(|c| c == ',' || c.is_control()) {
        Some("it has a comma or a control character, which cannot be sent\nhint: use `_`")
    } else if value.len() >= MAX_NAME {
        Some("the whole tag is at most 200 characters long\nhint: shorten it")
    } else {
        None
    }
}

/// What is wrong with the description of a metric, and what to do about it.
pub(crate) fn description_fault(text: &str) -> Option<String> {
    if let Some(c) = text.chars().find(|c| !c.is_ascii()) {
        return Some(format!(
            "the description has the character `{c}`, and Datadog's metadata.csv takes ASCII only\nhint: write it in ASCII"
        ));
    }
    if text.contains('|') {
        return Some(
            "the description has the character `|`, which Datadog's metadata.csv forbids\nhint: write `or` or a comma"
                .to_owned(),
        );
    }
    let length = text.chars().count();
    (length > MAX_DESCRIPTION).then(|| {
        format!(
            "the description has {length} characters, and Datadog's metadata.csv takes {MAX_DESCRIPTION}\nhint: shorten it, or move details into a `//` comment"
        )
    })
}

/// `http_check` as `Http Check`.
pub(crate) fn in_words(name: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + rest
    };
    name.split('_').filter(|word| !word.is_empty()).map(capital).collect::<Vec<_>>().join(" ")
}

/// `ReadOnly` as `read_only`; a run of capitals is one word, so `HTTPStatus` is `http_status`.
pub(crate) fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (i, &c) in chars.iter().enumerate() {
        let after_lower = i > 0 && (chars[i - 1].is_lowercase() || chars[i - 1].is_numeric());
        let begins_word = i > 0
            && chars[i - 1].is_uppercase()
            && chars.get(i + 1).is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && (after_lower || begins_word) {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The one of `known` that was probably meant.
pub(crate) fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = |name: &str| strsim::damerau_levenshtein(given, name);
    let allowed = |name: &str| (name.len().max(given.len()) / 3).max(1);
    known.filter(|name| near(name) <= allowed(name)).min_by_key(|name| near(name))
}

/// Names in backticks, with commas and an `and`.
pub(crate) fn list<'a>(names: impl Iterator<Item = &'a str>, word: &str) -> String {
    let quoted: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
        None => String::new(),
    }
}
