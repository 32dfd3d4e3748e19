//! Sketches as histograms: the bounds, and the numbers of values up to each of them since the beginning.

use crate::aggregate::Sketch;
use crate::metric::UnitName;

/// The upper bounds of a histogram's buckets, the last one of all values aside.
#[derive(Debug, PartialEq)]
pub(super) struct Bounds {
    all: Box<[Bound]>,
}

#[derive(Debug, PartialEq)]
struct Bound {
    value: f64,
    /// The last bin of a sketch whose values are counted as not above it.
    bin: i16,
    /// As a label shows it.
    text: Box<str>,
}

impl Bounds {
    /// Bounds of these values, finite ones in ascending order.
    pub(super) fn new(values: impl IntoIterator<Item = f64>) -> Self {
        let bound = |value: f64| {
            let mut sketch = Sketch::new();
            sketch.insert(value);
            let bin = sketch.bins().first().map_or(0, |(bin, _)| *bin);
            Bound { value, bin, text: canonical(value).into() }
        };
        Self { all: values.into_iter().map(bound).collect() }
    }

    /// The bounds that suit a unit: 100 µs to 100 s, 64 bytes to 16 GiB, shares of a whole, and a thousandth to a million of
    /// everything else.
    pub(super) fn of_unit(unit: UnitName) -> Self {
        let decades = |from: i32, to: i32| {
            let steps =
                (from..to).flat_map(|exponent| ["1", "2.5", "5"].map(|step| (step, exponent)));
            steps
                .chain([("1", to)])
                .filter_map(|(step, exponent)| format!("{step}e{exponent}").parse().ok())
        };
        let shares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0];
        match (unit.name, unit.per) {
            ("second", "") => Self::new(decades(-4, 2)),
            ("millisecond", "") => Self::new(decades(-1, 5)),
            ("microsecond", "") => Self::new(decades(2, 8)),
            ("nanosecond", "") => Self::new(decades(5, 11)),
            ("byte", "") => Self::new((6..=34).step_by(2).map(|power| 2_f64.powi(power))),
            ("fraction", "") => Self::new(shares),
            ("percent", "") => Self::new(shares.map(|share| (share * 100.0).round())),
            _ => Self::new(decades(-3, 6)),
        }
    }

    /// How a label shows each bound.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|bound| &*bound.text)
    }

    /// A bound is below zero: a sum of such values is no counter.
    pub(super) fn has_negative(&self) -> bool {
        self.all.first().is_some_and(|bound| bound.value < 0.0)
    }
}

/// Values since the beginning, by bucket.
#[derive(Debug)]
pub(super) struct Buckets {
    /// Of each bucket without those below it; the last one has no bound.
    counts: Box<[u64]>,
    pub(super) sum: f64,
}

impl Buckets {
    pub(super) fn new(bounds: &Bounds) -> Self {
        Self { counts: vec![0; bounds.all.len() + 1].into(), sum: 0.0 }
    }

    /// Adds the values of a sketch. A whole bin goes into one bucket, that of its values which hold a bound to those not above
    /// it: so a value equal to a bound is counted right, and one that is above it by less than 1/64 may count as not above.
    pub(super) fn add(&mut self, sketch: &Sketch, bounds: &Bounds) {
        let mut at = 0;
        for (bin, count) in sketch.bins() {
            while bounds.all.get(at).is_some_and(|bound| bound.bin < *bin) {
                at += 1;
            }
            self.counts[at] += u64::from(*count);
        }
        self.sum += sketch.sum();
    }

    /// The number of values up to each bound, and of all.
    pub(super) fn cumulative(&self) -> impl Iterator<Item = u64> {
        self.counts.iter().scan(0, |sum, count| {
            *sum += count;
            Some(*sum)
        })
    }

    /// The number of all values.
    pub(super) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// A number as the specification of OpenMetrics has it in `le` and `quantile`: `0.25`, `10.0`, `1e+06`.
pub(super) fn canonical(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 || (1e-4..1e6).contains(&magnitude) {
        return format!("{value:?}");
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, exponent) = match exponent.strip_prefix('-') {
                Some(exponent) => ('-', exponent),
                None => ('+', exponent),
            };
            format!("{digits}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}
