//! Regular expressions as Python's `re.search` understands them, on an engine whose time is linear in the text.

use regex::Regex;
use serde_json::Value;

use crate::config::{Node, OptionValue, Problem, Reader, Shape};

use super::ahead;

/// A regular expression that may match anywhere.
#[derive(Debug, Clone)]
pub struct Search {
    written: String,
    regex: Regex,
    /// Other expressions, each with whether it must match or must not.
    ahead: Vec<(Regex, bool)>,
}

/// A name, or a regular expression for names: whatever holds a character that means something in one.
#[derive(Debug, Clone)]
pub enum Names {
    /// This name.
    Exact(String),
    /// Every name in which it matches.
    Matching(Search),
}

impl Search {
    /// Compiles an expression written for Python.
    ///
    /// # Errors
    /// It is not one, or needs what a linear engine does not have: looking around but right behind `^`, or referring back.
    pub fn new(written: &str) -> Result<Self, String> {
        let Some((ahead, rest)) = ahead::split(written) else {
            let regex = compiled(&translated(written)?)?;
            return Ok(Self { written: written.to_owned(), regex, ahead: Vec::new() });
        };
        let at_begin = |text| compiled(&format!("^(?:{})", translated(text)?));
        let ahead =
            ahead.into_iter().map(|ahead| Ok((at_begin(ahead.expression)?, ahead.must_match)));
        let ahead = ahead.collect::<Result<_, String>>()?;
        Ok(Self { written: written.to_owned(), regex: at_begin(rest)?, ahead })
    }

    /// Whether it matches anywhere in the text.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
            && self.ahead.iter().all(|(regex, must_match)| regex.is_match(text) == *must_match)
    }
}

impl Names {
    /// The name or expression that a text is.
    ///
    /// # Errors
    /// As [`Search::new`].
    pub fn new(written: &str) -> Result<Self, String> {
        // The characters that Python's `re.escape` would escape.
        let special = |c: char| "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c);
        match written.contains(special) {
            true => Search::new(written).map(Self::Matching),
            false => Ok(Self::Exact(written.to_owned())),
        }
    }

    /// Whether a name is one of these.
    pub fn include(&self, name: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == name,
            Self::Matching(search) => search.matches(name),
        }
    }
}

fn compiled(expression: &str) -> Result<Regex, String> {
    Regex::new(expression).map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => String::from("it is too large"),
        error => last_line(&error.to_string()),
    })
}

/// The message of the engine, without the expression and the marks below it.
fn last_line(error: &str) -> String {
    let line = error.lines().next_back().unwrap_or(error);
    line.trim().trim_start_matches("error: ").to_owned()
}

/// The expression in the engine's own words, where Python's are others.
fn translated(written: &str) -> Result<String, String> {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '\\' => {
                let escaped = after.chars().next().ok_or("it ends in a backslash")?;
                match escaped {
                    // A backspace.
                    'b' if in_class => out.push_str("\\x08"),
                    _ => out.push_str(&escape(escaped)?),
                }
                rest = &after[escaped.len_utf8()..];
                continue;
            }
            '(' if !in_class && after.starts_with("?#") => {
                let (_, behind) = after.split_once(')').ok_or("a comment in it has no end")?;
                rest = behind;
                continue;
            }
            '(' if !in_class && after.starts_with('?') => refuse_group(after)?,
            '[' if in_class => out.push('\\'),
            '[' => {
                in_class = true;
                // A bracket right at the beginning of a class stands for itself.
                for first in ["^]", "]"] {
                    if let Some(behind) = after.strip_prefix(first) {
                        out.push('[');
                        out.push_str(if first == "^]" { "^\\]" } else { "\\]" });
                        rest = behind;
                        break;
                    }
                }
                if rest.len() < after.len() {
                    continue;
                }
            }
            ']' => in_class = false,
            '&' | '~' | '-' if in_class && after.starts_with(c) => out.push('\\'),
            '{' if !in_class && !is_repetition(after) => out.push('\\'),
            '{' if !in_class && after.starts_with(',') => {
                out.push_str("{0");
                rest = after;
                continue;
            }
            '}' if !in_class && !closes_repetition(&out) => out.push('\\'),
            _ => {}
        }
        out.push(c);
        rest = after;
    }
    Ok(out)
}

fn escape(escaped: char) -> Result<String, String> {
    Ok(match escaped {
        'Z' => String::from("\\z"),
        '1'..='9' => {
            return Err(format!(
                "`\\{escaped}` refers back to a group, which cannot be done in linear time"
            ));
        }
        '0' => String::from("\\x00"),
        '<' | '>' | ' ' | '\'' | '"' | '`' | '!' | '%' | ',' | '/' | ':' | ';' | '=' | '@'
        | '_' => escaped.to_string(),
        _ => format!("\\{escaped}"),
    })
}

fn refuse_group(after: &str) -> Result<(), String> {
    let refused = [
        ("?=", "looks ahead"),
        ("?!", "looks ahead"),
        ("?<=", "looks behind"),
        ("?<!", "looks behind"),
        ("?P=", "refers back to a group"),
        ("?(", "depends on a group"),
        ("?>", "does not go back"),
    ];
    let found = refused.iter().find(|(begin, _)| after.starts_with(begin));
    found.map_or(Ok(()), |(begin, does)| {
        Err(format!("`({begin}` {does}, which cannot be done in linear time"))
    })
}

/// What follows an opening brace makes it a repetition: `3}`, `3,}`, `,3}`, `3,5}`.
fn is_repetition(after: &str) -> bool {
    let Some((inside, _)) = after.split_once('}') else { return false };
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !(least.is_empty() && most.is_empty()) && is_number(least) && is_number(most)
}

fn closes_repetition(before: &str) -> bool {
    let open = before.rfind('{').filter(|at| !before[..*at].ends_with('\\'));
    open.is_some_and(|at| {
        before[at + 1..].bytes().all(|byte| byte.is_ascii_digit() || byte == b',')
    })
}

/// Reads text and makes something of it that may be wrong.
fn read_as<T>(
    node: &Node,
    reader: &mut Reader,
    make: impl FnOnce(&str) -> Result<T, String>,
) -> Option<T> {
    let text = String::read(node, reader)?;
    match make(&text) {
        Ok(made) => Some(made),
        Err(error) => {
            reader.report(
                Problem::error(node.span, format!("`{text}` is not a regular expression: {error}"))
                    .hint(
                        "it is searched for anywhere in the text; `^` and `$` tie it to the ends",
                    ),
            );
            None
        }
    }
}

impl OptionValue for Search {
    const SHAPE: Shape = Shape::Text { format: "regex" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        read_as(node, reader, Self::new)
    }

    fn show(&self) -> Value {
        self.written.show()
    }
}

impl OptionValue for Names {
    const SHAPE: Shape = Shape::Text { format: "" };

    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        read_as(node, reader, Self::new)
    }

    fn show(&self) -> Value {
        match self {
            Self::Exact(name) => name.show(),
            Self::Matching(search) => search.show(),
        }
    }
}
