//! Series and sketches, byte for byte as prost encodes them.

use std::sync::Arc;

use allwell::aggregate::{Series, SeriesKind};
use allwell::metric::UnitName;
use allwell::output::Delivery;
use allwell::output::intake::{Compression, Form, SeriesVersion};
use proptest::prelude::*;
use prost::Message;
use serde_json::json;

use crate::messages::{
    Dogsketch, MetricPayload, MetricPoint, MetricSeries, Resource, Sketch, SketchPayload,
};
use crate::support::{
    TIME, body, delivery, encode, form, json, of_series, series, sketch, tag_set,
};

fn resource(kind: &str, name: &str) -> Resource {
    Resource { kind: kind.to_owned(), name: name.to_owned() }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The series of a payload, the way the table of the module's documentation has it.
fn expected(
    series: &Series,
    host: &str,
    resources: &[Resource],
    tags: Vec<String>,
) -> MetricSeries {
    let kind = match series.kind {
        SeriesKind::Count => 1,
        SeriesKind::Rate => 2,
        SeriesKind::Gauge => 3,
    };
    let host = (!host.is_empty()).then(|| resource("host", host));
    MetricSeries {
        resources: host.into_iter().chain(resources.iter().cloned()).collect(),
        metric: series.name.to_string(),
        tags,
        points: vec![MetricPoint { value: series.value, timestamp: series.timestamp }],
        kind,
        unit: series.unit.name.to_owned(),
        source_type_name: "System".to_owned(),
        interval: 0,
    }
}

fn only_payload(form: Form, deliveries: &[Arc<Delivery>]) -> Vec<u8> {
    let encoded = encode(form, deliveries);
    assert_eq!(encoded.payloads.len(), 1);
    body(&encoded.payloads[0])
}

#[test]
fn resources_are_no_tags() {
    let tags = tag_set(
        [
            "mount:/",
            "device:sda",
            "dd.internal.resource:aws_ec2_instance:i-1:2",
            "dd.internal.resource:nothing",
            "team:x",
        ],
        Some("db-1"),
    );
    let one = series("disk.used", 1.5, &tags);
    let payload = MetricPayload {
        series: vec![expected(
            &one,
            "db-1",
            &[resource("device", "sda"), resource("aws_ec2_instance", "i-1:2")],
            texts(&["mount:/", "team:x"]),
        )],
    };
    let bytes = only_payload(form(Compression::Zstd), &of_series(vec![one]));
    assert_eq!(MetricPayload::decode(&*bytes).unwrap(), payload);
    assert_eq!(bytes, payload.encode_to_vec());
}

#[test]
fn the_host_is_the_deliverys_unless_a_record_names_one_and_may_be_none() {
    let (plain, named) = (tag_set(["a:b"], None), tag_set(["a:b"], Some("other")));
    let delivered = |host: Option<&str>| {
        let series = vec![series("x", 1.0, &plain), series("x", 1.0, &named)];
        Arc::new(Delivery { host: host.map(Into::into), series, ..delivery() })
    };
    let deliveries = [delivered(Some("web-1")), delivered(Some("web-2")), delivered(None)];
    let bytes = only_payload(form(Compression::None), &deliveries);
    let hosts = MetricPayload::decode(&*bytes).unwrap().series.into_iter();
    let hosts: Vec<_> =
        hosts.map(|one| one.resources.first().map(|host| host.name.clone())).collect();
    let hosts: Vec<_> = hosts.iter().map(Option::as_deref).collect();
    let other = Some("other");
    assert_eq!(hosts, [Some("web-1"), other, Some("web-2"), other, None, other]);
}

#[test]
fn kinds_and_units_are_told_and_a_quotient_is_not() {
    let tags = tag_set([], None);
    let with = |kind, name, per| {
        let unit = UnitName { name, per }.shared();
        Series { kind, unit, ..series("x", 1.0, &tags) }
    };
    let all = vec![
        with(SeriesKind::Gauge, "byte", ""),
        with(SeriesKind::Count, "", ""),
        with(SeriesKind::Rate, "byte", "second"),
    ];
    let bytes = only_payload(form(Compression::None), &of_series(all));
    let decoded = MetricPayload::decode(&*bytes).unwrap().series;
    let said: Vec<_> = decoded.iter().map(|one| (one.kind, one.unit.as_str())).collect();
    assert_eq!(said, [(3, "byte"), (1, ""), (2, "")]);
}

#[test]
fn what_is_no_number_never_goes_out() {
    let tags = tag_set([], None);
    let values = [1.0, f64::NAN, f64::INFINITY, 2.0, f64::NEG_INFINITY];
    let all = values.map(|value| series("disk.used", value, &tags)).to_vec();
    let sketches = vec![sketch("time", &[f64::MAX, f64::MAX], &tags)];
    let delivery = Arc::new(Delivery { series: all, sketches, ..delivery() });
    let encoded = encode(form(Compression::Zstd), &[delivery]);
    assert_eq!((encoded.amount().series, encoded.refused.amount.series), (2, 3));
    assert_eq!((encoded.amount().sketches, encoded.refused.amount.sketches), (0, 1));
    let message = "`time` has a value that is no finite number";
    assert_eq!(encoded.refused.last.as_deref(), Some(message));
}

#[test]
fn version_1_is_json() {
    let tags = tag_set(["mount:/\"\n", "device:sda", "dd.internal.resource:a:b"], None);
    let form = Form { compression: Compression::Deflate, series: SeriesVersion::V1 };
    let encoded = encode(form, &of_series(vec![series("disk.used", 0.5, &tags)]));
    let payload = &encoded.payloads[0];
    assert_eq!(payload.route, "/api/v1/series");
    assert_eq!(payload.content_encoding.as_deref(), Some("deflate"));
    let series = json!([{
        "metric": "disk.used",
        "points": [[TIME, 0.5]],
        "tags": ["mount:/\"\n", "device:sda"],
        "host": "web-1",
        "type": "gauge",
        "interval": 0,
        "source_type_name": "System",
    }]);
    assert_eq!(json(payload), json!({ "series": series }));
}

#[test]
fn a_sketch_has_the_agents_form() {
    let tags = tag_set(["device:sda", "dd.internal.resource:a:b"], None);
    let many: Vec<_> = (1..=300).map(f64::from).collect();
    let sketches = vec![
        sketch("time", &[-1.0, 0.0, 100.0, 100.0], &tags),
        sketch("many", &many, &tags),
        sketch("none", &[], &tags),
    ];
    let of = |series: &allwell::aggregate::SketchSeries| Sketch {
        metric: series.name.to_string(),
        host: "web-1".to_owned(),
        tags: texts(&["device:sda"]),
        dogsketches: vec![Dogsketch {
            ts: TIME,
            cnt: series.sketch.count().cast_signed(),
            min: series.sketch.min(),
            max: series.sketch.max(),
            avg: series.sketch.mean(),
            sum: series.sketch.sum(),
            k: series.sketch.bins().iter().map(|(key, _)| i32::from(*key)).collect(),
            n: series.sketch.bins().iter().map(|(_, count)| *count).collect(),
        }],
    };
    let payload = SketchPayload { sketches: sketches.iter().map(of).collect() };
    assert_eq!(payload.sketches[0].dogsketches[0].k, [-1338, 0, 1635]);
    assert_eq!(payload.sketches[0].dogsketches[0].n, [1, 1, 2]);
    let delivery = Arc::new(Delivery { sketches, ..delivery() });
    let encoded = encode(form(Compression::Zstd), &[delivery]);
    assert_eq!(encoded.payloads[0].route, "/api/beta/sketches");
    assert_eq!(body(&encoded.payloads[0]), payload.encode_to_vec());
}

fn any_series() -> impl Strategy<Value = (String, f64, i64, SeriesKind, Vec<String>)> {
    let kind =
        prop_oneof![Just(SeriesKind::Gauge), Just(SeriesKind::Rate), Just(SeriesKind::Count)];
    let value = prop_oneof![Just(0.0), Just(-0.0), proptest::num::f64::NORMAL];
    let tag = prop_oneof!["[a-c]:[^\u{0}]{1,200}", "device:[a-z]{1,3}"];
    let tags = proptest::collection::vec(tag, 0..4);
    ("[^\u{0}]{0,300}", value, any::<i64>(), kind, tags)
}

proptest! {
    #[test]
    fn anything_is_encoded_as_prost_does(all in proptest::collection::vec(any_series(), 1..8)) {
        let made: Vec<_> = all
            .iter()
            .map(|(name, value, timestamp, kind, tags)| {
                let tags = tag_set(tags.iter().map(String::as_str), None);
                Series { timestamp: *timestamp, kind: *kind, ..series(name.clone(), *value, &tags) }
            })
            .collect();
        let expected = made.iter().map(|one| {
            let (devices, tags): (Vec<_>, Vec<_>) =
                one.tags.iter().map(str::to_owned).partition(|tag| tag.starts_with("device:"));
            let device = devices.first().map(|tag| resource("device", &tag["device:".len()..]));
            expected(one, "web-1", device.as_slice(), tags)
        });
        let payload = MetricPayload { series: expected.collect() };
        let bytes = only_payload(form(Compression::None), &of_series(made));
        prop_assert_eq!(bytes, payload.encode_to_vec());
    }
}
