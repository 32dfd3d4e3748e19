//! A sketch as values that make the same sketch again.
//!
//! DogStatsD knows no sketches: the server makes one of the values that it is sent. So every bin is sent as a value that
//! falls into the same bin, with its weight as a sample rate. Two things make that exact. A server computes the weight as
//! `1 / rate` and cuts off the fraction, so that a rate of `1/49` would count 48: here all rates are powers of two, which
//! have exact reciprocals, and a bin of 49 is sent as 32, 16 and 1. And a value may lie anywhere in its bin: all lie as far
//! from the lower end of theirs as makes their sum the sum of what was measured.

use crate::aggregate::Sketch;

/// How far a value stays from the ends of its bin, as a share of the bin: rounding must not carry it over.
const MARGIN: f64 = 1e-6;

/// A value, and of how many it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weighted {
    /// The weight is two to this power.
    pub(super) power: u8,
    pub(super) value: f64,
}

/// Replaces `values` by what a sketch is sent as, in the order of the weights.
///
/// The count, the bins, the least and the greatest value are the sketch's own, and the sum is but for rounding. As far as the
/// sketch has merged its lowest bins, the sum is off by what that has lost.
pub(super) fn weighted(sketch: &Sketch, values: &mut Vec<Weighted>) {
    values.clear();
    let (min, max) = (sketch.min(), sketch.max());
    if sketch.count() > 0 {
        values.push(Weighted { power: 0, value: min });
    }
    if sketch.count() > 1 {
        values.push(Weighted { power: 0, value: max });
        let share = share(sketch, sketch.sum() - min - max);
        for Between { low, high, count } in between(sketch) {
            let value = low + (high - low) * share;
            let powers = (0..32).filter(|power| count & (1 << power) != 0);
            values.extend(powers.map(|power| Weighted { power, value }));
        }
    }
    values.sort_by_key(|one| one.power);
}

/// A bin without the least and the greatest value of the sketch, which are sent as they are.
struct Between {
    /// What may stand for the values in it.
    low: f64,
    high: f64,
    count: u32,
}

fn between(sketch: &Sketch) -> impl Iterator<Item = Between> {
    let (min, max) = (sketch.min(), sketch.max());
    let last = sketch.bins().len().saturating_sub(1);
    sketch.bins().iter().enumerate().map(move |(at, &(key, count))| {
        let taken = u32::from(at == 0) + u32::from(at == last);
        let (low, high) = range(key);
        let margin = (high - low) * MARGIN;
        let high = if high >= max { max } else { high - margin };
        let low = if low <= min { min } else { low + margin };
        Between { low: low.min(high), high, count: count.saturating_sub(taken) }
    })
}

/// The least and the greatest value that may be in a bin. The last one at either end takes all values beyond it.
fn range(key: i16) -> (f64, f64) {
    let reaches = |key, width: f64| (Sketch::log2_of_bin(key) + width * Sketch::LOG2_WIDTH).exp2();
    // What is nearer to zero than the middle of the first bin is counted as zero.
    let least = || reaches(1, 0.0);
    let (inner, outer) = match key.saturating_abs() {
        0 => return (-least(), least()),
        1 => (least(), reaches(1, 0.5)),
        i16::MAX => (reaches(i16::MAX, -0.5), f64::MAX),
        key => (reaches(key, -0.5), reaches(key, 0.5)),
    };
    if key > 0 { (inner, outer) } else { (-outer, -inner) }
}

/// How far from the lower ends of their bins all values lie if this is their sum.
fn share(sketch: &Sketch, sum: f64) -> f64 {
    let (low, high) = between(sketch).fold((0.0, 0.0), |(low, high), bin| {
        (low + bin.low * f64::from(bin.count), high + bin.high * f64::from(bin.count))
    });
    let share = (sum - low) / (high - low);
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
}
