//! What became of everything that an output was to take, over all processes.

use super::amount::Amount;

/// What became of everything that an output was to take, since a process last ended while nothing waited: what was `taken` was delivered,
/// refused, dropped or killed, or waits.
///
/// A process that is killed takes its other numbers with it; these are kept where that takes nothing from them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lasting {
    /// What was to be taken: all that the runs of checks have yielded.
    pub taken: Amount,
    /// What of it was delivered.
    pub delivered: Amount,
    /// What of it was refused.
    pub refused: Amount,
    /// What of it was dropped, but for what was lost with a process.
    pub dropped: Amount,
    /// What of it was lost with a process that was killed, or had no time at its end.
    pub killed: Amount,
    /// What of it may have been accepted twice: it was sent again, and nobody knows whether it was accepted before.
    pub again: Amount,
}

impl Lasting {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.with(other, |one, other| one + other)
    }

    /// The greater number of each.
    #[must_use]
    pub fn or_more(self, other: Self) -> Self {
        self.with(other, Amount::or_more)
    }

    fn with(self, other: Self, combined: impl Fn(Amount, Amount) -> Amount) -> Self {
        Self {
            taken: combined(self.taken, other.taken),
            delivered: combined(self.delivered, other.delivered),
            refused: combined(self.refused, other.refused),
            dropped: combined(self.dropped, other.dropped),
            killed: combined(self.killed, other.killed),
            again: combined(self.again, other.again),
        }
    }
}
