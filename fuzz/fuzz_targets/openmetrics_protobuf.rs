//! Bytes as Prometheus's Protocol Buffers, in pieces: never a panic, the same whatever the pieces, every problem at a byte of them, every
//! bucket with bounds. Mapped twice as distributions, nothing that is submitted has no bounds, or nothing in it.

#![no_main]

use std::cell::RefCell;

use allwell::metric::Dynamic;
use allwell::openmetrics::parse::{
    FamilyType, Format, Labels, Mistake, NativeHistogram, Parser, Problem, Sample, Visitor,
};
use allwell::openmetrics::{Endpoint, Scraper};
use allwell::prelude::*;
use allwell::testing::instance;
use libfuzzer_sys::fuzz_target;

/// All that is told, as text, and how many families have begun and ended.
#[derive(Default)]
struct Told {
    text: String,
    families: [usize; 2],
    length: u64,
}

impl Visitor for Told {
    fn family(&mut self, name: &str, kind: FamilyType) {
        self.families[0] += 1;
        self.text.push_str(&format!("family {name:?} {kind:?}\n"));
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        let labels: Vec<_> = sample.labels.iter().collect();
        let Sample { name, part, value, timestamp, .. } = sample;
        self.text.push_str(&format!("{name:?} {part:?} {labels:?} {value} {timestamp:?}\n"));
        Ok(())
    }

    fn native(&mut self, labels: Labels<'_>, histogram: &NativeHistogram) -> Result<bool, Mistake> {
        assert!(histogram.zero_count >= 0.0 && histogram.zero_threshold >= 0.0);
        for side in [&histogram.positive, &histogram.negative] {
            assert!(side.is_sorted_by(|(one, _), (next, _)| one < next));
            for (index, count) in side {
                let (lower, upper) = histogram.bounds(*index);
                assert!(lower <= upper && lower >= 0.0 && lower.is_finite() && *count > 0.0);
            }
        }
        let labels: Vec<_> = labels.iter().collect();
        self.text.push_str(&format!("{labels:?} {histogram:?}\n"));
        Ok(self.text.len() % 2 == 0)
    }

    fn end(&mut self) {
        self.families[1] += 1;
        self.text.push_str("end\n");
    }

    fn problem(&mut self, problem: Problem) {
        let byte = problem.byte.expect("it has a place");
        assert!((1..=self.length + 1).contains(&byte) && !problem.message.is_empty());
        self.text.push_str(&format!("{problem}\n"));
    }
}

fn told(mut parser: Parser, payload: &[u8], piece: usize) -> (String, bool) {
    let mut told = Told { length: payload.len() as u64, ..Told::default() };
    let fed = payload.chunks(piece).try_for_each(|piece| parser.feed(piece, &mut told));
    let result = fed.and_then(|()| parser.finish(&mut told));
    assert!(result.is_err() || told.families[0] == told.families[1], "every family ends");
    (told.text, result.is_ok())
}

thread_local! {
    static PAYLOAD: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Mapped(Scraper);

/// What is made of a payload.
#[check(name = "mapped")]
impl Check<Dynamic> for Mapped {
    type Config = Endpoint;
    type Metrics = ();

    async fn start(config: Endpoint, _cx: &Context<Dynamic>) -> Result<Self> {
        Ok(Self(Scraper::new(config.0)))
    }

    async fn run(&mut self, cx: &Context<Dynamic>) -> Result<()> {
        let payload = PAYLOAD.with_borrow(Clone::clone);
        Ok(self.0.read(cx, Format::Protobuf, &payload)?)
    }
}

/// Maps a payload twice, as distributions.
fn map(payload: &[u8]) {
    PAYLOAD.set(payload.to_vec());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    let mut check = instance::<Mapped>(
        "openmetrics_endpoint: http://localhost/\nmetrics: [.+]\nhistogram_buckets_as_distributions: true",
    );
    for _ in 0..2 {
        let run = runtime.block_on(check.run());
        assert!(run.is_ok(), "{}", run.report.outcome);
        for seen in &run.buckets {
            let bucket = seen.bucket;
            assert!(bucket.monotonic || bucket.count > 0);
            assert!(bucket.monotonic || (bucket.lower <= bucket.upper && bucket.upper.is_finite()));
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let whole = told(Parser::new(Format::Protobuf), bytes, usize::MAX);
    assert!(whole.1);
    assert_eq!(whole, told(Parser::new(Format::Protobuf), bytes, 1));
    assert_eq!(whole, told(Parser::new(Format::Protobuf), bytes, 7));
    told(Parser::strict(Format::Protobuf), bytes, usize::MAX);
    map(bytes);
});
