//! Metrics, imported from `metadata.csv`.

// Left out: line 2: `broken.name of it` is not the name of a metric: Datadog would store another.
// Left out: line 3: `broken..name` is not the name of a metric: Datadog would store another.
// Left out: line 4: the row names no metric.
// Left out: line 5: `counter` is no type of a metric in `metadata.csv`.
// Left out: line 6: `bytes` is no unit that Datadog knows.
// Left out: line 7: `seconds` is no unit that Datadog knows.
// Left out: line 8: `dólar` is no unit that Datadog knows.
// Left out: line 9: `guaraní` is not ASCII, and Datadog's metadata.csv takes ASCII only.
// Left out: line 10: `second` per `minute` is a time per time, which has no unit of its own.
// Left out: line 11: `1m` is no number of seconds.
// Left out: line 12: `0` is no number of seconds.
// Left out: line 13: `up` is no orientation.
// Left out: line 14: `disk` is no list that Datadog curates.
// Left out: line 15: the description has the character `ö`, which no description may have.
// Left out: line 16: the description has the character `|`, which no description may have.
// Left out: line 17: the description has 401 characters, and Datadog's metadata.csv takes 400.
// Left out: line 18: `Queue` is not the key of a tag: it does not begin with a lower-case letter.
// Left out: line 18: `1st` is not the key of a tag: it does not begin with a lower-case letter.
// Left out: line 18: `a b` is not the key of a tag: it is made of lower-case ASCII letters, digits, `_`, `-`, `.` and `/`.
// Left out: line 20: `broken.whole` stands in two rows.
// Left out: line 21: the row has 6 cells, and the file has 11 columns.
// Left out: line 22: `broken\nlines` is not the name of a metric: Datadog would store another.
// Left out: line 24: `counter` is no type of a metric in `metadata.csv`.
// Left out: line 24: `bytes` is no unit that Datadog knows.
// Left out: line 24: `2` is no orientation.
// Left out: line 25: the name has more than 200 characters, which Datadog keeps.
// Left out: line 26: the row has 6 cells, and the file has 11 columns.
// Left out: line 26: the quote is never closed.

use allwell::prelude::*;

/// The metrics `broken.*`.
#[derive(Metrics)]
#[metrics(namespace = "broken")]
pub struct Broken {
    /// The row that is right.
    pub whole: Gauge<Unitless>,
}
