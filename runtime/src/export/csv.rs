//! CSV as Python's `csv` reads and writes it. Every cell has its place in the file, which no crate tells.

use crate::config::Span;

/// What stands in a file of CSV: the first line, and all others that are not blank.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The cells of the first line; none if it is blank or missing.
    pub header: Vec<Cell>,
    /// The other lines, blank ones left out. A row has as many cells as are written, which may not be those of the header.
    pub rows: Vec<Row>,
    /// The quote at which a cell begins that goes on to the end of the file.
    pub unclosed: Option<Span>,
}

/// One row; more than one line of the file if a cell holds a line break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The cells as they are written.
    pub cells: Vec<Cell>,
    /// From the first cell to the last.
    pub span: Span,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The text: quotes resolved, line breaks as `\n`.
    pub text: String,
    /// Where it is written, with its quotes.
    pub span: Span,
}

impl Table {
    /// Takes a text apart. Every text is CSV of some sort, so this cannot fail:
    /// a quote within a cell that does not begin with one is a character as any other, text after a closing quote belongs to
    /// the cell, and a cell whose quote is never closed takes the rest of the file.
    ///
    /// Line ends are `\n`, `\r\n` and `\r`. A byte order mark belongs to the first cell.
    pub fn parse(text: &str) -> Self {
        let mut reader = Reader::new(text);
        let header = reader.record().unwrap_or_default();
        let mut rows = Vec::new();
        while let Some(cells) = reader.record() {
            if let [first, .., last] | [first @ last] = &cells[..] {
                let span = Span { end: last.span.end, ..first.span };
                rows.push(Row { cells, span });
            }
        }
        Self { header, rows, unclosed: reader.unclosed }
    }

    /// Which cell of a row is the one of a column. Of two columns of one name the last one counts, as with `csv.DictReader`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().rposition(|cell| cell.text == name)
    }
}

/// Appends a row, its cells quoted where they must be.
pub fn push_row<'c>(out: &mut String, cells: impl IntoIterator<Item = &'c str>) {
    let start = out.len();
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        push_cell(out, cell);
    }
    if out.len() == start {
        // A blank line would be no row at all.
        out.push_str("\"\"");
    }
    out.push('\n');
}

fn push_cell(out: &mut String, cell: &str) {
    if cell.contains([',', '"', '\r', '\n']) {
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

/// Reads one record after the other.
struct Reader<'t> {
    text: &'t str,
    at: Place,
    unclosed: Option<Span>,
}

/// A place between two characters.
#[derive(Clone, Copy)]
struct Place {
    byte: usize,
    line: usize,
    column: usize,
}

/// What ended a cell.
#[derive(PartialEq)]
enum End {
    Cell,
    Record,
}

impl<'t> Reader<'t> {
    const fn new(text: &'t str) -> Self {
        Self { text, at: Place { byte: 0, line: 1, column: 1 }, unclosed: None }
    }

    /// The cells of the next record, none if it is a blank line; nothing at the end of the text.
    fn record(&mut self) -> Option<Vec<Cell>> {
        let mut cells = Vec::new();
        match self.peek()? {
            '\n' => drop(self.next()),
            _ => while self.cell(&mut cells) == End::Cell {},
        }
        Some(cells)
    }

    fn cell(&mut self, cells: &mut Vec<Cell>) -> End {
        let start = self.at;
        let mut text = String::new();
        if self.peek() == Some('"') {
            self.quoted(&mut text);
        }
        loop {
            let end = self.at;
            let done = match self.next() {
                Some(',') => End::Cell,
                Some('\n') | None => End::Record,
                Some(c) => {
                    text.push(c);
                    continue;
                }
            };
            cells.push(Cell { text, span: span(start, end) });
            return done;
        }
    }

    /// What stands in quotes; what follows the closing one is left.
    fn quoted(&mut self, text: &mut String) {
        let start = self.at;
        self.next();
        while let Some(c) = self.next() {
            if c != '"' {
                text.push(c);
            } else if self.peek() == Some('"') {
                text.push('"');
                self.next();
            } else {
                return;
            }
        }
        self.unclosed = Some(Span { end: start.byte + 1, ..span(start, start) });
    }

    /// The next character, `\n` for every line end.
    fn peek(&self) -> Option<char> {
        self.text[self.at.byte..].chars().next().map(|c| if c == '\r' { '\n' } else { c })
    }

    fn next(&mut self) -> Option<char> {
        let rest = &self.text[self.at.byte..];
        let c = rest.chars().next()?;
        if rest.starts_with("\r\n") {
            self.at.byte += 1;
        }
        self.at.byte += c.len_utf8();
        // A `\r` alone ends a record, but not what editors and reports count as a line.
        if c == '\n' || rest.starts_with("\r\n") {
            (self.at.line, self.at.column) = (self.at.line + 1, 1);
        } else {
            self.at.column += 1;
        }
        Some(if c == '\r' { '\n' } else { c })
    }
}

const fn span(start: Place, end: Place) -> Span {
    Span { start: start.byte, end: end.byte, line: start.line, column: start.column }
}
