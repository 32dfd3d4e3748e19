//! The findings of one file in the making: what is to be said of many lines is said once.

use std::collections::HashMap;

use crate::config::{Problem, Problems};

/// Findings, in the order in which they were found.
#[derive(Default)]
pub(super) struct Findings {
    list: Vec<Problem>,
    said: HashMap<(&'static str, String, String), usize>,
}

impl Findings {
    pub(super) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds one. Where rule, message and hint are those of an earlier one, that one gets another line.
    pub(super) fn push(&mut self, problem: Problem) {
        let key = (problem.rule, problem.message.clone(), problem.hint.clone());
        match (self.said.get(&key), problem.span) {
            (Some(first), Some(span)) => self.list[*first].lines.push(span.line),
            (Some(_), None) => {}
            (None, _) => {
                self.said.insert(key, self.list.len());
                self.list.push(problem);
            }
        }
    }

    /// In the order of the file.
    pub(super) fn into_problems(mut self) -> Problems {
        let place = |problem: &Problem| problem.span.map_or(0, |span| span.start);
        self.list.sort_by_key(place);
        let mut problems = Problems::default();
        for mut problem in self.list {
            let first = problem.span.map(|span| span.line);
            problem.lines.sort_unstable();
            problem.lines.dedup();
            problem.lines.retain(|line| Some(*line) != first);
            problems.push(problem);
        }
        problems
    }
}

impl Extend<Problem> for Findings {
    fn extend<T: IntoIterator<Item = Problem>>(&mut self, problems: T) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }
}
