//! Assets of real integrations, from the directory that `ALLWELL_CORPUS` names: as they are, and with mistakes in them.

use std::fs;
use std::path::{Path, PathBuf};

use allwell::export::csv::Table;
use serde_json::Value;

use crate::ddev::Ddev;
use crate::folder::Folder;
use crate::random::{CSV_PIECES, Chance, JSON_PIECES, mutated};
use crate::run;

/// How many mutations there are of each file.
const MUTATIONS: usize = 4;

/// The files of a folder of the corpus, or nothing and a word about it.
#[expect(clippy::print_stderr, reason = "a run that tests less says so")]
fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let Some(corpus) = std::env::var_os("ALLWELL_CORPUS") else {
        eprintln!("ALLWELL_CORPUS is not set: the files of real integrations are not tested");
        return Vec::new();
    };
    let directory = Path::new(&corpus).join(folder);
    let entries = fs::read_dir(&directory).expect("a directory of the corpus");
    let mut files: Vec<(PathBuf, String)> = entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.clone(), fs::read_to_string(&path).expect("a text")))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no file in {}", directory.display());
    files
}

/// A folder with the manifest that the file must have had.
fn of_metadata(csv: &str) -> Folder {
    let table = Table::parse(csv);
    let column = |name| {
        let index = table.column(name).expect("the column");
        table.rows.iter().map(move |row| row.cells[index].text.as_str())
    };
    let integration = column("integration").next().unwrap_or("none").to_owned();
    let free =
        ["system.", "jvm.", "http.", "datadog.", "sftp.", "process.", "runtime.", "otelcol_"];
    let own = column("metric_name").filter(|name| !free.iter().any(|free| name.starts_with(free)));
    let prefix = own.map(str::to_owned).reduce(|a, b| common(&a, &b)).unwrap_or_default();
    let prefix = if prefix.is_empty() { "none.".to_owned() } else { prefix };
    Folder { metadata: Some(csv.into()), ..Folder::new(&prefix, &integration) }
}

fn of_service_checks(json: &str) -> Folder {
    let checks: Value = serde_json::from_str(json).expect("JSON");
    let integration = checks[0]["integration"].as_str().unwrap_or("None");
    Folder { service_checks: Some(json.into()), ..Folder::new("none.", integration) }
}

fn common(a: &str, b: &str) -> String {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
}

#[test]
fn real_files_have_no_errors() {
    for (path, _) in files("metadata").into_iter().chain(files("service_checks")) {
        let ran = run::lint(&[path.to_str().expect("a text")]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
}

fn compare(folder: &str, pieces: &[&str], seed: u64, build: fn(&str) -> Folder) {
    let files = files(folder);
    let Some(mut ddev) = Ddev::start().filter(|_| !files.is_empty()) else { return };
    let mut chance = Chance::new(seed);
    for (path, text) in files {
        let real = build(&text);
        let mut all = vec![real.clone()];
        for _ in 0..MUTATIONS {
            let text = mutated(&text, pieces, &mut chance).into_bytes();
            all.push(match folder {
                "metadata" => Folder { metadata: Some(text), ..real.clone() },
                _ => Folder { service_checks: Some(text), ..real.clone() },
            });
        }
        for folder in all {
            let same = folder.compare(&mut ddev);
            assert!(
                same.is_ok(),
                "{}: the two differ: {}",
                path.display(),
                same.err().unwrap_or_default()
            );
        }
    }
}

#[test]
fn real_metrics_have_the_same_verdict() {
    compare("metadata", CSV_PIECES, 4, of_metadata);
}

#[test]
fn real_service_checks_have_the_same_verdict() {
    compare("service_checks", JSON_PIECES, 5, of_service_checks);
}
