//! CSV: which cells a text has, and where.

use allwell::export::csv::{Table, push_row};

fn cells(text: &str) -> Vec<Vec<String>> {
    let Table { header, rows, .. } = Table::parse(text);
    let records = std::iter::once(header).chain(rows.into_iter().map(|row| row.cells));
    records.map(|cells| cells.into_iter().map(|cell| cell.text).collect()).collect()
}

#[test]
fn a_quote_means_something_only_where_a_cell_begins() {
    assert_eq!(cells("a \"b\",\"c,\"\"d\"\"\",\"e\"f\"g"), [["a \"b\"", "c,\"d\"", "ef\"g"]]);
    assert_eq!(cells("h\n \"a\",b\n"), [vec!["h"], vec![" \"a\"", "b"]]);
}

#[test]
fn blank_lines_are_no_rows() {
    assert_eq!(
        cells("h,i\n\n\na,b\n \n\"\"\n"),
        [vec!["h", "i"], vec!["a", "b"], vec![" "], vec![""]]
    );
    assert_eq!(cells("\na,b"), [vec![], vec!["a", "b"]]);
    assert_eq!(cells(""), [Vec::<String>::new()]);
}

#[test]
fn every_line_end_is_one_and_reads_as_a_newline_in_quotes() {
    assert_eq!(
        cells("a,b\r\nc,\"d\r\ne\rf\"\rg,h,\n"),
        [vec!["a", "b"], vec!["c", "d\ne\nf"], vec!["g", "h", ""]]
    );
}

#[test]
fn a_cell_knows_its_place() {
    let text = "näme,b\r\n\"x\ny\",\"\",z\n";
    let table = Table::parse(text);
    let place = |span: allwell::config::Span| (&text[span.start..span.end], span.line, span.column);
    assert_eq!(place(table.header[1].span), ("b", 1, 6));
    let [row] = &table.rows[..] else { panic!("{table:?}") };
    let places: Vec<_> = row.cells.iter().map(|cell| place(cell.span)).collect();
    assert_eq!(places, [("\"x\ny\"", 2, 1), ("\"\"", 3, 4), ("z", 3, 7)]);
    assert_eq!(place(row.span), ("\"x\ny\",\"\",z", 2, 1));
}

#[test]
fn a_quote_that_is_never_closed_takes_the_rest_and_is_told() {
    let table = Table::parse("a\nb,\"c\nd,e\n");
    assert_eq!(table.rows.len(), 1);
    assert_eq!(table.rows[0].cells[1].text, "c\nd,e\n");
    let quote = table.unclosed.expect("it is not closed");
    assert_eq!((quote.line, quote.column, quote.start, quote.end), (2, 3, 4, 5));
}

#[test]
fn of_two_columns_of_one_name_the_last_counts() {
    assert_eq!(Table::parse("a,b,a").column("a"), Some(2));
    assert_eq!(Table::parse("a,b,a").column("c"), None);
}

#[test]
fn what_is_written_is_read_again() {
    let rows: [&[&str]; 4] =
        [&["a", "b,c", "say \"x\""], &["", "two\nlines", ""], &[""], &["\u{feff}ö"]];
    let mut text = String::new();
    for row in rows {
        push_row(&mut text, row.iter().copied());
    }
    assert_eq!(text, "a,\"b,c\",\"say \"\"x\"\"\"\n,\"two\nlines\",\n\"\"\n\u{feff}ö\n");
    assert_eq!(cells(&text), rows);
}
