//! Deliveries to be sent.

use allwell::aggregate::{Flush, Sampler};
use allwell::metric::{Batch, Event, Limits, Metrics, Status};
use allwell::output::{Delivery, ServiceCheckPoint};
use allwell::prelude::*;

/// When runs end, in seconds since the epoch.
pub(crate) const TIME: i64 = 1_700_000_000;

/// A delivery with nothing in it.
pub(crate) fn empty() -> Delivery {
    Delivery {
        check: "web",
        instance: "web:1".into(),
        host: Some("web-1".into()),
        time: TIME as f64,
        tags: ["env:test".to_owned()].into(),
        series: Vec::new(),
        sketches: Vec::new(),
        service_checks: Vec::new(),
        events: Vec::new(),
        logs: Vec::new(),
    }
}

/// The delivery of a run that submits these records.
pub(crate) fn delivery<M: Metrics>(records: impl IntoIterator<Item = M>) -> Delivery {
    let mut batch = Batch::new(["env:test"], Limits::default());
    for record in records {
        record.emit(&mut batch.emitter());
    }
    let mut sampler = Sampler::new();
    sampler.add(&batch, TIME as f64);
    let Flush { series, sketches, .. } = sampler.commit(TIME as f64);
    Delivery { series, sketches, ..empty() }
}

#[derive(Metrics)]
#[metrics(namespace = "web")]
pub(crate) struct Numbered {
    #[tag]
    number: u32,
    /// Its own number.
    value: Gauge<Unitless>,
}

/// As many points, with the numbers from 0 on as their values.
pub(crate) fn numbered(points: u32) -> Delivery {
    delivery((0..points).map(|number| Numbered { number, value: number.into() }))
}

/// A delivery of a service check.
pub(crate) fn service_check(status: Status) -> Delivery {
    let tags = vec!["env:test".to_owned()];
    let check = ServiceCheckPoint {
        name: "web.can_connect".into(),
        status,
        tags,
        host: None,
        timestamp: TIME,
    };
    Delivery { service_checks: vec![check], ..empty() }
}

/// A delivery of an event.
pub(crate) fn event(event: Event) -> Delivery {
    Delivery { events: vec![event], ..empty() }
}
