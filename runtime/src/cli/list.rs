//! `list`: the checks of this binary.

use anstyle::Style;
use serde_json::{Value, json};

use crate::check::{Entry, Registry};
use crate::export::{declared_metrics, declared_service_checks, summary};

use super::args::{Format, List};
use super::exit::Exit;
use super::failure::Outcome;
use super::screen::Screen;
use super::table::Table;

pub(super) fn list(arguments: &List, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    match arguments.output.format {
        Format::Text => text(registry, screen)?,
        Format::Json => {
            let checks: Value = registry.entries().iter().map(|entry| entry_json(entry)).collect();
            writeln!(screen.out(), "{checks:#}")?;
        }
    }
    Ok(Exit::DONE)
}

fn text(registry: &Registry, screen: &mut Screen<'_>) -> std::io::Result<()> {
    let mut table = Table::new(["NAME", "INTERVAL", "ENABLED", "METRICS", "SUMMARY"])
        .right(3)
        .last(Style::new());
    for entry in registry.entries() {
        let meta = &entry.meta;
        table.row([
            meta.name.to_owned(),
            format!("{:?}", meta.interval),
            (if meta.enabled_by_default { "by default" } else { "if configured" }).to_owned(),
            declared_metrics(entry).len().to_string(),
            summary(meta.description).to_owned(),
        ]);
    }
    table.print(screen)
}

fn entry_json(entry: &'static Entry) -> Value {
    let meta = &entry.meta;
    json!({
        "name": meta.name,
        "interval_seconds": meta.interval.as_secs_f64(),
        "timeout_seconds": meta.timeout.unwrap_or(meta.interval).as_secs_f64(),
        "enabled_by_default": meta.enabled_by_default,
        "blocking": meta.blocking,
        "metrics": declared_metrics(entry).len(),
        "service_checks": declared_service_checks(entry).len(),
        "description": meta.description,
        "crate": meta.package.name,
        "version": meta.package.version,
        "file": meta.location.file,
        "line": meta.location.line,
        "column": meta.location.column,
    })
}
