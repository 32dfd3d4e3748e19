//! The sampler against the Agent's rules for a check's samples: every case gives runs and the exact points of each commit.
#![allow(missing_docs)]

use allwell::aggregate::{Flush, Sampler};
use allwell::metric::{Batch, Declared, Descriptor, Kind, Limits, Orientation, UnitName};

const fn metric(kind: Kind, flush_first_value: bool) -> Descriptor {
    Descriptor {
        name: "m",
        declared: Declared::Metric { kind, unit: UnitName { name: "byte", per: "" } },
        description: "A metric.",
        short_name: None,
        orientation: Orientation::Neutral,
        curated: &[],
        interval: None,
        in_app: None,
        flush_first_value,
        from: None,
    }
}

static GAUGE: Descriptor = metric(Kind::Gauge, false);
static COUNT: Descriptor = metric(Kind::Count, false);
static RATE: Descriptor = metric(Kind::Rate, false);
static MONOTONIC: Descriptor = metric(Kind::MonotonicCount, false);
static MONOTONIC_FIRST: Descriptor = metric(Kind::MonotonicCount, true);
static HISTOGRAM: Descriptor = metric(Kind::Histogram, false);
static DISTRIBUTION: Descriptor = metric(Kind::Distribution, false);

/// Runs are separated by `;`: the values of a run, then `@` and the time of the run and its commit, or `+` and the time of
/// a run that is not committed. What is expected of each commit are points `name kind value@time`, or `-`.
struct Case {
    name: &'static str,
    metric: &'static Descriptor,
    runs: &'static str,
    expected: &'static [&'static str],
}

const fn case(
    name: &'static str,
    metric: &'static Descriptor,
    runs: &'static str,
    expected: &'static [&'static str],
) -> Case {
    Case { name, metric, runs, expected }
}

#[test]
fn every_kind_gives_the_agents_points() {
    let cases = cases();
    assert_eq!(cases.len(), 65);
    for Case { name, metric, runs, expected } in cases {
        assert_eq!(play(metric, runs), expected, "{name}: {runs}");
    }
}

fn cases() -> Vec<Case> {
    let kinds = [gauges(), counts(), rates(), monotonic_counts(), first_values()];
    let summaries = [histograms(), distributions()];
    let ways = [rates_over_commits(), totals_over_commits(), resets(), summaries_of_many()];
    kinds.into_iter().chain(summaries).chain(ways).flatten().collect()
}

fn gauges() -> Vec<Case> {
    vec![
        case("one value", &GAUGE, "5 @10", &["m gauge 5@10"]),
        case("the last value wins", &GAUGE, "5 7 6 @10", &["m gauge 6@10"]),
        case("zero is a value", &GAUGE, "0 @10", &["m gauge 0@10"]),
        case(
            "no sample, no point",
            &GAUGE,
            "5 @10; @20; 6 @30",
            &["m gauge 5@10", "-", "m gauge 6@30"],
        ),
        case("the last run before a commit wins", &GAUGE, "5 +10; 6 +11; @12", &["m gauge 6@12"]),
        case("the time is cut to seconds", &GAUGE, "5 @10.99", &["m gauge 5@10"]),
        case("what is not finite is dropped", &GAUGE, "5 nan inf -inf @10", &["m gauge 5@10"]),
        case("only what is not finite", &GAUGE, "nan @10", &["-"]),
    ]
}

fn counts() -> Vec<Case> {
    vec![
        case("the sum of a run", &COUNT, "1 2 3.5 @10", &["m count 6.5@10"]),
        case(
            "starts again after a commit",
            &COUNT,
            "1 @10; 2 @20",
            &["m count 1@10", "m count 2@20"],
        ),
        case("zero is a count", &COUNT, "0 @10", &["m count 0@10"]),
        case("no sample, no point", &COUNT, "1 @10; @20", &["m count 1@10", "-"]),
        case("negative counts add up", &COUNT, "5 -7 @10", &["m count -2@10"]),
        case("runs before a commit add up", &COUNT, "1 +10; 2 +11; 3 @12", &["m count 6@12"]),
    ]
}

fn rates() -> Vec<Case> {
    vec![
        case("one sample is no rate", &RATE, "5 @10", &["-"]),
        case("growth per second", &RATE, "5 @10; 25 @20", &["-", "m gauge 2@20"]),
        case(
            "each rate is since the last",
            &RATE,
            "0 @10; 10 @20; 40 @30",
            &["-", "m gauge 1@20", "m gauge 3@30"],
        ),
        case("no growth", &RATE, "5 @10; 5 @20", &["-", "m gauge 0@20"]),
        case("a rate that went down is dropped", &RATE, "50 @10; 5 @20", &["-", "-"]),
        case(
            "and is the base of the next",
            &RATE,
            "50 @10; 5 @20; 15 @30",
            &["-", "-", "m gauge 1@30"],
        ),
        case(
            "a run without sample is bridged",
            &RATE,
            "0 @10; @20; 40 @30",
            &["-", "-", "m gauge 2@30"],
        ),
        case("two samples at one time", &RATE, "5 7 @10", &["-"]),
        case("the later of them is the base", &RATE, "5 7 @10; 17 @20", &["-", "m gauge 1@20"]),
        case("the time is the sample's", &RATE, "0 +10; 20 +20; @25", &["m gauge 2@20"]),
        case(
            "of three runs, the last two count",
            &RATE,
            "0 +10; 10 +20; 50 +30; @31",
            &["m gauge 4@30"],
        ),
        case("a clock set back", &RATE, "0 @10; 5 @5; 15 @15", &["-", "-", "m gauge 1@15"]),
    ]
}

fn monotonic_counts() -> Vec<Case> {
    vec![
        case("the first value is a base", &MONOTONIC, "5 @10", &["-"]),
        case("growth since the last run", &MONOTONIC, "5 @10; 12 @20", &["-", "m count 7@20"]),
        case("no growth is zero", &MONOTONIC, "5 @10; 5 @20", &["-", "m count 0@20"]),
        case("growth within a run adds up", &MONOTONIC, "5 7 10 @10", &["m count 5@10"]),
        case("a reset contributes zero", &MONOTONIC, "5 @10; 2 @20", &["-", "m count 0@20"]),
        case(
            "and is the new base",
            &MONOTONIC,
            "5 @10; 2 @20; 6 @30",
            &["-", "m count 0@20", "m count 4@30"],
        ),
        case("a reset within a run keeps what grew", &MONOTONIC, "5 9 2 4 @10", &["m count 6@10"]),
        case(
            "a run without sample is bridged",
            &MONOTONIC,
            "5 @10; @20; 9 @30",
            &["-", "-", "m count 4@30"],
        ),
    ]
}

fn first_values() -> Vec<Case> {
    vec![
        case("the first value counts", &MONOTONIC_FIRST, "5 @10", &["m count 5@10"]),
        case("then growth", &MONOTONIC_FIRST, "5 @10; 8 @20", &["m count 5@10", "m count 3@20"]),
        case(
            "a reset counts from zero",
            &MONOTONIC_FIRST,
            "5 @10; 2 @20",
            &["m count 5@10", "m count 2@20"],
        ),
        case("and replaces what grew before", &MONOTONIC_FIRST, "5 9 2 @10", &["m count 2@10"]),
        case("growth after the reset adds up", &MONOTONIC_FIRST, "5 9 2 6 @10", &["m count 6@10"]),
    ]
}

fn histograms() -> Vec<Case> {
    vec![
        case(
            "one value is all of them",
            &HISTOGRAM,
            "5 @10",
            &[
                "m.max gauge 5@10, m.median gauge 5@10, m.avg gauge 5@10, m.count rate 1@10, m.95percentile gauge 5@10",
            ],
        ),
        case(
            "an even number: the lower of the middle two",
            &HISTOGRAM,
            "4 1 3 2 @10",
            &[
                "m.max gauge 4@10, m.median gauge 2@10, m.avg gauge 2.5@10, m.count rate 4@10, m.95percentile gauge 4@10",
            ],
        ),
        case(
            "twenty values",
            &HISTOGRAM,
            "20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 @10",
            &[
                "m.max gauge 20@10, m.median gauge 10@10, m.avg gauge 10.5@10, m.count rate 20@10, m.95percentile gauge 19@10",
            ],
        ),
        case(
            "starts again after a commit",
            &HISTOGRAM,
            "9 9 @10; @20; -1 @30",
            &[
                "m.max gauge 9@10, m.median gauge 9@10, m.avg gauge 9@10, m.count rate 2@10, m.95percentile gauge 9@10",
                "-",
                "m.max gauge -1@30, m.median gauge -1@30, m.avg gauge -1@30, m.count rate 1@30, m.95percentile gauge -1@30",
            ],
        ),
    ]
}

fn distributions() -> Vec<Case> {
    vec![
        case(
            "a sketch of a run",
            &DISTRIBUTION,
            "1 100 @10; @20",
            &["m sketch 1338x1 1635x1@10", "-"],
        ),
        case(
            "a sketch a second",
            &DISTRIBUTION,
            "1 +10.2; 1 +10.8; 1 +11; @12",
            &["m sketch 1338x2@10, m sketch 1338x1@11"],
        ),
    ]
}

fn rates_over_commits() -> Vec<Case> {
    vec![
        case(
            "a point a commit",
            &RATE,
            "0 @10; 10 @20; 30 @30",
            &["-", "m gauge 1@20", "m gauge 2@30"],
        ),
        case("no growth is a rate of zero", &RATE, "5 @10; 5 @20", &["-", "m gauge 0@20"]),
        case("two runs before a commit", &RATE, "0 +10; 10 +20; @25", &["m gauge 1@20"]),
        case(
            "of three runs before a commit, the last two",
            &RATE,
            "0 +10; 10 +20; 40 +30; @30",
            &["m gauge 3@30"],
        ),
        case(
            "a total that went down is the next base",
            &RATE,
            "10 @10; 2 @20; 4 @30",
            &["-", "-", "m gauge 0.2@30"],
        ),
        case("a clock that went back", &RATE, "0 @10; 10 @5; 20 @15", &["-", "-", "m gauge 1@15"]),
        case(
            "over a commit without a sample",
            &RATE,
            "0 @10; @20; 20 @30",
            &["-", "-", "m gauge 1@30"],
        ),
    ]
}

fn totals_over_commits() -> Vec<Case> {
    vec![
        case(
            "no growth is a point of zero",
            &MONOTONIC,
            "10 @10; 15 @20; 15 @30",
            &["-", "m count 5@20", "m count 0@30"],
        ),
        case(
            "over a commit without a sample",
            &MONOTONIC,
            "10 @10; @20; 13 @30",
            &["-", "-", "m count 3@30"],
        ),
        case(
            "runs before a commit add up",
            &MONOTONIC,
            "1 +10; 4 +11; 9 +12; @12",
            &["m count 8@12"],
        ),
        case("a run with two samples has a point", &MONOTONIC, "10 12 @10", &["m count 2@10"]),
        case("a clock that went back", &MONOTONIC, "10 @10; 15 @5", &["-", "m count 5@5"]),
        case("counts of both signs add up", &COUNT, "5 -3 @10", &["m count 2@10"]),
    ]
}

fn resets() -> Vec<Case> {
    vec![
        case(
            "after a reset nothing, then from there",
            &MONOTONIC,
            "10 @10; 3 @20; 8 @30",
            &["-", "m count 0@20", "m count 5@30"],
        ),
        case("a reset within a run", &MONOTONIC, "10 12 11 14 @10", &["m count 5@10"]),
        case(
            "with the first value, a reset counts from zero",
            &MONOTONIC_FIRST,
            "10 @10; 4 @20",
            &["m count 10@10", "m count 4@20"],
        ),
        case(
            "with the first value, growth within a run adds up",
            &MONOTONIC_FIRST,
            "5 8 @10",
            &["m count 8@10"],
        ),
    ]
}

fn summaries_of_many() -> Vec<Case> {
    vec![
        case(
            "the median of an even number is the lower one",
            &HISTOGRAM,
            "4 1 3 2 @10",
            &[
                "m.max gauge 4@10, m.median gauge 2@10, m.avg gauge 2.5@10, m.count rate 4@10, m.95percentile gauge 4@10",
            ],
        ),
        case(
            "of twenty values the nineteenth is the percentile",
            &HISTOGRAM,
            "20 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 @10",
            &[
                "m.max gauge 20@10, m.median gauge 10@10, m.avg gauge 10.5@10, m.count rate 20@10, m.95percentile gauge 19@10",
            ],
        ),
        case(
            "equal values share a bin",
            &DISTRIBUTION,
            "1 100 1 @10",
            &["m sketch 1338x2 1635x1@10"],
        ),
    ]
}

fn play(metric: &'static Descriptor, runs: &str) -> Vec<String> {
    let mut sampler = Sampler::new();
    let mut flushes = Vec::new();
    for run in runs.split(';') {
        let (values, time) = run.split_once(['@', '+']).expect("a run ends with its time");
        let time = time.parse().expect("a time is a number");
        sampler.add(&batch_of(metric, values), time);
        if run.contains('@') {
            flushes.push(shown(&sampler.commit(time)));
        }
    }
    flushes
}

fn batch_of(metric: &'static Descriptor, values: &str) -> Batch {
    let mut batch = Batch::new(["env:test"], Limits::default());
    for value in values.split_whitespace() {
        batch.emitter().sample(metric, value.parse().expect("a value is a number"));
    }
    batch
}

fn shown(flush: &Flush) -> String {
    let series = flush.series.iter().map(|series| {
        format!("{} {} {}@{}", series.name, series.kind.name(), series.value, series.timestamp)
    });
    let sketches = flush.sketches.iter().map(|series| {
        let bins = series.sketch.bins().iter().map(|(key, count)| format!("{key}x{count}"));
        let bins = bins.collect::<Vec<_>>().join(" ");
        format!("{} sketch {bins}@{}", series.name, series.timestamp)
    });
    let points: Vec<_> = series.chain(sketches).collect();
    if points.is_empty() { "-".to_owned() } else { points.join(", ") }
}
