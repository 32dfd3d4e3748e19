//! The parsers of Prometheus's Python client read back what is exposed, hostile names, labels and descriptions included.
//!
//! They need `prometheus_client`: `tests/run` installs it and names its directory in `ALLWELL_RECEIVERS`.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use allwell::aggregate::{Series, SeriesKind, SketchSeries};
use allwell::metric::{Declared, Descriptor, Kind, UnitName};
use allwell::output::exposition::{ExpositionOptions, Format, Syntax};
use allwell::output::{Catalogue, Delivery};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::{Endpoint, NONE, OPEN, TEXT, nothing, point, run, sketch, tags, unit};

/// A process of Python that reads texts. It ends when its input does.
struct Reader {
    _process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Reader {
    /// The process, if the client is installed.
    #[expect(clippy::print_stderr, reason = "a test that does not run says so")]
    fn start() -> Option<Self> {
        let Some(venv) = std::env::var_os("ALLWELL_RECEIVERS") else {
            assert!(
                std::env::var_os("CI").is_none(),
                "`ALLWELL_RECEIVERS` is not set: run `tests/run`"
            );
            eprintln!(
                "SKIPPED: Prometheus's Python client is not installed; `tests/run` installs it"
            );
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exposition/read.py");
        let mut process = Command::new(Path::new(&venv).join("bin/python"))
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let input = process.stdin.take().expect("a pipe");
        let output = BufReader::new(process.stdout.take().expect("a pipe"));
        Some(Self { _process: process, input, output })
    }

    /// The families of a text.
    fn read(&mut self, format: Format, text: &str) -> Vec<Value> {
        let parser = if format.syntax == Syntax::Text { "text" } else { "openmetrics" };
        writeln!(self.input, "{}", json!({ "format": parser, "text": text })).expect("it reads");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        let answer: Value = serde_json::from_str(&line).expect("an answer is JSON");
        answer["families"].as_array().unwrap_or_else(|| panic!("{answer} of\n{text}")).clone()
    }
}

/// One sample as it was read.
type Sample = (String, BTreeMap<String, String>, f64);

fn samples(families: &[Value]) -> Vec<Sample> {
    let of = |family: &Value| family["samples"].as_array().unwrap().clone();
    let sample = |sample: Value| {
        let (name, labels, value): (String, _, String) = serde_json::from_value(sample).unwrap();
        (name, labels, value.parse().unwrap())
    };
    families.iter().flat_map(of).map(sample).collect()
}

const FORMATS: [Format; 4] =
    [TEXT, OPEN, Format { utf8_names: true, ..TEXT }, Format { utf8_names: true, ..OPEN }];

/// Texts of all sorts, those with a meaning in the formats above all.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z._]{1,8}",
        "[a-z\"\\\\\n\r{}=,# :;._\u{0}\u{7f}\u{e9}\u{85}\u{2028}🦀]{0,12}",
        ".{0,20}",
        Just("# EOF".to_owned()),
        Just("__name__".to_owned()),
        Just("le".to_owned()),
        "[a-z]{1,3}[._](total|count|sum|bucket|created|info)",
        "[a-z]{1,3}[._](bytes|ratio|per_second|per.second)",
    ]
}

/// The parser in Python takes white space at the end of a name or description for nothing; so do we of a description.
fn description() -> impl Strategy<Value = String> {
    hostile().prop_map(|text| format!("x{text}y"))
}

fn units() -> impl Strategy<Value = UnitName> {
    let per_second = UnitName { name: "request", per: "second" };
    prop_oneof![Just(NONE), Just(unit("byte")), Just(unit("fraction")), Just(per_second)]
}

/// A point to be, and what is declared of it.
#[derive(Debug, Clone)]
struct Any {
    name: String,
    description: String,
    tags: Vec<String>,
    unit: UnitName,
    kind: Option<SeriesKind>,
    value: f64,
}

fn any_point() -> impl Strategy<Value = Any> {
    let kinds = prop_oneof![
        Just(Some(SeriesKind::Gauge)),
        Just(Some(SeriesKind::Rate)),
        Just(Some(SeriesKind::Count)),
        Just(None),
    ];
    let tag = prop_oneof![
        hostile(),
        (hostile(), hostile()).prop_map(|(key, value)| format!("{key}:{value}")),
        (Just("key"), hostile()).prop_map(|(key, value)| format!("{key}:{value}")),
    ];
    let tags = prop::collection::vec(tag, 0..4);
    let value = prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL;
    (hostile(), description(), tags, units(), kinds, value).prop_map(
        |(name, description, tags, unit, kind, value)| Any {
            name,
            description,
            tags,
            unit,
            kind,
            value,
        },
    )
}

/// An endpoint that has taken these.
fn exposed(points: &[Any]) -> Endpoint {
    let declared = points.iter().map(|any| {
        let (name, description) = (leaked(&any.name), leaked(&any.description));
        let declared = Declared::Metric { kind: Kind::Gauge, unit: any.unit };
        let descriptor = Descriptor { declared, ..Descriptor::service_check(name, description) };
        &*Box::leak(Box::new(descriptor))
    });
    let catalogue = Arc::new(Catalogue::new(declared));
    let endpoint = Endpoint::new(ExpositionOptions { catalogue, ..ExpositionOptions::default() });
    for any in points {
        let tags = tags(&any.tags);
        let delivery = if let Some(kind) = any.kind {
            run([Series { unit: any.unit.shared(), ..point(&any.name, kind, any.value, &tags) }])
        } else {
            let sketch = sketch(leaked(&any.name), any.unit, &[any.value]);
            Delivery { sketches: vec![SketchSeries { tags, ..sketch }], ..nothing() }
        };
        endpoint.take([Delivery { host: None, ..delivery }]);
    }
    endpoint
}

/// Names in deliveries live as long as the process; so they do here.
fn leaked(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// What is exposed together: no parser refuses it, no sample is there twice, and what was not refused is there.
#[test]
fn many_hostile_points_together_are_read_back() {
    let Some(mut reader) = Reader::start() else { return };
    let mut runner = TestRunner::new(ProptestConfig::with_cases(150));
    let strategy = prop::collection::vec(any_point(), 1..8);
    let reader = std::cell::RefCell::new(&mut reader);
    let tested = runner.run(&strategy, |points| {
        let endpoint = exposed(&points);
        for format in FORMATS {
            let text = endpoint.text(format);
            let families = reader.borrow_mut().read(format, &text);
            let names: Vec<_> = families.iter().map(|family| &family["name"]).collect();
            prop_assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "{}", text);
            let samples = samples(&families);
            let ids: HashSet<_> = samples.iter().map(|(name, labels, _)| (name, labels)).collect();
            prop_assert_eq!(ids.len(), samples.len(), "{}", text);
            let refused = usize::try_from(endpoint.refused().total()).unwrap();
            let values: HashSet<_> = samples.iter().map(|(.., value)| value.to_bits()).collect();
            let missing = points.iter().filter(|any| !values.contains(&any.value.to_bits()));
            // A later point of a context takes the place of an earlier one, or adds to it.
            let contexts = endpoint.exposition.contexts();
            prop_assert!(missing.count() <= refused + points.len() - contexts, "{}", text);
        }
        Ok(())
    });
    tested.unwrap();
}

/// One point is read back as it was, to the last bit of its value.
#[test]
fn one_hostile_point_is_read_back_as_it_was() {
    let Some(mut reader) = Reader::start() else { return };
    let mut runner = TestRunner::new(ProptestConfig::with_cases(250));
    let reader = std::cell::RefCell::new(&mut reader);
    let tested = runner.run(&any_point(), |mut any| {
        any.value = any.value.abs();
        let endpoint = exposed(std::slice::from_ref(&any));
        for format in FORMATS {
            let text = endpoint.text(format);
            let families = reader.borrow_mut().read(format, &text);
            prop_assert_eq!(families.len(), 1, "{}", text);
            // The parser in Python does not see to it; that of Prometheus does.
            if let Some(unit) = families[0]["unit"].as_str().filter(|unit| !unit.is_empty()) {
                let name = families[0]["name"].as_str().unwrap();
                prop_assert!(name.ends_with(&format!("_{unit}")), "{}", text);
            }
            let kind = match any.kind {
                Some(SeriesKind::Gauge | SeriesKind::Rate) => "gauge",
                Some(SeriesKind::Count) => "counter",
                None => "histogram",
            };
            prop_assert_eq!(&families[0]["type"], kind, "{}", text);
            prop_assert_eq!(&families[0]["help"], &without_zeros(&any.description), "{}", text);
            let samples = samples(&families);
            let ends = |suffix: &str| samples.iter().find(|(name, ..)| name.ends_with(suffix));
            let sample = match any.kind {
                Some(SeriesKind::Gauge | SeriesKind::Rate) => Some(&samples[0]),
                Some(SeriesKind::Count) => ends("_total"),
                None => ends("_sum"),
            };
            let (_, labels, value) = sample.unwrap();
            prop_assert_eq!(value.to_bits(), any.value.to_bits(), "{}", text);
            if format.utf8_names {
                prop_assert_eq!(labels, &expected(&any.tags), "{}", text);
            }
        }
        Ok(())
    });
    tested.unwrap();
}

fn without_zeros(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The labels of these tags by the rules of the documentation.
fn expected(tags: &[String]) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::<String, Vec<&str>>::new();
    let unique: HashSet<_> = tags.iter().filter(|tag| !tag.is_empty()).collect();
    for tag in unique {
        let (key, value) = tag.split_once(':').unwrap_or((tag, "true"));
        let key = if key.is_empty() { "_" } else { key };
        let reserved = ["le", "quantile"].contains(&key) || key.starts_with("__");
        let key = if reserved { format!("tag_{key}") } else { key.to_owned() };
        labels.entry(without_zeros(&key)).or_default().push(value);
    }
    let joined = labels.into_iter().map(|(key, mut values)| {
        values.sort_unstable();
        values.dedup();
        (key, without_zeros(&values.join(";")))
    });
    joined.filter(|(_, value)| !value.is_empty()).collect()
}
