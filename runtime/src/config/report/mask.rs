//! Which bytes of a file no report shows.
//!
//! Hidden are the values of secret options that were read, by their places, and whatever stands after a key that is named
//! like a secret option or like a secret at all (`api_token`), or nearly so, and user and password of a URL: by the text of
//! the file alone, since it may not be YAML.

use std::collections::HashMap;
use std::ops::Range;

use crate::config::problem::Problems;
use crate::config::words;

/// Parts of names that tell a secret.
const TELLING: &[&str] = &[
    "pass",
    "phrase",
    "pwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "app_key",
    "access_key",
    "private_key",
    "credential",
    "authorization",
    "cookie",
];

/// Names that tell a secret even where they are misspelt.
const MISSPELT: &[&str] = &["password", "secret", "token"];

/// Whether a name has a part that tells a secret.
pub(crate) fn tells_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    TELLING.iter().any(|part| name.contains(part))
}

/// Byte ranges, sorted, that do not touch.
#[derive(Default)]
pub(super) struct Mask {
    hidden: Vec<Range<usize>>,
}

impl Mask {
    /// What is hidden of a file.
    pub(super) fn of(text: &str, problems: &Problems) -> Self {
        let mut hidden: Vec<Range<usize>> =
            problems.hidden().iter().map(|span| span.start..span.end).collect();
        hidden.extend(by_name(text, problems.secret_names()));
        hidden.retain(|range| !range.is_empty());
        hidden.sort_by_key(|range| range.start);
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(hidden.len());
        for range in hidden {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        Self { hidden: merged }
    }

    /// Whether the byte at a place is hidden, and where that changes, at `end` at the latest.
    pub(super) fn run(&self, at: usize, end: usize) -> (bool, usize) {
        let next = self.hidden.partition_point(|range| range.end <= at);
        match self.hidden.get(next) {
            Some(range) if range.start <= at => (true, range.end.min(end)),
            Some(range) => (false, range.start.min(end)),
            None => (false, end),
        }
    }
}

/// The values of telling keys, and the lines on which they go on.
fn by_name(text: &str, secret: &[&'static str]) -> Vec<Range<usize>> {
    let mut names = Names { secret, judged: HashMap::new() };
    let mut hidden = Vec::new();
    let mut open: Option<OpenValue> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let goes_on = open.as_mut().is_some_and(|value| value.goes_on(content));
        let from = if goes_on {
            Some(0)
        } else {
            open = None;
            names.telling_key(content).map(|key| {
                let value = &content[key.end..];
                open = Some(OpenValue::new(&key, value));
                key.end + value.len() - value.trim_start().len()
            })
        };
        hidden.extend(from.map(|from| start + from..start + content.len()));
        let mut from = 0;
        while let Some(part) = words::userinfo(&content[from..]) {
            hidden.push(start + from + part.start..start + from + part.end);
            from += part.end;
        }
        start += line.len();
    }
    hidden
}

/// A value that may go on on the next line.
struct OpenValue {
    indent: usize,
    empty: bool,
    quote: Option<char>,
}

impl OpenValue {
    fn new(key: &Range<usize>, rest: &str) -> Self {
        let rest = rest.trim();
        let quote = rest.chars().find(|c| matches!(c, '"' | '\''));
        let open_quote = quote.filter(|quote| rest.matches(*quote).count() % 2 == 1);
        Self {
            indent: key.start,
            empty: rest.is_empty() || rest.starts_with('#'),
            quote: open_quote,
        }
    }

    fn goes_on(&mut self, line: &str) -> bool {
        if let Some(quote) = self.quote {
            if line.matches(quote).count() % 2 == 1 {
                self.quote = None;
            }
            return true;
        }
        let indent = line.len() - line.trim_start().len();
        let trimmed = line.trim_start();
        trimmed.is_empty()
            || indent > self.indent
            || (indent == self.indent && self.empty && trimmed.starts_with(['-', ':']))
    }
}

/// Which names tell a secret. Files repeat a few keys many times, so each is judged once.
struct Names<'n> {
    secret: &'n [&'static str],
    judged: HashMap<String, bool>,
}

impl Names<'_> {
    /// The first key of a line whose name tells a secret: from where it begins to behind its `:`.
    fn telling_key(&mut self, line: &str) -> Option<Range<usize>> {
        let mut from = 0;
        while let Some(colon) = line[from..].find(':').map(|at| from + at) {
            let key = line[..colon].trim_end().trim_end_matches(['"', '\'']);
            let start = key.rfind(|c: char| !is_name(c)).map_or(0, |at| at + char_width(key, at));
            if self.tells(&key[start..]) {
                return Some(start..colon + 1);
            }
            from = colon + 1;
        }
        let explicit = line.trim_start().strip_prefix("? ")?.trim();
        self.tells(explicit).then(|| line.len() - line.trim_start().len()..line.len())
    }

    fn tells(&mut self, name: &str) -> bool {
        if name.is_empty() {
            return false;
        }
        if let Some(tells) = self.judged.get(name) {
            return *tells;
        }
        let lower = name.to_lowercase().replace('-', "_");
        let tells = tells_secret(&lower)
            || words::nearest(&lower, self.secret.iter().chain(MISSPELT).copied()).is_some();
        self.judged.insert(name.to_owned(), tells);
        tells
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

fn char_width(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}
