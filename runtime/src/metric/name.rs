//! Datadog's rules for the names of metrics and tags.

/// The longest name of a metric that Datadog keeps, in characters.
pub const MAX_METRIC_NAME: usize = 200;

/// The longest tag that Datadog keeps, in characters.
pub const MAX_TAG: usize = 200;

/// The name as Datadog's backend stores it.
///
/// Other characters than ASCII letters, digits, `_` and `.` become `_`, as does what precedes the first letter; `_` around a
/// `.` and at both ends go away. The rule is that of `ddev validate metadata`.
///
/// ```
/// assert_eq!(allwell::metric::normalize("queue depth%"), "queue_depth");
/// assert_eq!(allwell::metric::normalize("other.m-x"), "other.m_x");
/// ```
pub fn normalize(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let kept = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let mut start = 0;
    if name.starts_with(|c: char| kept(c) && !c.is_ascii_alphabetic()) {
        start = name.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(name.len());
        out.push('_');
    }
    let mut in_other = false;
    for c in name[start..].chars() {
        if kept(c) {
            out.push(c);
            in_other = false;
        } else if !in_other {
            out.push('_');
            in_other = true;
        }
    }
    trim_around_dots(&out)
}

fn trim_around_dots(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(dot) = rest.find('.') {
        out.push_str(rest[..dot].trim_end_matches('_'));
        out.push('.');
        rest = rest[dot + 1..].trim_start_matches('_');
    }
    out.push_str(rest);
    out.trim_matches('_').to_owned()
}
