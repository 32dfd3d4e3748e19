//! The cells of a row, one rule after the other.

use std::collections::HashMap;

use crate::config::{Problem, Severity, Span, nearest};
use crate::export::csv::{self, Cell, Table};
use crate::export::metadata::FREE_PREFIXES;
use crate::metric::{TIME_UNITS, units};

use crate::export::lint::facts::Facts;
use crate::export::lint::findings::Findings;
use crate::export::lint::names::{self, list};
use crate::export::lint::rule::{
    CURATED_METRIC, EMPTY_CELL, INTEGRATION, INTERVAL, METRIC_NAME, METRIC_PREFIX, METRIC_TYPE,
    MISSING_SHORT_NAME, MISSING_UNIT, ORIENTATION, PER_UNIT_ALONE, PER_UNIT_NAME, Rule,
    TIME_PER_TIME, UNIT_NAME,
};
use crate::export::lint::suggest;

/// Columns that no row may leave empty.
const REQUIRED: [&str; 4] = ["metric_name", "metric_type", "orientation", "integration"];
const TYPES: [&str; 3] = ["count", "gauge", "rate"];
const ORIENTATIONS: [&str; 3] = ["0", "1", "-1"];
const LISTS: [&str; 2] = ["cpu", "memory"];

/// What the list of units in Datadog's validator begins with: the heading of the table that it was made of.
const HEADING: &str = "name";

/// A row that has a cell for each column.
pub(in crate::export::lint) struct Row<'t> {
    pub(super) text: &'t str,
    pub(super) columns: &'t HashMap<&'t str, usize>,
    pub(super) row: &'t csv::Row,
}

/// Where the cell of each column is.
pub(super) fn columns(table: &Table) -> HashMap<&str, usize> {
    table.header.iter().enumerate().map(|(index, cell)| (cell.text.as_str(), index)).collect()
}

impl<'t> Row<'t> {
    /// The cell of a column, if there is that column.
    pub(in crate::export::lint) fn cell(&self, column: &str) -> Option<&'t Cell> {
        self.row.cells.get(*self.columns.get(column)?)
    }

    /// The cell of a column, unless it is empty.
    pub(in crate::export::lint) fn filled(&self, column: &str) -> Option<&'t Cell> {
        self.cell(column).filter(|cell| !cell.text.is_empty())
    }

    /// A cell as it is written, with its quotes.
    pub(super) fn written(&self, cell: &Cell) -> &'t str {
        &self.text[cell.span.start..cell.span.end]
    }

    pub(super) fn lint(&self, facts: &Facts, findings: &mut Findings) {
        findings.extend(REQUIRED.iter().filter_map(|column| self.empty(&EMPTY_CELL, column)));
        findings.extend(self.filled("metric_name").and_then(name));
        let prefix = facts.prefix.as_deref();
        findings.extend(prefix.and_then(|prefix| self.prefix(prefix)));
        findings.extend(self.filled("metric_type").and_then(metric_type));
        findings.extend(self.filled("unit_name").and_then(|cell| unit(&UNIT_NAME, cell)));
        findings.extend(self.filled("per_unit_name").and_then(|cell| unit(&PER_UNIT_NAME, cell)));
        findings.extend(self.time_per_time());
        findings.extend(facts.column.as_deref().and_then(|name| self.integration(name)));
        findings.extend(self.filled("orientation").and_then(orientation));
        findings.extend(self.filled("interval").and_then(interval));
        findings.extend(self.filled("curated_metric").into_iter().flat_map(curated));
        findings.extend(self.no_unit());
        findings.extend(self.empty(&MISSING_SHORT_NAME, "short_name"));
    }

    /// A finding if the cell is there and empty.
    pub(super) fn empty(&self, rule: &Rule, column: &str) -> Option<Problem> {
        let cell = self.cell(column).filter(|cell| cell.text.is_empty())?;
        let problem = rule.at(cell.span, format!("no {column}"));
        Some(problem.hint(match column {
            "metric_type" => "`gauge`, `count` or `rate`",
            "orientation" => "1 if more is better, -1 if less is, else 0",
            "unit_name" => "a metric without a unit is shown as a bare number",
            "description" => "say what the metric is; Datadog shows it beside each graph",
            "short_name" => "a few words for legends",
            "metric_name" => "name the metric, or take the row out",
            _ => "every row has the name of the integration",
        }))
    }

    fn prefix(&self, prefix: &str) -> Option<Problem> {
        let cell = self.filled("metric_name")?;
        let name = cell.text.as_str();
        if name.starts_with(prefix) || FREE_PREFIXES.iter().any(|free| name.starts_with(free)) {
            return None;
        }
        let begins = name.split('.').next().unwrap_or_default();
        let message = format!("a name that begins with `{begins}`, not with the prefix `{prefix}`");
        let free = list(FREE_PREFIXES);
        Some(METRIC_PREFIX.at(cell.span, message).hint(format!("all integrations may use {free}")))
    }

    fn time_per_time(&self) -> Option<Problem> {
        let (unit, per) = (self.filled("unit_name")?, self.filled("per_unit_name")?);
        let is_time = |cell: &Cell| TIME_UNITS.contains(&cell.text.as_str());
        (is_time(unit) && is_time(per)).then(|| {
            TIME_PER_TIME
                .at(unit.span, format!("a time per time: {} per {}", unit.text, per.text))
                .hint("make it the unit_name `fraction`, without per_unit_name")
        })
    }

    fn integration(&self, expected: &str) -> Option<Problem> {
        let cell = self.cell("integration").filter(|cell| cell.text != expected)?;
        (!cell.text.is_empty()).then(|| {
            INTEGRATION
                .at(cell.span, format!("the integration `{}`, expected `{expected}`", cell.text))
                .hint(format!("write `{expected}`, or correct `source_type_name` in the manifest"))
        })
    }

    fn no_unit(&self) -> Option<Problem> {
        match self.filled("per_unit_name") {
            None => self.empty(&MISSING_UNIT, "unit_name"),
            Some(_) if self.filled("unit_name").is_some() => None,
            Some(per) => Some(
                PER_UNIT_ALONE
                    .at(per.span, format!("`{}` divides nothing: there is no unit_name", per.text))
                    .hint("name the unit that is divided"),
            ),
        }
    }
}

fn name(cell: &Cell) -> Option<Problem> {
    let normalised = names::normalised_metric(&cell.text);
    (normalised != cell.text).then(|| {
        let problem = METRIC_NAME.at(cell.span, format!("`{}` is no metric name", cell.text));
        if normalised.is_empty() {
            return problem.hint("a name begins with a letter, then letters, digits, `_` and `.`");
        }
        problem.hint(format!("Datadog stores it as `{normalised}`; write that"))
    })
}

fn metric_type(cell: &Cell) -> Option<Problem> {
    let given = cell.text.as_str();
    (!TYPES.contains(&given)).then(|| {
        let problem = METRIC_TYPE.at(cell.span, format!("unknown metric_type `{given}`"));
        if let Some(hint) = suggest::listed_as(given) {
            return problem.hint(hint);
        }
        match nearest(given.trim(), TYPES.into_iter()) {
            Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
            None => problem.hint(format!("one of {}", list(TYPES))),
        }
    })
}

fn unit(rule: &Rule, cell: &Cell) -> Option<Problem> {
    let given = cell.text.as_str();
    if units::NAMES.contains(&given) {
        return None;
    }
    let problem = rule.at(cell.span, format!("unknown unit `{given}`"));
    if given == HEADING {
        let hint = "Datadog's validator lets it pass, but there is no such unit";
        return Some(Problem { severity: Severity::Warning, ..problem.hint(hint) });
    }
    if let Some((unit, per)) = suggest::quotient(given) {
        return Some(problem.hint(format!("unit_name `{unit}`, per_unit_name `{per}`")));
    }
    Some(match suggest::unit(given) {
        Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
        None => problem.hint(
            "see <https://docs.datadoghq.com/metrics/units/>; without a unit the cell is empty",
        ),
    })
}

fn orientation(cell: &Cell) -> Option<Problem> {
    (!ORIENTATIONS.contains(&cell.text.as_str())).then(|| {
        ORIENTATION
            .at(cell.span, format!("unknown orientation `{}`", cell.text))
            .hint("1 if more is better, -1 if less is, else 0")
    })
}

fn interval(cell: &Cell) -> Option<Problem> {
    (!cell.text.bytes().all(|byte| byte.is_ascii_digit())).then(|| {
        INTERVAL
            .at(cell.span, format!("`{}` is no whole number of seconds", cell.text))
            .hint("write digits only, or leave it empty")
    })
}

/// Each list is a finding of its own, at its place where the cell is not in quotes.
fn curated(cell: &Cell) -> Vec<Problem> {
    let quoted = cell.span.end - cell.span.start != cell.text.len();
    let mut problems = Vec::new();
    let mut before = Vec::new();
    let (mut start, mut column) = (cell.span.start, cell.span.column);
    for name in cell.text.split('|') {
        let part = Span { start, end: start + name.len(), column, line: cell.span.line };
        let place = if quoted { cell.span } else { part };
        if before.contains(&name) {
            let problem = CURATED_METRIC.at(place, format!("`{name}` stands twice"));
            problems.push(problem.hint("write it once"));
        } else if !LISTS.contains(&name) {
            problems.push(unknown_list(place, name));
        }
        before.push(name);
        (start, column) = (part.end + 1, column + name.chars().count() + 1);
    }
    problems
}

fn unknown_list(place: Span, name: &str) -> Problem {
    let problem = CURATED_METRIC.at(place, format!("there is no curated list `{name}`"));
    match nearest(name, LISTS.into_iter()) {
        Some(nearest) => problem.hint(format!("did you mean `{nearest}`?")),
        None => problem.hint("`cpu`, `memory` or `cpu|memory`"),
    }
}
