//! Deliveries to encode, and payloads to read.

use std::io::Read;
use std::sync::Arc;

use allwell::aggregate::{Sampler, Series, SeriesKind, Sketch, SketchSeries, TagSet};
use allwell::metric::{Batch, Limits, MetricName, Metrics, UnitName};
use allwell::output::Delivery;
use allwell::output::forward::Payload;
use allwell::output::intake::{Compression, Encoded, Encoder, Form, SeriesVersion};
use allwell::prelude::{Gauge, Item};

#[derive(allwell::Metrics)]
#[metrics(namespace = "any")]
struct Any {
    /// Anything.
    any: Gauge<Item>,
}

pub const TIME: i64 = 1_800_000_000;

/// A tag set as a sampler makes it.
pub fn tag_set<'t>(tags: impl IntoIterator<Item = &'t str>, host: Option<&str>) -> Arc<TagSet> {
    let mut batch = Batch::new([""; 0], Limits::default());
    let mut emitter = batch.emitter();
    let mut writer = emitter.record();
    for tag in tags {
        let (key, value) = tag.split_once(':').expect("a key and a value");
        writer.tag(key, value);
    }
    if let Some(host) = host {
        writer.host(host);
    }
    Any { any: 1.0.into() }.emit(&mut writer.samples());
    let mut sampler = Sampler::new();
    sampler.add(&batch, 0.0);
    sampler.commit(0.0).series.remove(0).tags
}

pub fn series(name: impl Into<MetricName>, value: f64, tags: &Arc<TagSet>) -> Series {
    Series {
        name: name.into(),
        kind: SeriesKind::Gauge,
        unit: &UnitName { name: "item", per: "" },
        timestamp: TIME,
        value,
        tags: Arc::clone(tags),
    }
}

pub fn sketch(name: &'static str, values: &[f64], tags: &Arc<TagSet>) -> SketchSeries {
    let mut sketch = Sketch::new();
    for value in values {
        sketch.insert(*value);
    }
    let unit = &UnitName { name: "item", per: "" };
    SketchSeries { name: name.into(), unit, timestamp: TIME, sketch, tags: Arc::clone(tags) }
}

pub fn delivery() -> Delivery {
    Delivery {
        check: "disk",
        instance: "disk:1".into(),
        host: Some("web-1".into()),
        time: 1_800_000_000.25,
        tags: Arc::new(["env:prod".to_owned()]),
        series: Vec::new(),
        sketches: Vec::new(),
        service_checks: Vec::new(),
        events: Vec::new(),
        logs: Vec::new(),
    }
}

pub fn of_series(series: Vec<Series>) -> Vec<Arc<Delivery>> {
    vec![Arc::new(Delivery { series, ..delivery() })]
}

pub fn form(compression: Compression) -> Form {
    Form { compression, series: SeriesVersion::V2 }
}

pub fn encode(form: Form, deliveries: &[Arc<Delivery>]) -> Encoded {
    Encoder::new(form).encode(deliveries).unwrap()
}

/// The body of a payload, decompressed.
pub fn body(payload: &Payload) -> Vec<u8> {
    match payload.content_encoding.as_deref() {
        Some("zstd") => zstd::decode_all(&*payload.body).unwrap(),
        Some("deflate") => {
            let mut body = Vec::new();
            flate2::read::ZlibDecoder::new(&*payload.body).read_to_end(&mut body).unwrap();
            body
        }
        Some(other) => panic!("{other}"),
        None => payload.body.to_vec(),
    }
}

pub fn json(payload: &Payload) -> serde_json::Value {
    serde_json::from_slice(&body(payload)).unwrap()
}

/// Text that no compression makes shorter by much, the same in every run.
pub fn noise(seed: u64, length: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'!' + u8::try_from(state % 90).unwrap())
    };
    (0..length).map(|_| next()).collect()
}
