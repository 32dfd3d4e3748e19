//! What a checked instance found, for people.

use std::io;

use anstyle::Style;

use crate::aggregate::{Series, TagSet};
use crate::metric::Drops;
use crate::run::RunReport;

use super::super::printable::printable;
use super::super::screen::{BAD, GOOD, HEADING, MUTED, Screen, WARNING};
use super::super::table::Table;
use super::gather::Gathered;
use super::value::{number, shown};

const INDENT: u16 = 2;

pub(super) fn instance(instance: &Gathered, screen: &mut Screen<'_>) -> io::Result<()> {
    heading(instance, screen)?;
    problems(instance, screen)?;
    series(instance, screen)?;
    sketches(instance, screen)?;
    service_checks(instance, screen)?;
    events(instance, screen)?;
    logs(instance, screen)?;
    metadata(instance, screen)?;
    statistics(instance, screen)?;
    writeln!(screen.out())
}

fn heading(instance: &Gathered, screen: &mut Screen<'_>) -> io::Result<()> {
    let (style, state) = match &instance.statistics.last {
        Some(_) if instance.has_failed() => (BAD, "FAILED"),
        Some(run) if !run.warnings.is_empty() => (WARNING, "WARNING"),
        _ => (GOOD, "OK"),
    };
    let name = screen.paint(HEADING, instance.entry.meta.name);
    let state = screen.paint(style, state);
    let id = screen.paint(MUTED, format!("{} {}", instance.id, instance.source));
    writeln!(screen.out(), "{name} {state} {id}")
}

fn problems(instance: &Gathered, screen: &mut Screen<'_>) -> io::Result<()> {
    let Some(run) = &instance.statistics.last else { return Ok(()) };
    if !run.outcome.is_ok() {
        labelled(screen, BAD, "error", &run.outcome.to_string())?;
    } else if instance.has_failed() {
        let (errors, runs) = (instance.statistics.errors, instance.statistics.runs);
        labelled(screen, BAD, "error", &format!("{errors} of {runs} runs failed"))?;
    }
    for warning in &run.warnings {
        labelled(screen, WARNING, "warning", warning)?;
    }
    for (count, reason) in lost(run, instance) {
        if count > 0 {
            let text = format!("{count} {reason}");
            labelled(screen, WARNING, "warning", &text)?;
        }
    }
    Ok(())
}

fn lost(run: &RunReport, instance: &Gathered) -> [(u64, &'static str); 4] {
    let Drops { not_finite, filtered: _, over_limit } = run.drops;
    [
        (not_finite, "samples dropped: not a finite number"),
        (over_limit, "samples dropped: over `max_returned_metrics`"),
        (instance.rejected.negative_rates, "rates dropped: the total went down"),
        (instance.rejected.timeless_rates, "rates dropped: two samples at one time"),
    ]
}

fn labelled(screen: &mut Screen<'_>, style: Style, label: &str, text: &str) -> io::Result<()> {
    let label = screen.paint(style, format!("{label}:"));
    let text = printable(text).replace('\n', "\n    ");
    writeln!(screen.out(), "  {label} {text}")
}

fn series(instance: &Gathered, screen: &mut Screen<'_>) -> io::Result<()> {
    let mut last: Vec<&Series> =
        instance.last().into_iter().flat_map(|last| &last.series).collect();
    if last.is_empty() {
        return Ok(());
    }
    last.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.tags.iter().cmp(b.tags.iter())));
    let mut table = Table::new(["METRIC", "TYPE", "VALUE", "", "TAGS"]).right(2).indent(INDENT);
    for series in last {
        let value = shown(series.value, *series.unit);
        table.row([
            series.name.to_string(),
            series.kind.name().to_owned(),
            value.number,
            value.unit,
            tags(&series.tags),
        ]);
    }
    print(table, screen)
}

fn sketches(instance: &Gathered, screen: &mut Screen<'_>) -> io::Result<()> {
    let mut last: Vec<_> = instance.last().into_iter().flat_map(|last| &last.sketches).collect();
    if last.is_empty() {
        return Ok(());
    }
    last.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.tags.iter().cmp(b.tags.iter())));
    let header = ["DISTRIBUTION", "COUNT", "MIN", "AVG", "MAX", "TAGS"];
    let mut table = Table::new(header).right(1).right(2).right(3).right(4).indent(INDENT);
    for series in last {
        let with_unit = |value| {
            let shown = shown(value, *series.unit);
            format!("{} {}", shown.number, shown.unit).trim_end().to_owned()
        };
        let sketch = &series.sketch;
        table.row([
            series.name.to_string(),
            sketch.count().to_string(),
            with_unit(sketch.min()),
            with_unit(sketch.mean()),
            with_unit(sketch.max()),
            tags(&series.tags),
        ]);
    }
    print(table, screen)
}

/// A table with a free line before it.
fn print(table: Table, screen: &mut Screen<'_>) -> io::Result<()> {
    writeln!(screen.out())?;
    table.print(screen)
}

fn tags(set: &TagSet) -> String {
    let host = set.host().map(|host| format!("host:{host}"));
    let tags: Vec<_> = set.iter().chain(host.as_deref()).collect();
    printable(&tags.join(" "))
}

fn service_checks(instance: &Gathered, screen: &mut Screen<'_>) -> io::Result<()> {
    let Some(last) =
        instance.last().map(|last| &last.service_checks).filter(|last| !last.is_empty())
    else {
        return Ok(());
    };
    let mut table = Table::new(["STATUS", "SERVICE CHECK", "MESSAGE", "TAGS"])
        .wrapping(2)
        .indent(INDENT)
        .first(|status| match status {
            "OK" => GOOD,
            "WARNING" | "UNKNOWN" => WARNING,
            _ => BAD,
        });
    for check in last {
        table.row([
            check.status.name().to_owned(),
            check.name.to_string(),
            printable(check.status.message()),
            printable(&check.tags.join(" ")),
        ]);
    }
    print(table, screen)
}

fn events(instance: &Gathered, screen: &mut Screen<'_>) -> io::Result<()> {
    for event in instance.deliveries.iter().flat_map(|delivery| &delivery.events) {
        let label = screen.paint(HEADING, format!("event ({})", event.alert_type.name()));
        let tags = after(screen, &event.tags);
        writeln!(screen.out(), "  {label} {}{tags}", printable(&event.title))?;
        for line in event.text.lines() {
            writeln!(screen.out(), "    {}", printable(line))?;
        }
    }
    Ok(())
}

fn logs(instance: &Gathered, screen: &mut Screen<'_>) -> io::Result<()> {
    for log in instance.deliveries.iter().flat_map(|delivery| &delivery.logs) {
        let status = log.status.as_deref().unwrap_or("info");
        let label = screen.paint(HEADING, format!("log ({})", printable(status)));
        let tags = after(screen, &log.tags);
        writeln!(screen.out(), "  {label} {}{tags}", printable(&log.message))?;
    }
    Ok(())
}

/// Tags behind a text.
fn after(screen: &Screen<'_>, tags: &[String]) -> String {
    if tags.is_empty() {
        return String::new();
    }
    format!(" {}", screen.paint(MUTED, printable(&tags.join(" "))))
}

/// The parts of a version are left to programs; people read it whole.
fn metadata(instance: &Gathered, screen: &mut Screen<'_>) -> io::Result<()> {
    let is_part = |name: &str| name.starts_with("version.") && name != "version.raw";
    for (name, value) in instance.metadata.iter().filter(|(name, _)| !is_part(name)) {
        let name = screen.paint(HEADING, name.strip_suffix(".raw").unwrap_or(name));
        writeln!(screen.out(), "  {name}: {}", printable(value))?;
    }
    Ok(())
}

fn statistics(instance: &Gathered, screen: &mut Screen<'_>) -> io::Result<()> {
    let statistics = &instance.statistics;
    let Some(last) = &statistics.last else { return Ok(()) };
    let runs = match statistics.runs {
        1 => format!("1 run, {:.1?}", last.elapsed),
        runs => {
            format!("{runs} runs, {:.1?} on average; the last", statistics.average_duration())
        }
    };
    let counts = [
        (last.samples, "sample"),
        (last.service_checks, "service check"),
        (last.events, "event"),
        (last.logs, "log"),
    ];
    let counts: Vec<_> = counts
        .into_iter()
        .enumerate()
        .filter(|(place, (count, _))| *place == 0 || *count > 0)
        .map(|(_, (count, what))| counted(count, what))
        .collect();
    writeln!(screen.out())?;
    let text = screen.paint(MUTED, format!("{runs}: {}", counts.join(", ")));
    writeln!(screen.out(), "  {text}")
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(count as f64))
}
