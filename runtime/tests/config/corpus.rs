//! Configuration files of real integrations, from the directory that `ALLWELL_CORPUS` names.

use std::fs;
use std::path::{Path, PathBuf};

use allwell::config::confd::File;
use allwell::config::{report, yaml};

/// The example files, or nothing and a word about it.
#[expect(clippy::print_stderr, reason = "a run that tests less says so")]
fn examples() -> Vec<(PathBuf, String)> {
    let Some(corpus) = std::env::var_os("ALLWELL_CORPUS") else {
        eprintln!("ALLWELL_CORPUS is not set: the files of real integrations are not tested");
        return Vec::new();
    };
    let dir = Path::new(&corpus).join("conf");
    let entries = fs::read_dir(&dir).expect("a directory `conf` in the corpus");
    let mut files: Vec<(PathBuf, String)> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".yaml.example"))
        .map(|path| (path.clone(), fs::read_to_string(&path).expect("a text")))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no example in {}", dir.display());
    files
}

#[test]
fn every_real_example_is_read_without_a_problem() {
    for (path, text) in examples() {
        let file = File::parse("check", &path, text.into());
        let shown = report::text(&[(&file, &file.problems)], false);
        assert_eq!(shown, "");
    }
}

#[test]
fn every_real_example_is_read_with_all_its_options() {
    for (path, text) in examples() {
        let yaml::Document { root, problems } = yaml::parse(&uncommented(&text));
        assert_eq!(problems.list(), [], "{}", path.display());
        let root = root.expect("a tree");
        let instances = root.get("instances").or_else(|| root.get("logs"));
        assert!(instances.is_some(), "{}", path.display());
    }
}

/// The example with the options in it that are commented out.
fn uncommented(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        match line.trim_start().strip_prefix("# ") {
            Some(option) => out.extend([indent, option, "\n"]),
            None => out.extend([line, "\n"]),
        }
    }
    out
}
