//! Mistakes in `metadata.csv`: in cells, in rows, in the header, in the file as a whole.

use super::{FINE, Mutation};
use crate::base::{Metrics, folder_with_metrics};

pub(super) fn all() -> Vec<Mutation> {
    cells().chain(rows()).chain(columns()).chain(files()).collect()
}

/// Another text in a cell of the table, and the rule that it breaks.
const CELLS: &[(&str, &str, &[&str])] = &[
    (
        "metric-name",
        "metric_name",
        &[
            "acme.m-x",
            "1acme.x",
            "acme._x",
            "acme.x_",
            "acme x.y",
            "_acme.a",
            "acme__.b",
            "acme.é",
            "acme.x ",
            ".",
            "acme.a\nb",
        ],
    ),
    ("metric-prefix", "metric_name", &["other.x", "acm.x", "acme", "Acme.x", "systemx.y", "x"]),
    (
        FINE,
        "metric_name",
        &[
            "system.x",
            "otelcol_x",
            "acme.x__y",
            "acme..x",
            "acme.X9",
            "http.acme",
            "jvm.",
            "acme.0",
        ],
    ),
    (
        "metric-type",
        "metric_type",
        &["counter", "Gauge", " gauge", "histogram", "gauge|count", "monotonic_count"],
    ),
    (FINE, "metric_type", &["gauge", "count", "rate"]),
    (
        "unit-name",
        "unit_name",
        &["Byte", "seconds", "ms", "byte ", "byte/second", "%", "0", "requests per second"],
    ),
    ("per-unit-name", "per_unit_name", &["Second", "s", "minutes", "none", "second "]),
    (
        FINE,
        "unit_name",
        &[
            "byte",
            "degree celsius",
            "unix second",
            "decibel-milliwatt",
            "event",
            "name",
            "us dollar (next day)",
        ],
    ),
    (
        "integration",
        "integration",
        &["Acme Queue", "acme", "acme_queue ", "ACME_QUEUE", "acme-queue"],
    ),
    ("orientation", "orientation", &["2", "+1", "1.0", "-", "-2", "up", " 0", "01"]),
    (FINE, "orientation", &["0", "1", "-1"]),
    ("empty-cell", "metric_name", &[""]),
    ("empty-cell", "metric_type", &[""]),
    ("empty-cell", "orientation", &[""]),
    ("empty-cell", "integration", &[""]),
    ("description-pipe", "description", &["a|b", "|", "é | é"]),
    ("non-ascii", "description", &["é", "a \u{2019} b", "\u{a0}"]),
    ("non-ascii", "short_name", &["größe"]),
    ("non-ascii", "sample_tags", &["ключ"]),
    ("interval", "interval", &["abc", "1.5", "-1", " 10", "10s", "1e3"]),
    (FINE, "interval", &["0", "10", "0015", "99999999999999999999999999"]),
    (
        "curated-metric",
        "curated_metric",
        &["disk", "cpu|cpu", "cpu|", "|", "CPU", "cpu,memory", "cpu | memory"],
    ),
    (FINE, "curated_metric", &["cpu", "memory", "memory|cpu"]),
    (FINE, "short_name", &["", "anything, \"at\" all", "a|b"]),
    (FINE, "description", &["", "Tab\there.", "Two\nlines.", "\u{7f}"]),
    (FINE, "sample_tags", &["", "a,b", "a|b"]),
];

fn cells() -> impl Iterator<Item = Mutation> {
    let each = CELLS
        .iter()
        .flat_map(|(rule, column, cells)| cells.iter().map(move |cell| (*rule, *column, *cell)));
    each.map(|(rule, column, cell)| {
        let what = format!("{column} {cell:?}");
        (rule, what, Metrics::new().with(1, column, cell).folder())
    })
}

fn rows() -> Vec<Mutation> {
    let base = Metrics::new;
    let edited = |edit: fn(&mut Metrics)| {
        let mut metrics = base();
        edit(&mut metrics);
        metrics.folder()
    };
    let times =
        |unit, per| base().with(1, "unit_name", unit).with(1, "per_unit_name", per).folder();
    let long = |length| base().with(1, "description", &"x".repeat(length)).folder();
    vec![
        (FINE, "as it is".into(), base().folder()),
        ("time-per-time", "second/second".into(), times("second", "second")),
        ("time-per-time", "nanosecond/week".into(), times("nanosecond", "week")),
        ("time-per-time", "hour/day".into(), times("hour", "day")),
        (FINE, "unix second/second".into(), times("unix second", "second")),
        (FINE, "no unit/second".into(), times("", "second")),
        ("description-length", "401".into(), long(401)),
        ("description-length", "402".into(), long(402)),
        ("description-length", "4000".into(), long(4000)),
        (FINE, "400".into(), long(400)),
        (
            "duplicate-metric",
            "next".into(),
            base().with(1, "metric_name", "acme.queue.depth").folder(),
        ),
        (
            "duplicate-metric",
            "far".into(),
            base().with(4, "metric_name", "acme.queue.depth").folder(),
        ),
        (
            "duplicate-metric",
            "thrice".into(),
            base().with(1, "metric_name", "acme.busy").with(3, "metric_name", "acme.busy").folder(),
        ),
        (FINE, "no description, not ASCII".into(), base().with(4, "sample_tags", "é").folder()),
        ("row-length", "one less".into(), edited(|metrics| drop(metrics.rows[1].pop()))),
        ("row-length", "one more".into(), edited(|metrics| metrics.rows[2].push(String::new()))),
        (
            "row-length",
            "two more".into(),
            edited(|metrics| metrics.rows[4].extend(["x".into(), "y".into()])),
        ),
        ("row-length", "one cell".into(), edited(|metrics| metrics.rows[0].truncate(1))),
        (
            "row-length",
            "less and a duplicate".into(),
            edited(|metrics| {
                metrics.rows[1].truncate(3);
                metrics.rows[1][0] = "acme.busy".into();
            }),
        ),
        (FINE, "no rows".into(), edited(|metrics| metrics.rows.clear())),
        (
            FINE,
            "no rows, wrong header".into(),
            edited(|metrics| {
                metrics.rows.clear();
                metrics.header.truncate(3);
            }),
        ),
    ]
}

fn columns() -> Vec<Mutation> {
    let mut mutations = Vec::new();
    for (index, column) in Metrics::new().header.iter().enumerate() {
        let mut renamed = Metrics::new();
        renamed.header[index] = format!("{column}s");
        mutations.push(("unknown-column", format!("{column}s"), renamed.folder()));
        let mut without = Metrics::new();
        without.header.remove(index);
        without.rows.iter_mut().for_each(|row| drop(row.remove(index)));
        let rule = if column == "sample_tags" { FINE } else { "missing-column" };
        mutations.push((rule, format!("no {column}"), without.folder()));
        let mut twice = Metrics::new();
        twice.header.push(column.clone());
        twice.rows.iter_mut().for_each(|row| row.push(row[index].clone()));
        mutations.push((FINE, format!("{column} twice"), twice.folder()));
    }
    let mut reversed = Metrics::new();
    reversed.header.reverse();
    reversed.rows.iter_mut().for_each(|row| row.reverse());
    mutations.push((FINE, "columns reversed".into(), reversed.folder()));
    mutations
}

fn files() -> Vec<Mutation> {
    let csv = Metrics::new().csv();
    let of = |text: String| folder_with_metrics(text);
    let with_long_cell =
        |length: usize| csv.replacen("Messages that wait.", &"x".repeat(length), 1);
    let tagged = |length: usize| {
        csv.replacen("message,,,,", "", 1).replacen("\"queue,host\"", &"x".repeat(length), 1)
    };
    vec![
        ("empty-file", "nothing".into(), of(String::new())),
        (FINE, "a blank line".into(), of("\n".into())),
        (FINE, "a mark".into(), of("\u{feff}".into())),
        ("missing-column", "a blank line before the header".into(), of(format!("\n{csv}"))),
        (
            "row-length",
            "only rows".into(),
            of(csv.lines().skip(1).collect::<Vec<_>>().join("\n") + "\na"),
        ),
        ("byte-order-mark", "a mark".into(), of(format!("\u{feff}{csv}"))),
        (
            "byte-order-mark",
            "a mark and quotes".into(),
            of(format!("\u{feff}{}", csv.replacen("metric_name", "\"metric_name\"", 1))),
        ),
        (
            "byte-order-mark",
            "a mark and \\r\\n".into(),
            of(format!("\u{feff}{}", csv.replace('\n', "\r\n"))),
        ),
        (FINE, "\\r\\n".into(), of(csv.replace('\n', "\r\n"))),
        (FINE, "\\r".into(), of(csv.replace('\n', "\r"))),
        (FINE, "no last line end".into(), of(csv.trim_end().into())),
        (FINE, "blank lines".into(), of(csv.replace('\n', "\n\n\r\n"))),
        ("row-length", "a line of a blank".into(), of(format!("{csv} \n"))),
        ("row-length", "a line of a tab".into(), of(format!("{csv}\t\n"))),
        (
            "row-length",
            "a quote not closed".into(),
            of(csv.replacen("acme.busy", "\"acme.busy", 1)),
        ),
        ("unknown-column", "tabs".into(), of(csv.replace(',', "\t"))),
        ("row-length", "semicolons in a row".into(), of(csv.replacen(",gauge,", ";gauge;", 1))),
        (
            "unknown-column",
            "a blank in the header".into(),
            of(csv.replacen(",metric_type", ", metric_type", 1)),
        ),
        ("cell-length", "131,073".into(), of(with_long_cell(131_073))),
        ("cell-length", "200,000".into(), of(with_long_cell(200_000))),
        ("cell-length", "of tags".into(), of(tagged(131_073))),
        ("description-length", "131,072".into(), of(with_long_cell(131_072))),
        (
            FINE,
            "131,072 of tags".into(),
            of(csv.replacen("\"queue,host\"", &"x".repeat(131_072), 1)),
        ),
        ("unreadable", "Latin-1".into(), folder_with_metrics(b"metric_name\n\xe9".to_vec())),
        ("unreadable", "cut".into(), folder_with_metrics([csv.as_bytes(), b"\xe2\x82"].concat())),
        ("unreadable", "UTF-16".into(), folder_with_metrics(b"\xff\xfem\0e\0".to_vec())),
        (FINE, "NUL".into(), of(csv.replacen("raw", "\0", 1))),
    ]
}
