//! What YAML 1.1 takes text without quotes for, by the rules of Python's reader.

/// Whether a text without quotes would be read as something else: nothing, a flag, a number, a date.
pub(super) fn is_more_than_text(text: &str) -> bool {
    is_word(text) || is_integer(text) || is_float(text) || is_date(text) || is_time(text)
}

fn is_word(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if ["null", "yes", "no", "true", "false", "on", "off"].contains(&lower.as_str()) {
        return text == lower || text == text.to_ascii_uppercase() || text[1..] == lower[1..];
    }
    matches!(text, "" | "~" | "<<" | "=" | ".nan" | ".NaN" | ".NAN")
        || matches!(unsigned(text), ".inf" | ".Inf" | ".INF")
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn all(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(|byte| byte == b'_' || allowed(byte))
}

fn some(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && all(text, allowed)
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// Digits and `_`, a digit first.
fn is_count(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && all(text, is_digit)
}

fn is_integer(text: &str) -> bool {
    let digits = unsigned(text);
    if let Some(binary) = digits.strip_prefix("0b") {
        return some(binary, |byte| matches!(byte, b'0' | b'1'));
    }
    if let Some(hex) = digits.strip_prefix("0x") {
        return some(hex, |byte| byte.is_ascii_hexdigit());
    }
    match digits.strip_prefix('0') {
        Some("") => true,
        Some(octal) => some(octal, |byte| matches!(byte, b'0'..=b'7')),
        None => match digits.split_once(':') {
            Some((first, rest)) => is_count(first) && rest.split(':').all(is_sixtieth),
            None => is_count(digits),
        },
    }
}

/// A minute or a second.
fn is_sixtieth(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
}

fn is_float(text: &str) -> bool {
    let digits = unsigned(text);
    let Some((whole, fraction)) = digits.split_once('.') else { return false };
    if let Some((first, rest)) = whole.split_once(':') {
        return is_count(first) && rest.split(':').all(is_sixtieth) && all(fraction, is_digit);
    }
    let (fraction, exponent) = match fraction.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (fraction, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(is_digit)
    });
    // Only a number with digits before the point may have a sign.
    let fits = match whole {
        "" => digits.len() == text.len() && is_count(fraction),
        _ => is_count(whole) && all(fraction, is_digit),
    };
    exponent_fits && fits
}

/// `2026-11-24`.
fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    matches!(parts[..], [year, month, day] if digits(year, 4..=4) && digits(month, 2..=2) && digits(day, 2..=2))
}

/// `2026-11-24 08:30:00.5 +01:00`.
fn is_time(text: &str) -> bool {
    let Some(at) = text.find(['T', 't', ' ', '\t']) else { return false };
    let (date, time) = text.split_at(at);
    let parts: Vec<_> = date.split('-').collect();
    let date_fits = matches!(parts[..], [year, month, day] if digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2));
    let time = match time.strip_prefix(['T', 't']) {
        Some(time) => time,
        None => time.trim_start_matches([' ', '\t']),
    };
    let end = time.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.');
    let (clock, zone) = time.split_at(end.unwrap_or(time.len()));
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let parts: Vec<_> = clock.split(':').collect();
    let clock_fits = matches!(parts[..], [hour, minute, second] if digits(hour, 1..=2) && digits(minute, 2..=2) && digits(second, 2..=2));
    date_fits
        && clock_fits
        && digits(fraction, 0..=usize::MAX)
        && (zone.is_empty() || is_zone(zone))
}

fn is_zone(text: &str) -> bool {
    let zone = text.trim_start_matches([' ', '\t']);
    if zone == "Z" {
        return true;
    }
    let Some(hours) = zone.strip_prefix(['-', '+']) else { return false };
    match hours.split_once(':') {
        Some((hours, minutes)) => digits(hours, 1..=2) && digits(minutes, 2..=2),
        None => digits(hours, 1..=2),
    }
}

fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(is_digit)
}
