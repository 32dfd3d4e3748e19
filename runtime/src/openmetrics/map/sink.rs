//! The way of a value into the batch: at once, or when it is known whether first values count.

use crate::metric::{Bucket, DynamicEmitter, Listed, TagSetPlace};

/// What is submitted of a sample.
#[derive(Debug, Clone, Copy)]
pub(super) enum Row {
    /// A value of a metric without memory, or of a rate.
    Value(Listed, TagSetPlace, f64),
    /// A total.
    Total(Listed, TagSetPlace, f64),
    /// A bucket of a distribution.
    Bucket(Listed, TagSetPlace, Bucket),
    /// The same of what was seen for the first time, which counts only if first values do.
    FirstBucket(Listed, TagSetPlace, Bucket),
}

/// Where rows go.
#[derive(Debug, Default)]
pub(super) struct Sink {
    /// First values of totals count.
    pub(super) flush_first: bool,
    /// Rows that wait for it to be known whether they do.
    waiting: Vec<Row>,
    /// Rows of families with totals wait.
    pub(super) waits: bool,
    /// The family that comes is one.
    pub(super) holds: bool,
}

impl Sink {
    /// Whether first values may count, as far as it is known.
    pub(super) const fn may_flush_first(&self) -> bool {
        self.holds || self.flush_first
    }

    #[inline]
    pub(super) fn put(&mut self, row: Row, out: &mut DynamicEmitter<'_>) {
        if self.holds {
            return self.waiting.push(row);
        }
        submit(row, self.flush_first, out);
    }

    /// Submits what has waited.
    pub(super) fn release(&mut self, out: &mut DynamicEmitter<'_>) {
        (self.waits, self.holds) = (false, false);
        for row in std::mem::take(&mut self.waiting) {
            submit(row, self.flush_first, out);
        }
    }
}

#[inline]
fn submit(row: Row, flush_first: bool, out: &mut DynamicEmitter<'_>) {
    match row {
        Row::Value(metric, tags, value) => out.sample(metric, tags, value, false),
        Row::Total(metric, tags, total) => out.sample(metric, tags, total, flush_first),
        Row::Bucket(metric, tags, bucket) => out.bucket(metric, tags, bucket, flush_first),
        Row::FirstBucket(metric, tags, bucket) if flush_first => {
            out.bucket(metric, tags, bucket, flush_first);
        }
        Row::FirstBucket(..) => {}
    }
}
