//! What is made of native histograms: distributions of what was added to each bucket from run to run.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use allwell::metric::Dynamic;
use allwell::openmetrics::parse::Format;
use allwell::openmetrics::{Endpoint, Scraper};
use allwell::prelude::*;
use allwell::testing::{Instance, Run, instance, problems_of};

use crate::messages::{
    GAUGE, HISTOGRAM, Histogram, MetricFamily, classic, encoded, family, gauge, histogram, native,
    spans,
};

/// What each endpoint says now.
static PAYLOADS: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::new(BTreeMap::new());

struct Mapped {
    endpoint: String,
    scraper: Scraper,
}

/// What is made of a payload.
#[check(name = "mapped")]
impl Check<Dynamic> for Mapped {
    type Config = Endpoint;
    type Metrics = ();

    async fn start(config: Endpoint, _cx: &Context<Dynamic>) -> Result<Self> {
        let endpoint = config.0.openmetrics_endpoint.clone();
        Ok(Self { endpoint, scraper: Scraper::new(config.0) })
    }

    async fn run(&mut self, cx: &Context<Dynamic>) -> Result<()> {
        let payload = PAYLOADS.lock().expect("nobody panicked").get(&self.endpoint).cloned();
        let payload = payload.ok_or_else(|| anyhow!("it does not answer"))?;
        Ok(self.scraper.read(cx, Format::Protobuf, &payload)?)
    }
}

/// An endpoint of its own.
struct Exposed {
    endpoint: String,
    check: Instance,
}

impl Exposed {
    fn new(options: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let endpoint = format!("http://localhost/{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let check = instance::<Mapped>(&format!(
            "openmetrics_endpoint: {endpoint}\ntag_by_endpoint: false\nmetrics: [.+]\n{options}"
        ));
        Self { endpoint, check }
    }

    fn distributed() -> Self {
        Self::new("histogram_buckets_as_distributions: true")
    }

    async fn says(&mut self, families: &[MetricFamily]) -> Run {
        let payload = encoded(families);
        PAYLOADS.lock().expect("nobody panicked").insert(self.endpoint.clone(), payload);
        let run = self.check.run().await;
        run.assert_ok();
        run
    }

    /// What was added, of a family `h` with one histogram.
    async fn adds(&mut self, histogram: Histogram) -> Vec<String> {
        let run = self.says(&[one(histogram)]).await;
        assert_eq!(run.report.warnings, [""; 0]);
        buckets(&run)
    }

    async fn is_silent(&mut self) {
        PAYLOADS.lock().expect("nobody panicked").remove(&self.endpoint);
        assert!(!self.check.run().await.is_ok());
    }
}

fn one(one: Histogram) -> MetricFamily {
    family("h", HISTOGRAM, vec![histogram(&[], one)])
}

/// Another family, with which the endpoint is known.
fn other() -> MetricFamily {
    family("a", GAUGE, vec![gauge(&[], 1.0)])
}

/// Counts and bounds, and the tags if there are any.
fn buckets(run: &Run) -> Vec<String> {
    let told = run.buckets.iter().map(|seen| {
        let allwell::metric::Bucket { count, lower, upper, monotonic, told_by_bounds } =
            seen.bucket;
        assert!(!monotonic && !told_by_bounds, "{seen:?}");
        let tags = seen.tags.join(" ");
        let host = seen.host.as_deref().map_or_else(String::new, |host| format!(" @{host}"));
        format!("{} {count} in {lower}..{upper} {tags}{host}", seen.name).trim_end().to_owned()
    });
    told.collect()
}

#[tokio::test]
async fn what_was_added_to_each_bucket_since_the_last_run() {
    let mut exposed = Exposed::distributed();
    let first = native(0, &[(1, 3), (3, 5)], &[(2, 1)]);
    assert_eq!(
        exposed.adds(first.clone()).await,
        [""; 0],
        "first values do not count in the first run"
    );
    assert_eq!(exposed.adds(first).await, [""; 0], "nothing was added");
    let more = Histogram { zero_count: Some(2), ..native(0, &[(1, 4), (2, 7), (3, 5)], &[(2, 3)]) };
    assert_eq!(
        exposed.adds(more).await,
        ["h 2 in -0.001..0.001", "h 1 in 1..2", "h 7 in 2..4", "h 2 in -4..-2"]
    );
}

#[tokio::test]
async fn first_values_count_once_the_endpoint_is_known() {
    let mut exposed = Exposed::distributed();
    let run = exposed.says(&[other()]).await;
    assert_eq!(buckets(&run), [""; 0]);
    assert_eq!(exposed.adds(native(1, &[(2, 3)], &[])).await, ["h 3 in 1.4142135623730951..2"]);
    // What began anew counts as a whole.
    assert_eq!(exposed.adds(native(1, &[(2, 2)], &[])).await, ["h 2 in 1.4142135623730951..2"]);
    assert_eq!(exposed.adds(native(1, &[(2, 1), (4, 9)], &[])).await.len(), 2);
    assert_eq!(
        exposed.adds(native(1, &[(4, 10)], &[])).await,
        ["h 10 in 2.8284271247461903..4"],
        "a bucket is gone"
    );
}

#[tokio::test]
async fn a_series_that_was_away_goes_on() {
    let mut exposed = Exposed::distributed();
    exposed.adds(native(0, &[(1, 3)], &[])).await;
    exposed.adds(native(0, &[(1, 4)], &[])).await;
    exposed.says(&[other()]).await;
    assert_eq!(exposed.adds(native(0, &[(1, 6)], &[])).await, ["h 2 in 1..2"]);
    exposed.is_silent().await;
    assert_eq!(exposed.adds(native(0, &[(1, 7)], &[])).await, ["h 1 in 1..2"]);
}

#[tokio::test]
async fn buckets_merge_as_the_resolution_falls() {
    let mut exposed = Exposed::distributed();
    // Of schema 2, the buckets 5 to 8 are bucket 2 of schema 0, and -3 to 0 are bucket 0.
    exposed.adds(native(2, &[(-3, 1), (0, 2), (1, 4), (5, 8), (8, 16)], &[(1, 32)])).await;
    let coarse = native(0, &[(0, 3), (1, 5), (2, 26)], &[(1, 33)]);
    assert_eq!(exposed.adds(coarse).await, ["h 1 in 1..2", "h 2 in 2..4", "h 1 in -2..-1"]);
    // A resolution that rises is a new beginning.
    assert_eq!(exposed.adds(native(1, &[(2, 100)], &[])).await, ["h 100 in 1.4142135623730951..2"]);
}

#[tokio::test]
async fn buckets_join_the_zero_bucket_as_it_widens() {
    let with_zero =
        |threshold, zero, schema, positive: &[(i32, i64)], negative: &[(i32, i64)]| Histogram {
            zero_threshold: Some(threshold),
            zero_count: Some(zero),
            ..native(schema, positive, negative)
        };
    let mut exposed = Exposed::distributed();
    exposed.adds(with_zero(0.125, 1, 0, &[(-1, 2), (0, 4), (1, 8)], &[(-1, 16), (3, 1)])).await;
    // 1 + 2 + 16 were within 0.5 already.
    let wider = with_zero(0.5, 20, 0, &[(0, 4), (1, 9)], &[(3, 1)]);
    assert_eq!(exposed.adds(wider).await, ["h 1 in -0.5..0.5", "h 1 in 1..2"]);
    // Wider and coarser at once, by the bounds of the finer schema: bucket 0, of up to 1, joins it.
    let both = with_zero(1.0, 24, -1, &[(1, 10)], &[(2, 1)]);
    assert_eq!(exposed.adds(both).await, ["h 1 in 1..4"]);
    // A threshold within a bucket tells nothing of what was there.
    let within = with_zero(1.5, 30, -1, &[(1, 4)], &[(2, 1)]);
    assert_eq!(
        exposed.adds(within).await,
        ["h 30 in -1.5..1.5", "h 4 in 1.5..4", "h 1 in -16..-4"],
        "all is new, and what is not zero lies beyond the threshold"
    );
    let narrower = with_zero(1.0, 31, -1, &[(1, 5)], &[(2, 1)]);
    assert_eq!(exposed.adds(narrower).await.len(), 3, "all is new");
}

/// The bound of a bucket may be computed in more than one way.
#[tokio::test]
async fn a_threshold_that_is_nearly_a_bound_is_one() {
    let with = |threshold: f64, zero, positive: &[(i32, i64)]| Histogram {
        zero_threshold: Some(threshold),
        zero_count: Some(zero),
        ..native(3, positive, &[])
    };
    let bound = 2_f64.powf(-11.0 / 8.0);
    for near in [bound, bound.next_up().next_up(), bound.next_down().next_down()] {
        let mut exposed = Exposed::distributed();
        exposed.adds(with(0.0, 0, &[(-12, 1), (-11, 1), (-10, 1)])).await;
        let added = exposed.adds(with(near, 3, &[(-10, 1)])).await;
        assert_eq!(added, [format!("h 1 in 0..{near}")]);
    }
}

#[tokio::test]
async fn near_to_zero_is_on_the_side_of_all_other_values() {
    let near = |positive: &[(i32, i64)], negative: &[(i32, i64)]| Histogram {
        zero_count: Some(1),
        ..native(0, positive, negative)
    };
    for (histogram, expected) in [
        (near(&[(1, 1)], &[]), "h 1 in 0..0.001"),
        (near(&[], &[(1, 1)]), "h 1 in -0.001..0"),
        (near(&[(1, 1)], &[(1, 1)]), "h 1 in -0.001..0.001"),
        (near(&[], &[]), "h 1 in -0.001..0.001"),
    ] {
        let mut exposed = Exposed::distributed();
        exposed.says(&[other()]).await;
        assert_eq!(exposed.adds(histogram).await[0], expected);
    }
}

#[tokio::test]
async fn the_greatest_bucket_ends_at_the_greatest_number_and_infinity_is_no_value() {
    let mut exposed = Exposed::distributed();
    exposed.says(&[other()]).await;
    let told = exposed.adds(native(-4, &[(64, 1), (65, 1)], &[(65, 1)])).await;
    assert_eq!(told, [format!("h 1 in {}..{}", 2_f64.powi(1008), f64::MAX)]);
}

#[tokio::test]
async fn of_fractions_whole_parts_count_when_they_are_full() {
    let mut exposed = Exposed::distributed();
    let fractions = |count| Histogram {
        sample_count_float: Some(count),
        positive_span: spans(&[(1, 1)]),
        positive_count: vec![count],
        ..Histogram::default()
    };
    let mut sum = Vec::new();
    for count in [0.5, 0.9, 1.25, 3.5, 3.75, 4.0] {
        sum.push(exposed.adds(fractions(count)).await.join(""));
    }
    assert_eq!(sum, ["", "", "h 1 in 1..2", "h 2 in 1..2", "", "h 1 in 1..2"]);
}

#[tokio::test]
async fn sums_and_counts_come_as_asked_and_classic_buckets_instead_of_native_ones() {
    let both = || {
        one(Histogram {
            bucket: classic(&[(1.0, 3), (f64::INFINITY, 4)]),
            ..native(0, &[(1, 4)], &[])
        })
    };
    let metrics = |run: &Run| {
        let told = run
            .metrics
            .iter()
            .map(|one| format!("{} {} {}", one.name, one.value, one.tags.join(" ")));
        told.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>()
    };
    let cases: [(&str, &[&str], &[&str]); 6] = [
        ("", &["h.bucket 3 upper_bound:1.0", "h.count 4", "h.sum 1.5"], &[]),
        ("collect_histogram_buckets: false", &["h.count 4", "h.sum 1.5"], &[]),
        (
            "non_cumulative_histogram_buckets: true",
            &["h.bucket 3 lower_bound:0 upper_bound:1.0", "h.count 4", "h.sum 1.5"],
            &[],
        ),
        ("histogram_buckets_as_distributions: true", &[], &["h 4 in 1..2"]),
        ("collect_histograms_as_distributions: true", &[], &["h 4 in 1..2"]),
        (
            "collect_counters_with_distributions: true",
            &["h.count 4", "h.sum 1.5"],
            &["h 4 in 1..2"],
        ),
    ];
    for (options, expected, distributed) in cases {
        let mut exposed = Exposed::new(options);
        exposed.says(&[other()]).await;
        let run = exposed.says(&[both()]).await;
        assert_eq!(buckets(&run), distributed, "{options}");
        let mut told = metrics(&run);
        told.sort_unstable();
        assert_eq!(told, expected, "{options}");
    }
}

/// What is no histogram to the user, or to the server, is none.
#[tokio::test]
async fn other_families_have_no_native_histograms() {
    let options =
        "histogram_buckets_as_distributions: true\nextra_metrics: [{h: {name: g, type: gauge}}]";
    let mut exposed = Exposed::new(options);
    exposed.says(&[other()]).await;
    let run = exposed.says(&[one(native(0, &[(1, 4)], &[]))]).await;
    assert_eq!((run.buckets.len(), run.values("g")), (0, vec![1.5, 4.0]));
    let mut exposed =
        Exposed::new("exclude_metrics: [h]\nhistogram_buckets_as_distributions: true");
    exposed.says(&[other()]).await;
    let run = exposed.says(&[one(native(0, &[(1, 4)], &[])), other()]).await;
    assert_eq!((run.buckets.len(), run.metrics.len()), (0, 1));
}

#[tokio::test]
async fn series_are_told_apart_by_their_labels_and_tagged_as_any() {
    let of = |labels: &[(&str, &str)], count| histogram(labels, native(0, &[(1, count)], &[]));
    let families = |first, second| {
        let metrics = vec![
            of(&[("pod", "a"), ("zone", "x")], first),
            of(&[("pod", "b"), ("zone", "x")], second),
        ];
        [family("h", HISTOGRAM, metrics.clone()), family("i.j", HISTOGRAM, metrics)]
    };
    let cases: [(&str, [&str; 2]); 6] = [
        ("tags: ['env:test']", ["env:test pod:a zone:x", "env:test pod:b zone:x"]),
        ("exclude_labels: [pod]", ["zone:x", "zone:x"]),
        ("rename_labels: {pod: name}", ["name:a zone:x", "name:b zone:x"]),
        ("include_labels: [pod]", ["pod:a", "pod:b"]),
        (
            "hostname_label: pod\nhostname_format: host-<HOSTNAME>",
            ["pod:a zone:x @host-a", "pod:b zone:x @host-b"],
        ),
        (
            "share_labels: {a: {labels: [shard]}}\nexclude_labels: [zone]",
            ["pod:a shard:7", "pod:b shard:7"],
        ),
    ];
    for (options, [first, second]) in cases {
        for distributed in
            ["histogram_buckets_as_distributions", "collect_histograms_as_distributions"]
        {
            let mut exposed = Exposed::new(&format!("{distributed}: true\n{options}"));
            let source = || family("a", GAUGE, vec![gauge(&[("shard", "7")], 1.0)]);
            let [h, ij] = families(1, 10);
            exposed.says(&[source(), h, ij]).await;
            let [h, ij] = families(3, 15);
            let run = exposed.says(&[source(), h, ij]).await;
            let expected = ["h", "i.j"].into_iter().flat_map(|name| {
                [format!("{name} 2 in 1..2 {first}"), format!("{name} 5 in 1..2 {second}")]
            });
            assert_eq!(buckets(&run), expected.collect::<Vec<_>>(), "{options}");
        }
    }
}

#[tokio::test]
async fn series_and_lines_that_are_left_out() {
    for (left_out, expected) in [
        ("exclude_metrics_by_labels: {pod: ['a']}", &["h 1 in 1..2 pod:b"][..]),
        ("raw_line_filters: ['^h\\{pod=\"b']", &["h 1 in 1..2 pod:a"]),
        ("raw_line_filters: ['^h_']", &["h 1 in 1..2 pod:a", "h 1 in 1..2 pod:b"]),
        // Of a name that is not remembered, metrics are listed when there is something of them.
        (
            "raw_line_filters: ['^h_']\ncache_metric_wildcards: false",
            &["h 1 in 1..2 pod:a", "h 1 in 1..2 pod:b"],
        ),
    ] {
        let mut exposed =
            Exposed::new(&format!("collect_histograms_as_distributions: true\n{left_out}"));
        let both = |count| {
            let of = |pod| histogram(&[("pod", pod)], native(0, &[(1, count)], &[]));
            family("h", HISTOGRAM, vec![of("a"), of("b")])
        };
        exposed.says(&[both(1)]).await;
        let run = exposed.says(&[both(2)]).await;
        assert_eq!(buckets(&run), expected, "{left_out}");
    }
}

#[tokio::test]
async fn the_start_of_the_server_decides_whether_first_values_count() {
    for (started, expected) in [(4e9, &["h 4 in 1..2"][..]), (1.0, &[])] {
        for is_first in [true, false] {
            let mut exposed = Exposed::new(
                "histogram_buckets_as_distributions: true\nuse_process_start_time: true",
            );
            let start = family("process_start_time_seconds", GAUGE, vec![gauge(&[], started)]);
            let mut families = vec![start, one(native(0, &[(1, 4)], &[]))];
            if !is_first {
                families.reverse();
            }
            let run = exposed.says(&families).await;
            assert_eq!(buckets(&run), expected, "{started} {is_first}");
            assert_eq!(exposed.adds(native(0, &[(1, 5)], &[])).await, ["h 1 in 1..2"]);
        }
    }
}

/// A million buckets, and no more.
#[tokio::test]
async fn buckets_that_are_remembered_are_not_without_limit() {
    let wide = |count: i64| Histogram {
        sample_count: Some(1),
        schema: Some(8),
        positive_span: spans(&[(-200_000, 400_000)]),
        positive_delta: std::iter::once(count).chain(std::iter::repeat_n(0, 399_999)).collect(),
        ..Histogram::default()
    };
    let mut exposed = Exposed::distributed();
    let all = |count| {
        let of = |name| histogram(&[("name", name)], wide(count));
        family("h", HISTOGRAM, vec![of("a"), of("b"), of("c")])
    };
    for count in 1..=2 {
        let run = exposed.says(&[all(count)]).await;
        let [warning] = &run.report.warnings[..] else { panic!("{:?}", run.report.warnings) };
        assert!(warning.contains("more buckets than are remembered"), "{warning}");
        assert!(warning.contains("`h{name=\"c\"}`"), "{warning}");
        assert_eq!(run.buckets.len(), if count == 1 { 0 } else { 800_000 });
        assert!(run.buckets.iter().all(|seen| seen.bucket.count == 1));
    }
    // What is away for long makes room.
    for _ in 0..17 {
        exposed.adds(native(0, &[(1, 1)], &[])).await;
    }
    let run =
        exposed.says(&[family("h", HISTOGRAM, vec![histogram(&[("name", "c")], wide(1))])]).await;
    assert_eq!((run.report.warnings.len(), run.buckets.len()), (0, 400_000));
}

#[test]
fn strict_compat_has_no_native_histograms() {
    let options =
        "openmetrics_endpoint: http://localhost\nmetrics: [.+]\nnative_histograms: true\n";
    assert_eq!(problems_of::<Mapped>(options), "");
    let report = problems_of::<Mapped>(&format!("{options}strict_compat: true\n"));
    assert!(
        report.contains("`native_histograms` and `strict_compat` exclude each other"),
        "{report}"
    );
    assert!(report.contains("hint: leave out one of them"), "{report}");
}
