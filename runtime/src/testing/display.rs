//! A run as text, for snapshots: one line a thing, sorted, without times.

use std::fmt;

use crate::metric::{Bucket, Declared, UnitName};

use super::seen::{Run, SeenBucket, SeenMetric, SeenServiceCheck};

impl fmt::Display for SeenMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, declared, value, tags, host, .. } = self;
        let (kind, unit) = kind_and_unit(*declared);
        write!(f, "{kind} {name} {value}{unit} [{}]", tags.join(", "))?;
        on_host(f, host.as_deref())
    }
}

impl fmt::Display for SeenBucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, bucket: Bucket { count, lower, upper, .. }, tags, host, .. } = self;
        write!(f, "bucket {name} {count} of {lower} to {upper} [{}]", tags.join(", "))?;
        on_host(f, host.as_deref())
    }
}

impl fmt::Display for SeenServiceCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, status, tags, host, .. } = self;
        write!(f, "service check {name} {status} [{}]", tags.join(", "))?;
        on_host(f, host.as_deref())
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines: Vec<String> = self.metrics.iter().map(ToString::to_string).collect();
        lines.extend(self.buckets.iter().map(ToString::to_string));
        lines.extend(self.service_checks.iter().map(ToString::to_string));
        lines.extend(self.events.iter().map(|event| {
            format!(
                "event {} {:?} [{}]",
                event.alert_type.name(),
                event.title,
                event.tags.join(", ")
            )
        }));
        lines.extend(self.logs.iter().map(|log| format!("log {:?}", log.message)));
        lines.extend(self.report.warnings.iter().map(|warning| format!("warning {warning}")));
        lines.extend(self.metadata.iter().map(|(name, value)| format!("metadata {name}: {value}")));
        if !self.is_ok() {
            lines.push(format!("run failed: {}", self.report.outcome));
        }
        lines.sort();
        lines.into_iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

fn kind_and_unit(declared: Declared) -> (&'static str, String) {
    match declared {
        Declared::Metric { kind, unit: UnitName { name: "", .. } } => (kind.name(), String::new()),
        Declared::Metric { kind, unit } => (kind.name(), format!(" {unit}")),
        Declared::ServiceCheck => ("service check", String::new()),
    }
}

fn on_host(f: &mut fmt::Formatter<'_>, host: Option<&str>) -> fmt::Result {
    host.map_or(Ok(()), |host| write!(f, " on {host}"))
}
