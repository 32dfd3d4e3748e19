//! A sketch as values that make the same sketch again.
//!
//! DogStatsD knows no sketches: the server makes one of the values that it is sent. So every bin is sent as a value that
//! falls into the same bin, with its weight as a sample rate. Two things make that exact. A server computes the weight as
//! `1 / rate` and cuts off the fraction, so that a rate of `1/49` would count 48: here all rates are powers of two, which
//! have exact reciprocals, and a bin of 49 is sent as 32, 16 and 1. And a value may lie anywhere in its bin: all lie as far
//! from the lower end of theirs as makes their sum the sum of what was measured.

use crate::aggregate::Sketch;

/// How far a value stays from the ends of its bin, as a share of the bin: rounding must not carry it over.
const MARGIN: f64 = 1e-3;

/// A value, and of how many it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weighted {
    /// The weight is two to this power.
    pub(super) power: u8,
    pub(super) value: f64,
}

impl Weighted {
    const fn one(value: f64) -> Self {
        Self { power: 0, value }
    }
}

/// Replaces `values` by what a sketch is sent as, in the order of the weights.
///
/// The count, the bins, the least and the greatest value are the sketch's own, and the sum is but for rounding; as far as the
/// sketch has merged its lowest bins, the sum is off by what that has lost.
pub(super) fn weighted(sketch: &Sketch, values: &mut Vec<Weighted>) {
    values.clear();
    let (min, max) = (sketch.min(), sketch.max());
    if sketch.count() == 0 {
        return;
    }
    let mut left = Left::of(sketch);
    values.push(Weighted::one(min));
    left.take_first();
    if left.take_last() {
        values.push(Weighted::one(max));
        let share = left.share(sketch.sum() - min - max);
        for (low, high, count) in left.bins() {
            push(values, low + (high - low) * share, count);
        }
    }
    values.sort_by_key(|one| one.power);
}

/// A value as often as this: once for every bit of the number.
fn push(values: &mut Vec<Weighted>, value: f64, count: u32) {
    let powers = (0..u32::BITS as u8).filter(|power| count >> power & 1 == 1);
    values.extend(powers.map(|power| Weighted { power, value }));
}

/// The bins without the least and the greatest value, which are sent as they are.
struct Left<'s> {
    sketch: &'s Sketch,
    from_first: u32,
    from_last: u32,
}

impl<'s> Left<'s> {
    const fn of(sketch: &'s Sketch) -> Self {
        Self { sketch, from_first: 0, from_last: 0 }
    }

    const fn take_first(&mut self) {
        self.from_first = 1;
    }

    /// Takes one from the last bin, unless there was only one value.
    fn take_last(&mut self) -> bool {
        self.from_last = u32::from(self.sketch.count() > 1);
        self.from_last > 0
    }

    /// The least and the greatest value that may stand for what is left in each bin, and how much is.
    fn bins(&self) -> impl Iterator<Item = (f64, f64, u32)> {
        let (min, max) = (self.sketch.min(), self.sketch.max());
        let bins = self.sketch.bins();
        let last = bins.len().saturating_sub(1);
        bins.iter().enumerate().map(move |(at, &(key, count))| {
            let taken = if at == 0 { self.from_first } else { 0 }
                + if at == last { self.from_last } else { 0 };
            let (low, high) = Sketch::range(key);
            let margin = (high - low) * MARGIN;
            let low = if low <= min { min } else { low + margin };
            let high = if high >= max { max } else { high - margin };
            (low.min(high), high, count.saturating_sub(taken))
        })
    }

    /// How far from the lower ends of their bins all values lie if this is their sum.
    fn share(&self, sum: f64) -> f64 {
        let ends = |(low, high), (bin_low, bin_high, count)| {
            (low + bin_low * f64::from(count), high + bin_high * f64::from(count))
        };
        let (low, high) = self.bins().fold((0.0, 0.0), ends);
        let share = (sum - low) / (high - low);
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
    }
}
