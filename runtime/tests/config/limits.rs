//! Files that are made to hurt: each a clear error, in little time and memory.

use std::fmt::Write as _;
use std::fs::File as FsFile;
use std::io::Write as _;
use std::time::{Duration, Instant};

use allwell::check::load;
use allwell::config::confd::File;
use allwell::config::{report, yaml};

use crate::support::{entry, file, scratch};

/// The first problem of a text, and how long it took to find.
fn first_problem(text: &str) -> (String, Duration) {
    let start = Instant::now();
    let problems = yaml::parse(text).problems;
    let problem = problems.list().first().map(|problem| problem.message.clone());
    (problem.unwrap_or_default(), start.elapsed())
}

/// Far above what any of these takes, far below what an attack would take.
const SOON: Duration = Duration::from_secs(10);

#[test]
fn an_alias_bomb_runs_out_of_budget() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..15 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    let (message, took) = first_problem(&text);
    assert_eq!(message, "more than 250000 values, aliases resolved");
    assert!(took < SOON, "{took:?}");
}

#[test]
fn a_bomb_of_long_texts_runs_out_of_budget() {
    let long = "x".repeat(1024 * 1024);
    let aliases = vec!["*long"; 1000].join(", ");
    let (message, took) = first_problem(&format!("long: &long {long}\nall: [{aliases}]\n"));
    assert_eq!(message, "more than 64 MiB of text, aliases resolved");
    assert!(took < SOON, "{took:?}");
}

#[test]
fn a_merge_bomb_runs_out_of_budget() {
    let mut text = String::from("a0: &a0 {k0: 1}\n");
    for level in 1..40 {
        let before = level - 1;
        let _ = writeln!(
            text,
            "a{level}: &a{level}\n  <<: [*a{before}, *a{before}]\n  k{level}: *a{before}"
        );
    }
    let (message, took) = first_problem(&text);
    assert_eq!(message, "more than 250000 values, aliases resolved");
    assert!(took < SOON, "{took:?}");
}

#[test]
fn deep_nesting_is_refused_however_it_is_written() {
    let too_deep = "nested more than 128 levels deep";
    let in_brackets = "[".repeat(20_000);
    let in_braces = "{a: ".repeat(20_000);
    let in_dashes = format!("{}x", "- ".repeat(20_000));
    let lines: Vec<String> = (0..2_000).map(|level| " ".repeat(level) + "a:").collect();
    let in_lines = lines.join("\n");
    for text in [in_brackets, in_braces, in_dashes, in_lines] {
        let (message, took) = first_problem(&text);
        assert_eq!(message, too_deep);
        assert!(took < SOON, "{took:?}");
    }
}

#[test]
fn deep_nesting_through_aliases_is_refused() {
    let mut text = String::from("a0: &a0 [x]\n");
    for level in 1..200 {
        let _ = writeln!(text, "a{level}: &a{level} [*a{}]", level - 1);
    }
    assert_eq!(first_problem(&text).0, "nested more than 128 levels deep");
}

#[test]
fn a_file_of_100_mb_is_refused_unread() {
    let dir = scratch();
    let path = dir.path().join("large.yaml");
    FsFile::create(&path).and_then(|file| file.set_len(100 * 1024 * 1024)).expect("a sparse file");
    let start = Instant::now();
    let file = File::read("large", &path);
    assert!(start.elapsed() < Duration::from_secs(1));
    let messages: Vec<_> = file.problems.list().iter().map(|p| p.message.as_str()).collect();
    assert_eq!(messages, ["the file has 100 MiB, a configuration at most 16"]);
}

#[test]
fn the_largest_file_is_read_or_refused_soon() {
    let dir = scratch();
    let path = dir.path().join("rich.yaml");
    let mut out = FsFile::create(&path).expect("a file");
    out.write_all(b"instances:\n").expect("written");
    let line = "  - {host: h, unknown: 1, password: hunter2}\n";
    let lines = (16 * 1024 * 1024 - 64) / line.len();
    out.write_all(line.repeat(lines).as_bytes()).expect("written");
    let start = Instant::now();
    let file = File::read("rich", &path);
    let loaded = load(entry("rich"), &file);
    let text = report::text(&[(&file, &loaded.problems)], false);
    assert!(text.contains("more than 250000 values"), "{text}");
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn thousands_of_problems_are_counted_and_the_first_shown() {
    let mut text = String::from("instances:\n  - host: a\n");
    for index in 0..50_000 {
        let _ = writeln!(text, "    unknown_{index}: 1");
    }
    let start = Instant::now();
    let file = file(&text);
    let loaded = load(entry("rich"), &file);
    let shown = report::text(&[(&file, &loaded.problems)], false);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert!(shown.ends_with(
        "49000 more problems in conf.d/rich.yaml are not shown\n\n50000 errors in 1 file\n"
    ));
    assert_eq!(loaded.problems.list().len(), 1000);
}

#[test]
fn a_long_key_or_line_is_cut_in_the_report() {
    let long = "k".repeat(100_000);
    let file = file(&format!("instances:\n  - host: a\n    ? {long}\n    : x\n    port: {long}\n"));
    let loaded = load(entry("rich"), &file);
    let shown = report::text(&[(&file, &loaded.problems)], false);
    assert!(shown.len() < 2_000, "{}", shown.len());
    assert!(shown.contains("--> conf.d/rich.yaml:5:11\n"), "{shown}");
}
