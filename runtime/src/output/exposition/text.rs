//! The text formats: what a family and a sample look like in each of them.

use std::io::Write;

use super::buckets::Bounds;
use super::family::{Context, Family, Value};
use super::labels::{push_escaped, push_name};
use super::name::{Kind, ends_with_word, is_plain};

/// The type of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// The text format of Prometheus, `text/plain; version=0.0.4`, which 1.0.0 differs from in names only.
    Text,
    /// OpenMetrics 1.0.0.
    OpenMetrics,
}

/// How metrics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Format {
    /// The type of the text.
    pub syntax: Syntax,
    /// Names are written as they are, in quotes where they need them, and not with underscores.
    pub utf8_names: bool,
}

/// Writes the samples of one family.
pub(super) struct FamilyText<'f> {
    family: &'f Family,
    format: Format,
    /// What the samples begin with.
    starts: Starts<'f>,
}

/// What the samples of a family begin with, by its kind.
enum Starts<'f> {
    Gauge(Start),
    Counter { total: Start, created: Start },
    Histogram { bounds: &'f Bounds, bucket: Start, count: Start, sum: Start, created: Start },
}

/// What a sample begins with.
struct Start {
    text: String,
    /// The name stands within the braces.
    quoted: bool,
}

impl<'f> FamilyText<'f> {
    pub(super) fn new(family: &'f Family, format: Format) -> Self {
        let name = name(family, format);
        let start = |suffix: &str| Start::new(name, suffix);
        let starts = match (family.kind, &family.bounds) {
            (Kind::Counter, _) => {
                Starts::Counter { total: start("_total"), created: start("_created") }
            }
            (Kind::Histogram, Some(bounds)) => Starts::Histogram {
                bounds,
                bucket: start("_bucket"),
                count: start("_count"),
                sum: start("_sum"),
                created: start("_created"),
            },
            _ => Starts::Gauge(start("")),
        };
        Self { family, format, starts }
    }

    /// Appends what stands before the samples.
    pub(super) fn head(&self, out: &mut Vec<u8>) {
        let Self { family, format, .. } = self;
        let open = format.syntax == Syntax::OpenMetrics;
        let mut text = String::new();
        let mut name = name(family, *format).to_owned();
        if !open && family.kind == Kind::Counter {
            name.push_str("_total");
        }
        let mut line = |what: &str, rest: &dyn Fn(&mut String)| {
            text.push_str(what);
            push_name(&mut text, &name);
            text.push(' ');
            rest(&mut text);
            text.push('\n');
        };
        line("# HELP ", &|text| match open {
            true => push_escaped(text, &family.help),
            false => push_help(text, &family.help),
        });
        line("# TYPE ", &|text| text.push_str(family.kind.name()));
        let unit = family.name.unit.as_deref().filter(|_| open);
        if let Some(unit) = unit.filter(|unit| ends_with_word(&name, unit)) {
            line("# UNIT ", &|text| text.push_str(unit));
        }
        out.extend_from_slice(text.as_bytes());
    }

    /// Appends the samples of a context.
    pub(super) fn context(&self, context: &Context, out: &mut Vec<u8>) {
        let labels = context.labels.text(self.format.utf8_names);
        let created = match (&self.starts, &context.value) {
            (Starts::Gauge(start), Value::Gauge(value)) => {
                return start.sample(labels, *value, out);
            }
            (Starts::Counter { total, created }, Value::Counter(sum)) => {
                total.sample(labels, *sum, out);
                created
            }
            (Starts::Histogram { bounds, bucket, count, sum, created }, Value::Histogram(all)) => {
                for (bound, number) in bounds.texts().chain(["+Inf"]).zip(all.cumulative()) {
                    bucket.push_with(labels, bound, out);
                    push_count(out, number);
                }
                // A sum of values below zero could grow less, which neither format takes of a histogram.
                if !bounds.has_negative() {
                    count.push(labels, out);
                    push_count(out, all.count());
                    sum.sample(labels, all.sum, out);
                }
                created
            }
            // A context is made by its family.
            _ => return,
        };
        if self.format.syntax == Syntax::OpenMetrics {
            created.sample(labels, context.created, out);
        }
    }
}

fn name(family: &Family, format: Format) -> &str {
    if format.utf8_names { &family.name.utf8 } else { &family.name.plain }
}

/// Appends a description as the older format has it, where quotes stand for themselves.
fn push_help(out: &mut String, text: &str) {
    let mut escaped = String::new();
    push_escaped(&mut escaped, text);
    out.push_str(&escaped.replace("\\\"", "\""));
}

impl Start {
    fn new(name: &str, suffix: &str) -> Self {
        let name = format!("{name}{suffix}");
        let quoted = !is_plain(&name);
        let mut text = String::from(if quoted { "{" } else { "" });
        push_name(&mut text, &name);
        Self { text, quoted }
    }

    fn sample(&self, labels: &str, value: f64, out: &mut Vec<u8>) {
        self.push(labels, out);
        push_number(out, value);
    }

    /// Appends the name and the labels.
    fn push(&self, labels: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(self.text.as_bytes());
        if !labels.is_empty() {
            out.push(if self.quoted { b',' } else { b'{' });
            out.extend_from_slice(labels.as_bytes());
        }
        if self.quoted || !labels.is_empty() {
            out.push(b'}');
        }
        out.push(b' ');
    }

    /// Appends the name, the labels, and the bound of a bucket.
    fn push_with(&self, labels: &str, bound: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(self.text.as_bytes());
        out.push(if self.quoted { b',' } else { b'{' });
        if !labels.is_empty() {
            out.extend_from_slice(labels.as_bytes());
            out.push(b',');
        }
        out.extend_from_slice(b"le=\"");
        out.extend_from_slice(bound.as_bytes());
        out.extend_from_slice(b"\"} ");
    }
}

/// Appends a value and ends the line. Every value can be read back as it was.
fn push_number(out: &mut Vec<u8>, value: f64) {
    const WHOLE: f64 = 1e15;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of 15 digits is meant")]
    let whole = value as i64;
    // Writing to a vector cannot fail.
    let _ = if value.is_nan() {
        out.write_all(b"NaN\n")
    } else if value.is_infinite() {
        out.write_all(if value > 0.0 { b"+Inf\n" } else { b"-Inf\n" })
    } else if value.abs() < WHOLE && (whole as f64).to_bits() == value.to_bits() {
        writeln!(out, "{whole}")
    } else {
        writeln!(out, "{value:?}")
    };
}

/// Appends a count and ends the line.
fn push_count(out: &mut Vec<u8>, count: u64) {
    // Writing to a vector cannot fail.
    let _ = writeln!(out, "{count}");
}
