//! What a scraper keeps of labels from run to run changes nothing: each payload of a sequence means what it means to one that has
//! seen no labels before.

use std::path::Path;
use std::sync::Mutex;

use allwell::aggregate::{Sampler, SeriesKind};
use allwell::check::{Clock, Entry, load};
use allwell::config::confd::File;
use allwell::metric::{Dynamic, DynamicMetric, Kind};
use allwell::openmetrics::parse::Format;
use allwell::openmetrics::{Endpoint, Scraper};
use allwell::prelude::*;
use allwell::run::{Host, Worker};
use allwell::testing::{Instance, Run, instance};

/// What the next run reads, and how many tag sets the check has written by itself before.
static NEXT: Mutex<(String, usize)> = Mutex::new((String::new(), 0));
/// One run at a time.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

struct Mapped {
    scraper: Scraper,
}

/// What is made of a payload, beside what the check says itself.
#[check(name = "mapped")]
impl Check<Dynamic> for Mapped {
    type Config = Endpoint;
    type Metrics = ();

    async fn start(config: Endpoint, _cx: &Context<Dynamic>) -> Result<Self> {
        Ok(Self { scraper: Scraper::new(config.0) })
    }

    async fn run(&mut self, cx: &Context<Dynamic>) -> Result<()> {
        let (payload, own) = NEXT.lock().expect("nobody panicked").clone();
        cx.dynamic(|out| {
            let metric = out.list(&DynamicMetric::metric("own", Kind::Gauge));
            for number in 0..own {
                let mut tags = out.tags();
                tags.text("number", &number.to_string());
                let tags = tags.end();
                out.sample(metric, tags, 1.0, false);
            }
        });
        Ok(self.scraper.read(cx, Format::Text, payload.as_bytes())?)
    }
}

/// An instance whose first run has gone by, so that totals count.
async fn begun(options: &str) -> Instance {
    begun_with("['env:test', 'pod:a']", options).await
}

async fn begun_with(tags: &str, options: &str) -> Instance {
    let mut check = instance::<Mapped>(&format!(
        "openmetrics_endpoint: http://localhost/\nmetrics: [.+]\ntags: {tags}\nmax_returned_metrics: 0\n{options}"
    ));
    run(&mut check, "# TYPE acme gauge\nacme{server=\"a\"} 1\n", 0).await;
    check
}

async fn run(check: &mut Instance, payload: &str, own: usize) -> Vec<String> {
    *NEXT.lock().expect("nobody panicked") = (payload.to_owned(), own);
    let run = check.run().await;
    run.assert_ok();
    told(&run)
}

/// Values, tags and flags, in their order; and what is said beside them.
fn told(run: &Run) -> Vec<String> {
    let metrics = run.metrics.iter().map(|metric| format!("{metric:?}"));
    let buckets = run.buckets.iter().map(|bucket| format!("{bucket:?}"));
    let checks = run.service_checks.iter().map(|check| format!("{check:?}"));
    let said = format!("{:?} {:?}", run.report.warnings, run.report.drops);
    metrics.chain(buckets).chain(checks).chain([said]).collect()
}

/// Families of these pods, of which the first is the server's own.
fn payload(pods: &[&str], from: u32) -> String {
    let mut values = from..;
    let mut lines = vec![String::from("# TYPE target info"), String::from("# TYPE acme gauge")];
    lines.push(format!("acme{{server=\"{}\"}} 1", pods.first().unwrap_or(&"")));
    let mut add = |line: &str| lines.push(format!("{line} {}", values.next().unwrap_or_default()));
    for family in 0..3 {
        add(&format!("# TYPE level_{family} gauge\nlevel_{family}"));
        for pod in pods {
            add(&format!("level_{family}{{pod=\"{pod}\",node=\"n-{}\"}}", pod.len()));
        }
        add(&format!("# TYPE took_{family} histogram\ntook_{family}_bucket{{le=\"1\",pod=\"z\"}}"));
        for pod in pods {
            for bound in ["0.5", "1", "10.0", "+Inf"] {
                add(&format!("took_{family}_bucket{{pod=\"{pod}\",le=\"{bound}\"}}"));
            }
            add(&format!("took_{family}_sum{{pod=\"{pod}\"}}"));
            add(&format!("took_{family}_count{{pod=\"{pod}\"}}"));
        }
        add(&format!("# TYPE size_{family} summary\nsize_{family}{{quantile=\"many\"}}"));
        for pod in pods.iter().rev() {
            for quantile in ["0.5", "0.90"] {
                add(&format!("size_{family}{{pod=\"{pod}\",quantile=\"{quantile}\"}}"));
            }
        }
    }
    lines.join("\n") + "\n"
}

/// The labels stay, change their order, come, go, and all change; lines break off; a payload is empty.
fn sequence() -> Vec<String> {
    const PODS: [&str; 8] = ["a", "b", "c", "d e", "\u{e9}", "x\\\"y", "", "pod-8"];
    let reversed: Vec<&str> = PODS.iter().rev().copied().collect();
    let cut = payload(&PODS, 60);
    vec![
        payload(&PODS, 1),
        payload(&PODS, 9),
        payload(&reversed, 5),
        payload(&PODS[1..7], 100),
        payload(&PODS[..2], 2),
        payload(&PODS, 3),
        cut[..cut.len() / 2].to_owned(),
        payload(&PODS, 4),
        String::new(),
        payload(&["other", "labels", "a"], 4),
        payload(&["other", "labels", "a"], 5).replace("} ", ",} "),
        payload(&["other", "labels", "a"], 6),
    ]
}

const OPTIONS: [&str; 12] = [
    "",
    "hostname_label: pod\nhostname_format: 'host-<HOSTNAME>'",
    "exclude_labels: [node]",
    "include_labels: [pod, le]",
    "rename_labels: {pod: kubernetes_pod, le: limit}",
    "exclude_metrics_by_labels: {pod: [b]}",
    "non_cumulative_histogram_buckets: true",
    "histogram_buckets_as_distributions: true",
    "collect_histograms_as_distributions: true",
    "share_labels: {acme: true}",
    "share_labels: {acme: true}\ncache_shared_labels: false",
    "metric_patterns: {exclude: [took_1]}",
];

#[tokio::test]
async fn kept_labels_are_read_as_new_ones() {
    let _alone = ALONE.lock().await;
    for options in OPTIONS {
        let mut kept = begun(options).await;
        for (number, payload) in sequence().iter().enumerate() {
            let mut fresh = begun(options).await;
            let expected = run(&mut fresh, payload, 0).await;
            assert_eq!(run(&mut kept, payload, 0).await, expected, "{options}: {number}");
        }
    }
}

#[tokio::test]
async fn what_a_check_writes_itself_does_not_move_them() {
    let _alone = ALONE.lock().await;
    let mut kept = begun("").await;
    for (payload, own) in sequence().iter().zip([0, 3, 3, 0, 0, 1, 0, 2, 0, 0, 0, 5]) {
        let mut fresh = begun("").await;
        let expected = run(&mut fresh, payload, own).await;
        assert_eq!(run(&mut kept, payload, own).await, expected, "{own}");
    }
}

#[tokio::test]
async fn instances_do_not_see_what_others_keep() {
    let _alone = ALONE.lock().await;
    let of = |number: usize| {
        let tags = ["['pod:a']", "['pod:b', 'env:test']", "[]"][number % 3];
        begun_with(tags, ["exclude_labels: [pod]", ""][number % 2])
    };
    let mut kept = Vec::new();
    for number in 0..40 {
        kept.push(of(number).await);
    }
    for payload in sequence() {
        for (number, check) in kept.iter_mut().enumerate() {
            let expected = run(&mut of(number).await, &payload, 0).await;
            assert_eq!(run(check, &payload, 0).await, expected, "{number}");
        }
    }
}

/// The gauges that a sampler makes of a worker's last run.
fn gauges(worker: &Worker, sampler: &mut Sampler) -> Vec<String> {
    let (delivery, _) = worker.collect(sampler);
    let gauges = delivery.series.iter().filter(|series| series.kind == SeriesKind::Gauge);
    let told = gauges.map(|series| {
        let tags: Vec<&str> = series.tags.iter().collect();
        format!("{} {tags:?} {:?} {}", series.name, series.tags.host(), series.value)
    });
    let mut told: Vec<String> = told.collect();
    told.sort();
    told
}

#[tokio::test]
async fn a_sampler_goes_on_as_one_that_has_seen_nothing() {
    let _alone = ALONE.lock().await;
    let text = "instances:\n- openmetrics_endpoint: http://localhost/\n  metrics: [.+]\n  max_returned_metrics: 0\n";
    let file = File::parse("mapped", Path::new("mapped.yaml"), text.into());
    let spec = load(Entry::of::<Mapped>(), &file).instances.into_iter().next();
    let host = Host { hostname: "host".into(), clock: Clock::System };
    let mut worker = Worker::new(spec.expect("an instance"), &host);
    let mut sampler = Sampler::new();
    for round in 0..3 {
        for (payload, own) in sequence().iter().zip([0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 5]) {
            *NEXT.lock().expect("nobody panicked") = (payload.clone(), own);
            let report = worker.run().await;
            assert!(report.outcome.is_ok(), "{}", report.outcome);
            let expected = gauges(&worker, &mut Sampler::new());
            assert_eq!(gauges(&worker, &mut sampler), expected, "{round}");
        }
    }
}
