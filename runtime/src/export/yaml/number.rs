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
    let scientific = shortest(float);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        return positional(mantissa, exponent);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// The fewest digits that tell the number from others. Of two texts that are equally near to it, Python takes the even one.
fn shortest(float: f64) -> String {
    let any = format!("{float:e}");
    let mantissa = any.split('e').next().unwrap_or_default();
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let even = format!("{float:.*e}", digits.saturating_sub(1));
    if even.parse() == Ok(float) { even } else { any }
}

/// The digits with the point in its place, and at least one digit behind it.
fn positional(mantissa: &str, exponent: i32) -> String {
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let mut digits = mantissa.replace('.', "");
    let Ok(whole) = usize::try_from(exponent) else {
        let zeros = "0".repeat(usize::try_from(-exponent).unwrap_or(1) - 1);
        return format!("{sign}0.{zeros}{digits}");
    };
    while digits.len() < whole + 2 {
        digits.push('0');
    }
    digits.insert(whole + 1, '.');
    format!("{sign}{digits}")
}
