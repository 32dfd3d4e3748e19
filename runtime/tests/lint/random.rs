//! Mutations by chance, always the same ones: in cells and in the syntax of CSV, in values and in the syntax of JSON.

use crate::base::{Metrics, folder_with_checks, folder_with_metrics, service_checks};
use crate::ddev::Ddev;
use crate::folder::Folder;

/// A generator of numbers (SplitMix64): enough for choosing, and the same everywhere.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).expect("below a usize")
    }

    pub(crate) fn choose<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// Pieces that mean something to CSV, or to a rule.
pub(crate) const CSV_PIECES: &[&str] = &[
    ",",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    " ",
    "\t",
    "é",
    "\u{2019}",
    "|",
    "_",
    ".",
    "-",
    "0",
    "1",
    "-1",
    "a",
    "gauge",
    "count",
    "byte",
    "second",
    "fraction",
    "cpu",
    "memory",
    "acme.",
    "system.",
    "acme_queue",
    "\u{feff}",
    "\0",
    "\u{2028}",
    "\u{85}",
    "\u{b}",
    "metric_name",
    "sample_tags",
];

/// Pieces that mean something to JSON, or to a rule.
pub(crate) const JSON_PIECES: &[&str] = &[
    ",",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ":",
    " ",
    "\n",
    "\t",
    "null",
    "true",
    "1",
    "-",
    ".",
    "_",
    "é",
    "\\",
    "\\n",
    "\\ud800",
    "\\u0041",
    "\"ok\"",
    "\"ok\",",
    "[]",
    "{}",
    "\"\"",
    "\"name\":",
    "\"check\":",
    "//",
    "'",
    "\u{feff}",
];

/// The text with some pieces put in, taken out or written twice.
pub(crate) fn mutated(text: &str, pieces: &[&str], chance: &mut Chance) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..=chance.below(3) {
        let at = chance.below(text.len() + 1);
        let end = (at + 1 + chance.below(12)).min(text.len());
        match chance.below(4) {
            0 => drop(text.drain(at..end)),
            1 => {
                let copy: Vec<char> = text[at..end].to_vec();
                let to = chance.below(text.len() + 1);
                drop(text.splice(to..to, copy));
            }
            _ => {
                let piece = chance.choose(pieces);
                drop(text.splice(at..(at + chance.below(2)).min(end), piece.chars()));
            }
        }
    }
    text.into_iter().collect()
}

/// Cells that are right in some column.
const CELLS: &[&str] = &[
    "",
    "gauge",
    "count",
    "rate",
    "byte",
    "second",
    "week",
    "fraction",
    "0",
    "1",
    "-1",
    "15",
    "cpu",
    "cpu|memory",
    "acme.x",
    "acme.queue.depth",
    "system.x",
    "acme_queue",
    "Words.",
    "é",
    "a|b",
    "two\nlines",
    "\"quoted\"",
    "a,b",
    " ",
    "acme.é",
];

fn other_cells(chance: &mut Chance) -> Folder {
    let mut metrics = Metrics::new();
    for _ in 0..=chance.below(4) {
        let row = chance.below(metrics.rows.len());
        let column = metrics.header[chance.below(metrics.header.len())].clone();
        metrics = metrics.with(row, &column, chance.choose(CELLS));
    }
    metrics.folder()
}

fn other_csv(chance: &mut Chance) -> Folder {
    folder_with_metrics(mutated(&Metrics::new().csv(), CSV_PIECES, chance))
}

fn other_json(chance: &mut Chance) -> Folder {
    folder_with_checks(mutated(&service_checks().to_string(), JSON_PIECES, chance))
}

/// How many mutations of each sort are compared; `ALLWELL_MUTATIONS` asks for more.
fn count() -> usize {
    let asked = std::env::var("ALLWELL_MUTATIONS").ok();
    asked.map_or(300, |count| count.parse().expect("a number in `ALLWELL_MUTATIONS`"))
}

/// Compares many folders, enough of which must pass and enough of which must not, or that would say little.
fn compare(seed: u64, folder: fn(&mut Chance) -> Folder) {
    let Some(mut ddev) = Ddev::start() else { return };
    let mut chance = Chance::new(seed);
    let mut passed = 0;
    for number in 0..count() {
        let same = folder(&mut chance).compare(&mut ddev);
        let same =
            same.unwrap_or_else(|differ| panic!("number {number}: the two differ: {differ}"));
        passed += usize::from(same.passes);
    }
    assert!((count() / 20..=count() * 19 / 20).contains(&passed), "{passed} of {} pass", count());
}

#[test]
fn other_cells_have_the_same_verdict() {
    compare(1, other_cells);
}

#[test]
fn other_csv_has_the_same_verdict() {
    compare(2, other_csv);
}

#[test]
fn other_json_has_the_same_verdict() {
    compare(3, other_json);
}
