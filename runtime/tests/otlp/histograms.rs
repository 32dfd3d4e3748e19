//! Distributions as exponential histograms: what is exact, and how far off the bounds may be.

use allwell::metric::{Descriptor, Kind};
use allwell::output::otlp::{EncodingOptions, HistogramForm};
use proptest::prelude::*;

use crate::support::{Instance, Message, encoder, metric};

static VALUES: Descriptor = metric("values", Kind::Distribution);

/// A bin of the sketch reaches as far as this factor to both sides of its middle.
const HALF_A_BIN: f64 = 1.007_782_218_537_318_7;

fn histogram(values: &[f64], most_buckets: usize) -> Message {
    let histograms = HistogramForm::Exponential { most_buckets };
    let options = EncodingOptions { histograms, ..EncodingOptions::default() };
    let samples: Vec<_> = values.iter().map(|value| ("x", &VALUES, *value)).collect();
    let delivery = Instance::new("a").run(1000, &samples);
    let encoded = encoder(&options, 0).encode(&[delivery]);
    let points = Message::read(&encoded.metrics[0].body).all(&[1, 2, 2, 10, 1]);
    assert_eq!(points.len(), 1);
    points[0].clone()
}

/// Lower and upper bound of each value's bucket, in ascending order of the values.
fn buckets(point: &Message) -> Vec<(f64, f64)> {
    let base = 2_f64.powf((-point.signed(6) as f64).exp2());
    let of_sign = |field: u32| {
        let mut bounds = Vec::new();
        for side in point.all(&[field]) {
            for (index, count) in (side.signed(1)..).zip(side.packed(2)) {
                let (lower, upper) = (base.powf(index as f64), base.powf(index as f64 + 1.0));
                bounds.extend((0..count).map(|_| (lower, upper)));
            }
        }
        bounds
    };
    let below = of_sign(9).into_iter().rev().map(|(lower, upper)| (-upper, -lower));
    let zero = (0..point.number(7).unwrap()).map(|_| (0.0, 0.0));
    below.chain(zero).chain(of_sign(8)).collect()
}

fn check(values: &mut [f64], most_buckets: usize) {
    let point = histogram(values, most_buckets);
    values.sort_unstable_by(f64::total_cmp);
    let (min, max) = (values[0], values[values.len() - 1]);
    assert_eq!(point.number(4), Some(values.len() as u64));
    assert_eq!((point.double(12), point.double(13)), (Some(min), Some(max)));
    assert_eq!(point.double(5).is_some(), min >= 0.0);
    for side in point.all(&[8]).into_iter().chain(point.all(&[9])) {
        let counts = side.packed(2);
        assert!(counts.len() <= most_buckets, "{} buckets", counts.len());
        assert!(counts.first() != Some(&0) && counts.last() != Some(&0));
    }
    let found = buckets(&point);
    assert_eq!(found.len(), values.len());
    let threshold = point.double(14).unwrap();
    for ((lower, upper), value) in found.into_iter().zip(values) {
        if lower == 0.0 && upper == 0.0 {
            assert!(value.abs() < threshold * 1.000_001, "{value} is not zero");
            continue;
        }
        let (least, most) = match *value < 0.0 {
            true => (lower * HALF_A_BIN, upper / HALF_A_BIN),
            false => (lower / HALF_A_BIN, upper * HALF_A_BIN),
        };
        let slack = value.abs() * 1e-9;
        assert!(
            (least - slack..=most + slack).contains(value),
            "{value} is not in {lower}..{upper}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_value_is_half_a_bin_off_its_bucket_at_most(
        mut values in prop::collection::vec(
            prop_oneof![-1e12..1e12_f64, -1.0..1.0_f64, 1e-12..1e-6_f64, Just(0.0)],
            1..200,
        ),
        most_buckets in prop_oneof![Just(2_usize), Just(20), Just(160), Just(640)],
    ) {
        check(&mut values, most_buckets);
    }
}

#[test]
fn the_scale_is_the_finest_that_fits() {
    // Values of one doubling take 256 buckets at the finest scale.
    let cases = [(640, 8), (256, 8), (255, 7), (128, 7), (127, 6), (2, 1)];
    for (most_buckets, scale) in cases {
        let point = histogram(&[1.000_001, 2.0], most_buckets);
        assert_eq!(point.signed(6), scale, "{most_buckets} buckets");
    }
    assert_eq!(histogram(&[1e-9, 1e300], 640).signed(6), -1);
    assert_eq!(histogram(&[5.0], 2).signed(6), 8);
}
