//! What becomes of samples: the same whatever way a line is written that means the same. Most lines are only compared with what is
//! expected of them, and lines that are written otherwise are read as a whole.

use std::sync::Mutex;

use allwell::metric::Dynamic;
use allwell::openmetrics::parse::Format;
use allwell::openmetrics::{Endpoint, Scraper};
use allwell::prelude::*;
use allwell::testing::{Run, instance};

static PAYLOAD: Mutex<String> = Mutex::new(String::new());
/// One payload at a time.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

struct Mapped {
    scraper: Scraper,
}

/// What is made of a payload.
#[check(name = "mapped")]
impl Check<Dynamic> for Mapped {
    type Config = Endpoint;
    type Metrics = ();

    async fn start(config: Endpoint, _cx: &Context<Dynamic>) -> Result<Self> {
        Ok(Self { scraper: Scraper::new(config.0) })
    }

    async fn run(&mut self, cx: &Context<Dynamic>) -> Result<()> {
        let payload = PAYLOAD.lock().expect("nobody panicked").clone();
        Ok(self.scraper.read(cx, Format::Text, payload.as_bytes())?)
    }
}

/// The second of two runs, in which totals count.
async fn second_run(options: &str, payload: &str) -> Run {
    payload.clone_into(&mut PAYLOAD.lock().expect("nobody panicked"));
    let options = format!(
        "openmetrics_endpoint: http://localhost/\nmetrics: [.+]\ntags: ['env:test', 'pod:a']\nmax_returned_metrics: 0\n{options}"
    );
    let mut check = instance::<Mapped>(&options);
    check.run().await;
    let run = check.run().await;
    run.assert_ok();
    run
}

/// Values, tags and flags, in their order; floats by their bits.
fn told(run: &Run) -> Vec<String> {
    let metrics = run.metrics.iter().map(|metric| format!("{metric:?}"));
    let buckets = run.buckets.iter().map(|bucket| format!("{bucket:?}"));
    metrics.chain(buckets).chain([format!("{:?}", run.report.warnings)]).collect()
}

const NUMBERS: [&str; 16] = [
    "0",
    "7",
    "12.5",
    ".5",
    "3.",
    "0.001",
    "123456789012345",
    "99999999.9999999",
    "1e3",
    "-4",
    "+Inf",
    "NaN",
    "0.1234567890123456",
    "18446744073709551615",
    "1.5 1700000000000",
    "1.7.2",
];

/// Families with the same labels, in the same and in another order, with labels that come and go.
fn payload() -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut number = NUMBERS.iter().cycle();
    let mut value = || *number.next().expect("an endless one");
    for family in 0..4 {
        lines.push(format!("# TYPE level_{family} gauge"));
        let pods = ["a", "b", "c", "d e", "\u{e9}", "x\\\"y"];
        let order: Vec<&str> = match family {
            2 => pods.iter().rev().copied().collect(),
            _ => pods.iter().skip(family % 3).copied().collect(),
        };
        for pod in order {
            lines.push(format!(
                "level_{family}{{pod=\"{pod}\",node=\"n-{}\"}} {}",
                pod.len(),
                value()
            ));
        }
        lines.push(format!("level_{family} {}", value()));
        lines.push(format!("# TYPE done_{family}_total counter"));
        for pod in pods {
            lines.push(format!(
                "done_{family}_total{{pod=\"{pod}\",node=\"n-{}\"}} {}",
                pod.len(),
                value()
            ));
        }
        lines.push(format!("# TYPE took_{family} histogram"));
        for pod in ["a", "b", "c"] {
            for bound in ["0.5", "1", "10.0", "+Inf"] {
                lines.push(format!(
                    "took_{family}_bucket{{pod=\"{pod}\",le=\"{bound}\"}} {}",
                    value()
                ));
            }
            lines.push(format!("took_{family}_sum{{pod=\"{pod}\"}} {}", value()));
            lines.push(format!("took_{family}_count{{pod=\"{pod}\"}} {}", value()));
        }
        lines.push(format!("took_{family}_bucket{{le=\"1\",pod=\"front\"}} {}", value()));
        lines.push(format!("# TYPE size_{family} summary"));
        for pod in ["a", "b"] {
            for quantile in ["0.5", "0.90", "1"] {
                lines.push(format!(
                    "size_{family}{{pod=\"{pod}\",quantile=\"{quantile}\"}} {}",
                    value()
                ));
            }
            lines.push(format!("size_{family}_sum{{pod=\"{pod}\"}} {}", value()));
            lines.push(format!("size_{family}_count{{pod=\"{pod}\"}} {}", value()));
        }
    }
    lines.join("\n") + "\n"
}

/// No line of these is as simple as what is expected, and the labels' text is never the one before with another end.
fn written_otherwise() -> [String; 3] {
    let payload = payload();
    [payload.replace('\n', "\r\n"), payload.replace("} ", ",}  "), payload.replace("} ", "}\t")]
}

#[tokio::test]
async fn lines_mean_the_same_however_they_are_written() {
    let _alone = ALONE.lock().await;
    for options in [
        "",
        "collect_histogram_buckets: false",
        "non_cumulative_histogram_buckets: true",
        "histogram_buckets_as_distributions: true",
        "collect_histograms_as_distributions: true",
        "exclude_labels: [node]",
        "rename_labels: {upper_bound: le}",
        "hostname_label: node",
        "exclude_metrics_by_labels: {pod: ['b']}",
        "share_labels: {level_0: {match: [pod], labels: [node]}}",
        "extra_metrics: [{level_1: {name: level_1, type: counter}}]",
    ] {
        let expected = told(&second_run(options, &payload()).await);
        assert!(expected.len() > 20, "{options}: {expected:?}");
        for otherwise in written_otherwise() {
            let other = told(&second_run(options, &otherwise).await);
            // Excerpts of lines that are wrong show how they are written.
            assert_eq!(other[..other.len() - 1], expected[..expected.len() - 1], "{options}");
        }
    }
}

#[tokio::test]
async fn expected_lines_have_their_values_tags_and_flags() {
    let _alone = ALONE.lock().await;
    let payload = "# TYPE a gauge\na{x=\"1\"} 0.1\na{x=\"2\"} 2\n# TYPE b_total counter\nb_total{x=\"1\"} 3\n\
                   b_total{x=\"2\"} 12345678.25\n# TYPE h histogram\nh_bucket{x=\"1\",le=\"1\"} 4\n\
                   h_bucket{x=\"1\",le=\"+Inf\"} 5\nh_sum{x=\"1\"} 6.5\nh_count{x=\"1\"} 5\n\
                   # TYPE i histogram\ni_bucket{x=\"1\",le=\"1\"} 7\ni_bucket{x=\"1\",le=\"+Inf\"} 8\ni_sum{x=\"1\"} 9.5\n\
                   i_count{x=\"1\"} 8\n";
    let run = second_run("", payload).await;
    let seen: Vec<(&str, f64, String)> = run
        .metrics
        .iter()
        .map(|metric| (metric.name.as_str(), metric.value, metric.tags.join(" ")))
        .filter(|(_, _, tags)| tags.contains("x:"))
        .collect();
    let all = |rest: &str| format!("endpoint:http://localhost/ env:test pod:a {rest}");
    assert_eq!(
        seen,
        [
            ("a", 0.1, all("x:1")),
            ("a", 2.0, all("x:2")),
            ("b.count", 3.0, all("x:1")),
            ("b.count", 12_345_678.25, all("x:2")),
            ("h.bucket", 4.0, all("upper_bound:1.0 x:1")),
            ("h.sum", 6.5, all("x:1")),
            ("h.count", 5.0, all("x:1")),
            ("i.bucket", 7.0, all("upper_bound:1.0 x:1")),
            ("i.sum", 9.5, all("x:1")),
            ("i.count", 8.0, all("x:1")),
        ]
    );
}

/// A brace after the name of a family need not be that of its labels, nor what is before it a name.
#[tokio::test]
async fn what_stands_between_a_name_and_a_brace_is_no_part_of_the_name() {
    let _alone = ALONE.lock().await;
    for (payload, values) in [
        (
            "# TYPE foo gauge\nfoo {a=\"1\"} 1\nfoo {a=\"2\"} 2\nfoo\t{a=\"3\"} 3\n",
            vec![1.0, 2.0, 3.0],
        ),
        ("# TYPE foo gauge\nfoo{a=\"1\"} 1\nfoo 3 # {t=\"x\"} 1\n", vec![1.0, 3.0]),
    ] {
        let run = second_run("", payload).await;
        let found: Vec<_> = run.metrics.iter().map(|one| (&*one.name, one.value)).collect();
        assert_eq!(found, values.iter().map(|value| ("foo", *value)).collect::<Vec<_>>());
        assert!(run.report.warnings.is_empty(), "{:?}", run.report.warnings);
    }
}

/// Lines of so many names.
fn names(count: u32) -> String {
    (0..count).map(|number| format!("name_{number} {number}\n")).collect::<Vec<_>>().concat()
}

#[tokio::test]
async fn names_beyond_those_that_are_remembered_are_submitted_and_told_of_once() {
    let _alone = ALONE.lock().await;
    let histogram = "# TYPE late histogram\nlate_bucket{le=\"1\"} 2\nlate_bucket{le=\"+Inf\"} 3\nlate_sum 4\nlate_count 3\n";
    let typed = "# TYPE typed counter\ntyped_total{a=\"1\"} 1\ntyped_total{a=\"2\"} 2\n";
    let payload = format!("{}{histogram}{typed}{}", names(20_000), names(10));
    payload.clone_into(&mut PAYLOAD.lock().expect("nobody panicked"));
    let options = |options: &str| {
        format!(
            "openmetrics_endpoint: http://localhost/\nmetrics: [{{'name_.+': {{type: gauge}}}}, '.+']\n{options}"
        )
    };
    let mut check = instance::<Mapped>(&options("max_returned_metrics: 0"));
    let (first, second) = (check.run().await, check.run().await);
    let told = |run: &Run| {
        let warnings = run.report.warnings.iter();
        warnings.filter(|warning| warning.contains("are more than 16384")).count()
    };
    assert_eq!((told(&first), told(&second)), (1, 0));
    for run in [&first, &second] {
        run.assert_ok();
        assert_eq!(run.values("name_19999"), [19999.0]);
        assert_eq!(run.values("late.count"), [3.0]);
        assert_eq!(run.values("late.bucket"), [2.0]);
        assert_eq!(run.values("typed.count"), [1.0, 2.0]);
    }
}
