//! What is wrong with a payload, and where.

use std::borrow::Cow;
use std::fmt;

/// Something wrong with a payload. The line is left out, and nothing else is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1. A payload of Protocol Buffers has the lines that it stands for.
    pub line: u64,
    /// The character in the line, from 1.
    pub column: usize,
    /// What is wrong, as a fragment of a sentence.
    pub message: Cow<'static, str>,
    /// The line, cut short.
    pub excerpt: String,
    /// The byte of the payload, from 1, if it is one of Protocol Buffers.
    pub byte: Option<u64>,
}

/// How many characters of a line are shown.
const SHOWN: usize = 120;

impl Problem {
    pub(super) fn new(number: u64, line: &str, mistake: Mistake) -> Self {
        let Place { at, message } = *mistake.place;
        let before = line.get(..at).unwrap_or(line);
        let mut excerpt: String =
            line.chars().filter(|c| !c.is_control()).take(SHOWN + 1).collect();
        if let Some((cut, _)) = excerpt.char_indices().nth(SHOWN) {
            excerpt.truncate(cut);
            excerpt.push('…');
        }
        let column = before.chars().count() + 1;
        Self { line: number, column, message, excerpt, byte: None }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, message, excerpt, byte } = self;
        match byte {
            Some(byte) => write!(f, "byte {byte}: {message}: `{excerpt}`"),
            None => write!(f, "line {line}, column {column}: {message}: `{excerpt}`"),
        }
    }
}

impl std::error::Error for Problem {}

/// What is wrong with a line, and at which byte of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Apart, so that the result of a line that is right fits into a register.
    place: Box<Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    at: usize,
    message: Cow<'static, str>,
}

impl Mistake {
    /// Something wrong with the line as a whole.
    pub fn of_line(message: impl Into<Cow<'static, str>>) -> Self {
        Self::at(0, message)
    }

    pub(super) fn at(at: usize, message: impl Into<Cow<'static, str>>) -> Self {
        Self { place: Box::new(Place { at, message: message.into() }) }
    }

    /// The same, where the text that was looked at begins at a byte of the line.
    pub(super) fn after(mut self, start: usize) -> Self {
        self.place.at += start;
        self
    }
    /// The byte, and what is wrong.
    pub(super) fn apart(self) -> (usize, Self) {
        let Place { at, message } = *self.place;
        (at, Self::of_line(message))
    }
}
