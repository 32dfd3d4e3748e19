//! The writer: mappings, lists and scalars, with Python's ways of indenting and folding.

use serde_json::{Map, Value};

use super::scalar::{Analysis, is_break};
use super::{number, resolve};

/// Where a long text is folded.
const WIDTH: usize = 80;

/// How much deeper a level stands.
const STEP: usize = 2;

/// A key that is longer, with the five characters of its tag, stands behind a `?`.
const KEY: usize = 128 - 5;

/// The pairs of a mapping.
pub(in crate::export) struct Pairs<'v>(Vec<(&'v str, &'v Value)>);

impl<'v> Pairs<'v> {
    /// One pair.
    pub(in crate::export) fn one(name: &'v str, value: &'v Value) -> Self {
        Self(vec![(name, value)])
    }

    fn all(pairs: &'v Map<String, Value>) -> Self {
        Self(pairs.iter().map(|(name, value)| (name.as_str(), value)).collect())
    }
}

/// YAML as far as it is written.
pub(in crate::export) struct Emitter {
    out: String,
    /// Letters beyond ASCII are written as they are.
    unicode: bool,
    column: usize,
    /// What was written last parts words.
    whitespace: bool,
    /// Nothing but indentation, `-`, `?` and `:` stands on the line.
    indention: bool,
    /// The indentation of the current level; there is none yet at the top.
    indent: Option<usize>,
}

impl Emitter {
    /// Everything beyond ASCII is escaped.
    pub(in crate::export) fn ascii() -> Self {
        Self::new(false)
    }

    /// Letters beyond ASCII are written as they are.
    pub(in crate::export) fn unicode() -> Self {
        Self::new(true)
    }

    fn new(unicode: bool) -> Self {
        let out = String::new();
        Self { out, unicode, column: 0, whitespace: true, indention: true, indent: None }
    }

    /// What was written, the last line ended.
    pub(in crate::export) fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }

    /// Writes a value behind a key.
    pub(in crate::export) fn value(&mut self, value: &Value) {
        match value {
            Value::Object(pairs) if !pairs.is_empty() => self.pairs(&Pairs::all(pairs)),
            Value::Array(items) if !items.is_empty() => self.items(items, true),
            Value::Object(_) => self.indicator("{}", false),
            Value::Array(_) => self.indicator("[]", false),
            Value::String(text) => self.text(text, false),
            Value::Number(number) => self.plain(&number::scalar(number), true),
            Value::Bool(flag) => self.plain(if *flag { "true" } else { "false" }, true),
            Value::Null => self.plain("null", true),
        }
    }

    /// Writes a mapping.
    pub(in crate::export) fn pairs(&mut self, pairs: &Pairs<'_>) {
        let outer = self.deeper(false);
        for (name, value) in &pairs.0 {
            self.begin_line();
            self.key(name);
            self.value(value);
        }
        self.indent = outer;
    }

    /// Writes a list of one mapping.
    pub(in crate::export) fn item_of_pairs(&mut self, pairs: &Pairs<'_>) {
        let outer = self.deeper(false);
        self.begin_line();
        self.indicator("-", true);
        self.pairs(pairs);
        self.indent = outer;
    }

    /// Writes a list. Behind a key it stands below the key, not to the right of it.
    fn items(&mut self, items: &[Value], behind_key: bool) {
        let outer = self.deeper(behind_key && !self.indention);
        for item in items {
            self.begin_line();
            self.indicator("-", true);
            match item {
                Value::Array(items) if !items.is_empty() => self.items(items, false),
                item => self.value(item),
            }
        }
        self.indent = outer;
    }

    /// A key as it is written before its `:`, unless it needs a `?`.
    pub(in crate::export) fn simple_key(name: &str) -> Option<String> {
        let mut emitter = Self::unicode();
        emitter.text(name, true);
        is_simple(name).then_some(emitter.out)
    }

    fn key(&mut self, name: &str) {
        if is_simple(name) {
            self.text(name, true);
            self.glue(":");
            self.whitespace = false;
            return;
        }
        self.indicator("?", true);
        self.text(name, false);
        self.begin_line();
        self.indicator(":", true);
    }

    /// Goes a level deeper and gives the level before.
    fn deeper(&mut self, stay: bool) -> Option<usize> {
        let outer = self.indent;
        self.indent = match outer {
            None => Some(0),
            Some(indent) if stay => Some(indent),
            Some(indent) => Some(indent + STEP),
        };
        outer
    }

    /// Writes a scalar's text in the form that can hold it.
    fn text(&mut self, text: &str, key: bool) {
        let Analysis { plain, single_quoted, .. } = Analysis::of(text, self.unicode);
        let outer = self.indent;
        self.indent = Some(outer.map_or(STEP, |indent| indent + STEP));
        if plain && !resolve::is_more_than_text(text) {
            self.plain(text, !key);
        } else if single_quoted {
            self.single_quoted(text, !key);
        } else {
            self.double_quoted(text, !key);
        }
        self.indent = outer;
    }

    fn plain(&mut self, text: &str, fold: bool) {
        if !self.whitespace {
            self.push(" ");
        }
        self.whitespace = false;
        self.indention = false;
        for (index, run) in runs(text).enumerate() {
            let folds = run == " " && index > 0 && fold && self.column > WIDTH;
            if folds {
                self.begin_line();
                self.whitespace = false;
                self.indention = false;
            } else {
                self.push(run);
            }
        }
    }

    fn single_quoted(&mut self, text: &str, fold: bool) {
        self.indicator("'", false);
        let mut at = 0;
        for run in runs(text) {
            let inner = at > 0 && at + run.len() < text.len();
            at += run.len();
            if run.starts_with('\n') {
                // One break is a space there, and each further one is a break.
                self.line_break();
                run.chars().for_each(|_| self.line_break());
                self.begin_line();
            } else if run == " " && inner && fold && self.column > WIDTH {
                self.begin_line();
            } else {
                self.push(&run.replace('\'', "''"));
            }
        }
        self.glue("'");
    }

    fn double_quoted(&mut self, text: &str, fold: bool) {
        self.indicator("\"", false);
        let text: Vec<char> = text.chars().collect();
        // What is not written yet.
        let mut start = 0;
        for (at, &c) in text.iter().enumerate() {
            if needs_escape(c, self.unicode) {
                self.push_all(&text[start..at]);
                self.push(&escaped(c));
                start = at + 1;
            }
            let inner = at > 0 && at + 1 < text.len();
            // An escape stands in the text already, and counts as a letter less.
            let end = self.column + at;
            if inner && (c == ' ' || start >= at) && end > WIDTH + start && fold {
                if start < at {
                    self.push_all(&text[start..at]);
                    start = at;
                }
                self.push("\\");
                self.begin_line();
                self.whitespace = false;
                self.indention = false;
                if text[start] == ' ' {
                    self.push("\\");
                }
            }
        }
        if start < text.len() {
            self.push_all(&text[start..]);
        }
        self.glue("\"");
    }

    /// Writes punctuation, apart from what stands before it.
    fn indicator(&mut self, indicator: &str, indention: bool) {
        if !self.whitespace {
            self.push(" ");
        }
        self.push(indicator);
        self.whitespace = false;
        self.indention = self.indention && indention;
    }

    /// Writes punctuation next to what stands before it.
    fn glue(&mut self, indicator: &str) {
        self.push(indicator);
        self.whitespace = false;
        self.indention = false;
    }

    /// Goes to the indentation of the level, on a new line unless this one is still free up to there.
    fn begin_line(&mut self) {
        let indent = self.indent.unwrap_or_default();
        let taken = self.column > indent || (self.column == indent && !self.whitespace);
        if !self.indention || taken {
            self.line_break();
        }
        if self.column < indent {
            self.whitespace = true;
            self.out.extend(std::iter::repeat_n(' ', indent - self.column));
            self.column = indent;
        }
    }

    fn line_break(&mut self) {
        self.whitespace = true;
        self.indention = true;
        self.column = 0;
        self.out.push('\n');
    }

    fn push(&mut self, text: &str) {
        self.column += text.chars().count();
        self.out.push_str(text);
    }

    fn push_all(&mut self, text: &[char]) {
        self.column += text.len();
        self.out.extend(text);
    }
}

/// Whether a key needs no `?` before it.
fn is_simple(name: &str) -> bool {
    !name.is_empty() && !name.contains(is_break) && name.chars().count() < KEY
}

/// The text in runs of spaces, of breaks and of everything else.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let kind = |c: char| (c == ' ', c == '\n');
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = kind(rest.chars().next()?);
        let end = rest.find(|c| kind(c) != first).unwrap_or(rest.len());
        let (run, tail) = rest.split_at(end);
        rest = tail;
        Some(run)
    })
}

fn needs_escape(c: char, unicode: bool) -> bool {
    let as_it_is = matches!(c, ' '..='~') || (unicode && matches!(c, '\u{a0}'..='\u{fffd}'));
    matches!(c, '"' | '\\' | '\u{2028}' | '\u{2029}' | '\u{feff}') || !as_it_is
}

fn escaped(c: char) -> String {
    let letter = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => return escaped_by_number(u32::from(c)),
    };
    format!("\\{letter}")
}

fn escaped_by_number(code: u32) -> String {
    match code {
        0..=0xff => format!("\\x{code:02X}"),
        0x100..=0xffff => format!("\\u{code:04X}"),
        _ => format!("\\U{code:08X}"),
    }
}
