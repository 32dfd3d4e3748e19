//! Reads one row of a `metadata.csv`, every cell of it, whatever is wrong with the others.

use crate::aggregate::SeriesKind;
use crate::config::{Problem, Problems};
use crate::export::csv::{self, Cell};
use crate::export::metadata::MAX_DESCRIPTION;
use crate::export::text::one_line;
use crate::metric::{
    MAX_METRIC_NAME, MAX_TAG, Orientation, TIME_UNITS, UnitName, normalize, units,
};

/// A row of which every cell has a meaning.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) kind: SeriesKind,
    pub(super) interval: Option<u32>,
    pub(super) unit: UnitName,
    pub(super) description: String,
    pub(super) orientation: Orientation,
    pub(super) short_name: String,
    pub(super) curated: Vec<String>,
    pub(super) tags: Vec<String>,
}

/// Reads one row.
pub(super) struct Reader<'r> {
    /// The names of the columns.
    pub(super) columns: &'r [String],
    pub(super) row: &'r csv::Row,
    pub(super) problems: &'r mut Problems,
}

impl Reader<'_> {
    /// Nothing if the row says what no record can.
    pub(super) fn row(&mut self) -> Option<Row> {
        let (cells, columns) = (self.row.cells.len(), self.columns.len());
        if cells != columns {
            let message = format!("the row has {cells} cells, and the file has {columns} columns");
            let hint = "a cell that holds a comma stands in quotes";
            self.problems.push(Problem::error(self.row.span, message).hint(hint));
            return None;
        }
        let name = self.name();
        let kind = self.kind();
        let interval = self.interval();
        let unit = self.unit();
        let description = self.description();
        let orientation = self.orientation();
        let curated = self.curated();
        let tags = self.tags();
        Some(Row {
            name: name?,
            kind: kind?,
            interval,
            unit: unit?,
            description: description?,
            orientation: orientation?,
            short_name: self.text("short_name").to_owned(),
            curated,
            tags,
        })
    }

    /// The cell of a column. Of two columns of one name the last one counts.
    fn cell(&self, column: &str) -> Option<&Cell> {
        let index = self.columns.iter().rposition(|name| name == column)?;
        self.row.cells.get(index)
    }

    fn text(&self, column: &str) -> &str {
        self.cell(column).map_or("", |cell| &cell.text)
    }

    /// Tells what is wrong with a cell.
    fn refuse<T>(&mut self, column: &str, message: String, hint: impl Into<String>) -> Option<T> {
        let span = self.cell(column).map_or(self.row.span, |cell| cell.span);
        self.problems.push(Problem::error(span, message).hint(hint));
        None
    }

    fn name(&mut self) -> Option<String> {
        let name = self.text("metric_name").to_owned();
        let kept = normalize(&name);
        if name.is_empty() {
            return self.refuse("metric_name", "the row names no metric".into(), "name it");
        }
        if kept != name || name.contains("..") || name.starts_with('.') || name.ends_with('.') {
            let better =
                kept.split('.').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
            let hint =
                if better.is_empty() { "name it".into() } else { format!("write `{better}`") };
            let message =
                format!("`{name}` is not the name of a metric: Datadog would store another");
            return self.refuse("metric_name", message, hint);
        }
        if name.chars().count() > MAX_METRIC_NAME {
            let message =
                format!("the name has more than {MAX_METRIC_NAME} characters, which Datadog keeps");
            return self.refuse("metric_name", message, "shorten it");
        }
        Some(name)
    }

    fn kind(&mut self) -> Option<SeriesKind> {
        let kinds = [SeriesKind::Gauge, SeriesKind::Count, SeriesKind::Rate];
        let given = self.text("metric_type");
        if let Some(kind) = kinds.into_iter().find(|kind| kind.name() == given) {
            return Some(kind);
        }
        let message = format!("`{given}` is no type of a metric in `metadata.csv`");
        self.refuse("metric_type", message, "it is `gauge`, `count` or `rate`")
    }

    fn interval(&mut self) -> Option<u32> {
        let given = self.text("interval");
        if given.is_empty() {
            return None;
        }
        let digits = given.chars().all(|c| c.is_ascii_digit());
        let seconds = given.parse().ok().filter(|seconds| digits && *seconds > 0);
        if seconds.is_none() {
            let message = format!("`{given}` is no number of seconds");
            let hint = "write a whole number, at least 1, or nothing";
            self.refuse::<()>("interval", message, hint);
        }
        seconds
    }

    fn unit(&mut self) -> Option<UnitName> {
        let (name, per) = (self.plain_unit("unit_name"), self.plain_unit("per_unit_name"));
        let (name, per) = (name?, per?);
        if [name, per].iter().all(|unit| TIME_UNITS.contains(unit)) {
            let message =
                format!("`{name}` per `{per}` is a time per time, which has no unit of its own");
            return self.refuse("per_unit_name", message, "the unit is `fraction`, or `percent`");
        }
        Some(UnitName { name, per })
    }

    fn plain_unit(&mut self, column: &str) -> Option<&'static str> {
        let given = self.text(column);
        if given.is_empty() {
            return Some("");
        }
        let Some(known) = units::NAMES.iter().find(|unit| **unit == given) else {
            let message = format!("`{given}` is no unit that Datadog knows");
            let hint = match crate::config::nearest(given, units::NAMES.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "the units are listed at https://docs.datadoghq.com/metrics/units/".to_owned()
                }
            };
            return self.refuse(column, message, hint);
        };
        if !known.is_ascii() {
            let message =
                format!("`{given}` is not ASCII, and Datadog's metadata.csv takes ASCII only");
            return self.refuse(column, message, "use another unit, or none");
        }
        Some(known)
    }

    fn description(&mut self) -> Option<String> {
        let description = one_line(self.text("description"));
        let unfit = |c: char| !c.is_ascii() || c == '|' || c.is_control();
        if let Some(c) = description.chars().find(|c| unfit(*c)) {
            let message = format!(
                "the description has the character `{}`, which no description may have",
                c.escape_debug()
            );
            let hint = "write it in ASCII, without `|` and control characters";
            return self.refuse("description", message, hint);
        }
        if description.len() > MAX_DESCRIPTION {
            let message = format!(
                "the description has {} characters, and Datadog's metadata.csv takes {MAX_DESCRIPTION}",
                description.len()
            );
            return self.refuse("description", message, "shorten it");
        }
        Some(description)
    }

    /// A file without the column says nothing about it.
    fn orientation(&mut self) -> Option<Orientation> {
        let Some(cell) = self.cell("orientation") else { return Some(Orientation::Neutral) };
        match cell.text.as_str() {
            "-1" => Some(Orientation::LowerIsBetter),
            "0" => Some(Orientation::Neutral),
            "1" => Some(Orientation::HigherIsBetter),
            other => {
                let message = format!("`{other}` is no orientation");
                let hint = "it is 1 if a higher value is better, -1 if it is worse, else 0";
                self.refuse("orientation", message, hint)
            }
        }
    }

    fn curated(&mut self) -> Vec<String> {
        let given = self.text("curated_metric");
        let lists: Vec<_> =
            given.split('|').filter(|_| !given.is_empty()).map(str::to_owned).collect();
        for list in lists.iter().filter(|list| !["cpu", "memory"].contains(&list.as_str())) {
            let message = format!("`{list}` is no list that Datadog curates");
            self.refuse::<()>("curated_metric", message, "it is `cpu` or `memory`");
        }
        lists
    }

    fn tags(&mut self) -> Vec<String> {
        let mut tags = Vec::<String>::new();
        for key in self
            .text("sample_tags")
            .split(',')
            .map(str::trim)
            .map(str::to_owned)
            .collect::<Vec<_>>()
        {
            if key.is_empty() || tags.contains(&key) {
                continue;
            }
            if let Some(flaw) = tag_flaw(&key) {
                let message = format!("`{key}` is not the key of a tag: {flaw}");
                self.refuse::<()>("sample_tags", message, "write it as the check submits it");
            }
            tags.push(key);
        }
        tags
    }
}

/// Why a record cannot have a tag of this key.
fn tag_flaw(key: &str) -> Option<&'static str> {
    let kept = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-' | '.' | '/');
    if !key.starts_with(|c: char| c.is_ascii_lowercase()) {
        Some("it does not begin with a lower-case letter")
    } else if !key.chars().all(kept) {
        Some("it is made of lower-case ASCII letters, digits, `_`, `-`, `.` and `/`")
    } else {
        (key.len() > MAX_TAG).then_some("it is too long")
    }
}
