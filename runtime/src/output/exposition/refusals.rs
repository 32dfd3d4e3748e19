//! What cannot be exposed: counted, and told once.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use super::super::amount::Amount;

/// So many things are told in all; further ones are only counted.
const MOST_TOLD: usize = 1000;

/// Is told, once, of each thing that is not exposed.
pub type Tell = Arc<dyn Fn(&str) + Send + Sync>;

/// Why something is not exposed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Reason {
    /// The name that a metric would have belongs to another one.
    Name { metric: Box<str>, exposed: Box<str> },
    /// The labels that a tag set would have belong to another one.
    Labels,
    /// There are as many contexts as there may be.
    TooMany(usize),
    /// A count below zero, or none at all.
    NoCount,
    /// Events have no place in these formats.
    Events,
    /// Nor have log lines.
    Logs,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { metric, exposed } => {
                write!(f, "`{metric}` is not exposed: `{exposed}` is the name of another metric")
            }
            Self::Labels => f.write_str(
                "some contexts are not exposed: their tags make the same labels as other ones'",
            ),
            Self::TooMany(most) => {
                write!(f, "some contexts are not exposed: there are {most} already")
            }
            Self::NoCount => {
                f.write_str("a count below zero is not exposed: a counter cannot grow less")
            }
            Self::Events => f.write_str("events are not exposed: the format has no place for them"),
            Self::Logs => {
                f.write_str("log lines are not exposed: the format has no place for them")
            }
        }
    }
}

/// What was refused.
pub(super) struct Refusals {
    pub(super) amount: Amount,
    pub(super) errors: u64,
    pub(super) last: Option<(SystemTime, String)>,
    told: HashSet<Reason>,
    tell: Option<Tell>,
}

impl Refusals {
    pub(super) fn new(tell: Option<Tell>) -> Self {
        Self { amount: Amount::default(), errors: 0, last: None, told: HashSet::new(), tell }
    }

    /// Counts what is refused, and tells why if that has not been told.
    pub(super) fn add(&mut self, amount: Amount, reason: &Reason) {
        self.amount += amount;
        if amount.total() == 0 || self.told.len() >= MOST_TOLD || self.told.contains(reason) {
            return;
        }
        self.told.insert(reason.clone());
        self.errors += 1;
        let message = reason.to_string();
        if let Some(tell) = &self.tell {
            tell(&message);
        }
        self.last = Some((SystemTime::now(), message));
    }
}

impl fmt::Debug for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusals").field("amount", &self.amount).finish_non_exhaustive()
    }
}
