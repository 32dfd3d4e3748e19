//! Deliveries to be sent.

use std::sync::Arc;

use allwell::aggregate::{Flush, Sampler};
use allwell::metric::{Batch, Limits, Metrics, Status};
use allwell::output::{Delivery, ServiceCheckPoint};

/// When runs end, in seconds since the epoch.
pub(crate) const TIME: i64 = 1_700_000_000;

/// A delivery with nothing in it.
pub(crate) fn empty() -> Delivery {
    Delivery {
        check: "web",
        instance: "web:1".into(),
        host: Some("web-1".into()),
        time: TIME as f64,
        tags: Arc::from([]),
        series: Vec::new(),
        sketches: Vec::new(),
        service_checks: Vec::new(),
        events: Vec::new(),
        logs: Vec::new(),
    }
}

/// What a run yields that submits these records.
pub(crate) fn run<M: Metrics>(records: impl IntoIterator<Item = M>) -> Flush {
    let mut sampler = Sampler::new();
    let mut batch = Batch::new(["env:test"], Limits::default());
    for record in records {
        record.emit(&mut batch.emitter());
    }
    sampler.add(&batch, TIME as f64);
    sampler.commit(TIME as f64)
}

/// The delivery of such a run.
pub(crate) fn delivery<M: Metrics>(records: impl IntoIterator<Item = M>) -> Delivery {
    let Flush { series, sketches, .. } = run(records);
    Delivery { series, sketches, ..empty() }
}

/// A service check.
pub(crate) fn service_check(status: Status) -> ServiceCheckPoint {
    let tags = vec!["env:test".to_owned()];
    ServiceCheckPoint { name: "web.can_connect", status, tags, host: None, timestamp: TIME }
}
