//! From what a run has submitted to what is delivered.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use crate::aggregate::{Rejected, Sampler};
use crate::metric::Batch;
use crate::output::{Delivery, ServiceCheckPoint};

use super::worker::Worker;

impl Worker {
    /// Gives what the last run submitted to a sampler, and takes out all points that have come together. Tells also which could
    /// not be computed.
    pub fn collect(&self, sampler: &mut Sampler) -> (Delivery, Rejected) {
        let time = self.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        self.output(|batch, _| {
            sampler.add(batch, time);
            let flush = sampler.commit(time);
            let delivery = Delivery {
                check: self.entry().meta.name,
                instance: Arc::clone(self.id()),
                host: self.host().cloned(),
                time,
                tags: Arc::clone(self.tags()),
                series: flush.series,
                sketches: flush.sketches,
                service_checks: service_checks(batch, time),
                events: batch.events().to_vec(),
                logs: batch.logs().to_vec(),
            };
            (delivery, flush.rejected)
        })
    }
}

fn service_checks(batch: &Batch, time: f64) -> Vec<ServiceCheckPoint> {
    batch.service_checks().map(|sample| ServiceCheckPoint::of(&sample, time)).collect()
}
