//! The table: its columns, and how many cells its rows have.

use crate::config::{Problem, Severity, Span, nearest};
use crate::export::METADATA_HEADER;
use crate::export::csv::{Cell, Row, Table};

use crate::export::lint::findings::Findings;
use crate::export::lint::names::{list, plural};
use crate::export::lint::rule::{
    BYTE_ORDER_MARK, CELL_LENGTH, DUPLICATE_COLUMN, EMPTY_FILE, MISSING_COLUMN, ROW_LENGTH,
    UNCLOSED_QUOTE, UNKNOWN_COLUMN,
};

/// The one column that a file may leave out.
const OPTIONAL: &str = "sample_tags";

/// How many characters Python's `csv` takes in one cell.
const MAX_CELL: usize = 131_072;

const MARK: char = '\u{feff}';

/// A file without a byte. One with only a blank line is fine for Datadog.
pub(super) fn empty_file() -> Problem {
    EMPTY_FILE
        .of_file("the file is empty")
        .hint(format!("it needs at least the header: {}", header()))
}

fn header() -> String {
    format!("`{}`", METADATA_HEADER.join(","))
}

/// Lints the header and the shape of the rows. A byte order mark is taken out of the header.
pub(super) fn lint(table: &mut Table, findings: &mut Findings) {
    // Datadog's validator looks at the header only when it looks at a row.
    let severity = if table.rows.is_empty() { Severity::Warning } else { Severity::Error };
    let first = table.header.first_mut();
    let mark = first.and_then(|cell| without_mark(cell).map(|text| (cell.span, text)));
    if let Some((span, text)) = mark {
        findings.push(Problem { severity, ..byte_order_mark(span, &text) });
        table.header[0].text = text;
    }
    for problem in unknown_columns(table).chain(missing_columns(table)) {
        findings.push(Problem { severity, ..problem });
    }
    findings.extend(duplicate_columns(table));
    findings.extend(table.rows.iter().filter_map(|row| row_length(row, &table.header)));
    let cells = table.rows.iter().flat_map(|row| &row.cells).chain(&table.header);
    findings.extend(cells.filter_map(cell_length));
    findings.extend(table.unclosed.map(unclosed_quote));
}

fn without_mark(cell: &Cell) -> Option<String> {
    let text = cell.text.strip_prefix(MARK)?;
    // Behind the mark, quotes do not stand where a cell begins.
    let unquoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    Some(unquoted.unwrap_or(text).to_owned())
}

fn byte_order_mark(span: Span, column: &str) -> Problem {
    BYTE_ORDER_MARK
        .at(span, "the file begins with a byte order mark")
        .label(format!("not the column `{column}` but one that begins with U+FEFF"))
        .hint("save the file as UTF-8 without one")
}

fn unknown_columns(table: &Table) -> impl Iterator<Item = Problem> {
    let unknown = table.header.iter().filter(|cell| !METADATA_HEADER.contains(&&*cell.text));
    unknown.map(|cell| {
        let problem = UNKNOWN_COLUMN.at(cell.span, format!("unknown column `{}`", cell.text));
        match meant(&cell.text) {
            Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
            None => problem.hint(format!("the columns are {}", list(METADATA_HEADER))),
        }
    })
}

/// The nearest column, or the only one whose name has this one in it.
fn meant(given: &str) -> Option<&'static str> {
    let mut parts = METADATA_HEADER.into_iter().filter(|column| column.contains(given));
    let part = parts.next().filter(|_| parts.next().is_none());
    nearest(given, METADATA_HEADER.into_iter()).or(part)
}

fn missing_columns(table: &Table) -> impl Iterator<Item = Problem> {
    let place = table.header.first().zip(table.header.last());
    let place = place.map(|(first, last)| Span { end: last.span.end, ..first.span });
    let missing = METADATA_HEADER
        .iter()
        .filter(|column| **column != OPTIONAL && table.column(column).is_none());
    missing.map(move |column| {
        let message = format!("no column `{column}`");
        let problem = match place {
            Some(place) => MISSING_COLUMN.at(place, message),
            None => MISSING_COLUMN.of_file(message),
        };
        problem.hint(format!("the header is {}", header()))
    })
}

fn duplicate_columns(table: &Table) -> impl Iterator<Item = Problem> {
    table.header.iter().enumerate().filter_map(|(index, cell)| {
        let first = table.header[..index].iter().find(|first| first.text == cell.text)?;
        let problem =
            DUPLICATE_COLUMN.at(cell.span, format!("column `{}` stands twice", cell.text));
        Some(
            problem
                .label("this one counts")
                .related(first.span, "first here")
                .hint("keep one of them"),
        )
    })
}

fn row_length(row: &Row, header: &[Cell]) -> Option<Problem> {
    let (cells, columns) = (row.cells.len(), header.len());
    if cells == columns {
        return None;
    }
    let message = format!("{} in this row, {} in the header", plural(cells, "cell"), columns);
    let hint = if cells < columns {
        "an empty cell has its comma, too"
    } else {
        "a cell with a comma in it stands in double quotes"
    };
    Some(ROW_LENGTH.at(row.span, message).hint(hint))
}

fn cell_length(cell: &Cell) -> Option<Problem> {
    let length = cell.text.chars().nth(MAX_CELL).map(|_| cell.text.chars().count())?;
    let problem = CELL_LENGTH
        .at(cell.span, format!("a cell of {length} characters, at most {MAX_CELL} can be read"));
    Some(problem.hint("look for a quote that is not closed"))
}

fn unclosed_quote(quote: Span) -> Problem {
    UNCLOSED_QUOTE
        .at(quote, "a quote that is never closed")
        .label("the rest of the file belongs to this cell")
        .hint("close it; a `\"` that belongs to the text stands twice, and the text in quotes")
}
