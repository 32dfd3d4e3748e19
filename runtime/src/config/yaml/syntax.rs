//! Syntax errors: what the parser found, in words that say what to do.

use granit_parser::{ErrorKind, ScanError};

use crate::config::node::Span;
use crate::config::problem::Problem;

use super::MAX_DEPTH;

/// The problem that a parser's error is.
pub(super) fn problem(error: &ScanError, text: &str) -> Problem {
    let place = place(error, text);
    let (message, hint) = words(error.kind());
    let problem = Problem::error(place, message).hint(hint);
    let line = line_at(text, place.start);
    if let ErrorKind::UnexpectedCharacter { character } = error.kind() {
        return unexpected(*character, place, line);
    }
    if matches!(error.kind(), ErrorKind::MappingValueNotAllowed) && line.contains("%%") {
        return problem.hint(QUOTE_TEMPLATE);
    }
    problem
}

const QUOTE_TEMPLATE: &str = "put template variables in quotes: `\"%%host%%\"`";

fn unexpected(character: char, place: Span, line: &str) -> Problem {
    if character.is_control() {
        let message = format!("the control character U+{:04X}", u32::from(character));
        return Problem::error(place, message)
            .hint("take it out, or write it as an escape in double quotes");
    }
    let problem =
        Problem::error(place, format!("a value without quotes cannot begin with `{character}`"));
    match character {
        '%' if line.contains("%%") => problem.hint(QUOTE_TEMPLATE),
        _ => problem.hint("put the value in quotes"),
    }
}

/// What went wrong, and what to do about it.
fn words(kind: &ErrorKind) -> (&'static str, &'static str) {
    use ErrorKind as K;
    match kind {
        K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation => {
            ("a tab where YAML wants spaces", "indent with spaces")
        }
        K::TabAtBlockScalarStart | K::TabInPlainScalar => {
            ("a tab where YAML wants spaces", "replace it with spaces, or put the value in quotes")
        }
        K::RecursionLimitExceeded => (too_deep(), "look for a bracket that is not closed"),
        K::UnclosedQuotedScalar => ("a quote that is never closed", "close it on the same line"),
        K::InvalidTrailingSingleQuotedScalar => (
            "text after the closing quote",
            "a `'` within single quotes is written twice: `'it''s'`",
        ),
        K::InvalidTrailingDoubleQuotedScalar => {
            ("text after the closing quote", "a `\"` within double quotes is written `\\\"`")
        }
        K::UnknownQuotedScalarEscape => (
            "an escape that YAML does not know",
            "write `\\\\` for a backslash, or use single quotes, which have no escapes",
        ),
        K::MappingValueNotAllowed => (
            "a `:` where no key can be",
            "put a value with `: ` in quotes; keys of one mapping have the same indentation",
        ),
        K::ExpectedBlockMappingKey => (
            "indentation that fits neither this mapping nor the one around it",
            "keys of one mapping, and the `-` of one list, begin in the same column",
        ),
        K::ExpectedBlockSequenceEntry => {
            ("a list that goes on without `-`", "begin each item with `- `, in the same column")
        }
        K::ExpectedDocumentStart | K::InvalidIndentation => (
            "indentation to the left of where the file began",
            "top-level keys all begin in the same column, the first",
        ),
        K::BlockSequenceEntryNotAllowed => (
            "a list item where no list can begin",
            "put the `-` on a line of its own, below the key",
        ),
        K::MisplacedFlowCollectionEnd | K::MismatchedFlowCollectionEnd { .. } => {
            ("a closing bracket that does not fit", "close each `[` with `]` and each `{` with `}`")
        }
        K::UnclosedFlowCollection { .. }
        | K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping
        | K::ExpectedFlowMappingSeparator
        | K::ExpectedFlowSequenceSeparator
        | K::InvalidColonPlacement => (
            "a bracket that is not closed",
            "close `[` with `]` and `{` with `}`, with `,` between",
        ),
        K::UnknownAnchor => (
            "an alias of an anchor that is not there",
            "name the value first: `&name`; a value that begins with `*` stands in quotes",
        ),
        K::MissingAnchorOrAliasName => (
            "an anchor or alias without a name",
            "a value that begins with `*` or `&` stands in quotes",
        ),
        K::InvalidBlockScalarHeader => {
            ("text after `|` or `>`", "begin the text on the next line, or put the value in quotes")
        }
        K::InvalidBlockScalarIndent => {
            ("a line of a text block that is not indented", "indent all its lines alike")
        }
        K::UndeclaredTagHandle => {
            ("a tag that is not declared", "a value that begins with `!` stands in quotes")
        }
        K::CommentNotSeparated => ("a `#` right after a value", "put a space before a comment"),
        K::BomInsideDocument => ("a byte order mark within the file", "take it out"),
        K::InvalidMappingValueWhitespace => ("a tab after `:`", "use a space"),
        _ => ("not YAML", "check indentation, quotes and brackets up to here"),
    }
}

const fn too_deep() -> &'static str {
    const { assert!(MAX_DEPTH == 128) };
    "nested more than 128 levels deep"
}

/// The place of an error: one character wide, at the end of the file the last one.
fn place(error: &ScanError, text: &str) -> Span {
    let marker = error.marker();
    let mut start = marker.byte_offset().unwrap_or_default().min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let width = text[start..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    Span { start, end: start + width, line: marker.line(), column: marker.col() + 1 }
}

fn line_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[start..].lines().next().unwrap_or_default()
}
