//! Tables of text without lines: aligned columns, the last of which wraps and is muted.

use std::io;

use anstyle::Style;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, presets};

use super::screen::{HEADING, MUTED, Screen};

/// The space between two columns.
const GAP: u16 = 2;

/// A table with a header.
pub(super) struct Table {
    inner: comfy_table::Table,
    header: Vec<&'static str>,
    indent: u16,
    first: fn(&str) -> Style,
    last: Style,
}

impl Table {
    pub(super) fn new<const N: usize>(header: [&'static str; N]) -> Self {
        let mut inner = comfy_table::Table::new();
        inner.load_style(presets::NOTHING).set_header(header);
        for column in inner.column_iter_mut() {
            column.set_padding((0, GAP));
            if column.index + 1 < N {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        let header = header.to_vec();
        Self { inner, header, indent: 0, first: |_| Style::new(), last: MUTED }
    }

    /// Aligns a column to the right.
    pub(super) fn right(mut self, column: usize) -> Self {
        if let Some(column) = self.inner.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        self
    }

    /// Lets a column wrap that is not the last.
    pub(super) fn wrapping(mut self, column: usize) -> Self {
        if let Some(column) = self.inner.column_mut(column) {
            column.remove_constraint();
        }
        self
    }

    /// Moves the table to the right.
    pub(super) fn indent(mut self, indent: u16) -> Self {
        self.indent = indent;
        self
    }

    /// Says in what style a cell of the first column is printed.
    pub(super) fn first(mut self, style: fn(&str) -> Style) -> Self {
        self.first = style;
        self
    }

    /// Prints the last column in this style.
    pub(super) fn last(mut self, style: Style) -> Self {
        self.last = style;
        self
    }

    pub(super) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.inner.add_row(cells);
    }

    /// Prints the table, unless it has no rows.
    pub(super) fn print(mut self, screen: &mut Screen<'_>) -> io::Result<()> {
        if self.inner.is_empty() {
            return Ok(());
        }
        if let Some(width) = screen.columns() {
            self.inner.set_content_arrangement(ContentArrangement::Dynamic);
            self.inner.set_width(width.saturating_sub(self.indent));
        }
        let indent = " ".repeat(usize::from(self.indent));
        let mut lines = self.inner.lines();
        let head = lines.next().unwrap_or_default();
        let second = self.header.get(1).and_then(|name| head.find(name)).unwrap_or(0);
        let last = self.header.last().and_then(|name| head.rfind(name)).unwrap_or(head.len());
        let head = screen.paint(HEADING, head.trim_end());
        writeln!(screen.out(), "{indent}{head}")?;
        for line in lines {
            let (cells, end) = split_at_column(line.trim_end(), last);
            let (start, middle) = split_at_column(cells, second);
            let start = screen.paint((self.first)(start.trim_end()), start);
            let end = if end.is_empty() { String::new() } else { screen.paint(self.last, end) };
            let middle = if end.is_empty() { middle.trim_end() } else { middle };
            writeln!(screen.out(), "{indent}{start}{middle}{end}")?;
        }
        Ok(())
    }
}

fn split_at_column(line: &str, column: usize) -> (&str, &str) {
    let at = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    line.split_at(at)
}
