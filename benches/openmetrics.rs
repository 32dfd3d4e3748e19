//! What a scrape costs: over HTTP to the points of an output that does nothing, beside Datadog's check; and the parser alone.
//!
//! `bench-openmetrics URL SCRAPES`, `bench-openmetrics records URL SCRAPES`, which fills records, and `bench-openmetrics parse FILE` print
//! one line of JSON each; `benches/run` puts it beside the peer's. `bench-openmetrics targets URL COUNT SECONDS` has the engine scrape many targets every 15 seconds, and says what it costs
//! to read as many answers and to look at none. Processor time is that of this process, in user and kernel mode; the server is
//! another one.
#![allow(clippy::print_stdout, reason = "the figure is the output")]

mod exposed;

use std::fmt::Write as _;
use std::hint::black_box;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use allwell::aggregate::Sampler;
use allwell::check::{Clock, Entry, InstanceSpec, load};
use allwell::config::confd::File;
use allwell::http::{Http, HttpOptions, Request};
use allwell::metric::Dynamic;
use allwell::openmetrics::parse::{FamilyType, Format, Mistake, Parser, Problem, Sample, Visitor};
use allwell::openmetrics::{Endpoint, Scraper};
use allwell::output::{Hub, HubOptions};
use allwell::prelude::*;
use allwell::run::{Concurrency, Engine, Host, Surroundings, Worker};

use exposed::Exposition;

/// The options of an instance that maps all there is.
const MAPPED: &str = "  namespace: acme\n  metrics: ['.+']\n";

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

/// An endpoint of which records are known.
#[check(name = "acme")]
async fn acme(config: &Known, cx: &Context) -> Result<Exposition> {
    let exposition: Exposition = cx.scrape(&config.endpoint).await?;
    RECORDS.store(exposition.count(), Ordering::Relaxed);
    Ok(exposition)
}

/// One endpoint.
#[derive(Config)]
struct Known {
    #[config(flatten)]
    endpoint: ScrapeOptions,
}

/// How many records the last scrape has filled.
static RECORDS: AtomicUsize = AtomicUsize::new(0);

impl Exposition {
    fn count(&self) -> usize {
        let Self {
            gauge_by_code_and_instance: gauges,
            counter,
            histogram_by_code_and_instance: histograms,
            summary_by_code_and_instance: quantiles,
            summary,
        } = self;
        gauges.len() + counter.len() + histograms.len() + quantiles.len() + summary.len()
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &arguments[..] {
        [word, file] if word == "parse" => parse(file),
        [word, address, count, seconds] if word == "targets" => targets(
            address,
            count.parse().expect("a number of targets"),
            seconds.parse().expect("a number of seconds"),
        ),
        [word, address, scrapes] if word == "records" => {
            let scrapes = scrapes.parse().expect("a number of scrapes");
            scrape(worker(Entry::of::<acme>(), "", address), address, scrapes);
        }
        [address, scrapes] => {
            let scrapes = scrapes.parse().expect("a number of scrapes");
            scrape(worker(Entry::of::<OpenMetrics>(), MAPPED, address), address, scrapes);
        }
        _ => panic!(
            "usage: bench-openmetrics URL SCRAPES | records URL SCRAPES | parse FILE | targets URL COUNT SECONDS"
        ),
    }
}

/// The processor time of scrapes: of the check alone, and with its points made; of the HTTP client's share, and of what of it a bare
/// socket takes; and the memory that scrapes take.
fn scrape(mut worker: Worker, address: &str, scrapes: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
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
    let http = client();
    let request = Request::get(address);
    let network = mean_time(scrapes, || runtime.block_on(drain(&http, &request)));
    let mut socket = runtime.block_on(Socket::new(address));
    let bare = mean_time(scrapes, || runtime.block_on(socket.fetch()));
    let per_second = |time: Duration| samples as f64 / time.as_secs_f64();
    let records = RECORDS.load(Ordering::Relaxed);
    let records = match records {
        0 => String::new(),
        _ => format!(
            "\"records\": {records}, \"records_per_cpu_second\": {:.0}, ",
            records as f64 / alone.as_secs_f64()
        ),
    };
    println!(
        "{{{records}\"samples\": {samples}, \"cpu_ms\": {:.2}, \"samples_per_cpu_second\": {:.0}, \"peak_mib\": {:.1}, \
         \"with_series_cpu_ms\": {:.2}, \"with_series_per_cpu_second\": {:.0}, \"with_series_peak_mib\": {:.1}, \
         \"http_cpu_ms\": {:.3}, \"socket_cpu_ms\": {:.3}}}",
        alone.as_secs_f64() * 1e3,
        per_second(alone),
        mib(peak_alone),
        whole.as_secs_f64() * 1e3,
        per_second(whole),
        mib(peak_whole),
        network.as_secs_f64() * 1e3,
        bare.as_secs_f64() * 1e3,
    );
}

/// A connection by which answers are read that say how long they are, and nothing else is done: what no client does without.
struct Socket {
    stream: TcpStream,
    request: String,
    buffer: Vec<u8>,
}

impl Socket {
    async fn new(address: &str) -> Self {
        let rest = address.strip_prefix("http://").expect("an address");
        let (host, path) = rest.split_once('/').expect("an address with a path");
        let stream = TcpStream::connect(host).await.expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Self { stream, request, buffer: vec![0; 1024 * 1024] }
    }

    async fn fetch(&mut self) {
        self.stream.write_all(self.request.as_bytes()).await.expect("it takes a request");
        let (mut read, mut length) = (0, None);
        while length.is_none_or(|length| read < length) {
            // The head comes first, and stays until it is whole.
            let at = if length.is_none() { read } else { 0 };
            let more = self.stream.read(&mut self.buffer[at..]).await.expect("it answers");
            assert!(more > 0, "the answer is cut short");
            read += more;
            length = length.or_else(|| length_of(&self.buffer[..read]));
        }
    }
}

/// The length of an answer with its head, once that is whole.
fn length_of(answer: &[u8]) -> Option<usize> {
    let head = memchr::memmem::find(answer, b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&answer[..head]).expect("a head of text");
    let mut fields = text.lines().filter_map(|line| line.split_once(": "));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    Some(head + length.expect("it says how long it is").1.parse::<usize>().expect("a number"))
}

fn worker(entry: &'static Entry, options: &str, address: &str) -> Worker {
    let spec = specs(entry, options, address, 0..1).into_iter().next().expect("an instance");
    Worker::new(spec, &Host { hostname: "bench".into(), clock: Clock::System })
}

/// Instances that scrape an address, each with a tag of its own.
fn specs(
    entry: &'static Entry,
    options: &str,
    address: &str,
    numbers: Range<u64>,
) -> Vec<InstanceSpec> {
    let mut text = String::from("instances:\n");
    for number in numbers {
        let _ = write!(
            text,
            "- openmetrics_endpoint: {address}\n{options}  \
             tags: ['env_name:bench', 'target:{number}']\n  max_returned_metrics: 0\n"
        );
    }
    let file = File::parse(entry.meta.name, Path::new("bench.yaml"), text.into());
    load(entry, &file).instances
}

/// Many targets in an engine: how late they are scraped, and what share of a core that takes.
fn targets(address: &str, count: u64, seconds: u64) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let hub = Arc::new(Hub::new(Vec::new(), HubOptions::default()));
        let limits = Concurrency::default();
        let surroundings = Surroundings { limits, hub, keeper: None, observer: Arc::new(()) };
        let engine = Engine::new(Host::new("bench"), surroundings);
        let idle = allwell_benches::resident();
        engine.apply(specs(Entry::of::<OpenMetrics>(), MAPPED, address, 0..count));
        tokio::time::sleep(Duration::from_secs(31)).await;
        engine.lag().clear();
        let share = share_of_core(tokio::time::sleep(Duration::from_secs(seconds))).await;
        let (runs, lag) = (engine.lag().count(), |of| engine.lag().quantile(of).as_secs_f64() * 1e3);
        let (median, high) = (lag(0.5), lag(0.99));
        let longest = engine.lag().longest().as_secs_f64() * 1e3;
        let memory = mib(allwell_benches::resident().saturating_sub(idle));
        drop(engine);
        let bare = share_of_core(fetch(address, runs, Duration::from_secs(seconds))).await;
        println!(
            "{{\"targets\": {count}, \"runs\": {runs}, \"lag_p50_ms\": {median:.2}, \"lag_p99_ms\": {high:.2}, \
             \"lag_max_ms\": {longest:.2}, \"cpu_percent\": {:.2}, \"network_cpu_percent\": {:.2}, \
             \"beyond_network_percent\": {:.2}, \"mib\": {memory:.1}}}",
            100.0 * share,
            100.0 * bare,
            100.0 * (share - bare),
        );
    });
}

/// Reads an address so many times within a time, evenly, and looks at nothing.
async fn fetch(address: &str, times: u64, time: Duration) {
    let http = client();
    let pause = time / u32::try_from(times.max(1)).expect("a few");
    let mut ticks = tokio::time::interval(pause);
    let request = Request::get(address);
    for _ in 0..times {
        ticks.tick().await;
        drain(&http, &request).await;
    }
}

fn client() -> Http {
    let options = HttpOptions { skip_proxy: true, ..HttpOptions::default() };
    Http::new(&options).expect("the options are good")
}

/// Reads an answer to its end and looks at nothing.
async fn drain(http: &Http, request: &Request) {
    let mut answer = http.open(request).await.expect("it answers");
    while let Some(piece) = answer.chunk().await.expect("it answers") {
        black_box(piece.as_ref().len());
    }
}

/// How much of a core this process takes until something ends.
async fn share_of_core(until: impl Future<Output = ()>) -> f64 {
    let (began, cpu) = (Instant::now(), allwell_benches::cpu_time());
    until.await;
    let used = allwell_benches::cpu_time().saturating_sub(cpu);
    used.as_secs_f64() / began.elapsed().as_secs_f64()
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
