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

/// What is wrong with the full name of a metric, and what to do about it.
pub(crate) fn metric_fault(name: &str) -> Option<String> {
    let normal = collapse_dots(&normalize(name));
    if name.chars().count() > MAX_NAME {
        return Some(format!(
            "it is longer than {MAX_NAME} characters\nhint: Datadog cuts it there"
        ));
    }
    if normal == name && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let rule = "it begins with a letter and consists of ASCII letters, digits, `_` and `.`";
    Some(match normal.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => format!("{rule}\nhint: Datadog would store it as `{normal}`; write that"),
        false => format!("{rule}\nhint: choose a name such as `disk.in_use`"),
    })
}

/// The name as Datadog's backend stores it.
///
/// The rule is that of `ddev validate metadata`; the runtime has the same one, tested against the same examples.
pub(crate) fn normalize(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let mut out = String::with_capacity(name.len());
    let start = name.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(name.len());
    let mut in_other = false;
    for c in name[start..].chars() {
        match kept(c) {
            true => out.push(c),
            false if !in_other => out.push('_'),
            false => {}
        }
        in_other = !kept(c);
    }
    let parts = out.split('.').enumerate();
    let last = out.matches('.').count();
    let trimmed: Vec<_> = parts
        .map(|(i, part)| {
            let part = if i > 0 { part.trim_start_matches('_') } else { part };
            if i < last { part.trim_end_matches('_') } else { part }
        })
        .collect();
    trimmed.join(".").trim_matches('_').to_owned()
}

fn collapse_dots(name: &str) -> String {
    let parts = name.split('.').filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(".")
}

/// What is wrong with a tag's key, and what to do about it.
pub(crate) fn tag_fault(key: &str) -> Option<String> {
    let fault = if !key.starts_with(|c: char| c.is_ascii_lowercase()) {
        "it begins with a lower-case letter"
    } else if key.chars().any(|c| !matches!(c, 'a'..='z' | '0'..='9' | '_' | '-' | '.' | '/')) {
        "it consists of lower-case letters, digits, `_`, `-`, `.` and `/`"
    } else if key.len() >= MAX_NAME {
        "the whole tag is at most 200 characters long"
    } else {
        return None;
    };
    let lower: String = key
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let lower = lower.trim_matches('_');
    Some(match lower.starts_with(|c: char| c.is_ascii_lowercase()) && lower.len() < MAX_NAME {
        true => format!("{fault}\nhint: write `{lower}`"),
        false => format!("{fault}\nhint: choose a key such as `device`"),
    })
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

/// What is wrong with a check's name, and what to do about it.
pub(crate) fn check_fault(name: &str) -> Option<String> {
    let first = name.starts_with(|c: char| c.is_ascii_lowercase());
    if first && name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_')) {
        return None;
    }
    let rule =
        "it begins with a lower-case letter and consists of lower-case letters, digits and `_`";
    let snake = snake_case(&name.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
    let snake = snake.trim_matches('_');
    Some(match check_fault_free(snake) {
        true => format!("{rule}\nhint: write `{snake}`"),
        false => format!("{rule}\nhint: choose a name such as `disk`"),
    })
}

fn check_fault_free(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'))
}

/// What is wrong with the name of a service check, and what to do about it.
pub(crate) fn service_check_fault(name: &str) -> Option<&'static str> {
    if name.is_empty() || name.chars().any(|c| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
    {
        Some(
            "it consists of ASCII letters, digits, `_` and `.`\nhint: a name such as `postgres.can_connect`",
        )
    } else if ["__", "..", "_.", "._"].iter().any(|pair| name.contains(pair)) {
        Some("two of `_` and `.` must not follow each other\nhint: leave one of them out")
    } else if name.starts_with('_') || name.ends_with('_') {
        Some("it must not begin or end with `_`\nhint: leave it out")
    } else if name.len() > MAX_NAME {
        Some("it is longer than 200 characters\nhint: shorten it")
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
