//! Every rule broken in several ways, and what looks as if it were: the verdict is that of Datadog's own validators.

use std::collections::BTreeMap;

use allwell::config::Severity;
use allwell::export::lint::RULES;
use serde_json::{Value, json};

use crate::base::{Metrics, folder_with_checks, folder_with_metrics, service_checks};
use crate::ddev::Ddev;
use crate::folder::Folder;

/// A folder, and the rule that it breaks; none if all is well.
type Mutation = (&'static str, String, Folder);

const FINE: &str = "";

/// Another text in a cell of the table, and the rule that it breaks.
const CELLS: &[(&str, &str, &[&str])] = &[
    (
        "metric-name",
        "metric_name",
        &[
            "acme.m-x",
            "1acme.x",
            "acme._x",
            "acme.x_",
            "acme x.y",
            "_acme.a",
            "acme__.b",
            "acme.é",
            "acme.x ",
            ".",
            "acme.a\nb",
        ],
    ),
    ("metric-prefix", "metric_name", &["other.x", "acm.x", "acme", "Acme.x", "systemx.y", "x"]),
    (
        FINE,
        "metric_name",
        &[
            "system.x",
            "otelcol_x",
            "acme.x__y",
            "acme..x",
            "acme.X9",
            "http.acme",
            "jvm.",
            "acme.0",
        ],
    ),
    (
        "metric-type",
        "metric_type",
        &["counter", "Gauge", " gauge", "histogram", "gauge|count", "monotonic_count"],
    ),
    (FINE, "metric_type", &["gauge", "count", "rate"]),
    (
        "unit-name",
        "unit_name",
        &["Byte", "seconds", "ms", "byte ", "byte/second", "%", "0", "requests per second"],
    ),
    ("per-unit-name", "per_unit_name", &["Second", "s", "minutes", "none", "second "]),
    (
        FINE,
        "unit_name",
        &[
            "byte",
            "degree celsius",
            "unix second",
            "decibel-milliwatt",
            "event",
            "us dollar (next day)",
        ],
    ),
    (
        "integration",
        "integration",
        &["Acme Queue", "acme", "acme_queue ", "ACME_QUEUE", "acme-queue"],
    ),
    ("orientation", "orientation", &["2", "+1", "1.0", "-", "-2", "up", " 0", "01"]),
    (FINE, "orientation", &["0", "1", "-1"]),
    ("empty-cell", "metric_name", &[""]),
    ("empty-cell", "metric_type", &[""]),
    ("empty-cell", "orientation", &[""]),
    ("empty-cell", "integration", &[""]),
    ("description-pipe", "description", &["a|b", "|", "é | é"]),
    ("non-ascii", "description", &["é", "a \u{2019} b", "\u{a0}"]),
    ("non-ascii", "short_name", &["größe"]),
    ("non-ascii", "sample_tags", &["ключ"]),
    ("interval", "interval", &["abc", "1.5", "-1", " 10", "10s", "1e3"]),
    (FINE, "interval", &["0", "10", "0015", "99999999999999999999999999"]),
    (
        "curated-metric",
        "curated_metric",
        &["disk", "cpu|cpu", "cpu|", "|", "CPU", "cpu,memory", "cpu | memory"],
    ),
    (FINE, "curated_metric", &["cpu", "memory", "memory|cpu"]),
    (FINE, "short_name", &["", "anything, \"at\" all", "a|b"]),
    (FINE, "description", &["", "Tab\there.", "Two\nlines.", "\u{7f}"]),
    (FINE, "sample_tags", &["", "a,b", "a|b"]),
];

fn cells() -> impl Iterator<Item = Mutation> {
    let each = CELLS
        .iter()
        .flat_map(|(rule, column, cells)| cells.iter().map(move |cell| (*rule, *column, *cell)));
    each.map(|(rule, column, cell)| {
        let what = format!("{column} {cell:?}");
        (rule, what, Metrics::new().with(1, column, cell).folder())
    })
}

fn rows() -> Vec<Mutation> {
    let base = Metrics::new;
    let edited = |edit: fn(&mut Metrics)| {
        let mut metrics = base();
        edit(&mut metrics);
        metrics.folder()
    };
    let times =
        |unit, per| base().with(1, "unit_name", unit).with(1, "per_unit_name", per).folder();
    let long = |length| base().with(1, "description", &"x".repeat(length)).folder();
    vec![
        (FINE, "as it is".into(), base().folder()),
        ("time-per-time", "second/second".into(), times("second", "second")),
        ("time-per-time", "nanosecond/week".into(), times("nanosecond", "week")),
        ("time-per-time", "hour/day".into(), times("hour", "day")),
        (FINE, "unix second/second".into(), times("unix second", "second")),
        (FINE, "no unit/second".into(), times("", "second")),
        ("description-length", "401".into(), long(401)),
        ("description-length", "402".into(), long(402)),
        ("description-length", "4000".into(), long(4000)),
        (FINE, "400".into(), long(400)),
        (
            "duplicate-metric",
            "next".into(),
            base().with(1, "metric_name", "acme.queue.depth").folder(),
        ),
        (
            "duplicate-metric",
            "far".into(),
            base().with(4, "metric_name", "acme.queue.depth").folder(),
        ),
        (
            "duplicate-metric",
            "thrice".into(),
            base().with(1, "metric_name", "acme.busy").with(3, "metric_name", "acme.busy").folder(),
        ),
        (FINE, "no description, not ASCII".into(), base().with(4, "sample_tags", "é").folder()),
        ("row-length", "one less".into(), edited(|metrics| drop(metrics.rows[1].pop()))),
        ("row-length", "one more".into(), edited(|metrics| metrics.rows[2].push(String::new()))),
        (
            "row-length",
            "two more".into(),
            edited(|metrics| metrics.rows[4].extend(["x".into(), "y".into()])),
        ),
        ("row-length", "one cell".into(), edited(|metrics| metrics.rows[0].truncate(1))),
        (
            "row-length",
            "less and a duplicate".into(),
            edited(|metrics| {
                metrics.rows[1].truncate(3);
                metrics.rows[1][0] = "acme.busy".into();
            }),
        ),
        (FINE, "no rows".into(), edited(|metrics| metrics.rows.clear())),
        (
            FINE,
            "no rows, wrong header".into(),
            edited(|metrics| {
                metrics.rows.clear();
                metrics.header.truncate(3);
            }),
        ),
    ]
}

fn columns() -> Vec<Mutation> {
    let mut mutations = Vec::new();
    for (index, column) in Metrics::new().header.iter().enumerate() {
        let mut renamed = Metrics::new();
        renamed.header[index] = format!("{column}s");
        mutations.push(("unknown-column", format!("{column}s"), renamed.folder()));
        let mut without = Metrics::new();
        without.header.remove(index);
        without.rows.iter_mut().for_each(|row| drop(row.remove(index)));
        let rule = if column == "sample_tags" { FINE } else { "missing-column" };
        mutations.push((rule, format!("no {column}"), without.folder()));
        let mut twice = Metrics::new();
        twice.header.push(column.clone());
        twice.rows.iter_mut().for_each(|row| row.push(row[index].clone()));
        mutations.push((FINE, format!("{column} twice"), twice.folder()));
    }
    let mut reversed = Metrics::new();
    reversed.header.reverse();
    reversed.rows.iter_mut().for_each(|row| row.reverse());
    mutations.push((FINE, "columns reversed".into(), reversed.folder()));
    mutations
}

fn files() -> Vec<Mutation> {
    let csv = Metrics::new().csv();
    let of = |text: String| folder_with_metrics(text);
    let with_long_cell =
        |length: usize| csv.replacen("Messages that wait.", &"x".repeat(length), 1);
    let tagged = |length: usize| {
        csv.replacen("message,,,,", "", 1).replacen("\"queue,host\"", &"x".repeat(length), 1)
    };
    vec![
        ("empty-file", "nothing".into(), of(String::new())),
        (FINE, "a blank line".into(), of("\n".into())),
        (FINE, "a mark".into(), of("\u{feff}".into())),
        ("missing-column", "a blank line before the header".into(), of(format!("\n{csv}"))),
        (
            "row-length",
            "only rows".into(),
            of(csv.lines().skip(1).collect::<Vec<_>>().join("\n") + "\na"),
        ),
        ("byte-order-mark", "a mark".into(), of(format!("\u{feff}{csv}"))),
        (
            "byte-order-mark",
            "a mark and quotes".into(),
            of(format!("\u{feff}{}", csv.replacen("metric_name", "\"metric_name\"", 1))),
        ),
        (
            "byte-order-mark",
            "a mark and \\r\\n".into(),
            of(format!("\u{feff}{}", csv.replace('\n', "\r\n"))),
        ),
        (FINE, "\\r\\n".into(), of(csv.replace('\n', "\r\n"))),
        (FINE, "\\r".into(), of(csv.replace('\n', "\r"))),
        (FINE, "no last line end".into(), of(csv.trim_end().into())),
        (FINE, "blank lines".into(), of(csv.replace('\n', "\n\n\r\n"))),
        ("row-length", "a line of a blank".into(), of(format!("{csv} \n"))),
        ("row-length", "a line of a tab".into(), of(format!("{csv}\t\n"))),
        (
            "row-length",
            "a quote not closed".into(),
            of(csv.replacen("acme.busy", "\"acme.busy", 1)),
        ),
        ("unknown-column", "tabs".into(), of(csv.replace(',', "\t"))),
        ("row-length", "semicolons in a row".into(), of(csv.replacen(",gauge,", ";gauge;", 1))),
        (
            "unknown-column",
            "a blank in the header".into(),
            of(csv.replacen(",metric_type", ", metric_type", 1)),
        ),
        ("cell-length", "131,073".into(), of(with_long_cell(131_073))),
        ("cell-length", "200,000".into(), of(with_long_cell(200_000))),
        ("cell-length", "of tags".into(), of(tagged(131_073))),
        ("description-length", "131,072".into(), of(with_long_cell(131_072))),
        (
            FINE,
            "131,072 of tags".into(),
            of(csv.replacen("\"queue,host\"", &"x".repeat(131_072), 1)),
        ),
        ("unreadable", "Latin-1".into(), folder_with_metrics(b"metric_name\n\xe9".to_vec())),
        ("unreadable", "cut".into(), folder_with_metrics([csv.as_bytes(), b"\xe2\x82"].concat())),
        ("unreadable", "UTF-16".into(), folder_with_metrics(b"\xff\xfem\0e\0".to_vec())),
        (FINE, "NUL".into(), of(csv.replacen("raw", "\0", 1))),
    ]
}

/// Another value of an attribute, and the rule that it breaks.
fn attributes() -> Vec<Mutation> {
    let values = [
        (
            "agent-version",
            "agent_version",
            json!(["", "6", "6.0", "6.0.0.0", "x.y.z", null, 6, ["6", "0", "0"], "-6.0.0"]),
        ),
        (FINE, "agent_version", json!(["7.0.0", "6.0.0.beta", "v.1.2.3", "0.0.0"])),
        (
            "check-name",
            "check",
            json!([
                "", null, 1, "acme-x", "acme x", "acme__x", "acme..x", "acme._x", "acme_.x",
                "_acme", "acme_", "é", "a\n"
            ]),
        ),
        (FINE, "check", json!(["acme.x", ".acme", "acme.", "9", "A.b_c.d"])),
        ("description", "description", json!(["", null, 0, [], {}])),
        (FINE, "description", json!([" ", "é", "a\nb"])),
        ("groups", "groups", json!([null, "host", {}, 1, true])),
        (FINE, "groups", json!([[], [1], [null, "host"], [["x"]]])),
        (
            "service-integration",
            "integration",
            json!(["", null, "acme", "acme queue", "Acme Queue ", 1, ["Acme Queue"]]),
        ),
        ("name", "name", json!(["", null, 1, ["x"]])),
        (FINE, "name", json!(["x", "Can connect", "é"])),
        ("statuses", "statuses", json!([[], null, "ok", {}, 0, {"ok": 1}])),
        (
            "status",
            "statuses",
            json!([["OK"], ["ok", "crit"], [1], [null], [["ok"]], [true], ["ok", ""]]),
        ),
        (FINE, "statuses", json!([["ok"], ["ok", "ok"], ["unknown", "warning", "critical", "ok"]])),
    ];
    let mut mutations = Vec::new();
    for (rule, attribute, values) in values {
        for value in values.as_array().expect("a list") {
            let mut checks = service_checks();
            checks[1][attribute] = value.clone();
            let what = format!("{attribute} {value}");
            mutations.push((rule, what, folder_with_checks(checks.to_string())));
        }
    }
    mutations
}

fn objects() -> Vec<Mutation> {
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut checks = service_checks();
        edit(&mut checks);
        folder_with_checks(checks.to_string())
    };
    let mut mutations = Vec::new();
    let first = service_checks()[0].clone();
    for attribute in first.as_object().expect("an object").keys() {
        let without = |checks: &mut Value| {
            let _ = checks[1].as_object_mut().expect("an object").remove(attribute);
        };
        mutations.push(("missing-attribute", format!("no {attribute}"), edited(&without)));
        let more = |checks: &mut Value| checks[0][format!("{attribute}_")] = json!(null);
        mutations.push(("unknown-attribute", format!("{attribute}_"), edited(&more)));
    }
    for (rule, attribute) in [("duplicate-check", "check"), ("duplicate-name", "name")] {
        let same = |checks: &mut Value| checks[1][attribute] = checks[0][attribute].clone();
        mutations.push((rule, format!("the same {attribute}"), edited(&same)));
        let again = |checks: &mut Value| {
            let first = checks[0].clone();
            checks.as_array_mut().expect("a list").push(first);
        };
        mutations.push((rule, format!("the first again, {attribute}"), edited(&again)));
        let thrice = |checks: &mut Value| *checks = json!([checks[0], checks[0], checks[0]]);
        mutations.push((rule, format!("the first thrice, {attribute}"), edited(&thrice)));
    }
    mutations
}

fn documents() -> Vec<Mutation> {
    let text = service_checks().to_string();
    let of = |text: &str| folder_with_checks(text);
    vec![
        (FINE, "as it is".into(), of(&text)),
        (
            FINE,
            "laid out, \\r\\n".into(),
            of(&format!("{:#}", service_checks()).replace('\n', "\r\n")),
        ),
        (
            FINE,
            "white space of Unicode around".into(),
            of(&format!("\u{a0}\u{2003}{text}\u{85}\u{1c}\n")),
        ),
        (FINE, "an empty list".into(), of("[]")),
        (FINE, "an empty object".into(), of("{}")),
        (FINE, "an empty text".into(), of("\"\"")),
        (FINE, "a key twice".into(), of(&text.replacen('{', "{\"name\": 1, ", 1))),
        (FINE, "half of a pair".into(), of(&text.replacen("WARNING", "\\ud800", 1))),
        (
            FINE,
            "escapes".into(),
            of(&text.replacen("ok", "\\u006fk", 1).replacen("\"name\"", "\"\\u006eame\"", 1)),
        ),
        (
            FINE,
            "a large number".into(),
            of(&text.replacen("[]", "[1e999, 123456789012345678901234567890]", 1)),
        ),
        (
            "name",
            "a key twice, the last one wrong".into(),
            of(&text.replacen("\"Can Connect\"", "\"Can Connect\", \"name\": 1", 1)),
        ),
        ("not-json", "nothing".into(), of("")),
        ("not-json", "blanks".into(), of(" \n ")),
        ("not-json", "a comma too many".into(), of(&text.replace("}]", "},]"))),
        ("not-json", "a mark".into(), of(&format!("\u{feff}{text}"))),
        ("not-json", "single quotes".into(), of(&text.replace('"', "'"))),
        ("not-json", "a comment".into(), of(&format!("// all\n{text}"))),
        ("not-json", "not closed".into(), of(text.trim_end_matches(']'))),
        ("not-json", "two of them".into(), of(&format!("{text}{text}"))),
        (
            "not-json",
            "a line break in a text".into(),
            of(&text.replacen("Can Connect", "Can\nConnect", 1)),
        ),
        ("not-json", "a bad escape".into(), of(&text.replacen("Can", "\\x43an", 1))),
        ("not-json", "a leading zero".into(), of(&text.replacen("[]", "[01]", 1))),
        ("service-checks-shape", "an object".into(), of("{\"a\": 1}")),
        ("service-checks-shape", "a text".into(), of("\"a\"")),
        ("service-checks-shape", "null".into(), of("null")),
        ("service-checks-shape", "a number".into(), of("0")),
        ("service-checks-shape", "a list of lists".into(), of("[[]]")),
        ("service-checks-shape", "a list of texts".into(), of("[\"a\", \"\"]")),
        ("service-checks-shape", "a list with null".into(), of(&text.replacen('[', "[null, ", 1))),
        ("unreadable", "Latin-1".into(), folder_with_checks(b"[\"\xe9\"]".to_vec())),
        ("missing-attribute", "an empty object in it".into(), of("[{}]")),
        ("missing-file", "no file".into(), Folder { service_checks: None, ..of("") }),
    ]
}

fn manifests() -> Vec<Mutation> {
    let base = Metrics::new().folder();
    let manifest: Value = serde_json::from_str(&base.manifest).expect("JSON");
    let edited = |pointer: &str, value: Value| {
        let mut manifest = manifest.clone();
        *manifest.pointer_mut(pointer).expect("it is there") = value;
        Folder { manifest: manifest.to_string(), ..base.clone() }
    };
    let without = |pointer: &str| {
        let mut manifest = manifest.clone();
        let (parent, key) = pointer.rsplit_once('/').expect("a path");
        let parent = manifest.pointer_mut(parent).and_then(Value::as_object_mut);
        let _ = parent.expect("an object").remove(key);
        Folder { manifest: manifest.to_string(), ..base.clone() }
    };
    let text = |text: String| Folder { manifest: text, ..base.clone() };
    let integration = "/assets/integration";
    vec![
        ("missing-prefix", "no prefix".into(), without(&format!("{integration}/metrics/prefix"))),
        (
            "missing-prefix",
            "an empty prefix".into(),
            edited(&format!("{integration}/metrics/prefix"), json!("")),
        ),
        ("missing-prefix", "no metrics".into(), without(&format!("{integration}/metrics"))),
        (
            "missing-prefix",
            "a prefix of null".into(),
            edited(&format!("{integration}/metrics/prefix"), json!(null)),
        ),
        (
            "manifest-shape",
            "a prefix of 1".into(),
            edited(&format!("{integration}/metrics/prefix"), json!(1)),
        ),
        ("manifest-shape", "no version".into(), without("/manifest_version")),
        ("manifest-shape", "version 3".into(), edited("/manifest_version", json!("3.0.0"))),
        ("manifest-shape", "a list".into(), text("[]".into())),
        ("not-json", "half a manifest".into(), text(base.manifest[..40].into())),
        (
            "missing-file",
            "another metadata.csv".into(),
            edited(&format!("{integration}/metrics/metadata_path"), json!("x.csv")),
        ),
        (
            "missing-file",
            "other service checks".into(),
            edited(&format!("{integration}/service_checks/metadata_path"), json!("x.json")),
        ),
        (FINE, "no service checks".into(), without(&format!("{integration}/service_checks"))),
        (
            FINE,
            "no path of metadata.csv".into(),
            without(&format!("{integration}/metrics/metadata_path")),
        ),
        (
            "integration",
            "another name".into(),
            edited(&format!("{integration}/source_type_name"), json!("Acme")),
        ),
        (
            "integration",
            "a name with other signs".into(),
            edited(&format!("{integration}/source_type_name"), json!("Acme-Queue")),
        ),
        (
            FINE,
            "a name that is normalised".into(),
            edited(&format!("{integration}/source_type_name"), json!("__ACME (é) Queue!")),
        ),
        (
            "metric-prefix",
            "another prefix".into(),
            edited(&format!("{integration}/metrics/prefix"), json!("acme.queue.")),
        ),
        (
            FINE,
            "a short prefix".into(),
            edited(&format!("{integration}/metrics/prefix"), json!("a")),
        ),
    ]
}

fn all() -> Vec<Mutation> {
    let mut all: Vec<Mutation> = cells().collect();
    for more in [rows(), columns(), files(), attributes(), objects(), documents(), manifests()] {
        all.extend(more);
    }
    all
}

#[test]
fn every_mutation_has_the_verdict_of_datadogs_validators() {
    let Some(mut ddev) = Ddev::start() else { return };
    let mut failures = Vec::new();
    for (rule, what, folder) in all() {
        match folder.compare(&mut ddev) {
            Err(differ) => failures.push(format!("{what}: the two differ: {differ}")),
            Ok(same) if rule == FINE && !same.passes => {
                failures.push(format!("{what}: {:?}", same.rules))
            }
            Ok(same) if rule != FINE && !same.rules.contains(rule) => {
                failures.push(format!("{what}: not {rule} but {:?}", same.rules));
            }
            Ok(_) => {}
        }
    }
    assert!(failures.is_empty(), "{}: {}", failures.len(), failures.join("\n\n"));
}

/// Rules of paths rather than contents, which other tests break.
const ELSEWHERE: [&str; 3] = ["no-assets", "not-toml", "no-manifest"];

#[test]
fn every_error_is_made_at_least_three_times() {
    let mut made = BTreeMap::<&str, usize>::new();
    let mutations = all();
    assert!(mutations.len() >= 300, "{}", mutations.len());
    mutations.iter().for_each(|(rule, ..)| *made.entry(rule).or_default() += 1);
    let errors = RULES.iter().filter(|rule| rule.severity == Severity::Error);
    let seldom: Vec<&str> = errors
        .map(|rule| rule.name)
        .filter(|rule| !ELSEWHERE.contains(rule) && made.get(rule).copied().unwrap_or(0) < 3)
        .collect();
    assert_eq!(seldom, ["empty-file"], "of which there is only one");
}
