//! The message `Histogram`: classic buckets, and the spans and counts of a native histogram.

use crate::openmetrics::parse::native::NativeHistogram;
use crate::openmetrics::parse::problem::Mistake;

use super::wire::{Field, Message, zigzag};

/// A histogram as it is written.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    count: u64,
    /// Counts with fractions take the place of whole ones where they are more than zero.
    count_float: f64,
    pub(super) sum: f64,
    /// Bounds and cumulative counts.
    pub(super) buckets: Vec<(f64, f64)>,
    schema: i64,
    zero_threshold: f64,
    zero_count: u64,
    zero_count_float: f64,
    positive: Side,
    negative: Side,
    native: NativeHistogram,
}

/// The buckets of one sign.
#[derive(Debug, Default)]
struct Side {
    spans: Vec<Span>,
    /// Each count without the one before it.
    deltas: Vec<i64>,
    counts: Vec<f64>,
}

/// Buckets that follow each other.
#[derive(Debug, Clone, Copy)]
struct Span {
    /// How many are left out before the first one.
    offset: i64,
    length: u64,
}

impl Histogram {
    /// Reads a message.
    pub(super) fn read(&mut self, message: Message<'_>) -> Result<(), Mistake> {
        self.clear();
        for field in message.fields() {
            self.take(&field?)?;
        }
        Ok(())
    }

    fn clear(&mut self) {
        let Self { buckets, positive, negative, native, .. } = std::mem::take(self);
        (self.buckets, self.positive, self.negative, self.native) =
            (buckets, positive, negative, native);
        self.buckets.clear();
        self.positive.clear();
        self.negative.clear();
    }

    fn take(&mut self, field: &Field<'_>) -> Result<(), Mistake> {
        match field.number {
            1 => self.count = field.number()?,
            2 => self.sum = field.double()?,
            3 => self.buckets.push(bucket(field.message()?)?),
            4 => self.count_float = field.double()?,
            5 => self.schema = zigzag(field.number()?),
            6 => self.zero_threshold = field.double()?,
            7 => self.zero_count = field.number()?,
            8 => self.zero_count_float = field.double()?,
            9 => self.negative.spans.push(Span::read(field.message()?)?),
            10 => field.numbers(&mut self.negative.deltas, zigzag)?,
            11 => field.doubles(&mut self.negative.counts)?,
            12 => self.positive.spans.push(Span::read(field.message()?)?),
            13 => field.numbers(&mut self.positive.deltas, zigzag)?,
            14 => field.doubles(&mut self.positive.counts)?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn count(&self) -> f64 {
        or_whole(self.count_float, self.count)
    }

    fn zero_count(&self) -> f64 {
        or_whole(self.zero_count_float, self.zero_count)
    }

    /// Whether it is a native one, whatever classic buckets it has beside. Prometheus's scraper decides it by the same.
    pub(super) fn is_native(&self) -> bool {
        !self.positive.spans.is_empty()
            || !self.negative.spans.is_empty()
            || self.zero_threshold > 0.0
            || self.zero_count() > 0.0
    }

    /// The native histogram.
    pub(super) fn native(&mut self) -> Result<&NativeHistogram, Mistake> {
        let schema = i32::try_from(self.schema).unwrap_or(i32::MAX);
        NativeHistogram::check_schema(schema)?;
        let has_fractions = self.count_float > 0.0 || self.zero_count_float > 0.0;
        let zero_count = count(self.zero_count())?;
        if !self.zero_threshold.is_finite() || self.zero_threshold < 0.0 {
            return Err(Mistake::of_line(
                "the zero threshold of a native histogram is no distance",
            ));
        }
        let native = &mut self.native;
        native.schema = schema;
        native.zero_threshold = self.zero_threshold;
        native.zero_count = zero_count;
        self.positive.buckets(schema, has_fractions, &mut native.positive)?;
        self.negative.buckets(schema, has_fractions, &mut native.negative)?;
        Ok(native)
    }
}

const fn or_whole(float: f64, whole: u64) -> f64 {
    if float > 0.0 { float } else { whole as f64 }
}

fn count(count: f64) -> Result<f64, Mistake> {
    if count.is_finite() && count >= 0.0 {
        return Ok(count);
    }
    Err(Mistake::of_line("a bucket of a native histogram has a count below zero, or none"))
}

/// The bound and the count of a classic bucket.
fn bucket(message: Message<'_>) -> Result<(f64, f64), Mistake> {
    let (mut count, mut count_float, mut bound) = (0, 0.0, 0.0);
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => count = field.number()?,
            2 => bound = field.double()?,
            4 => count_float = field.double()?,
            _ => {}
        }
    }
    Ok((bound, or_whole(count_float, count)))
}

impl Span {
    fn read(message: Message<'_>) -> Result<Self, Mistake> {
        let mut span = Self { offset: 0, length: 0 };
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => span.offset = zigzag(field.number()?),
                2 => span.length = field.number()?,
                _ => {}
            }
        }
        Ok(span)
    }
}

impl Side {
    fn clear(&mut self) {
        self.spans.clear();
        self.deltas.clear();
        self.counts.clear();
    }

    /// Numbers and counts of the buckets that hold anything.
    fn buckets(
        &self,
        schema: i32,
        has_fractions: bool,
        to: &mut Vec<(i32, f64)>,
    ) -> Result<(), Mistake> {
        to.clear();
        let mut counts = self.all(has_fractions);
        let mut index: i64 = 0;
        for (place, Span { offset, length }) in self.spans.iter().enumerate() {
            if place > 0 && *offset < 0 {
                return Err(Mistake::of_line(
                    "a span of a native histogram begins before the end of the one before it",
                ));
            }
            index = index.checked_add(*offset).ok_or_else(no_bucket)?;
            for _ in 0..*length {
                // However long a span says it is, it ends with the counts.
                let next = counts.next().ok_or_else(no_match)?;
                let next = count(next?)?;
                if next > 0.0 {
                    to.push((number(schema, index)?, next));
                }
                index = index.checked_add(1).ok_or_else(no_bucket)?;
            }
        }
        if counts.next().is_some() { Err(no_match()) } else { Ok(()) }
    }

    /// The counts, as they are.
    fn all(&self, has_fractions: bool) -> impl Iterator<Item = Result<f64, Mistake>> {
        let (deltas, counts) = match has_fractions {
            true => (&[][..], &self.counts[..]),
            false => (&self.deltas[..], &[][..]),
        };
        let mut sum: i64 = 0;
        let whole = deltas.iter().map(move |delta| {
            sum = sum.checked_add(*delta).ok_or_else(too_great)?;
            Ok(sum as f64)
        });
        whole.chain(counts.iter().map(|count| Ok(*count)))
    }
}

fn number(schema: i32, index: i64) -> Result<i32, Mistake> {
    if NativeHistogram::may_have(schema, index) {
        return i32::try_from(index).map_err(|_| no_bucket());
    }
    Err(no_bucket())
}

#[cold]
fn no_bucket() -> Mistake {
    Mistake::of_line("a native histogram has a bucket where no number is")
}

#[cold]
fn too_great() -> Mistake {
    Mistake::of_line("a bucket of a native histogram has a count that is too great")
}

#[cold]
fn no_match() -> Mistake {
    Mistake::of_line("the spans of a native histogram are not as long as its counts are many")
}
