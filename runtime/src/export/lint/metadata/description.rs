//! The description, and what the whole row may not have if there is one.

use std::ops::Range;

use crate::config::{Problem, Span};
use crate::export::csv::Cell;
use crate::export::metadata::MAX_DESCRIPTION;

use super::row::Row;
use crate::export::lint::findings::Findings;
use crate::export::lint::names;
use crate::export::lint::rule::{
    DESCRIPTION_LENGTH, DESCRIPTION_PIPE, MISSING_DESCRIPTION, NON_ASCII,
};
use crate::export::lint::suggest;

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
        row.columns.values().filter_map(|index| row.row.cells.get(*index)).collect();
    cells.sort_by_key(|cell| cell.span.start);
    let foreign: Vec<Problem> = cells.into_iter().flat_map(|cell| non_ascii(row, cell)).collect();
    if foreign.is_empty() {
        findings.extend(too_long(cell));
    }
    findings.extend(foreign);
}

fn pipe(row: &Row<'_>, cell: &Cell) -> Option<Problem> {
    let written = row.written(cell);
    let at = written.find('|')?;
    let place = within(cell, written, at..at + 1);
    Some(DESCRIPTION_PIPE.at(place, "a description with `|`").hint("write `or`, or use a comma"))
}

/// A finding for every run of characters that are not ASCII.
fn non_ascii(row: &Row<'_>, cell: &Cell) -> Vec<Problem> {
    let written = row.written(cell);
    let runs = written.split(|c: char| c.is_ascii()).filter(|run| !run.is_empty());
    runs.map(|run| {
        let at = run.as_ptr().addr() - written.as_ptr().addr();
        let place = within(cell, written, at..at + run.len());
        let problem = NON_ASCII.at(place, format!("`{run}` is not ASCII"));
        match run.chars().map(suggest::ascii).collect::<Option<String>>() {
            Some(instead) => problem.hint(format!("write `{instead}`")),
            None => problem.hint("use letters without marks, and signs that every keyboard has"),
        }
    })
    .collect()
}

fn too_long(cell: &Cell) -> Option<Problem> {
    let length = cell.text.chars().count();
    (length > MAX_DESCRIPTION).then(|| {
        DESCRIPTION_LENGTH
            .at(
                cell.span,
                format!(
                    "a description of {length} characters, at most {MAX_DESCRIPTION} are allowed"
                ),
            )
            .hint("say what the metric is, and leave the rest to the documentation")
    })
}

/// The place of a part of a cell.
fn within(cell: &Cell, written: &str, part: Range<usize>) -> Span {
    let Span { start, end, line, column } = names::span(written, part);
    let cell = cell.span;
    Span {
        start: cell.start + start,
        end: cell.start + end,
        line: cell.line + line - 1,
        column: if line == 1 { cell.column + column - 1 } else { column },
    }
}
