//! The parser of expositions: what is read, in pieces of any size, and what is said of what is not.

use allwell::openmetrics::parse::{
    FamilyType, Format, MAX_LINE, Mistake, Parser, Problem, Sample, Visitor,
};

/// Everything a parser tells, a line each.
#[derive(Debug, Default)]
struct Told(Vec<String>);

impl Visitor for Told {
    fn family(&mut self, name: &str, kind: FamilyType) {
        self.0.push(format!("{name} {}", kind.name()));
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        let labels = sample.labels.iter().map(|(name, value)| format!("{name}={value}"));
        let labels = labels.collect::<Vec<_>>().join("|");
        let time = sample.timestamp.map_or_else(String::new, |time| format!(" at {time}"));
        self.0
            .push(format!("  {:?} {} [{labels}] {}{time}", sample.part, sample.name, sample.value));
        Ok(())
    }

    fn problem(&mut self, problem: Problem) {
        self.0.push(problem.to_string());
    }
}

fn told(format: Format, payload: &[u8], piece: usize) -> Vec<String> {
    let mut parser = Parser::new(format);
    let mut told = Told::default();
    for piece in payload.chunks(piece) {
        parser.feed(piece, &mut told).expect("it goes on");
    }
    parser.finish(&mut told).expect("it goes on");
    told.0
}

/// The payload is read the same in pieces of one byte, of a few, and as a whole.
#[track_caller]
fn assert_told(format: Format, payload: &str, expected: &[&str]) {
    for piece in [1, 7, usize::MAX] {
        assert_eq!(told(format, payload.as_bytes(), piece), expected, "pieces of {piece}");
    }
}

#[test]
fn text_of_all_types() {
    let payload = "# HELP jobs_total Jobs.\n# TYPE jobs_total counter\njobs_total{queue=\"mail\"} 17 1700000000000\n\
                   # TYPE lag histogram\nlag_bucket{le=\"0.5\"} 1\nlag_bucket{le=\"+Inf\"} 2\nlag_sum 0.7\nlag_count 2\n\
                   # TYPE wait summary\nwait{quantile=\"0.5\"} 1e-3\nwait_sum 3\nwait_count 4\nloose NaN\n";
    assert_told(
        Format::Text,
        payload,
        &[
            "jobs counter",
            "  Other jobs_total [queue=mail] 17 at 1700000000000",
            "lag histogram",
            "  Bucket lag_bucket [le=0.5] 1",
            "  Bucket lag_bucket [le=+Inf] 2",
            "  Sum lag_sum [] 0.7",
            "  Count lag_count [] 2",
            "wait summary",
            "  Whole wait [quantile=0.5] 0.001",
            "  Sum wait_sum [] 3",
            "  Count wait_count [] 4",
            "loose unknown",
            "  Whole loose [] NaN",
        ],
    );
}

#[test]
fn openmetrics_of_all_types() {
    let payload = "# TYPE jobs counter\n# UNIT jobs\njobs_total 17 # {trace_id=\"a}b\"} 1 1.5\njobs_created 1.5\n\
                   # TYPE build info\nbuild_info{v=\"1\"} 1\n# TYPE h gaugehistogram\nh_bucket{le=\"1\"} 1\nh_gsum 3\n# EOF\n";
    assert_told(
        Format::OpenMetrics,
        payload,
        &[
            "jobs counter",
            "  Other jobs_total [] 17",
            "  Created jobs_created [] 1.5",
            "build info",
            "  Other build_info [v=1] 1",
            "h gaugehistogram",
            "  Bucket h_bucket [le=1] 1",
            "  Other h_gsum [] 3",
        ],
    );
}

#[test]
fn names_and_labels_of_any_characters() {
    let payload = "# TYPE \"my.metric\" gauge\n{\"my.metric\",\"a.b\"=\"x\"} 1\n# TYPE m.y gauge\nm.y 2\n\
                   m{path=\"/a,b={c}\",x=\"y} 2\"} 3\r\nm{ a = \"1\" , b=\"q\\\"\\\\\\n\\t\", } \t 4\nm\t5\t6\nm{} 7\nn{x=\"1\"} 8 # {id=\"}\"} 1\n";
    assert_told(
        Format::Text,
        payload,
        &[
            "my.metric gauge",
            "  Whole my.metric [a.b=x] 1",
            "m.y gauge",
            "  Whole m.y [] 2",
            "m unknown",
            "  Whole m [path=/a,b={c}|x=y} 2] 3",
            "m unknown",
            "  Whole m [a=1|b=q\"\\\n\\t] 4",
            "m unknown",
            "  Whole m [] 5 at 6",
            "m unknown",
            "  Whole m [] 7",
            "n unknown",
            "  Whole n [x=1] 8",
        ],
    );
}

#[test]
fn blanks_stand_wherever_they_may() {
    let payload = " m { a = \"1\" ,\tb=\"2\"\t, c\t=\"3\" , }\t4 \nm{a=\"1\" ,b=\"2\" } 5\nm{a=\"1\" b=\"2\"} 6\n";
    assert_told(
        Format::Text,
        payload,
        &[
            "m unknown",
            "  Whole m [a=1|b=2|c=3] 4",
            "m unknown",
            "  Whole m [a=1|b=2] 5",
            "m unknown",
            "  Whole m [a=1|b=2] 6",
        ],
    );
}

#[test]
fn samples_of_one_name_are_one_family_of_openmetrics() {
    let payload = "m{a=\"1\"} 1\nm{a=\"2\"} 2\nn 3\n# EOF\n";
    let samples = ["  Whole m [a=1] 1", "  Whole m [a=2] 2"];
    assert_told(
        Format::OpenMetrics,
        payload,
        &["m unknown", samples[0], samples[1], "n unknown", "  Whole n [] 3"],
    );
}

#[test]
fn a_type_that_comes_late_is_that_of_what_follows() {
    let payload = "# HELP m Text.\nm 1\n# TYPE m gauge\nm 2\n# TYPE m counter\nm 3\n";
    let late = |line, text| {
        format!("line {line}, column 10: the type comes after samples of the family: `{text}`")
    };
    assert_told(
        Format::Text,
        payload,
        &[
            "m unknown",
            "  Whole m [] 1",
            &late(3, "# TYPE m gauge"),
            "m gauge",
            "  Whole m [] 2",
            &late(5, "# TYPE m counter"),
            "  Whole m [] 3",
        ],
    );
}

#[test]
fn a_quantile_of_a_name_that_ends_like_a_bucket_is_a_quantile() {
    let payload = "# TYPE m_bucket summary\nm_bucket{quantile=\"0.5\"} 1\nm_bucket_sum 2\n";
    let expected =
        ["m_bucket summary", "  Whole m_bucket [quantile=0.5] 1", "  Sum m_bucket_sum [] 2"];
    assert_told(Format::Text, payload, &expected);
}

#[test]
fn a_line_that_is_wrong_is_told_of_and_the_rest_is_read() {
    let payload = "# TYPE m gauge\nm{a=\"b\" 1\nm{a=\"b 1\nm{a=b} 1\nm{=\"b\"} 1\nm much\nm\nm 1 late\n# TYPE m\n# TYPE n odd\n{a=\"b\"} 1\n\
                   # TYPE m gauge\nm{a=\"é\"} x\nm 9\n";
    assert_told(
        Format::Text,
        payload,
        &[
            "line 2, column 9: `}` is missing after the labels: `m{a=\"b\" 1`",
            "line 3, column 5: a quote is not closed: `m{a=\"b 1`",
            "line 4, column 5: the value of a label is not in quotes: `m{a=b} 1`",
            "line 5, column 3: a label has no name: `m{=\"b\"} 1`",
            "line 6, column 3: the value is not a number: `m much`",
            "line 7, column 2: the value is missing: `m`",
            "line 8, column 5: the timestamp is not a number: `m 1 late`",
            "line 9, column 9: the type is missing: `# TYPE m`",
            "m gauge",
            "line 10, column 10: there is no type `odd`: `# TYPE n odd`",
            "line 11, column 1: the name is missing: `{a=\"b\"} 1`",
            "line 13, column 10: the value is not a number: `m{a=\"é\"} x`",
            "m gauge",
            "  Whole m [] 9",
        ],
    );
}

/// Each label is compared with the others, which a server could have one wait for.
#[test]
fn more_labels_than_any_sample_has_are_refused() {
    let labels =
        |count: u32| (0..count).map(|n| format!("l{n}=\"\"")).collect::<Vec<_>>().join(",");
    let payload = format!("a{{{}}} 1\na{{{}}} 2\nb 3\n", labels(1001), labels(100_000));
    let told = told(Format::Text, payload.as_bytes(), 4096);
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[..2].iter().all(|line| line.contains("more than 1000 labels")), "{told:?}");
    assert_eq!(told[2..], ["b unknown", "  Whole b [] 3"]);
}

#[test]
fn a_payload_that_was_cut_short_is_told_of() {
    let cut = "line 2, column 1: `# EOF` is missing: the payload may have been cut short: ``";
    assert_told(Format::OpenMetrics, "# TYPE m gauge\nm 1", &["m gauge", "  Whole m [] 1", cut]);
    let after = "line 2, column 1: nothing is expected after `# EOF`: `m 1`";
    assert_told(Format::OpenMetrics, "# EOF\nm 1\n", &[after]);
}

#[test]
fn a_line_without_end_is_not_kept() {
    let mut payload = vec![b'x'; MAX_LINE + 1];
    payload.extend(b"\n# TYPE m gauge\nm 1\n");
    let expected =
        ["line 1, column 1: the line is longer than 1 MiB: ``", "m gauge", "  Whole m [] 1"];
    for piece in [4096, usize::MAX] {
        assert_eq!(told(Format::Text, &payload, piece), expected);
    }
}

#[test]
fn text_that_is_no_utf8_is_read_as_far_as_it_goes() {
    let told = told(Format::Text, b"m{a=\"\xff\"} 1\n", usize::MAX);
    assert_eq!(told, ["m unknown", "  Whole m [a=\u{fffd}] 1"]);
}

#[test]
fn a_counter_whose_samples_alone_have_the_ending() {
    assert_told(
        Format::Text,
        "# TYPE foo counter\nfoo_total 17\nfoo_total{a=\"1\"} 2\n",
        &["foo counter", "  Other foo_total [] 17", "  Other foo_total [a=1] 2"],
    );
}

fn strictly(format: Format, payload: &str) -> (Vec<String>, Option<String>) {
    let mut parser = Parser::strict(format);
    let mut told = Told::default();
    let result = parser.feed(payload.as_bytes(), &mut told).and_then(|()| parser.finish(&mut told));
    (told.0, result.err().map(|problem| problem.message.into_owned()))
}

#[test]
fn strictly_a_mistake_ends_the_payload_and_loses_its_family() {
    let payload = "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\nb much\n# TYPE c gauge\nc 1\n";
    let (told, error) = strictly(Format::Text, payload);
    assert_eq!(told, ["a gauge", "  Whole a [] 1"]);
    assert_eq!(error.as_deref(), Some("could not convert string to float: `much`"));
}

#[test]
fn strictly_text_is_read_with_the_mistakes_of_its_reader() {
    let (told, error) =
        strictly(Format::Text, "m{a=\"b\" 1\nm\t42 1700000000000\nm{a=\"1\"} 2 # {t=\"x\"} 3\n");
    assert_eq!(
        told,
        [
            "m{a=\"b\" unknown",
            "  Whole m{a=\"b\" [] 1",
            "m\t42 unknown",
            "  Whole m\t42 [] 1700000000000",
            "m unknown",
            "  Whole m [a=1|} 2 # {t=x] 3",
        ]
    );
    assert_eq!(error, None);
    let (_, error) = strictly(Format::Text, "{\"my.metric\",x=\"y\"} 1\n");
    assert_eq!(error.as_deref(), Some("metric name cannot be empty"));
}

#[test]
fn strictly_openmetrics_refuses_what_its_reference_refuses() {
    let refused = [
        ("# TYPE m gauge\nm 1\n", "Missing # EOF at end"),
        ("m 1\n\n# EOF\n", "Received blank line"),
        ("m{a=\"1\",a=\"2\"} 1\n# EOF\n", "Invalid labels: a=\"1\",a=\"2\""),
        ("# TYPE m counter\nm_total -1\n# EOF\n", "Counter-like samples cannot be negative"),
        ("# TYPE h histogram\nh_bucket{le=\"1\"} 1\n# EOF\n", "+Inf bucket missing: h"),
        ("# TYPE m counter\n# UNIT m seconds\n# EOF\n", "Unit does not match metric name: m"),
        ("a 1\nb 1\na 1\n# EOF\n", "Clashing name: a"),
    ];
    for (payload, expected) in refused {
        assert_eq!(
            strictly(Format::OpenMetrics, payload).1.as_deref(),
            Some(expected),
            "{payload}"
        );
    }
}
