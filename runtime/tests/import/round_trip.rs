//! The records of a file export that file: all are compiled into one binary, which tells what they declare. rustdoc has
//! nothing to say against their descriptions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use allwell::export::csv::{self, Table};
use allwell::export::import_metadata;

use crate::files::{self, File};

/// A row that matters: every column, white space of texts collapsed.
type Rows = BTreeMap<String, Vec<String>>;

const COLUMNS: [&str; 10] = [
    "metric_type",
    "interval",
    "unit_name",
    "per_unit_name",
    "description",
    "orientation",
    "integration",
    "short_name",
    "curated_metric",
    "sample_tags",
];

#[test]
fn records_export_the_file_that_they_come_from() {
    let files = files::all();
    let project = Project::write(&files);
    let exported = project.exported(files.len());
    let mut compared = 0;
    for (file, exported) in files.iter().zip(exported) {
        let expected = rows(&file.text);
        let exported = rows(&exported);
        for (name, row) in &expected {
            let same = exported.get(name);
            assert_eq!(same, Some(row), "{name} of {}", file.path.display());
        }
        assert_eq!(exported.len(), expected.len(), "{}", file.path.display());
        compared += expected.len();
    }
    assert!(compared > 100, "{compared} rows");
    project.cargo(&["doc", "--no-deps", "--document-private-items"]);
}

fn rows(text: &str) -> Rows {
    let table = Table::parse(text.trim_start_matches('\u{feff}'));
    let rows = table.rows.iter().map(|row| {
        let cell = |name: &str| match table.column(name) {
            Some(column) => row.cells[column].text.as_str(),
            None => "",
        };
        let text = |column: &&str| match *column {
            "description" => cell("description").split_whitespace().collect::<Vec<_>>().join(" "),
            "sample_tags" => tags(cell("sample_tags")).join(","),
            column => cell(column).to_owned(),
        };
        (cell("metric_name").to_owned(), COLUMNS.iter().map(text).collect())
    });
    rows.collect()
}

/// The tags, each once, in their order.
fn tags(cell: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    for tag in cell.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// A crate with a check for each file.
struct Project {
    directory: PathBuf,
}

impl Project {
    fn write(files: &[File]) -> Self {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import");
        let runtime = Path::new(env!("CARGO_MANIFEST_DIR"));
        let source = directory.join("src");
        fs::create_dir_all(&source).expect("a directory for the crate");
        let mut main = String::from(MAIN);
        for (index, file) in files.iter().enumerate() {
            let imported = import_metadata(&file.text);
            assert!(
                imported.problems.is_empty(),
                "{}: {:?}",
                file.path.display(),
                imported.problems
            );
            main.push_str(&check(index, &imported.rust, &integration(&file.text)));
            write(&source.join(format!("m{index}.rs")), &imported.rust);
        }
        write(&source.join("main.rs"), &main);
        write(&directory.join("Cargo.toml"), &manifest(runtime));
        let lock = fs::read_to_string(runtime.join("../Cargo.lock")).expect("the lock file");
        write(&directory.join("Cargo.lock"), &lock);
        Self { directory }
    }

    /// Runs cargo, with a directory for what is built that is kept for the next time.
    fn cargo(&self, arguments: &[&str]) {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors");
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--offline", "--quiet", "--target-dir"])
            .arg(target)
            .env("RUSTDOCFLAGS", "-D warnings")
            .current_dir(&self.directory)
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The `metadata.csv` of each check.
    fn exported(&self, checks: usize) -> Vec<String> {
        self.cargo(&["run"]);
        let read = |index| {
            let file = self.directory.join(format!("m{index}.csv"));
            fs::read_to_string(file).expect("the binary has written it")
        };
        (0..checks).map(read).collect()
    }
}

/// Writes a file unless it is the same: cargo looks at times.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).expect("the file can be written");
}

fn manifest(runtime: &Path) -> String {
    format!(
        "[package]\nname = \"imported\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nallwell = {{ path = \"{}\", default-features = false }}\n\n\
         [profile.dev]\ndebug = false\n\n[workspace]\n",
        runtime.display()
    )
}

const MAIN: &str = "//! Writes the metadata of every module.
#![allow(dead_code)]

use allwell::check::Registry;
use allwell::export::{metadata, metadata_csv};
use allwell::prelude::*;

fn main() -> Result<()> {
    for entry in Registry::collect().entries() {
        let rows = metadata(entry).map_err(|error| anyhow!(\"{error}\"))?;
        std::fs::write(format!(\"{}.csv\", entry.meta.name), metadata_csv(&rows))?;
    }
    Ok(())
}
";

/// A check that declares all records of a module.
fn check(index: usize, module: &str, integration: &str) -> String {
    let nested: Vec<_> = module.split("#[metrics(flatten)]\n").skip(1).map(field_type).collect();
    let names = module.lines().filter_map(|line| line.strip_prefix("pub struct "));
    let names = names.map(|name| name.trim_end_matches([' ', '{']));
    let vectors: Vec<_> = names
        .filter(|name| !nested.contains(name))
        .map(|name| format!("Vec<m{index}::{name}>"))
        .collect();
    // Tuples of tuples: eight members are the most that are metrics.
    let tuples: Vec<_> = vectors.chunks(8).map(tuple).collect();
    let tuples: Vec<_> = tuples.chunks(8).map(tuple).collect();
    format!(
        "\nmod m{index};\n\n/// The records of a file.\n#[check(name = \"m{index}\", display_name = {integration:?})]\n\
         fn check_{index}() -> {} {{\n    Default::default()\n}}\n",
        tuple(&tuples)
    )
}

fn tuple(members: &[String]) -> String {
    match members {
        [] => "()".to_owned(),
        members => format!("({},)", members.join(", ")),
    }
}

/// The type of the field with which a text begins.
fn field_type(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    line.rsplit(": ").next().unwrap_or_default().trim_end_matches(',')
}

/// What stands in the column `integration`.
fn integration(text: &str) -> String {
    let table = Table::parse(text.trim_start_matches('\u{feff}'));
    let of_row = |row: &csv::Row| Some(row.cells[table.column("integration")?].text.clone());
    table.rows.first().and_then(of_row).unwrap_or_else(|| "none".to_owned())
}
