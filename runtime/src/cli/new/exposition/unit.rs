//! The unit of a series, by `# UNIT` or by the words that its name ends in.

use crate::metric::units;

use super::series::{Field, Series};

/// Words of Prometheus's conventions, and what Datadog calls them.
const WORDS: &[(&str, &str)] = &[
    ("bytes", "byte"),
    ("bits", "bit"),
    ("seconds", "second"),
    ("milliseconds", "millisecond"),
    ("microseconds", "microsecond"),
    ("nanoseconds", "nanosecond"),
    ("minutes", "minute"),
    ("hours", "hour"),
    ("days", "day"),
    ("ms", "millisecond"),
    ("ratio", "fraction"),
    ("percent", "percent"),
    ("celsius", "degree celsius"),
    ("fahrenheit", "degree fahrenheit"),
    ("volts", "volt"),
    ("amperes", "ampere"),
    ("amps", "ampere"),
    ("watts", "watt"),
    ("joules", "joule"),
    ("hertz", "hertz"),
    ("kilobytes", "kilobyte"),
    ("megabytes", "megabyte"),
    ("queries", "query"),
    ("entries", "entry"),
    ("fetches", "fetch"),
    ("flushes", "flush"),
    ("processes", "process"),
    ("indexes", "index"),
];

/// Datadog's name of the unit; nothing if it has none.
pub(super) fn of(series: &Series) -> Option<&'static str> {
    if series.field == Field::Count {
        return None;
    }
    let (stem, _) = series.stem();
    let written = word(&series.unit).filter(|_| !series.unit.is_empty());
    if is_time_of_day(stem) {
        return Some("unix second");
    }
    written.or_else(|| word(stem.rsplit(['_', ':', '.']).next()?))
}

/// A time since the Unix epoch, as the conventions name one.
fn is_time_of_day(name: &str) -> bool {
    let ends = ["_timestamp_seconds", "_start_time_seconds", "_created"];
    ends.iter().any(|end| name.ends_with(end))
}

/// A unit by its word, or the plural of what Datadog counts.
fn word(word: &str) -> Option<&'static str> {
    if let Some((_, unit)) = WORDS.iter().find(|(known, _)| *known == word) {
        return Some(unit);
    }
    let singular = word.strip_suffix('s').filter(|singular| singular.len() > 2)?;
    units::NAMES.iter().find(|unit| **unit == singular).copied()
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn all_words_are_units_that_datadog_knows() {
        for (known, unit) in super::WORDS {
            assert!(crate::metric::units::type_name(unit).is_some(), "{known}: {unit}");
        }
        assert_eq!(word("connections"), Some("connection"));
        assert_eq!((word("info"), word("status"), word("days")), (None, None, Some("day")));
    }
}
