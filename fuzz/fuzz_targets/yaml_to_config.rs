//! Bytes as YAML, as a tree, as typed configuration: never a panic, never without end, every problem at a place in the text.

#![no_main]

use allwell::config::{OptionValue, Problem, Reader, yaml};
use allwell_fuzz::Rich;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = yaml::decode(bytes) else { return };
    let yaml::Document { root, problems } = yaml::parse(text);
    assert!(root.is_some() || problems.has_errors() || is_blank(text));
    problems.list().iter().for_each(|problem| check(problem, text));
    let Some(root) = root else { return };
    let mut reader = Reader::new();
    let config = Rich::read(&root, &mut reader);
    assert!(config.is_some() || reader.problems().has_errors());
    reader.problems().list().iter().for_each(|problem| check(problem, text));
});

/// A text without a value: comments, markers, directives.
fn is_blank(text: &str) -> bool {
    text.lines().all(|line| {
        let line = line.trim_start_matches([' ', '\t', '\r', '\u{feff}']);
        line.is_empty() || line.starts_with(['#', '%', '.', '-'])
    })
}

fn check(problem: &Problem, text: &str) {
    let span = problem.span.expect("a place");
    assert!(span.start <= span.end && text.get(span.start..).is_some(), "{problem:?}");
    assert!(span.line >= 1 && span.column >= 1);
    assert!(!problem.message.is_empty());
}
