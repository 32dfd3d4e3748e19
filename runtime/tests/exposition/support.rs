//! What the tests share: points as runs yield them, and the text that comes of them.

use std::sync::{Arc, Mutex};

use allwell::aggregate::{Sampler, Series, SeriesKind, Sketch, SketchSeries, TagSet};
use allwell::metric::{Batch, Limits, UnitName};
use allwell::output::exposition::{Exposition, ExpositionOptions, Format, Syntax};
use allwell::output::{Amount, Delivery, Output};
use allwell::prelude::*;

/// The older text format.
pub(crate) const TEXT: Format = Format { syntax: Syntax::Text, utf8_names: false };

/// OpenMetrics.
pub(crate) const OPEN: Format = Format { syntax: Syntax::OpenMetrics, utf8_names: false };

/// When the runs are: seconds since the Unix epoch.
pub(crate) const TIME: f64 = 1_700_000_000.5;

/// No unit.
pub(crate) const NONE: UnitName = UnitName { name: "", per: "" };

pub(crate) const fn unit(name: &'static str) -> UnitName {
    UnitName { name, per: "" }
}

/// A record whose only purpose is to have tags.
#[derive(Metrics)]
#[metrics(namespace = "test")]
struct Point {
    /// A value.
    value: Gauge<Unitless>,
}

/// A set of these tags.
pub(crate) fn tags<T: AsRef<str>>(tags: &[T]) -> Arc<TagSet> {
    let tags = tags.iter().map(|tag| tag.as_ref().to_owned());
    let mut batch = Batch::new(tags.collect::<Vec<_>>(), Limits::default());
    Point { value: 1.into() }.emit(&mut batch.emitter());
    let mut sampler = Sampler::new();
    sampler.add(&batch, TIME);
    Arc::clone(&sampler.commit(TIME).series[0].tags)
}

/// A point without a unit.
pub(crate) fn point(name: &str, kind: SeriesKind, value: f64, tags: &Arc<TagSet>) -> Series {
    let name = name.to_owned().into();
    Series { name, kind, unit: &NONE, timestamp: 0, value, tags: Arc::clone(tags) }
}

pub(crate) fn gauge(name: &str, value: f64, of: &[&str]) -> Series {
    point(name, SeriesKind::Gauge, value, &tags(of))
}

pub(crate) fn count(name: &str, value: f64, of: &[&str]) -> Series {
    point(name, SeriesKind::Count, value, &tags(of))
}

/// A sketch of these values.
pub(crate) fn sketch(name: &'static str, unit: UnitName, values: &[f64]) -> SketchSeries {
    let mut sketch = Sketch::new();
    for value in values {
        sketch.insert(*value);
    }
    SketchSeries {
        name: name.into(),
        unit: unit.shared(),
        timestamp: 0,
        sketch,
        tags: tags::<&str>(&[]),
    }
}

/// A run that yielded nothing, on the host `web-1`.
pub(crate) fn nothing() -> Delivery {
    Delivery {
        check: "test",
        instance: "test:1".into(),
        host: Some("web-1".into()),
        time: TIME,
        tags: Arc::new([]),
        series: Vec::new(),
        sketches: Vec::new(),
        service_checks: Vec::new(),
        events: Vec::new(),
        logs: Vec::new(),
    }
}

/// A run that yielded these points.
pub(crate) fn run(series: impl IntoIterator<Item = Series>) -> Delivery {
    Delivery { series: series.into_iter().collect(), ..nothing() }
}

/// An endpoint that does not listen, and what it has told.
pub(crate) struct Endpoint {
    pub(crate) exposition: Exposition,
    told: Arc<Mutex<Vec<String>>>,
}

impl Endpoint {
    pub(crate) fn new(options: ExpositionOptions) -> Self {
        let told = Arc::<Mutex<Vec<String>>>::default();
        let heard = Arc::clone(&told);
        let tell = move |message: &str| heard.lock().unwrap().push(message.to_owned());
        let options = ExpositionOptions { tell: Some(Arc::new(tell)), ..options };
        Self { exposition: Exposition::new(options).unwrap(), told }
    }

    /// Takes what runs yielded.
    pub(crate) fn take(&self, deliveries: impl IntoIterator<Item = Delivery>) -> &Self {
        let deliveries: Vec<_> = deliveries.into_iter().map(Arc::new).collect();
        self.exposition.take(&deliveries);
        self
    }

    pub(crate) fn text(&self, format: Format) -> String {
        String::from_utf8(self.exposition.text(format).flatten().collect()).unwrap()
    }

    /// The lines that are no comments.
    pub(crate) fn samples(&self, format: Format) -> Vec<String> {
        let text = self.text(format);
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    pub(crate) fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }

    pub(crate) fn refused(&self) -> Amount {
        self.exposition.held().refused
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        Self::new(ExpositionOptions::default())
    }
}
