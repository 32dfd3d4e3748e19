//! Numbers as Python writes them.

use serde_json::Number;

/// A number as Python's `repr` has it: the fewest digits that tell it from others, an exponent below `1e-4` and from `1e16`.
pub(in crate::export) fn number(number: &Number) -> String {
    match number.as_f64().filter(|_| number.is_f64()) {
        Some(float) => repr(float),
        None => number.to_string(),
    }
}

/// A number as YAML 1.1 has it, where an exponent needs a fraction before it.
pub(super) fn scalar(of: &Number) -> String {
    let text = number(of);
    match text.split_once('e') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0e{exponent}"),
        _ => text,
    }
}

fn repr(float: f64) -> String {
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        return format!("{float:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
