//! The sketch against the Agent's parameters: keys of bins, merging of bins, exact statistics.
#![allow(
    clippy::cast_possible_truncation,
    clippy::type_complexity,
    reason = "keys are small, and a table of functions is one"
)]
#![allow(missing_docs, clippy::float_cmp)]

use allwell::aggregate::Sketch;

fn sketch(values: impl IntoIterator<Item = f64>) -> Sketch {
    let mut sketch = Sketch::new();
    values.into_iter().for_each(|value| sketch.insert(value));
    sketch
}

#[test]
fn values_fall_into_the_agents_bins() {
    let cases = [
        (0.0, 0),
        (9.9e-10, 0),
        (1e-9, 1),
        (1.0, 1338),
        (1.007, 1338),
        (1.008, 1339),
        (2.0, 1383),
        (100.0, 1635),
        (1e9, 2675),
        (-1.0, -1338),
        (-100.0, -1635),
        (-9.9e-10, 0),
        (f64::MAX, i16::MAX),
    ];
    for (value, key) in cases {
        assert_eq!(sketch([value]).bins(), [(key, 1)], "{value}");
    }
}

#[test]
fn bins_are_sorted_and_counted() {
    let sketch = sketch([100.0, 1.0, -1.0, 1.0, 0.0, 100.0, 1.0]);
    assert_eq!(sketch.bins(), [(-1338, 1), (0, 1), (1338, 3), (1635, 2)]);
}

#[test]
fn statistics_are_exact() {
    let sketch = sketch([4.0, -1.0, 3.0]);
    assert_eq!(sketch.count(), 3);
    assert_eq!((sketch.sum(), sketch.mean()), (6.0, 2.0));
    assert_eq!((sketch.min(), sketch.max()), (-1.0, 4.0));
}

#[test]
fn the_least_and_greatest_of_positive_values_are_not_zero() {
    let sketch = sketch([7.0, 9.0]);
    assert_eq!((sketch.min(), sketch.max()), (7.0, 9.0));
}

#[test]
fn an_empty_sketch_is_all_zero() {
    let sketch = Sketch::new();
    assert_eq!(sketch.count(), 0);
    assert_eq!((sketch.sum(), sketch.mean(), sketch.min(), sketch.max()), (0.0, 0.0, 0.0, 0.0));
    assert_eq!(sketch.bins(), []);
}

#[test]
fn beyond_4096_bins_the_lowest_are_merged() {
    let gamma: f64 = 1.0 + 1.0 / 64.0;
    let sketch = sketch((0..5000).map(|power| gamma.powi(power)));
    assert_eq!(sketch.bins().len(), 4096);
    assert_eq!(sketch.bins()[0], (1338 + 904, 905));
    assert_eq!(sketch.bins()[1], (1338 + 905, 1));
    assert_eq!(sketch.bins()[4095], (1338 + 4999, 1));
    assert_eq!(sketch.count(), 5000);
}

/// Numbers that look like chance and are the same in every run, between 0 and 1.
fn chance() -> impl Iterator<Item = f64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    })
}

/// Where a value stands on the scale of keys, with logarithms of another base than the sketch takes.
fn position(value: f64) -> f64 {
    value.log2() / 1.015_625_f64.log2()
}

#[test]
fn ten_thousand_values_have_the_keys_of_the_formula() {
    let mut tried = 0;
    for chance in chance().take(10_000) {
        // From 1e-8 to 1e12, evenly on a logarithmic scale.
        let value = 10_f64.powf(chance * 20.0 - 8.0);
        let position = position(value);
        // Between two keys, the last digit of a logarithm decides.
        if (position.fract().abs() - 0.5).abs() < 1e-9 {
            continue;
        }
        tried += 1;
        let key = position.round() as i16 + 1338;
        assert_eq!(sketch([value]).bins(), [(key, 1)], "{value}");
        assert_eq!(sketch([-value]).bins(), [(-key, 1)], "-{value}");
    }
    assert!(tried > 9990);
}

/// The value of a bin in its middle.
fn middle(key: i16) -> f64 {
    let value = 1.015_625_f64.powi(i32::from(key.abs()) - 1338);
    if key < 0 { -value } else { value }
}

fn quantile(sketch: &Sketch, rank: usize) -> f64 {
    let mut so_far = 0;
    for (key, count) in sketch.bins() {
        so_far += *count as usize;
        if so_far > rank {
            return middle(*key);
        }
    }
    panic!("the rank is beyond the last bin")
}

#[test]
fn quantiles_are_off_by_less_than_a_128th() {
    let distributions: [(&str, fn(f64, f64) -> f64); 5] = [
        ("uniform", |a, _| 1.0 + 1000.0 * a),
        ("exponential", |a, _| -(1.0 - a).ln() * 50.0),
        ("log-normal", |a, b| {
            let normal = (-2.0 * (1.0 - a).ln()).sqrt() * (std::f64::consts::TAU * b).cos();
            (3.0 + 2.0 * normal).exp()
        }),
        ("negative", |a, _| -1e-3 - a * 1e6),
        ("mixed", |a, b| (a - 0.5) * 10_f64.powf(b * 6.0)),
    ];
    for (name, distribution) in distributions {
        let (first, second) = (chance(), chance().skip(777));
        let mut values: Vec<f64> =
            first.zip(second).map(|(a, b)| distribution(a, b)).take(20_000).collect();
        let sketch = sketch(values.iter().copied());
        values.sort_by(f64::total_cmp);
        for percent in 0..=100 {
            let rank = (values.len() - 1) * percent / 100;
            let (exact, found) = (values[rank], quantile(&sketch, rank));
            let error = ((found - exact) / exact).abs();
            assert!(error <= 1.0 / 128.0 + 1e-9, "{name}, {percent} %: {found} for {exact}");
        }
    }
}
