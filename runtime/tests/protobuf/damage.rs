//! Messages that are damaged, hostile or cut short: what is wrong is told with its place, and the rest is read.

use allwell::openmetrics::parse::{
    FamilyType, Format, MAX_LINE, Mistake, Parser, Problem, Sample, Visitor,
};
use proptest::prelude::*;

use crate::decoded::{all_types, told, told_of};
use crate::messages::{
    COUNTER, GAUGE, HISTOGRAM, Histogram, MetricFamily, classic, counter, encoded, family, gauge,
    histogram, labelled, native, spans,
};

const CUT: &str = "the payload ends within a message: it may have been cut short";

/// The same in pieces of any size.
fn told_in_pieces(payload: &[u8]) -> Vec<String> {
    let whole = told(payload, usize::MAX);
    for piece in [1, 3, 1000] {
        assert_eq!(told(payload, piece), whole, "pieces of {piece}");
    }
    whole
}

/// A message with its length before it.
fn delimited(message: &[u8]) -> Vec<u8> {
    [&varint(message.len() as u64), message].concat()
}

/// A field that holds a message or a text.
fn field(number: u64, value: &[u8]) -> Vec<u8> {
    [&varint(number << 3 | 2), &delimited(value)[..]].concat()
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(u8::try_from(number & 0x7f).expect("seven bits") | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).expect("seven bits"));
    bytes
}

/// What is told of a family `m` of gauges that goes on with these bytes, and of a good one behind it. The family begins at the second byte.
fn told_of_gauges(rest: &[u8]) -> Vec<String> {
    let good =
        encoded(&[MetricFamily { help: None, ..family("good", GAUGE, vec![gauge(&[], 1.0)]) }]);
    let begun = [&field(1, b"m")[..], &[0x18, 1], rest].concat();
    let mut lines = told_in_pieces(&[delimited(&begun), good].concat());
    let behind = lines.split_off(lines.len() - 3);
    assert_eq!(behind, ["good gauge", "  good [] 1.0", "end"], "{lines:?}");
    lines
}

/// The gauge of the family that has the value 2.
fn good_metric() -> Vec<u8> {
    field(4, &field(2, &[&[0x09][..], &2_f64.to_le_bytes()].concat()))
}

#[test]
fn a_payload_may_end_anywhere() {
    let payload = encoded(&all_types());
    let whole = told(&payload, usize::MAX);
    let ends: Vec<usize> =
        (0..=all_types().len()).map(|count| encoded(&all_types()[..count]).len()).collect();
    for length in 0..payload.len() {
        let mut lines = told(&payload[..length], usize::MAX);
        assert_eq!(told(&payload[..length], 5), lines, "{length}");
        let is_whole = ends.contains(&length);
        if lines.last().is_some_and(|last| last == "end") {
            lines.pop();
        }
        let is_told = lines.last().is_some_and(|last| last.contains(CUT));
        assert_eq!(is_told, !is_whole, "{length}: {lines:?}");
        if is_told {
            let last = lines.pop().expect("it is there");
            assert!(last.starts_with(&format!("byte {}: ", length + 1)), "{last}");
        }
        assert_eq!(lines, whole[..lines.len()], "{length}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let good = ["m gauge", "  m [] 2.0", "end"];
    // A metric that is damaged is left out, and the next one is read.
    let metrics: [(Vec<u8>, &str); 7] = [
        (vec![0x12, 9, 0x09], "byte 9: the message ends within a field: `m`"),
        (vec![0x12, 2, 0x08, 1], "byte 12: field 1 does not hold a number of eight bytes: `m`"),
        (vec![0x10, 1], "byte 10: field 2 does not hold bytes: `m`"),
        (vec![0x13], "byte 9: groups are not read: no message of this format has any: `m`"),
        (vec![0x02, 0], "byte 9: there is no field 0: `m`"),
        (vec![0x0a, 0], "byte 11: a label has no name: `m`"),
        (vec![0x1a, 0], "byte 9: the metric has no value of a gauge: `m`"),
    ];
    for (metric, expected) in metrics {
        let lines = told_of_gauges(&[field(4, &metric), good_metric()].concat());
        assert_eq!(lines, [expected, good[0], good[1], good[2]], "{metric:?}");
        let lines = told_of_gauges(&[good_metric(), field(4, &metric)].concat());
        assert_eq!(lines[..2], good[..2], "{metric:?}");
        assert_eq!(lines.len(), 4);
    }
    // Where no further field can be found, what is left of the family is passed over.
    let families: [(&[u8], &str); 5] = [
        (&[0x23], "byte 7: groups are not read: no message of this format has any: `m`"),
        (&[0x07, 1], "byte 7: there is no wire type 7: `m`"),
        (&[0x22, 0x7f, 1], "byte 7: the message ends within a field: `m`"),
        (&[0xff; 11], "byte 7: a number has more than 64 bits: `m`"),
        (&[0x22, 0xff, 0xff], "byte 7: the message ends within a field: `m`"),
    ];
    for (rest, expected) in families {
        assert_eq!(told_of_gauges(rest), [expected], "{rest:?}");
        let after = told_of_gauges(&[&good_metric(), rest].concat());
        assert_eq!((&after[..2], after.len()), (&good.map(String::from)[..2], 4), "{rest:?}");
    }
}

#[test]
fn what_a_family_is_must_come_before_its_metrics() {
    let lines = told_of_gauges(&[good_metric(), field(1, b"n"), good_metric()].concat());
    let late = "byte 20: the name comes after metrics of the family: `m`";
    assert_eq!(lines, ["m gauge", "  m [] 2.0", late, "end"]);
    let lines = told_of_gauges(&[good_metric(), vec![0x18, 3], good_metric()].concat());
    let late = "byte 20: the type comes after metrics of the family: `m`";
    assert_eq!(lines, ["m gauge", "  m [] 2.0", late, "end"]);
    // The same once more is as good as nothing.
    let lines =
        told_of_gauges(&[good_metric(), field(1, b"m"), vec![0x18, 1], good_metric()].concat());
    assert_eq!(lines, ["m gauge", "  m [] 2.0", "  m [] 2.0", "end"]);
    let lines = told_of_gauges(&[vec![0x18, 9], good_metric(), good_metric()].concat());
    assert_eq!(lines, ["byte 9: there is no type 9 of families: `m`"]);
    let nameless =
        told_in_pieces(&delimited(&[good_metric(), field(1, b"m"), good_metric()].concat()));
    assert_eq!(nameless, ["byte 2: a metric comes before the name of its family: ``"]);
}

#[test]
fn a_native_histogram_that_cannot_be_read_has_its_classic_buckets() {
    let whole = || Histogram { bucket: classic(&[(1.0, 1)]), ..native(0, &[(1, 1)], &[]) };
    let wrong: [(Histogram, &str); 11] = [
        (
            Histogram { schema: Some(-53), ..whole() },
            "native histograms of schema -53, whose buckets have bounds of their own, are not read",
        ),
        (
            Histogram { schema: Some(9), ..whole() },
            "native histograms of schema 9 are not read, only those of -4 to 8",
        ),
        (
            Histogram { positive_span: spans(&[(0, 2)]), ..whole() },
            "the spans of a native histogram are not as long as its counts are many",
        ),
        (
            Histogram { positive_span: spans(&[(0, u32::MAX)]), ..whole() },
            "the spans of a native histogram are not as long as its counts are many",
        ),
        (
            Histogram { positive_delta: vec![1, 0], ..whole() },
            "the spans of a native histogram are not as long as its counts are many",
        ),
        (
            Histogram {
                positive_span: spans(&[(1, 1), (-1, 1)]),
                positive_delta: vec![1, 1],
                ..whole()
            },
            "a span of a native histogram begins before the end of the one before it",
        ),
        (
            Histogram { positive_span: spans(&[(i32::MAX, 1)]), ..whole() },
            "a native histogram has a bucket where no number is",
        ),
        (
            Histogram { positive_delta: vec![-1], ..whole() },
            "a bucket of a native histogram has a count below zero, or none",
        ),
        (
            Histogram {
                positive_span: spans(&[(0, 2)]),
                positive_delta: vec![i64::MAX, i64::MAX],
                ..whole()
            },
            "a bucket of a native histogram has a count that is too great",
        ),
        (
            Histogram { sample_count_float: Some(1.0), positive_count: vec![f64::NAN], ..whole() },
            "a bucket of a native histogram has a count below zero, or none",
        ),
        (
            Histogram { zero_threshold: Some(f64::INFINITY), ..whole() },
            "the zero threshold of a native histogram is no distance",
        ),
    ];
    for (histogram, expected) in wrong {
        let of = |labels, one| crate::messages::histogram(labels, one);
        let mut lines = told_of(&[family(
            "h",
            HISTOGRAM,
            vec![of(&[("x", "1")], histogram), of(&[("x", "2")], whole())],
        )]);
        let told = lines.remove(4);
        assert!(told.starts_with("byte 2"), "{told}");
        assert!(told.ends_with(&format!(": {expected}: `h{{x=\"1\"}}`")), "{told}");
        assert!(lines[4].starts_with("  h_bucket [x=1|le=1] 1.0"), "{lines:?}");
        assert!(lines[8].starts_with("  native [x=2] 0"), "{lines:?}");
    }
}

#[test]
fn a_metric_that_is_too_long_is_passed_over() {
    let long = "x".repeat(MAX_LINE + 1);
    let lines = told_in_pieces_of_some(&encoded(&[
        family("m", GAUGE, vec![gauge(&[("a", &long)], 1.0), gauge(&[], 2.0)]),
        MetricFamily { help: Some(long.clone()), ..family("n", GAUGE, vec![gauge(&[], 3.0)]) },
        family(&long, GAUGE, vec![gauge(&[], 4.0), gauge(&[], 5.0)]),
        family("o", GAUGE, vec![gauge(&[], 6.0)]),
    ]));
    let at = |line: &String| line.starts_with("byte ");
    assert_eq!(lines.iter().filter(|line| at(line)).count(), 3, "{lines:?}");
    let samples: Vec<&String> = lines.iter().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(samples, ["  m [] 2.0", "  n [] 3.0", "  o [] 6.0"]);
    let told = "the message is longer than 1 MiB: ";
    assert!(lines.iter().filter(|line| at(line)).all(|line| line.contains(told)), "{lines:?}");
}

fn told_in_pieces_of_some(payload: &[u8]) -> Vec<String> {
    let whole = told(payload, usize::MAX);
    assert_eq!(told(payload, 4096), whole);
    whole
}

#[test]
fn lengths_that_never_come_take_no_memory() {
    let begun = [field(1, b"m"), vec![0x18, 1], good_metric()].concat();
    for claimed in [u64::MAX, u64::from(u32::MAX), 1 << 62] {
        // A family without end: what is there of it is read.
        let payload = [varint(claimed), begun.clone(), good_metric()].concat();
        let lines = told_in_pieces(&payload);
        assert_eq!(lines[..3], ["m gauge", "  m [] 2.0", "  m [] 2.0"]);
        assert!(lines[3].contains(CUT), "{lines:?}");
        // Fields without end, one that is known and one that is not.
        for number in [4, 77] {
            let payload = [
                varint(u64::MAX),
                begun.clone(),
                varint(number << 3 | 2),
                varint(claimed >> 1),
                vec![7; 100],
            ]
            .concat();
            let lines = told_in_pieces(&payload);
            assert_eq!(lines[..2], ["m gauge", "  m [] 2.0"]);
            assert!(lines.iter().any(|line| line.contains(CUT)), "{lines:?}");
        }
    }
    let endless = told_in_pieces(&[0xff; 5000]);
    assert_eq!(endless, ["byte 1: a number has more than 64 bits: ``"]);
}

/// Of a long label and many buckets, text is much longer than the message.
#[test]
fn a_payload_that_stands_for_too_much_text_is_not_read_to_its_end() {
    let many: Vec<(f64, u64)> = (0..30_000_u32).map(|bound| (f64::from(bound), 1)).collect();
    let long = "x".repeat(500_000);
    let wide =
        histogram(&[("a", &long)], Histogram { bucket: classic(&many), ..Histogram::default() });
    let payload = encoded(&[
        family("first", GAUGE, vec![gauge(&[], 1.0)]),
        family("m", HISTOGRAM, vec![wide]),
        family("last", GAUGE, vec![gauge(&[], 1.0)]),
    ]);
    assert!(payload.len() < MAX_LINE);
    let mut counted = Counted::default();
    let mut parser = Parser::new(Format::Protobuf);
    parser.feed(&payload, &mut counted).expect("it goes on");
    parser.finish(&mut counted).expect("it goes on");
    assert_eq!(counted.families, ["first", "m"]);
    assert!(counted.samples < 600, "{}", counted.samples);
    assert_eq!(counted.problems.len(), 1, "{:?}", counted.problems);
    assert!(counted.problems[0].contains("stands for more than 256 MiB of text"));
}

/// What is told, without its texts.
#[derive(Default)]
struct Counted {
    families: Vec<String>,
    samples: usize,
    problems: Vec<String>,
}

impl Visitor for Counted {
    fn family(&mut self, name: &str, _kind: FamilyType) {
        self.families.push(name.to_owned());
    }

    fn sample(&mut self, _sample: &Sample<'_>) -> Result<(), Mistake> {
        self.samples += 1;
        Ok(())
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem.to_string());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_told_the_same_in_any_pieces(bytes: Vec<u8>, piece in 1_usize..9) {
        prop_assert_eq!(told(&bytes, piece), told(&bytes, usize::MAX));
    }

    #[test]
    fn any_damage_is_told_the_same_in_any_pieces(
        places in prop::collection::vec((0_usize..400, any::<u8>()), 1..6),
        piece in 1_usize..40,
    ) {
        let mut families = all_types().to_vec();
        families.push(family("jobs", COUNTER, vec![counter(&[("a", "b")], 1.0)]));
        families.push(family("h", HISTOGRAM, vec![histogram(&[], native(3, &[(1, 2), (4, 1)], &[(2, 2)]))]));
        families.push(family("bare", GAUGE, vec![labelled(&[])]));
        let mut bytes = encoded(&families);
        for (place, byte) in places {
            let length = bytes.len();
            bytes[place * length / 400] = byte;
        }
        let whole = told(&bytes, usize::MAX);
        prop_assert_eq!(&told(&bytes, piece), &whole);
        let begun = whole.iter().filter(|line| is_family(line)).count();
        prop_assert_eq!(begun, whole.iter().filter(|line| *line == "end").count(), "{:?}", whole);
    }
}

/// A family that begins is told by its name and its type.
fn is_family(line: &str) -> bool {
    let types = [" counter", " gauge", " histogram", " summary", " unknown"];
    !line.starts_with("byte ")
        && !line.starts_with("  ")
        && !line.contains(": Help(")
        && types.iter().any(|kind| line.ends_with(kind))
}
