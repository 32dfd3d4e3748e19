//! What Python makes of the same: its reader of CSV, and the units that Datadog's validator knows.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use allwell::export::csv::Table;
use allwell::units;
use serde_json::{Value, json};

use crate::base::Metrics;
use crate::ddev::venv;
use crate::random::{CSV_PIECES, Chance, mutated};

/// Runs a program of Python on a value, both as JSON.
fn python(venv: &Path, program: &str, input: &Value) -> Value {
    let mut process = Command::new(venv.join("bin/python"))
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python starts");
    let mut stdin = process.stdin.take().expect("it is piped");
    stdin.write_all(input.to_string().as_bytes()).expect("it reads");
    drop(stdin);
    let output = process.wait_with_output().expect("it ends");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("the output is JSON")
}

const READ: &str = "\
import csv, io, json, sys
def read(text):
    reader = csv.DictReader(io.StringIO(text, newline=None))
    header = reader.fieldnames or []
    return [header] + [row for row in reader.reader if row]
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
";

#[test]
fn python_reads_the_same_cells() {
    let Some(venv) = venv() else { return };
    let mut chance = Chance::new(6);
    let base = Metrics::new().csv();
    let texts: Vec<String> = (0..3_000)
        .map(|number| {
            let mut text = if number % 2 == 0 { base.clone() } else { String::new() };
            for _ in 0..=chance.below(6) {
                text = mutated(&text, CSV_PIECES, &mut chance);
            }
            text
        })
        .collect();
    let theirs = python(&venv, READ, &json!(texts));
    for (text, theirs) in texts.iter().zip(theirs.as_array().expect("a list")) {
        let Table { header, rows, .. } = Table::parse(text);
        let records = std::iter::once(header).chain(rows.into_iter().map(|row| row.cells));
        let ours: Vec<Vec<String>> =
            records.map(|cells| cells.into_iter().map(|cell| cell.text).collect()).collect();
        assert_eq!(json!(ours), *theirs, "{text:?}");
    }
}

const UNITS: &str = "\
import json
from ddev.cli.validate.metadata_utils import VALID_UNIT_NAMES
print(json.dumps(sorted(VALID_UNIT_NAMES)))
";

#[test]
fn datadogs_validator_knows_the_same_units() {
    let Some(venv) = venv() else { return };
    let theirs = python(&venv, UNITS, &Value::Null);
    let theirs = theirs.as_array().expect("a list").iter().filter_map(Value::as_str);
    let ours: BTreeSet<&str> = units::NAMES.iter().copied().collect();
    let theirs: BTreeSet<&str> = theirs.collect();
    // The heading of a table that got into their list.
    assert_eq!(theirs.difference(&ours).collect::<Vec<_>>(), [&"name"]);
    assert_eq!(ours.difference(&theirs).count(), 0);
    assert_eq!(ours.len(), units::NAMES.len());
}
