//! Reads the rows of a `metadata.csv`, and tells what no record can say.

use std::collections::HashMap;

use crate::config::{Problem, Problems, Span};
use crate::export::csv::{Cell, Table};

use super::row::{Reader, Row};

/// The columns without which a row says nothing.
const NEEDED: [&str; 2] = ["metric_name", "metric_type"];

/// The rows that records can say, in the order of the file. All others are problems.
pub(super) fn rows(text: &str, problems: &mut Problems) -> Vec<Row> {
    let table = Table::parse(text);
    let Some(columns) = Columns::of(&table, problems) else { return Vec::new() };
    if let Some(quote) = table.unclosed {
        let problem = Problem::error(quote, "the quote is never closed");
        problems.push(problem.hint("close it; within quotes, a quote is written twice"));
    }
    let mut seen = HashMap::<String, Span>::new();
    let mut rows = Vec::new();
    for cells in &table.rows {
        let before = problems.counts().errors;
        let row = Reader { columns: &columns.names, row: cells, problems }.row();
        let Some(row) = row.filter(|_| problems.counts().errors == before) else { continue };
        if let Some(first) = seen.get(&row.name) {
            let problem = Problem::error(cells.span, format!("`{}` stands in two rows", row.name));
            problems.push(problem.related(*first, "first here").hint("take one of them away"));
            continue;
        }
        seen.insert(row.name.clone(), cells.span);
        rows.push(row);
    }
    rows
}

/// Where the columns stand.
struct Columns {
    names: Vec<String>,
}

impl Columns {
    /// Nothing if the columns that every row needs are not there.
    fn of(table: &Table, problems: &mut Problems) -> Option<Self> {
        let name = |cell: &Cell| cell.text.trim_start_matches('\u{feff}').to_owned();
        let names: Vec<_> = table.header.iter().map(name).collect();
        let missing = NEEDED.into_iter().find(|needed| !names.iter().any(|name| name == needed));
        let Some(missing) = missing else { return Some(Self { names }) };
        let message = format!("there is no column `{missing}`");
        let problem = match table.header.first() {
            Some(first) => Problem::error(first.span, message),
            None => Problem::file(message),
        };
        problems
            .push(problem.hint("the first line names the columns, as in Datadog's `metadata.csv`"));
        None
    }
}
