//! Since when counts are counted, and what their sum is, over many runs.

use std::sync::Arc;

use allwell::metric::{Descriptor, Kind};
use allwell::output::Delivery;
use allwell::output::otlp::{Encoder, EncodingOptions, Temporality};

use crate::support::{Instance, Message, encoder, metric};

static COUNT: Descriptor = metric("count", Kind::Count);
static VALUES: Descriptor = metric("values", Kind::Distribution);

/// The start of everything, an hour before the first run.
const BEGAN: i64 = 1_000_000;
const DAY: i64 = 24 * 3600;

fn of(temporality: Temporality) -> Encoder {
    encoder(&EncodingOptions { temporality, ..EncodingOptions::default() }, BEGAN)
}

/// Start and time, both since the beginning, value, and whether it only grows, of each point of a count.
fn sums(encoder: &mut Encoder, deliveries: &[Arc<Delivery>]) -> Vec<(i64, i64, f64, bool)> {
    let encoded = encoder.encode(deliveries);
    let metrics =
        encoded.metrics.iter().flat_map(|request| Message::read(&request.body).all(&[1, 2, 2, 7]));
    let points = metrics.flat_map(|sum| {
        let grows = sum.number(3) == Some(1);
        sum.all(&[1]).into_iter().map(move |point| (point, grows))
    });
    let since = |nanoseconds: u64| (nanoseconds / 1_000_000_000).cast_signed() - BEGAN;
    let told = |(point, grows): (Message, bool)| {
        let time = |field| since(point.number(field).unwrap());
        (time(2), time(3), point.double(4).unwrap(), grows)
    };
    points.map(told).collect()
}

#[test]
fn a_cumulative_count_adds_up_and_keeps_its_start() {
    let (mut encoder, mut instance) = (of(Temporality::Cumulative), Instance::new("a"));
    let mut run = |at: i64, samples: &[_]| {
        let delivery = instance.run(BEGAN + at, samples);
        sums(&mut encoder, &[delivery])
    };
    assert_eq!(run(3600, &[("x", &COUNT, 5.0)]), [(0, 3600, 5.0, true)]);
    assert_eq!(run(3615, &[]), []);
    // A series that is seen for the first time is counted since the run before.
    let both = [("x", &COUNT, 7.0), ("y", &COUNT, 1.0)];
    assert_eq!(run(3630, &both), [(0, 3630, 12.0, true), (3615, 3630, 1.0, true)]);
    // After 25 hours without it, it begins anew.
    assert_eq!(run(3630 + DAY, &[("x", &COUNT, 1.0)]), [(0, 3630 + DAY, 13.0, true)]);
    assert_eq!(run(3630 + 3 * DAY, &[]), []);
    let again = run(3645 + 3 * DAY, &[("x", &COUNT, 2.0)]);
    assert_eq!(again, [(3630 + 3 * DAY, 3645 + 3 * DAY, 2.0, true)]);
}

#[test]
fn a_delta_begins_where_the_last_one_ended() {
    let (mut encoder, mut instance) = (of(Temporality::Delta), Instance::new("a"));
    let mut run = |at: i64, samples: &[_]| {
        let delivery = instance.run(BEGAN + at, samples);
        sums(&mut encoder, &[delivery])
    };
    assert_eq!(run(3600, &[("x", &COUNT, 5.0)]), [(0, 3600, 5.0, true)]);
    assert_eq!(run(3615, &[("x", &COUNT, 7.0)]), [(3600, 3615, 7.0, true)]);
    assert_eq!(run(3630, &[]), []);
    assert_eq!(run(3645, &[("x", &COUNT, 1.0)]), [(3615, 3645, 1.0, true)]);
    // A clock that is set back makes no interval negative.
    assert_eq!(run(3640, &[("x", &COUNT, 2.0)]), [(3640, 3640, 2.0, true)]);
    assert_eq!(run(3655, &[("x", &COUNT, 2.0)]), [(3640, 3655, 2.0, true)]);
}

#[test]
fn a_count_that_fell_is_not_said_to_only_grow() {
    let (mut encoder, mut instance) = (of(Temporality::Cumulative), Instance::new("a"));
    let values = [5.0, -2.0, 4.0];
    let runs = values.into_iter().zip(1..).map(|(value, at)| {
        let delivery = instance.run(BEGAN + at * 15, &[("x", &COUNT, value)]);
        sums(&mut encoder, &[delivery])[0]
    });
    let expected = [(0, 15, 5.0, true), (0, 30, 3.0, false), (0, 45, 7.0, false)];
    assert_eq!(runs.collect::<Vec<_>>(), expected);
}

#[test]
fn instances_that_tell_of_one_series_add_up() {
    let mut encoder = of(Temporality::Cumulative);
    let (mut one, mut other) = (Instance::new("a"), Instance::new("b"));
    let both =
        [one.run(BEGAN + 15, &[("x", &COUNT, 1.0)]), other.run(BEGAN + 20, &[("x", &COUNT, 10.0)])];
    assert_eq!(sums(&mut encoder, &both), [(0, 15, 1.0, true), (0, 20, 11.0, true)]);
    // Another host's series is another one.
    let mut elsewhere = Delivery::clone(&one.run(BEGAN + 30, &[("x", &COUNT, 1.0)]));
    elsewhere.host = Some("elsewhere".into());
    assert_eq!(sums(&mut encoder, &[Arc::new(elsewhere)]), [(15, 30, 1.0, true)]);
}

#[test]
fn a_cumulative_distribution_adds_up() {
    let (mut encoder, mut instance) = (of(Temporality::Cumulative), Instance::new("a"));
    let runs: [&[f64]; 3] = [&[1.0, 4.0], &[0.0, 16.0], &[2.0]];
    let mut told = Vec::new();
    for (values, at) in runs.into_iter().zip(1..) {
        let samples: Vec<_> = values.iter().map(|value| ("x", &VALUES, *value)).collect();
        let encoded = encoder.encode(&[instance.run(BEGAN + at * 15, &samples)]);
        let point = &Message::read(&encoded.metrics[0].body).all(&[1, 2, 2, 10, 1])[0];
        let number = |field| point.number(field).unwrap();
        let double = |field| point.double(field).unwrap();
        let positive: u64 = point.all(&[8])[0].packed(2).iter().sum();
        told.push((number(4), double(5), double(12), double(13), number(7), positive));
    }
    let expected =
        [(2, 5.0, 1.0, 4.0, 0, 2), (4, 21.0, 0.0, 16.0, 1, 3), (5, 23.0, 0.0, 16.0, 1, 4)];
    assert_eq!(told, expected);
}
