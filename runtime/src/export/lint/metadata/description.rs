//! The description, and what the whole row may not have if there is one.

use crate::config::{Problem, Span};
use crate::export::csv::Cell;

use super::row::Row;
use crate::export::lint::findings::Findings;
use crate::export::lint::names;
use crate::export::lint::rule::{
    DESCRIPTION_LENGTH, DESCRIPTION_PIPE, MISSING_DESCRIPTION, NON_ASCII,
};
use crate::export::lint::suggest;

/// The longest description, in characters.
const MAX_LENGTH: usize = 400;

/// Lints a description. Of its rules the first that is broken counts, as in Datadog's validator, and without a description
/// no cell needs to be ASCII.
pub(super) fn lint(row: &Row<'_>, findings: &mut Findings) {
    let Some(cell) = row.filled("description") else {
        return findings.extend(row.empty(&MISSING_DESCRIPTION, "description"));
    };
    if let Some(problem) = pipe(row, cell) {
        return findings.push(problem);
    }
    let mut cells: Vec<&Cell> =
        row.columns.values().filter_map(|index| row.cells.cells.get(*index)).collect();
    cells.sort_by_key(|cell| cell.span.start);
    let foreign: Vec<Problem> = cells.into_iter().filter_map(|cell| non_ascii(row, cell)).collect();
    if foreign.is_empty() {
        findings.extend(too_long(cell));
    }
    findings.extend(foreign);
}

fn pipe(row: &Row<'_>, cell: &Cell) -> Option<Problem> {
    let place = place(row, cell, |c| c == '|')?;
    Some(DESCRIPTION_PIPE.at(place, "a description with `|`").hint("write `or`, or use a comma"))
}

fn non_ascii(row: &Row<'_>, cell: &Cell) -> Option<Problem> {
    let place = place(row, cell, |c| !c.is_ascii())?;
    let found = &row.text[place.start..place.end];
    let problem = NON_ASCII.at(place, format!("`{found}` is not ASCII"));
    Some(match found.chars().next().and_then(suggest::ascii) {
        Some(instead) => problem.hint(format!("write `{instead}`")),
        None => problem.hint("use letters without marks, and signs that every keyboard has"),
    })
}

fn too_long(cell: &Cell) -> Option<Problem> {
    let length = cell.text.chars().count();
    (length > MAX_LENGTH).then(|| {
        DESCRIPTION_LENGTH
            .at(
                cell.span,
                format!("a description of {length} characters, at most {MAX_LENGTH} are allowed"),
            )
            .hint("say what the metric is, and leave the rest to the documentation")
    })
}

/// The place of the first such character of a cell.
fn place(row: &Row<'_>, cell: &Cell, is: impl Fn(char) -> bool) -> Option<Span> {
    let written = &row.text[cell.span.start..cell.span.end];
    let (at, c) = written.char_indices().find(|(_, c)| is(*c))?;
    let start = cell.span.start + at;
    Some(names::span(row.text, start..start + c.len_utf8()))
}
