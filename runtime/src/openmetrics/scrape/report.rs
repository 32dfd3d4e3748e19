//! What is told of a run beside its samples: warnings, metadata, and the counts of the option `telemetry`.

use std::sync::Arc;

use crate::check::{Context, Includes};
use crate::metric::{Dynamic, DynamicMetric, Kind, TagSetPlace};
use crate::openmetrics::map::Findings;
use crate::openmetrics::options::Options;
use crate::openmetrics::version::said;

use super::{Scraper, named};

/// The metrics of the option `telemetry`.
#[derive(Debug)]
pub(super) struct Telemetry {
    input: Arc<DynamicMetric>,
    ignored: Arc<DynamicMetric>,
    processed: Arc<DynamicMetric>,
    filtered_lines: Arc<DynamicMetric>,
    size: Arc<DynamicMetric>,
}

impl Telemetry {
    pub(super) fn new(options: &Options) -> Self {
        let metric = |name: &str, kind| {
            DynamicMetric::metric(named(options, &format!("telemetry.{name}")), kind)
        };
        Self {
            input: metric("metrics.input.count", Kind::Count),
            ignored: metric("metrics.ignored.count", Kind::Count),
            processed: metric("metrics.processed.count", Kind::Count),
            filtered_lines: metric("metrics.blacklist.count", Kind::Count),
            size: metric("payload.size", Kind::Gauge),
        }
    }

    fn counts(&self, findings: &Findings) -> [(&Arc<DynamicMetric>, u64); 4] {
        [
            (&self.input, findings.input),
            (&self.ignored, findings.ignored),
            (&self.processed, findings.processed),
            (&self.filtered_lines, findings.filtered_lines),
        ]
    }
}

impl Scraper {
    /// Tells what was found in a run.
    pub(super) fn tell<M, Place>(&mut self, cx: &Context<M>, findings: Findings, size: usize)
    where
        M: Includes<Dynamic, Place>,
    {
        if let Some(telemetry) = &self.telemetry {
            cx.dynamic(|out| {
                for (metric, count) in telemetry.counts(&findings) {
                    // What has not happened is not counted, as in Datadog's check.
                    if count > 0 {
                        let listed = out.list(metric);
                        out.sample(listed, TagSetPlace::INSTANCE, count as f64, false);
                    }
                }
                let listed = out.list(&telemetry.size);
                out.sample(listed, TagSetPlace::INSTANCE, size as f64, false);
            });
        }
        for warning in findings.faults.warnings() {
            cx.warn(warning);
        }
        self.tell_of_untyped(cx, &findings);
        self.tell_of_names(cx);
        for (name, value) in findings.metadata {
            let said = if name == "version" { said(&value) } else { vec![(name, value)] };
            for (name, value) in said {
                cx.metadata(name, value);
            }
        }
    }

    /// Says once that there are too many names to remember what becomes of each.
    fn tell_of_names<M>(&mut self, cx: &Context<M>) {
        if let Some(most) = self.mapper.overflown()
            && !std::mem::replace(&mut self.has_told_of_names, true)
        {
            cx.warn(format!(
                "the names of metrics are more than {most}, or very long: those beyond are looked up for each of their lines, and their                  first types are not remembered; hint: choose fewer in `metrics`, or leave lines out by `raw_line_filters`"
            ));
        }
    }

    /// Says once which metrics are asked for and not submitted.
    fn tell_of_untyped<M>(&mut self, cx: &Context<M>, findings: &Findings) {
        if findings.untyped_count == 0 || self.has_told_of_untyped {
            return;
        }
        self.has_told_of_untyped = true;
        let names: Vec<&str> = findings.untyped.iter().map(String::as_str).collect();
        let more = if findings.untyped_count > names.len() as u64 { ", …" } else { "" };
        cx.warn(format!(
            "of {} families nothing is submitted, since their type is not one that says how: {}{more}; \
             hint: give them a `type` in `metrics`: `- {{<NAME>: {{name: <NAME>, type: gauge}}}}`",
            findings.untyped_count,
            names.join(", "),
        ));
    }
}
