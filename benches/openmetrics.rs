//! What a scrape costs: over HTTP to the points of an output that does nothing, beside Datadog's check; and the parser alone.
//!
//! `bench-openmetrics URL SCRAPES` and `bench-openmetrics parse FILE` print one line of JSON each; `benches/run` puts it beside the
//! peer's. Processor time is that of this process, in user and kernel mode; the server is another one.
#![allow(clippy::print_stdout, reason = "the figure is the output")]

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use allwell::aggregate::Sampler;
use allwell::check::{Clock, Entry, load};
use allwell::config::confd::File;
use allwell::metric::Dynamic;
use allwell::openmetrics::parse::{FamilyType, Format, Mistake, Parser, Problem, Sample, Visitor};
use allwell::openmetrics::{Endpoint, Scraper};
use allwell::prelude::*;
use allwell::run::{Host, Worker};

/// Pieces of a payload, as they come from a socket.
const PIECE: usize = 64 * 1024;

struct OpenMetrics {
    scraper: Scraper,
}

/// An endpoint.
#[check(name = "openmetrics")]
impl Check<Dynamic> for OpenMetrics {
    type Config = Endpoint;
    type Metrics = ();

    async fn start(config: Endpoint, _cx: &Context<Dynamic>) -> Result<Self> {
        Ok(Self { scraper: Scraper::new(config.0) })
    }

    async fn run(&mut self, cx: &Context<Dynamic>) -> Result<()> {
        Ok(self.scraper.scrape(cx).await?)
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &arguments[..] {
        [word, file] if word == "parse" => parse(file),
        [address, scrapes] => scrape(address, scrapes.parse().expect("a number of scrapes")),
        _ => panic!("usage: bench-openmetrics URL SCRAPES | parse FILE"),
    }
}

/// The processor time of scrapes: of the check alone, and with its points made; and the memory that they take.
fn scrape(address: &str, scrapes: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut worker = worker(address);
    let idle = allwell_benches::resident();
    forget_peak();
    let run = |worker: &mut Worker| {
        let report = runtime.block_on(worker.run());
        assert!(report.outcome.is_ok(), "{}", report.outcome);
        report.samples
    };
    let samples = run(&mut worker);
    let alone = mean_time(scrapes, || {
        black_box(run(&mut worker));
    });
    let peak_alone = peak().saturating_sub(idle);
    let mut sampler = Sampler::new();
    let whole = mean_time(scrapes, || {
        run(&mut worker);
        drop(black_box(worker.collect(&mut sampler)));
    });
    let peak_whole = peak().saturating_sub(idle);
    let per_second = |time: Duration| samples as f64 / time.as_secs_f64();
    println!(
        "{{\"samples\": {samples}, \"cpu_ms\": {:.2}, \"samples_per_cpu_second\": {:.0}, \"peak_mib\": {:.1}, \
         \"with_series_cpu_ms\": {:.2}, \"with_series_per_cpu_second\": {:.0}, \"with_series_peak_mib\": {:.1}}}",
        alone.as_secs_f64() * 1e3,
        per_second(alone),
        mib(peak_alone),
        whole.as_secs_f64() * 1e3,
        per_second(whole),
        mib(peak_whole),
    );
}

fn worker(address: &str) -> Worker {
    let text = format!(
        "instances:\n- openmetrics_endpoint: {address}\n  namespace: acme\n  metrics: ['.+']\n  tags: ['env_name:bench']\n  max_returned_metrics: 0\n"
    );
    let file = File::parse("openmetrics", Path::new("bench.yaml"), text.into());
    let loaded = load(Entry::of::<OpenMetrics>(), &file);
    let spec = loaded.instances.into_iter().next().expect("an instance");
    Worker::new(spec, &Host { hostname: "bench".into(), clock: Clock::System })
}

/// The parser alone, beside nothing but finding the ends of lines.
fn parse(file: &str) {
    let payload = fs::read(file).expect("a payload");
    let mut counter = Counter::default();
    let parsing = mean_time(50, || {
        let mut parser = Parser::new(Format::Text);
        counter = Counter::default();
        for piece in payload.chunks(PIECE) {
            parser.feed(black_box(piece), &mut counter).expect("a parser that goes on");
        }
        parser.finish(&mut counter).expect("a parser that goes on");
    });
    let lines = mean_time(50, || {
        black_box(memchr::memchr_iter(b'\n', black_box(&payload)).count());
    });
    let rate = |time: Duration| payload.len() as f64 / time.as_secs_f64() / 1e9;
    println!(
        "{{\"samples\": {}, \"labels\": {}, \"problems\": {}, \"gb_per_second\": {:.2}, \"lines_gb_per_second\": {:.2}}}",
        counter.samples,
        counter.labels,
        counter.problems,
        rate(parsing),
        rate(lines),
    );
}

/// Looks at everything and keeps nothing.
#[derive(Default)]
struct Counter {
    samples: u64,
    labels: u64,
    problems: u64,
}

impl Visitor for Counter {
    fn family(&mut self, _name: &str, _kind: FamilyType) {}

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        self.samples += 1;
        self.labels += sample
            .labels
            .iter()
            .map(|label| u64::from(!black_box(label).0.is_empty()))
            .sum::<u64>();
        black_box(sample.value);
        Ok(())
    }

    fn problem(&mut self, _problem: Problem) {
        self.problems += 1;
    }
}

/// The processor time of a piece of work, on average: the kernel's own figure is too coarse for a single short one.
fn mean_time(count: u32, mut work: impl FnMut()) -> Duration {
    let before = allwell_benches::cpu_time();
    (0..count).for_each(|_| work());
    allwell_benches::cpu_time().saturating_sub(before) / count.max(1)
}

/// Lets the kernel begin anew with the greatest memory that this process had.
fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").expect("the kernel takes it");
}

fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or_default() * 1024
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}
