//! What the code says against what the assets say. Datadog's validators do not compare them.

use std::collections::{HashMap, HashSet};

use crate::check::Entry;
use crate::config::{Problem, nearest};
use crate::export::service_checks::STATUSES;
use crate::export::{MetadataRow, ServiceCheckRow, metadata as declared_rows, service_checks};

use super::findings::Findings;
use super::json::Json;
use super::metadata::row::Row;
use super::names::list;
use super::rule::{
    MISSING_METRIC, MISSING_SERVICE_CHECK, NOT_SUBMITTED, TYPE_DIFFERS, UNDECLARED_SERVICE_CHECK,
    UNDECLARED_STATUS, UNIT_DIFFERS,
};

/// Compares rows with the metrics that a check declares. A check whose own metadata is invalid is compared with nothing;
/// `export metadata` says why.
pub(super) fn compare_metrics(check: &'static Entry, rows: &[Row<'_>], findings: &mut Findings) {
    let Ok(declared) = declared_rows(check) else { return };
    let by_name: HashMap<&str, &MetadataRow> =
        declared.iter().map(|row| (row.metric_name.as_str(), row)).collect();
    let mut listed = HashSet::new();
    for row in rows {
        let Some(name) = row.filled("metric_name") else { continue };
        listed.insert(name.text.as_str());
        if let Some(metric) = by_name.get(name.text.as_str()) {
            findings.extend(metric_type(row, metric));
            findings.extend(unit(row, metric));
        } else {
            let message = format!("the check `{}` does not submit `{}`", check.name(), name.text);
            let hint = meant(&name.text, by_name.keys().copied(), "take the row out");
            findings.push(NOT_SUBMITTED.at(name.span, message).hint(hint));
        }
    }
    let missing = declared.iter().filter(|row| !listed.contains(row.metric_name.as_str()));
    findings.extend(missing.map(|row| {
        let message =
            format!("no row for `{}`, which the check `{}` submits", row.metric_name, check.name());
        MISSING_METRIC
            .of_file(message)
            .hint(format!("`export metadata {}` prints it", check.name()))
    }));
}

fn metric_type(row: &Row<'_>, metric: &MetadataRow) -> Option<Problem> {
    let cell = row.filled("metric_type").filter(|cell| cell.text != metric.metric_type)?;
    let message =
        format!("the type `{}`, but the metric arrives as `{}`", cell.text, metric.metric_type);
    Some(TYPE_DIFFERS.at(cell.span, message).hint(format!("write `{}`", metric.metric_type)))
}

fn unit(row: &Row<'_>, metric: &MetadataRow) -> Option<Problem> {
    let (unit, per) = (row.cell("unit_name")?, row.cell("per_unit_name")?);
    if unit.text == metric.unit_name && per.text == metric.per_unit_name {
        return None;
    }
    let given = in_words(&unit.text, &per.text);
    let declared = in_words(metric.unit_name, metric.per_unit_name);
    let message = format!("{given}, but the check declares {declared}");
    let hint =
        format!("write `{},{}`, or correct the code", metric.unit_name, metric.per_unit_name);
    Some(UNIT_DIFFERS.at(unit.span, message).hint(hint))
}

fn in_words(unit: &str, per: &str) -> String {
    match (unit, per) {
        ("", "") => "no unit".into(),
        (unit, "") => format!("the unit `{unit}`"),
        (unit, per) => format!("the unit `{unit}` per `{per}`"),
    }
}

/// Compares service checks with those that a check declares.
pub(super) fn compare_service_checks(
    check: &'static Entry,
    listed: &[(Json<'_>, String)],
    findings: &mut Findings,
) {
    let declared = service_checks(check);
    for (item, name) in listed {
        let Some(place) = item.at(&["check"]) else { continue };
        if let Some(row) = declared.iter().find(|row| row.check == name) {
            findings.extend(other_statuses(*item, row));
            continue;
        }
        let message = format!("the check `{}` does not submit `{name}`", check.name());
        let hint = meant(name, declared.iter().map(|row| row.check), "take it out");
        findings.push(UNDECLARED_SERVICE_CHECK.at(place.span(), message).hint(hint));
    }
    let missing = declared.iter().filter(|row| !listed.iter().any(|(_, name)| name == row.check));
    findings.extend(missing.map(|row| {
        let message =
            format!("`{}` is not listed, and the check `{}` submits it", row.check, check.name());
        let hint = format!("`export service-checks {}` prints it", check.name());
        MISSING_SERVICE_CHECK.of_file(message).hint(hint)
    }));
}

/// The statuses that are listed, and that the description of the declaration does not name.
fn other_statuses(item: Json<'_>, declared: &ServiceCheckRow) -> Vec<Problem> {
    let statuses = item.at(&["statuses"]).and_then(|statuses| statuses.items());
    let differs = |status: &str| STATUSES.contains(&status) && !declared.statuses.contains(&status);
    let problem = |listed: Json<'_>| {
        let status = listed.as_text().filter(|status| differs(status))?;
        let message = format!("`{}` does not have the status `{status}`", declared.check);
        let named = list(declared.statuses.iter().copied());
        let hint = format!("its description in the code names {named}");
        Some(UNDECLARED_STATUS.at(listed.span(), message).hint(hint))
    };
    statuses.unwrap_or_default().into_iter().filter_map(problem).collect()
}

fn meant<'a>(given: &str, names: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
    nearest(given, names)
        .map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}
