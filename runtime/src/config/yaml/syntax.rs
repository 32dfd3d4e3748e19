//! Syntax errors: what the parser found, in words that say what to do.

use granit_parser::{ErrorKind, ScanError};

use crate::config::node::Span;
use crate::config::problem::Problem;

use super::MAX_DEPTH;

/// The problem that a parser's error is; `bracket` is the innermost one that is open.
pub(super) fn problem(error: &ScanError, text: &str, bracket: Option<Span>) -> Problem {
    let place = place(error, text);
    let line = line_at(text, place.start);
    match error.kind() {
        ErrorKind::UnexpectedCharacter { character } => unexpected(*character, place, line),
        ErrorKind::MappingValueNotAllowed => misplaced_colon(place, line),
        kind => {
            let (message, hint) = words(kind);
            match bracket.filter(|_| message == NOT_CLOSED) {
                Some(bracket) => Problem::error(bracket, message).related(place, "noticed here"),
                None => Problem::error(place, message),
            }
            .hint(hint)
        }
    }
}

const QUOTE_TEMPLATE: &str = "put template variables in quotes: `\"%%host%%\"`";
const NOT_CLOSED: &str = "a bracket that is not closed";

fn unexpected(character: char, place: Span, line: &str) -> Problem {
    if character.is_control() {
        let message = format!("the control character U+{:04X}", u32::from(character));
        return Problem::error(place, message)
            .hint("take it out, or write it as an escape in double quotes");
    }
    let name = if character == '`' { "a backtick".into() } else { format!("`{character}`") };
    let message = format!("a value without quotes cannot begin with {name}");
    let template = character == '%' && line.contains("%%");
    Problem::error(place, message).hint(if template {
        QUOTE_TEMPLATE
    } else {
        "put the value in quotes"
    })
}

/// A `:` that belongs to a value, or to a key that the line above swallowed.
fn misplaced_colon(place: Span, line: &str) -> Problem {
    let before: String = line.chars().take(place.column - 1).collect();
    let hint = if before.contains(": ") {
        "put a value with `: ` in quotes"
    } else {
        "look at the line above, too: a key ends with `: `, and keys of one mapping begin in the same column"
    };
    Problem::error(place, "a `:` where no key can be").hint(hint)
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
        K::ExpectedBlockMappingKey | K::ExpectedBlockSequenceEntry => (
            "indentation that fits nothing above it",
            "keys of one mapping begin in the same column, and so do the `-` of one list",
        ),
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
        | K::InvalidColonPlacement => {
            (NOT_CLOSED, "close `[` with `]` and `{` with `}`; items have `,` between them")
        }
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
