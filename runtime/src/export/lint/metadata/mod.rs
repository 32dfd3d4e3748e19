//! `metadata.csv`: first the table as such, then each row by itself, then the rows against the code.

mod description;
pub(super) mod row;
mod table;

use std::collections::HashMap;

use crate::check::Entry;
use crate::config::Span;
use crate::export::csv::Table;

use super::code;
use super::facts::Facts;
use super::file::Draft;
use super::findings::Findings;
use super::rule::DUPLICATE_METRIC;

use row::Row;

/// Lints a `metadata.csv` that could be read.
pub(super) fn lint(draft: &mut Draft, facts: &Facts, check: Option<&'static Entry>) {
    let Draft { text, findings, entries, .. } = draft;
    if text.is_empty() {
        return findings.push(table::empty_file());
    }
    let mut parsed = Table::parse(text);
    table::lint(&mut parsed, findings);
    *entries = parsed.rows.len();
    let columns = row::columns(&parsed);
    let whole = parsed.rows.iter().filter(|row| row.cells.len() == parsed.header.len());
    let rows: Vec<Row<'_>> = whole.map(|row| Row { text, columns: &columns, row }).collect();
    for row in &rows {
        row.lint(facts, findings);
        description::lint(row, findings);
    }
    duplicates(&rows, findings);
    if let Some(check) = check {
        code::compare_metrics(check, &rows, findings);
    }
}

fn duplicates(rows: &[Row<'_>], findings: &mut Findings) {
    let mut first = HashMap::<&str, Span>::new();
    for row in rows {
        let Some(name) = row.filled("metric_name") else { continue };
        match first.get(name.text.as_str()) {
            Some(first) => findings.push(
                DUPLICATE_METRIC
                    .at(name.span, format!("`{}` stands twice", name.text))
                    .label("again here")
                    .related(*first, "first here")
                    .hint("keep one of the rows"),
            ),
            None => drop(first.insert(&name.text, name.span)),
        }
    }
}
