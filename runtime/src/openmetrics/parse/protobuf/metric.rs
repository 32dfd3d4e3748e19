//! The message `Metric`: labels, a value of the type of its family, and when it was measured.

use crate::openmetrics::parse::Visitor;
use crate::openmetrics::parse::problem::{Mistake, Problem};

use super::family::Type;
use super::histogram::Histogram;
use super::text;
use super::wire::Message;
use super::writer::Writer;

/// A metric, read as a whole before anything is told of it.
#[derive(Debug, Default)]
pub(super) struct Metric {
    /// The labels, as they stand between braces.
    pub(super) labels: String,
    /// When it was measured, in milliseconds.
    pub(super) timestamp: Option<i64>,
    value: f64,
    count: u64,
    quantiles: Vec<(f64, f64)>,
    histogram: Histogram,
}

impl Metric {
    /// Reads a message.
    pub(super) fn read(&mut self, kind: Type, message: Message<'_>) -> Result<(), Mistake> {
        self.labels.clear();
        self.timestamp = None;
        let mut body = None;
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => label(field.message()?, &mut self.labels)?,
                6 => self.timestamp = Some(field.number()?.cast_signed()),
                number if number == kind.field() => body = Some(field.message()?),
                _ => {}
            }
        }
        let Some(body) = body else {
            let kind = kind.name();
            return Err(Mistake::at(message.at, format!("the metric has no value of a {kind}")));
        };
        match kind {
            Type::Counter | Type::Gauge | Type::Untyped => self.number(body),
            Type::Summary => self.summary(body),
            Type::Histogram | Type::GaugeHistogram => self.histogram.read(body),
        }
    }

    fn number(&mut self, message: Message<'_>) -> Result<(), Mistake> {
        self.value = 0.0;
        for field in message.fields() {
            let field = field?;
            if field.number == 1 {
                self.value = field.double()?;
            }
        }
        Ok(())
    }

    fn summary(&mut self, message: Message<'_>) -> Result<(), Mistake> {
        (self.value, self.count) = (0.0, 0);
        self.quantiles.clear();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => self.count = field.number()?,
                2 => self.value = field.double()?,
                3 => self.quantiles.push(quantile(field.message()?)?),
                _ => {}
            }
        }
        Ok(())
    }

    /// Tells of it.
    pub(super) fn tell<V: Visitor>(
        &mut self,
        kind: Type,
        writer: &mut Writer<'_, '_, V>,
    ) -> Result<(), Problem> {
        let Self { labels, timestamp, .. } = self;
        writer.begin(labels, *timestamp);
        match kind {
            Type::Counter | Type::Gauge | Type::Untyped => writer.sample("", None, self.value)?,
            Type::Summary => self.tell_summary(writer)?,
            Type::Histogram if self.histogram.is_native() => self.tell_native(writer)?,
            // The counts of a gauge histogram are no totals that anything is added to.
            Type::Histogram | Type::GaugeHistogram => {
                self.tell_buckets(writer)?;
                self.tell_sums(writer)?;
            }
        }
        writer.flush()
    }

    fn tell_summary<V: Visitor>(&self, writer: &mut Writer<'_, '_, V>) -> Result<(), Problem> {
        for (quantile, value) in &self.quantiles {
            writer.sample("", Some(("quantile", *quantile)), *value)?;
        }
        writer.sample("_sum", None, self.value)?;
        writer.sample("_count", None, self.count as f64)
    }

    /// Sum and count first, so that the family has begun when its native histogram comes.
    fn tell_native<V: Visitor>(&mut self, writer: &mut Writer<'_, '_, V>) -> Result<(), Problem> {
        self.tell_sums(writer)?;
        writer.flush()?;
        if writer.native(self.histogram.native())? { Ok(()) } else { self.tell_buckets(writer) }
    }

    fn tell_sums<V: Visitor>(&self, writer: &mut Writer<'_, '_, V>) -> Result<(), Problem> {
        writer.sample("_sum", None, self.histogram.sum)?;
        writer.sample("_count", None, self.histogram.count())
    }

    /// The classic buckets, the last of which need not be written.
    fn tell_buckets<V: Visitor>(&self, writer: &mut Writer<'_, '_, V>) -> Result<(), Problem> {
        let buckets = &self.histogram.buckets;
        // Of native ones alone, that of all values would say that they are anywhere.
        if buckets.is_empty() && self.histogram.is_native() {
            return Ok(());
        }
        for (bound, count) in buckets {
            writer.sample("_bucket", Some(("le", *bound)), *count)?;
        }
        if buckets.iter().any(|(bound, _)| *bound == f64::INFINITY) {
            return Ok(());
        }
        writer.sample("_bucket", Some(("le", f64::INFINITY)), self.histogram.count())
    }
}

/// Writes a label behind the others.
fn label(message: Message<'_>, to: &mut String) -> Result<(), Mistake> {
    let (mut name, mut value) = (&[][..], &[][..]);
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => name = field.message()?.bytes,
            2 => value = field.message()?.bytes,
            _ => {}
        }
    }
    if name.is_empty() {
        return Err(Mistake::at(message.at, "a label has no name"));
    }
    text::label(&String::from_utf8_lossy(name), &String::from_utf8_lossy(value), to);
    Ok(())
}

/// A quantile and its value.
fn quantile(message: Message<'_>) -> Result<(f64, f64), Mistake> {
    let (mut quantile, mut value) = (0.0, 0.0);
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => quantile = field.double()?,
            2 => value = field.double()?,
            _ => {}
        }
    }
    Ok((quantile, value))
}
