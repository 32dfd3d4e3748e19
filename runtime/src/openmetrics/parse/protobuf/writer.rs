//! From messages to lines, on their way to the reading of lines.

use crate::openmetrics::parse::labels::{self, Labels};
use crate::openmetrics::parse::lines;
use crate::openmetrics::parse::native::NativeHistogram;
use crate::openmetrics::parse::problem::{Mistake, Problem};
use crate::openmetrics::parse::{FamilyType, Reading, Told, Visitor};

use super::text;

/// How much text is kept before it is read.
const KEPT: usize = 64 * 1024;

/// How much text a payload may stand for, as much as may come as text: the labels of a metric stand once in its message, and before
/// each of its buckets in text.
const MAX_TEXT: u64 = 256 * 1024 * 1024;

/// The text of messages.
#[derive(Debug, Default)]
pub(super) struct Written {
    text: String,
    length: u64,
    /// The names of samples begin with it.
    name: String,
    is_plain: bool,
    /// The labels of the metric, and what follows its values.
    labels: String,
    time: String,
}

/// Writes text and has it read.
pub(super) struct Writer<'w, 't, V> {
    pub(super) written: &'w mut Written,
    pub(super) to: &'w mut Told<'t, V>,
}

impl<V: Visitor> Writer<'_, '_, V> {
    /// Begins a family.
    pub(super) fn family(
        &mut self,
        name: &str,
        kind: &str,
        help: Option<&str>,
    ) -> Result<(), Problem> {
        let Written { text, name: own, is_plain, .. } = &mut *self.written;
        own.clear();
        own.push_str(name);
        *is_plain = text::is_plain(name);
        if let Some(help) = help {
            text.push_str("# HELP ");
            text::name(name, text);
            text.push(' ');
            text::escaped(help, false, text);
            text.push('\n');
        }
        text.push_str("# TYPE ");
        text::name(name, text);
        text.push(' ');
        text.push_str(kind);
        text.push('\n');
        self.flush()
    }

    /// Begins a metric.
    pub(super) fn begin(&mut self, labels: &str, timestamp: Option<i64>) {
        let Written { labels: own, time, .. } = &mut *self.written;
        own.clear();
        own.push_str(labels);
        time.clear();
        if let Some(timestamp) = timestamp {
            time.push(' ');
            time.push_str(itoa::Buffer::new().format(timestamp));
        }
    }

    /// A sample of the metric: the end of its name, a label of its own, its value.
    pub(super) fn sample(
        &mut self,
        ending: &str,
        label: Option<(&str, f64)>,
        value: f64,
    ) -> Result<(), Problem> {
        if self.written.is_full() {
            return Ok(());
        }
        let Written { text, name, is_plain, labels, time, .. } = &mut *self.written;
        if *is_plain {
            text.push_str(name);
            text.push_str(ending);
        } else {
            text.push_str("{\"");
            text::escaped(name, true, text);
            text.push_str(ending);
            text.push('"');
        }
        let mut separator = if *is_plain { '{' } else { ',' };
        if !labels.is_empty() {
            text.push(separator);
            text.push_str(labels);
            separator = ',';
        }
        if let Some((name, value)) = label {
            text.push(separator);
            text.push_str(name);
            text.push_str("=\"");
            text::bound(value, text);
            text.push('"');
        }
        if !*is_plain || !labels.is_empty() || label.is_some() {
            text.push('}');
        }
        text.push(' ');
        text::value(value, text);
        text.push_str(time);
        text.push('\n');
        if text.len() < KEPT { Ok(()) } else { self.flush() }
    }

    /// Has the text read.
    pub(super) fn flush(&mut self) -> Result<(), Problem> {
        let Self { written, to } = self;
        let was_full = written.is_full();
        written.length += written.text.len() as u64;
        let result = match (written.is_full(), was_full) {
            (false, _) => lines::each(&written.text, *to),
            (true, true) => Ok(()),
            (true, false) => {
                let mistake = Mistake::of_line("the payload stands for more than 256 MiB of text");
                to.reading.mistaken(&written.name, mistake, to.visitor)
            }
        };
        written.text.clear();
        result
    }

    /// Offers the native histogram of the metric, and tells whether it was taken. One that cannot be read is not.
    pub(super) fn native(
        &mut self,
        histogram: Result<&NativeHistogram, Mistake>,
    ) -> Result<bool, Problem> {
        let Self { written, to: Told { reading, visitor } } = self;
        if !reading.is_histogram(&written.name) {
            return Ok(false);
        }
        let line = written.series();
        if !visitor.wants(&line) {
            return Ok(false);
        }
        let labels = line[line.len() - 1 - written.labels.len()..].to_owned();
        match histogram {
            Ok(histogram) => reading.native(&line, &labels, histogram, *visitor),
            Err(mistake) => reading.mistaken(&line, mistake, *visitor).map(|()| false),
        }
    }
}

impl Written {
    /// No more is read.
    pub(super) const fn is_full(&self) -> bool {
        self.length > MAX_TEXT
    }

    /// The name of the metric with its labels.
    fn series(&self) -> String {
        let Self { name, is_plain, labels, .. } = self;
        let mut line = String::new();
        if *is_plain {
            line.push_str(name);
            line.push('{');
        } else {
            line.push('{');
            text::name(name, &mut line);
            line.push_str(if labels.is_empty() { "" } else { "," });
        }
        line.push_str(labels);
        line.push('}');
        line
    }
}

impl Reading {
    /// The family that is being read is a histogram of this name.
    fn is_histogram(&self, name: &str) -> bool {
        self.strict.is_none()
            && self.current.written == name
            && self.current.kind() == FamilyType::Histogram
    }

    /// Offers a native histogram, and tells whether it was taken. One that was taken and left out with a mistake has been told.
    fn native(
        &mut self,
        line: &str,
        labels: &str,
        histogram: &NativeHistogram,
        visitor: &mut impl Visitor,
    ) -> Result<bool, Problem> {
        self.open(visitor);
        let mut spans = std::mem::take(&mut self.spans);
        let taken = labels::read(labels, &mut spans).and_then(|block| {
            let labels = Labels { block: &labels[..block.length], spans: &spans };
            visitor.native(labels, histogram)
        });
        self.spans = spans;
        match taken {
            Ok(taken) => Ok(taken),
            Err(mistake) => self.mistaken(line, mistake, visitor).map(|()| true),
        }
    }
}
