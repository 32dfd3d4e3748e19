//! Bytes as options and an exposition, mapped twice: never a panic, nothing lost without strictness, every value finite, no tag twice,
//! and the second run is as the first but for first values, which count then.

#![no_main]

use std::cell::RefCell;

use allwell::metric::Dynamic;
use allwell::openmetrics::parse::Format;
use allwell::openmetrics::{Endpoint, Scraper};
use allwell::prelude::*;
use allwell::testing::{Run, instance};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static PAYLOAD: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Mapped {
    scraper: Scraper,
    format: Format,
}

/// What is made of a payload.
#[check(name = "mapped")]
impl Check<Dynamic> for Mapped {
    type Config = Endpoint;
    type Metrics = ();

    async fn start(config: Endpoint, _cx: &Context<Dynamic>) -> Result<Self> {
        let format = match config.0.use_latest_spec {
            true => Format::OpenMetrics,
            false => Format::Text,
        };
        Ok(Self { scraper: Scraper::new(config.0), format })
    }

    async fn run(&mut self, cx: &Context<Dynamic>) -> Result<()> {
        let payload = PAYLOAD.with_borrow(Clone::clone);
        Ok(self.scraper.read(cx, self.format, &payload)?)
    }
}

/// Each is set by a bit.
const OPTIONS: [&str; 16] = [
    "metrics: [{.+: {type: gauge}}]",
    "collect_histogram_buckets: false",
    "non_cumulative_histogram_buckets: true",
    "histogram_buckets_as_distributions: true",
    "collect_counters_with_distributions: true",
    "collect_histograms_as_distributions: true",
    "hostname_label: node",
    "exclude_labels: [pod]",
    "rename_labels: {upper_bound: le, pod: pod_name}",
    "share_labels: {build: true, m: {match: [pod], labels: [node]}}",
    "target_info: true",
    "exclude_metrics_by_labels: {pod: ['a']}",
    "raw_metric_prefix: a",
    "use_latest_spec: true",
    "use_process_start_time: true",
    "strict_compat: true",
];

const STRICT: u16 = 1 << 15;

fn config(bits: u16) -> String {
    let mut config = String::from("openmetrics_endpoint: http://localhost/\nmax_returned_metrics: 100000\n");
    for (bit, option) in OPTIONS.iter().enumerate() {
        if bits & 1 << bit != 0 {
            config.push_str(option);
            config.push('\n');
        }
    }
    if bits & 1 == 0 {
        config.push_str("metrics: [.+]\n");
    }
    config
}

/// What a run submitted, in an order of ours: families that stand between each other come in another one once they are known.
fn shape(run: &Run) -> Vec<(String, Vec<String>)> {
    let metrics = run.metrics.iter().map(|one| (one.name.clone(), one.tags.clone()));
    let buckets = run.buckets.iter().map(|one| (one.name.clone(), one.tags.clone()));
    let mut shape: Vec<_> = metrics.chain(buckets).collect();
    shape.sort_unstable();
    shape
}

fuzz_target!(|bytes: &[u8]| {
    let Some((bits, payload)) = bytes.split_first_chunk::<2>() else { return };
    let bits = u16::from_le_bytes(*bits);
    PAYLOAD.set(payload.to_vec());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    let mut check = instance::<Mapped>(&config(bits));
    let first = runtime.block_on(check.run());
    let second = runtime.block_on(check.run());
    assert_eq!(first.is_ok(), second.is_ok());
    assert!(first.is_ok() || bits & STRICT != 0, "{}", first.report.outcome);
    for metric in &first.metrics {
        assert!(metric.value.is_finite());
        let mut tags = metric.tags.clone();
        tags.dedup();
        assert_eq!(tags, metric.tags);
    }
    // What is shared, and the labels of `target_info`, are known from the first run on.
    let is_shared = bits & (1 << 9 | 1 << 10) != 0;
    if first.is_ok() && !is_shared {
        assert_eq!(shape(&first), shape(&second));
    }
});
