//! An endpoint with a metric of every kind, from records as checks return them.

use std::sync::Arc;

use allwell::aggregate::Sampler;
use allwell::metric::{Batch, Limits, Metrics as _};
use allwell::output::exposition::{Exposition, ExpositionOptions};
use allwell::output::{Catalogue, Delivery, ServiceCheckPoint};
use allwell::prelude::*;

/// What stands in the tag `strange`: everything that the formats must escape.
pub const STRANGE: &str = "a\"b\\c\nd{e}=f,g #h €🦀";

/// A metric of every kind.
#[derive(Metrics)]
#[metrics(namespace = "shop.till")]
struct Till {
    #[tag]
    strange: &'static str,
    /// Money in the "till",
    /// in all coins.
    filling: Gauge<Percent>,
    /// Space for receipts.
    space: Gauge<Byte>,
    /// Receipts printed.
    receipts: Count<Unitless>,
    /// Bytes printed since it was built.
    printed: MonotonicCount<Byte>,
    /// Customers per second.
    customers: Rate<Request>,
    /// How long a customer takes, summarised here.
    taken: Histogram<Second>,
    /// How long a customer takes.
    waited: Distribution<Second>,
    /// Whether it is open.
    open: ServiceCheck,
}

fn till(run: u32) -> Till {
    let run = f64::from(run);
    Till {
        strange: STRANGE,
        filling: (12.5 + run).into(),
        space: 1e15.into(),
        receipts: 3.into(),
        printed: (run * 1000.0).into(),
        customers: (run * 30.0).into(),
        taken: 0.25.into(),
        waited: (run * 0.7).into(),
        open: Status::warning("soon closed").into(),
    }
}

/// An endpoint that has taken three runs, 15 seconds apart:
///
/// - `filling` is 15.5, `space` 10¹⁵, `receipts` were 9, `printed` 2000 (two deltas), `customers` 2 a second;
/// - `taken` was 0.25 once a run; `waited` was 0.7, 1.4 and 2.1;
/// - `open` is a warning.
///
/// # Panics
/// The options name a certificate that cannot be used.
pub fn exposed(options: ExpositionOptions) -> Exposition {
    let mut declared = Vec::new();
    Till::DECLARATION.visit(&mut |descriptor, _| declared.push(descriptor));
    let catalogue = Arc::new(Catalogue::new(declared));
    let exposition = Exposition::new(ExpositionOptions { catalogue, ..options });
    let exposition = exposition.expect("the certificate is good");
    let mut sampler = Sampler::new();
    for run in 1..=3 {
        let time = 1_700_000_000.0 + f64::from(run) * 15.0;
        exposition.take(&[Arc::new(delivery(&mut sampler, run, time))]);
    }
    exposition
}

fn delivery(sampler: &mut Sampler, run: u32, time: f64) -> Delivery {
    let mut batch = Batch::new(["env:test"], Limits::default());
    till(run).emit(&mut batch.emitter());
    sampler.add(&batch, time);
    let flush = sampler.commit(time);
    Delivery {
        check: "till",
        instance: "till:1".into(),
        host: Some("shop-1".into()),
        time,
        tags: Arc::new([]),
        series: flush.series,
        sketches: flush.sketches,
        service_checks: batch
            .service_checks()
            .map(|one| ServiceCheckPoint::of(&one, time))
            .collect(),
        events: Vec::new(),
        logs: Vec::new(),
    }
}
