//! A payload that an endpoint fails at again and again, though it takes others: not the endpoint is ill, but the payload.

use super::endpoint::{Refusal, Remedy};
use super::outcome::Outcome;

/// After so many answers in a row the next payload is tried.
const MOST_ANSWERS: u32 = 10;

/// What is known of the oldest payload of a route that was answered with an error of the endpoint.
#[derive(Debug, Default)]
pub(super) struct Stuck {
    number: u64,
    answers: u32,
    /// A later one was taken meanwhile.
    passed: bool,
}

impl Stuck {
    /// Whether another payload should be tried instead of this one.
    pub(super) const fn gives_way(&self, number: u64) -> bool {
        self.number == number && self.answers >= MOST_ANSWERS && !self.passed
    }

    /// Notes what came of a payload, and tells what that means.
    pub(super) fn judge(&mut self, number: u64, outcome: Outcome) -> Outcome {
        let is_it = self.number == number;
        match outcome {
            Outcome::Later(refusal) if refusal.answered => {
                if is_it && self.passed {
                    *self = Self::default();
                    return Outcome::Refused(given_up(&refusal));
                }
                self.answers = match (is_it, self.gives_way(self.number)) {
                    (true, _) => self.answers + 1,
                    // The other one was not taken, either: it is the endpoint.
                    (false, true) => 0,
                    (false, false) => 1,
                };
                if is_it || self.answers > 0 {
                    self.number = number;
                }
                Outcome::Later(refusal)
            }
            Outcome::Taken if !is_it && self.answers >= MOST_ANSWERS => {
                self.passed = true;
                Outcome::Taken
            }
            outcome => {
                // It says nothing of the payload that nobody could be reached.
                if is_it || matches!(outcome, Outcome::Later(_)) {
                    *self = Self::default();
                }
                outcome
            }
        }
    }
}

fn given_up(refusal: &Refusal) -> Refusal {
    let message = format!("{}, again and again, and takes other payloads", refusal.message);
    Refusal::new(message, Remedy::Drop)
}
