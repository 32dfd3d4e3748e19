//! The sketch against the Agent's parameters: keys of bins, merging of bins, exact statistics.
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
