//! What is told of a payload beside its samples: lines that are wrong, and what was left out for want of others.

use std::fmt;

use super::parse::Problem;

/// How many are shown.
const SHOWN: usize = 5;

/// The first few faults of each kind, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Faults {
    lines: Shown,
    records: Shown,
    first: Option<Problem>,
}

#[derive(Debug, Default)]
struct Shown {
    first: Vec<String>,
    count: u64,
}

impl Shown {
    fn add(&mut self, fault: impl fmt::Display) {
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(fault.to_string());
        }
    }

    fn told(&self, one: &str, many: &str) -> Option<String> {
        let what = if self.count == 1 { one } else { many };
        (self.count > 0).then(|| format!("{} {what}: {}", self.count, self.first.join("; ")))
    }
}

impl Faults {
    /// A line was left out.
    pub(super) fn add(&mut self, problem: Problem) {
        self.lines.add(&problem);
        self.first.get_or_insert(problem);
    }

    /// The first line that was left out.
    pub(super) fn into_first(self) -> Option<Problem> {
        self.first
    }

    /// A record was left out.
    pub(super) fn leave_out(&mut self, why: String) {
        self.records.add(why);
    }

    /// What is said of them.
    pub(super) fn warnings(&self) -> impl Iterator<Item = String> {
        let lines = self.lines.told("line was left out", "lines were left out");
        let records = self.records.told("record was left out", "records were left out");
        [lines, records].into_iter().flatten()
    }
}
