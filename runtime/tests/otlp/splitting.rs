//! Requests that are no bigger than they may be, and hold everything once.

use std::sync::Arc;

use allwell::metric::{Descriptor, Kind, Log, MAX_TAG};
use allwell::output::otlp::{Encoded, EncodingOptions};
use allwell::output::{Amount, Delivery};

use crate::support::{Instance, Message, encoder, metric};

static A: Descriptor = metric("a", Kind::Gauge);
static B: Descriptor = metric("b", Kind::Gauge);

/// A thousand points of two metrics; one more has a tag as long as a tag may be, if so wanted.
fn delivery(with_a_long_tag: bool) -> Arc<Delivery> {
    let tags: Vec<_> = (0..500).map(|number| number.to_string()).collect();
    let long = "x".repeat(MAX_TAG - 2);
    let mut samples = Vec::new();
    for (tag, value) in tags.iter().zip(0..) {
        samples.extend([(tag.as_str(), &A, f64::from(value)), (tag.as_str(), &B, 0.5)]);
    }
    if with_a_long_tag {
        samples.insert(500, (&long, &A, -1.0));
    }
    Instance::new("i").run(1000, &samples)
}

fn encode(most_bytes: usize, most_points: u64, delivery: Arc<Delivery>) -> Encoded {
    let options = EncodingOptions { most_bytes, most_points, ..EncodingOptions::default() };
    encoder(&options, 0).encode(&[delivery])
}

/// Metric and value of all points, in order; every request tells host, check and metric of its points.
fn points(encoded: &Encoded) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    for request in &encoded.metrics {
        let message = Message::read(&request.body);
        assert_eq!(message.all(&[1, 1, 1])[0].text(1), "host.name");
        assert_eq!(message.all(&[1, 2, 1])[0].text(1), "check");
        let before = found.len();
        for metric in message.all(&[1, 2, 2]) {
            assert_eq!(metric.text(3), "By");
            let values = metric.all(&[5, 1]).into_iter().map(|point| point.double(4).unwrap());
            found.extend(values.map(|value| (metric.text(1), value)));
        }
        let amount = Amount { series: (found.len() - before) as u64, ..Amount::default() };
        assert_eq!(request.amount, amount);
    }
    found
}

fn expected() -> Vec<(String, f64)> {
    let a = (0..500).map(|value| ("a".to_owned(), f64::from(value)));
    a.chain((0..500).map(|_| ("b".to_owned(), 0.5))).collect()
}

#[test]
fn points_are_split_by_number_and_told_once() {
    for (most_points, requests) in [(1, 1000), (7, 143), (999, 2), (1000, 1)] {
        let encoded = encode(1 << 20, most_points, delivery(false));
        assert_eq!(encoded.metrics.len(), requests);
        assert_eq!(points(&encoded), expected());
    }
}

#[test]
fn points_are_split_by_bytes_and_told_once() {
    let whole = encode(1 << 20, 10_000, delivery(false)).metrics[0].body.len();
    for most_bytes in [400, 1000, 5000, whole, whole + 16] {
        let encoded = encode(most_bytes, 10_000, delivery(false));
        let longest = encoded.metrics.iter().map(|request| request.body.len()).max().unwrap();
        assert!(longest <= most_bytes, "{longest} bytes, and not {most_bytes}");
        // Only the last request may have room for another point.
        let full = encoded.metrics.iter().rev().skip(1).map(|request| request.body.len());
        assert!(full.clone().all(|bytes| bytes + 150 > most_bytes), "{most_bytes}");
        assert_eq!(points(&encoded), expected());
        assert_eq!(encoded.too_big, Amount::default());
    }
}

#[test]
fn a_point_that_is_too_big_for_a_request_is_counted_and_keeps_no_other_from_being_told() {
    let encoded = encode(400, 10_000, delivery(true));
    assert_eq!(encoded.too_big, Amount { series: 1, ..Amount::default() });
    assert_eq!(points(&encoded), expected());
}

#[test]
fn log_records_are_split_as_well() {
    let mut delivery = Delivery::clone(&delivery(false));
    delivery.logs = (0..100).map(|number| Log::new(format!("line {number}"))).collect();
    delivery.logs.insert(50, Log::new("x".repeat(5000)));
    let encoded = encode(2000, 30, Arc::new(delivery));
    assert_eq!(encoded.too_big, Amount { logs: 1, ..Amount::default() });
    let mut lines = Vec::new();
    for request in &encoded.logs {
        assert!(request.body.len() <= 2000 && request.amount.logs <= 30);
        let records = Message::read(&request.body).all(&[1, 2, 2, 5]);
        assert_eq!(records.len() as u64, request.amount.logs);
        lines.extend(records.into_iter().map(|body| body.text(1)));
    }
    assert_eq!(lines, (0..100).map(|number| format!("line {number}")).collect::<Vec<_>>());
}
