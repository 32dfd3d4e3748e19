//! What is told of messages: the same as of the text that they stand for, in pieces of any size.

use allwell::openmetrics::parse::{
    Description, FamilyType, Format, Labels, Mistake, NativeHistogram, Parser, Problem, Sample,
    Visitor,
};

use crate::messages::{
    BucketSpan, COUNTER, Exemplar, GAUGE, GAUGE_HISTOGRAM, HISTOGRAM, Histogram, Metric,
    MetricFamily, Quantile, SUMMARY, Summary, UNTYPED, classic, counter, encoded, family, gauge,
    histogram, labelled, native, number, spans,
};

/// Everything a parser tells, a line each.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) lines: Vec<String>,
    /// It takes native histograms.
    takes: bool,
    /// Lines that it does not want begin with it.
    unwanted: Option<&'static str>,
}

impl Visitor for Told {
    fn wants(&mut self, line: &str) -> bool {
        !self.unwanted.is_some_and(|unwanted| line.starts_with(unwanted))
    }

    fn described(&mut self, name: &str, what: Description<'_>) {
        self.lines.push(format!("{name}: {what:?}"));
    }

    fn family(&mut self, name: &str, kind: FamilyType) {
        self.lines.push(format!("{name} {}", kind.name()));
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        let time = sample.timestamp.map_or_else(String::new, |time| format!(" at {time}"));
        let labels = labels(sample.labels);
        self.lines.push(format!("  {} [{labels}] {:?}{time}", sample.name, sample.value));
        Ok(())
    }

    fn native(&mut self, of: Labels<'_>, histogram: &NativeHistogram) -> Result<bool, Mistake> {
        let NativeHistogram { schema, zero_threshold, zero_count, positive, negative } = histogram;
        let labels = labels(of);
        if self.takes {
            self.lines.push(format!(
                "  native [{labels}] {schema} {zero_count}<={zero_threshold} +{positive:?} -{negative:?}"
            ));
        }
        Ok(self.takes)
    }

    fn end(&mut self) {
        self.lines.push(String::from("end"));
    }

    fn problem(&mut self, problem: Problem) {
        self.lines.push(problem.to_string());
    }
}

fn labels(labels: Labels<'_>) -> String {
    let labels = labels.iter().map(|(name, value)| format!("{name}={value}"));
    labels.collect::<Vec<_>>().join("|")
}

fn told_by(mut told: Told, format: Format, payload: &[u8], piece: usize) -> Vec<String> {
    let mut parser = Parser::new(format);
    for piece in payload.chunks(piece) {
        parser.feed(piece, &mut told).expect("it goes on");
    }
    parser.finish(&mut told).expect("it goes on");
    told.lines
}

pub(crate) fn told(payload: &[u8], piece: usize) -> Vec<String> {
    told_by(Told { takes: true, ..Told::default() }, Format::Protobuf, payload, piece)
}

/// The same whatever the pieces.
pub(crate) fn told_of(families: &[MetricFamily]) -> Vec<String> {
    let payload = encoded(families);
    let whole = told(&payload, usize::MAX);
    for piece in [1, 2, 3, 7, 64] {
        assert_eq!(told(&payload, piece), whole, "pieces of {piece}");
    }
    whole
}

/// It is told the same of messages as of a text.
#[track_caller]
fn assert_stands_for(families: &[MetricFamily], text: &str) {
    let expected = told_by(Told::default(), Format::Text, text.as_bytes(), usize::MAX);
    assert_eq!(told_of(families), expected);
}

/// One family of each type.
pub(crate) fn all_types() -> [MetricFamily; 6] {
    let quantile = |quantile, value| Quantile { quantile: Some(quantile), value: Some(value) };
    let summary = Summary {
        sample_count: Some(4),
        sample_sum: Some(0.25),
        quantile: vec![quantile(0.5, 1e-3), quantile(0.99, f64::NAN)],
    };
    let lag = Histogram {
        sample_count: Some(9),
        sample_sum: Some(1e300),
        bucket: classic(&[(0.5, 3), (1_000_000.0, 7)]),
        ..Histogram::default()
    };
    let size = Histogram {
        sample_count_float: Some(2.5),
        bucket: classic(&[(1.0, 1), (f64::INFINITY, 2)]),
        ..Histogram::default()
    };
    let timed = Metric {
        timestamp_ms: Some(1_700_000_000_000),
        untyped: Some(number(-0.125)),
        ..Metric::default()
    };
    [
        family(
            "jobs_total",
            COUNTER,
            vec![
                counter(&[("queue", "mail"), ("host", "a")], 17.0),
                counter(&[], 12_345_678_901_234_567.0),
            ],
        ),
        family("load", GAUGE, vec![gauge(&[("cpu", "0")], f64::INFINITY), gauge(&[], -3.0)]),
        family("wait", SUMMARY, vec![Metric { summary: Some(summary), ..labelled(&[("a", "b")]) }]),
        family("loose", UNTYPED, vec![timed]),
        family("lag", HISTOGRAM, vec![histogram(&[("x", "1")], lag)]),
        family("size", GAUGE_HISTOGRAM, vec![histogram(&[], size)]),
    ]
}

#[test]
fn all_types_stand_for_their_text() {
    assert_stands_for(
        &all_types(),
        "# HELP jobs_total What jobs_total is.\n# TYPE jobs_total counter\n\
         jobs_total{queue=\"mail\",host=\"a\"} 17\njobs_total 12345678901234567\n\
         # HELP load What load is.\n# TYPE load gauge\nload{cpu=\"0\"} +Inf\nload -3\n\
         # HELP wait What wait is.\n# TYPE wait summary\nwait{a=\"b\",quantile=\"0.5\"} 0.001\n\
         wait{a=\"b\",quantile=\"0.99\"} NaN\nwait_sum{a=\"b\"} 0.25\nwait_count{a=\"b\"} 4\n\
         # HELP loose What loose is.\n# TYPE loose untyped\nloose -0.125 1700000000000\n\
         # HELP lag What lag is.\n# TYPE lag histogram\nlag_bucket{x=\"1\",le=\"0.5\"} 3\n\
         lag_bucket{x=\"1\",le=\"1e+06\"} 7\nlag_bucket{x=\"1\",le=\"+Inf\"} 9\nlag_sum{x=\"1\"} 1e300\n\
         lag_count{x=\"1\"} 9\n\
         # HELP size What size is.\n# TYPE size histogram\nsize_bucket{le=\"1\"} 1\n\
         size_bucket{le=\"+Inf\"} 2\nsize_sum 0\nsize_count 2.5\n",
    );
}

#[test]
fn names_labels_and_descriptions_of_any_characters() {
    let mut families = [
        family(
            "my.metric",
            GAUGE,
            vec![gauge(&[("a.b", "x"), ("c", "q\"\\\n{}=, #\t€")], 1.0), gauge(&[], 2.0)],
        ),
        family(
            "odd \"name\"\n",
            HISTOGRAM,
            vec![histogram(
                &[("le\\", "1")],
                Histogram { sample_count: Some(1), ..Histogram::default() },
            )],
        ),
    ];
    families[0].help = Some(String::from("Two\nlines \\ \"quoted\""));
    families[1].help = None;
    assert_stands_for(
        &families,
        "# HELP \"my.metric\" Two\\nlines \\\\ \"quoted\"\n# TYPE \"my.metric\" gauge\n\
         {\"my.metric\",\"a.b\"=\"x\",c=\"q\\\"\\\\\\n{}=, #\t€\"} 1\n{\"my.metric\"} 2\n\
         # TYPE \"odd \\\"name\\\"\\n\" histogram\n\
         {\"odd \\\"name\\\"\\n_bucket\",\"le\\\\\"=\"1\",le=\"+Inf\"} 1\n\
         {\"odd \\\"name\\\"\\n_sum\",\"le\\\\\"=\"1\"} 0\n{\"odd \\\"name\\\"\\n_count\",\"le\\\\\"=\"1\"} 1\n",
    );
}

#[test]
fn what_may_be_left_out_or_is_unknown() {
    // A writer of proto3 leaves out what is zero: the type of a counter, values.
    let mut of_proto3 = family(
        "a_total",
        COUNTER,
        vec![Metric { counter: Some(crate::messages::Number::default()), ..Metric::default() }],
    );
    of_proto3.kind = None;
    of_proto3.help = None;
    of_proto3.unit = Some(String::from("seconds"));
    let empty = family("no_metrics", GAUGE, Vec::new());
    let exemplar = Exemplar { label: labelled(&[("trace", "1")]).label, value: Some(1.0) };
    let mut with_exemplars = native(0, &[(1, 1)], &[]);
    with_exemplars.exemplars = vec![exemplar.clone(), exemplar];
    with_exemplars.sample_count = Some(1);
    let histograms = family("h", HISTOGRAM, vec![histogram(&[], with_exemplars)]);
    let told = told_of(&[of_proto3, MetricFamily::default(), empty, histograms]);
    assert_eq!(
        told,
        [
            "a counter",
            "  a_total [] 0.0",
            "end",
            "h: Help(\"What h is.\")",
            "h histogram",
            "  h_sum [] 1.5",
            "  h_count [] 1.0",
            "  native [] 0 0<=0.001 +[(1, 1.0)] -[]",
            "end",
        ]
    );
}

#[test]
fn native_histograms() {
    let both = Histogram {
        zero_count: Some(2),
        bucket: classic(&[(1.0, 3), (2.0, 11)]),
        ..native(3, &[(-2, 3), (-1, 5), (2, 1), (4, 3), (5, 2)], &[(7, 4)])
    };
    let of_fractions = Histogram {
        sample_count_float: Some(4.0),
        schema: Some(-4),
        zero_count_float: Some(0.5),
        positive_span: spans(&[(0, 2)]),
        positive_count: vec![1.25, 0.0],
        negative_span: spans(&[(-3, 1), (0, 1)]),
        negative_count: vec![2.0, 0.25],
        ..Histogram::default()
    };
    let with_gaps = Histogram {
        sample_count: Some(14),
        schema: Some(8),
        positive_span: spans(&[(-2, 8)]),
        positive_delta: vec![3, 2, -5, 0, 1, -1, 3, -1],
        ..Histogram::default()
    };
    let nothing_yet =
        Histogram { positive_span: vec![BucketSpan::default()], ..Histogram::default() };
    let zero_alone =
        Histogram { zero_count: Some(1), sample_count: Some(1), ..Histogram::default() };
    let told = told_of(&[family(
        "h",
        HISTOGRAM,
        vec![
            histogram(&[("x", "1")], both),
            histogram(&[("x", "2")], of_fractions),
            histogram(&[("x", "3")], with_gaps),
            histogram(&[("x", "4")], nothing_yet),
            histogram(&[], zero_alone),
        ],
    )]);
    assert_eq!(
        told,
        [
            "h: Help(\"What h is.\")",
            "h histogram",
            "  h_sum [x=1] 1.5",
            "  h_count [x=1] 18.0",
            "  native [x=1] 3 2<=0.001 +[(-2, 3.0), (-1, 5.0), (2, 1.0), (4, 3.0), (5, 2.0)] -[(7, 4.0)]",
            "  h_sum [x=2] 0.0",
            "  h_count [x=2] 4.0",
            "  native [x=2] -4 0.5<=0 +[(0, 1.25)] -[(-3, 2.0), (-2, 0.25)]",
            "  h_sum [x=3] 0.0",
            "  h_count [x=3] 14.0",
            "  native [x=3] 8 0<=0 +[(-2, 3.0), (-1, 5.0), (2, 1.0), (4, 3.0), (5, 2.0)] -[]",
            "  h_sum [x=4] 0.0",
            "  h_count [x=4] 0.0",
            "  native [x=4] 0 0<=0 +[] -[]",
            "  h_sum [] 0.0",
            "  h_count [] 1.0",
            "  native [] 0 1<=0 +[] -[]",
            "end",
        ]
    );
}

#[test]
fn a_native_histogram_that_is_not_taken_has_its_classic_buckets() {
    let both = Histogram { bucket: classic(&[(1.0, 3)]), ..native(3, &[(-2, 3), (9, 1)], &[]) };
    let payload = encoded(&[
        family("h", HISTOGRAM, vec![histogram(&[], both.clone())]),
        family(
            "g",
            GAUGE_HISTOGRAM,
            vec![histogram(&[], both), histogram(&[("x", "1")], native(3, &[(9, 1)], &[]))],
        ),
    ]);
    let classic = "# HELP h What h is.\n# TYPE h histogram\nh_sum 1.5\nh_count 4\nh_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 4\n";
    let gauge = "# HELP g What g is.\n# TYPE g histogram\ng_bucket{le=\"1\"} 3\ng_bucket{le=\"+Inf\"} 4\ng_sum 1.5\ng_count 4\n\
                 g_sum{x=\"1\"} 1.5\ng_count{x=\"1\"} 1\n";
    let of_text = |text: &str| told_by(Told::default(), Format::Text, text.as_bytes(), usize::MAX);
    let none_taken = told_by(Told::default(), Format::Protobuf, &payload, usize::MAX);
    assert_eq!(none_taken, of_text(&format!("{classic}{gauge}")));
    // A gauge histogram is not offered at all.
    assert!(told(&payload, usize::MAX).ends_with(&of_text(gauge)));
}

#[test]
fn lines_and_native_histograms_that_are_not_wanted_are_passed_over() {
    let payload = encoded(&[family(
        "h",
        HISTOGRAM,
        vec![
            histogram(&[("a", "1")], native(0, &[(1, 1)], &[])),
            histogram(&[("a", "2")], native(0, &[(1, 1)], &[])),
        ],
    )]);
    let told = |unwanted| {
        let told = Told { takes: true, unwanted: Some(unwanted), ..Told::default() };
        told_by(told, Format::Protobuf, &payload, usize::MAX)
    };
    let natives = |lines: Vec<String>| lines.iter().filter(|line| line.contains("native")).count();
    assert_eq!(natives(told("h_")), 2, "the family begins with the first one");
    assert_eq!(natives(told("h{a=\"1\"")), 1);
    assert_eq!(natives(told("# TYPE h")), 0, "no family of histograms has begun");
}

#[test]
fn strictly_messages_are_read_as_their_text() {
    let strictly = |format, payload: &[u8]| {
        let mut told = Told { takes: true, ..Told::default() };
        let mut parser = Parser::strict(format);
        let result = parser.feed(payload, &mut told).and_then(|()| parser.finish(&mut told));
        (told.lines, result.map_err(|problem| problem.to_string()))
    };
    let families = [
        family("a", GAUGE, vec![gauge(&[], 1.0)]),
        family("h", HISTOGRAM, vec![histogram(&[], native(0, &[(1, 1)], &[]))]),
    ];
    let text = "# TYPE a gauge\na 1\n# TYPE h histogram\nh_sum 1.5\nh_count 1\n";
    assert_eq!(
        strictly(Format::Protobuf, &encoded(&families)),
        strictly(Format::Text, text.as_bytes())
    );
    let mut cut = encoded(&families);
    cut.pop();
    let (lines, error) = strictly(Format::Protobuf, &cut);
    assert_eq!(lines, [""; 0], "strictly, a family is told of when the next one begins");
    let expected = format!(
        "byte {}: the payload ends within a message: it may have been cut short: `h`",
        cut.len() + 1
    );
    assert_eq!(error, Err(expected));
}
