//! Writes values as YAML in block style, line by line as Python's `yaml.safe_dump` does, which is what the renderer of Datadog's
//! `conf.yaml.example` files uses.

use std::fmt::Write as _;

use serde_json::Value;

/// Where Python's folds a long text.
const WIDTH: usize = 80;

/// The lines of `name: value`.
pub(super) fn pair(name: &str, value: &Value) -> Vec<String> {
    let mut out = String::new();
    write_pair(name, value, 0, &mut out);
    out.lines().map(str::to_owned).collect()
}

/// Writes a pair; `indent` is that of the mapping, whose first line has it already.
fn write_pair(name: &str, value: &Value, indent: usize, out: &mut String) {
    write_text(name, indent, out);
    out.push(':');
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            write_items(items, indent, true, out);
        }
        Value::Object(pairs) if !pairs.is_empty() => {
            out.push('\n');
            push_spaces(indent + 2, out);
            write_pairs(pairs, indent + 2, out);
        }
        scalar => {
            out.push(' ');
            write_scalar(scalar, indent + 2, out);
            out.push('\n');
        }
    }
}

fn write_pairs(pairs: &serde_json::Map<String, Value>, indent: usize, out: &mut String) {
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            push_spaces(indent, out);
        }
        write_pair(name, value, indent, out);
    }
}

/// Writes the items of a list. In a mapping they stand below the key, not to the right of it.
fn write_items(items: &[Value], indent: usize, indent_first: bool, out: &mut String) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 || indent_first {
            push_spaces(indent, out);
        }
        out.push_str("- ");
        match item {
            Value::Array(items) if !items.is_empty() => write_items(items, indent + 2, false, out),
            Value::Object(pairs) if !pairs.is_empty() => write_pairs(pairs, indent + 2, out),
            scalar => {
                write_scalar(scalar, indent + 2, out);
                out.push('\n');
            }
        }
    }
}

fn push_spaces(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}

fn write_scalar(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::String(text) => write_text(text, indent, out),
        // Writing into a `String` cannot fail; empty lists and mappings are the same in JSON.
        other => drop(write!(out, "{other}")),
    }
}

fn write_text(text: &str, indent: usize, out: &mut String) {
    if text.contains(|c: char| !matches!(c, '\n' | ' '..='~')) || has_spaces_at_breaks(text) {
        write_double_quoted(text, out);
    } else if !is_plain(text) || resolves(text) {
        write_single_quoted(text, indent, out);
    } else {
        write_folded(text, indent, out);
    }
}

/// Whether a text needs no quotes for its characters.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let blank_after = |at: usize| bytes.get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\n'));
    let first_is_indicator = match bytes.first() {
        None => true,
        Some(b'?' | b':' | b'-') => blank_after(0),
        Some(first) => b"#,[]{}&*!|>'\"%@`".contains(first),
    };
    let indicator_within = (1..bytes.len()).any(|at| match bytes[at] {
        b':' => blank_after(at),
        b'#' => bytes[at - 1] == b' ',
        byte => byte == b'\n',
    });
    !first_is_indicator
        && !indicator_within
        && !text.starts_with("---")
        && !text.starts_with("...")
        && !text.starts_with(' ')
        && !text.ends_with(' ')
}

/// Whether spaces touch a line break, which single quotes would lose.
fn has_spaces_at_breaks(text: &str) -> bool {
    text.contains(" \n") || text.contains("\n ")
}

/// Whether YAML 1.1 takes the text for something else than text if it has no quotes.
fn resolves(text: &str) -> bool {
    let words = [
        "", "~", "<<", "=", "null", "yes", "no", "true", "false", "on", "off", ".inf", "-.inf",
        "+.inf", ".nan",
    ];
    let lower = text.to_ascii_lowercase();
    let usual_case = text == lower || text == text.to_ascii_uppercase() || text[1..] == lower[1..];
    let word = words.contains(&lower.as_str()) && usual_case;
    word || is_number(text) || is_date(text)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let of = |digits: &str, allowed: fn(char) -> bool| {
        !digits.is_empty() && digits.chars().all(|c| c == '_' || allowed(c))
    };
    if let Some(hex) = digits.strip_prefix("0x") {
        return of(hex, |c| c.is_ascii_hexdigit());
    }
    if let Some(binary) = digits.strip_prefix("0b") {
        return of(binary, |c| matches!(c, '0' | '1'));
    }
    let starts_well = digits.starts_with(|c: char| c.is_ascii_digit());
    let sexagesimal = starts_well
        && digits.split(':').count() > 1
        && digits.split(':').all(|part| of(part, |c| c.is_ascii_digit() || c == '.'));
    let integer = starts_well && of(digits, |c| c.is_ascii_digit());
    sexagesimal || integer || is_float(digits)
}

/// `1.5`, `.5`, `1.` and, with a sign in its exponent, `1.5e+3`.
fn is_float(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['-', '+'])
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    });
    let Some((whole, fraction)) = mantissa.split_once('.') else { return false };
    let all_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit() || c == '_');
    exponent_fits
        && all_digits(whole)
        && all_digits(fraction)
        && (whole.starts_with(|c: char| c.is_ascii_digit())
            || (whole.is_empty() && !fraction.is_empty()))
}

/// A date (`2026-11-24`), or one that a time follows.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, least: usize, most: usize| {
        part.is_some_and(|part| {
            (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        })
    };
    let (year, month) = (parts.next(), parts.next());
    let Some(rest) = parts.next() else { return false };
    let day: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let tail = &rest[day.len()..];
    digits(year, 4, 4)
        && digits(month, 1, 2)
        && digits(Some(&day), 1, 2)
        && (tail.is_empty() && day.len() == 2 && month.is_some_and(|month| month.len() == 2)
            || tail.starts_with(['T', 't', ' ']) && tail.contains(':'))
}

/// Writes a text without quotes, with a new line instead of the first space past the width.
fn write_folded(text: &str, indent: usize, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(' ') {
        out.push_str(&rest[..at]);
        let spaces = rest[at..].len() - rest[at..].trim_start_matches(' ').len();
        let inner = at > 0 && at + spaces < rest.len();
        if spaces == 1 && inner && column(out) > WIDTH {
            out.push('\n');
            push_spaces(indent, out);
        } else {
            out.push_str(&rest[at..at + spaces]);
        }
        rest = &rest[at + spaces..];
    }
    out.push_str(rest);
}

fn write_single_quoted(text: &str, indent: usize, out: &mut String) {
    out.push('\'');
    let mut lines = text.split('\n').peekable();
    let mut first = true;
    while let Some(line) = lines.next() {
        if !first {
            // A break in single quotes is a space; an empty line is a break.
            out.push('\n');
            if lines.peek().is_some() || !line.is_empty() {
                push_spaces(if line.is_empty() { 0 } else { indent }, out);
            }
        }
        write_folded(&line.replace('\'', "''"), indent, out);
        if first && lines.peek().is_some() {
            out.push('\n');
        }
        first = false;
    }
    out.push('\'');
}

fn write_double_quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            '\u{1b}' => out.push_str("\\e"),
            ' '..='~' => out.push(c),
            // Writing into a `String` cannot fail.
            c if u32::from(c) <= 0xff => drop(write!(out, "\\x{:02X}", u32::from(c))),
            c if u32::from(c) <= 0xffff => drop(write!(out, "\\u{:04X}", u32::from(c))),
            c => drop(write!(out, "\\U{:08X}", u32::from(c))),
        }
    }
    out.push('"');
}

/// How wide the last line is.
fn column(out: &str) -> usize {
    out.rsplit('\n').next().unwrap_or_default().chars().count()
}
