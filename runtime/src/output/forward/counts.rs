//! What became of everything that a forwarder was given.

use std::time::SystemTime;

use crate::output::Amount;

use super::notice::Loss;

/// What became of everything. Nothing gets lost between the numbers: what was pushed, and `restored`, is what was
/// `delivered`, is `queued`, or is among the losses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForwardStatistics {
    /// What was given.
    pub pushed: Amount,
    /// What an earlier process had left on the disk.
    pub restored: Amount,
    /// What the endpoint accepted.
    pub delivered: Amount,
    /// What waits, in memory and on the disk.
    pub queued: Amount,
    /// What of that is on the disk.
    pub stored: Amount,
    /// What the endpoint will never accept.
    pub refused: Amount,
    /// What had to make room.
    pub no_room: Amount,
    /// What waited too long.
    pub outdated: Amount,
    /// What could not be read from the disk.
    pub damaged: Amount,
    /// What could not be sent before the end.
    pub unsent: Amount,
    /// What was lost with the process before this one, which was killed, or had no time at its end. It is neither pushed nor restored.
    pub killed: Amount,
    /// What may be accepted twice: it is sent again, and nobody knows whether it was accepted before, since the connection was lost
    /// before the answer, or the process before this one ended.
    pub again: Amount,
    /// How many bytes wait in memory.
    pub memory_bytes: usize,
    /// How many bytes of payloads wait on the disk.
    pub stored_bytes: u64,
    /// How many times something was not accepted, or the disk not usable.
    pub errors: u64,
    /// The last error, and when.
    pub last_error: Option<(SystemTime, String)>,
    /// What was last tried was not accepted, and will be tried again.
    pub retrying: bool,
}

impl ForwardStatistics {
    /// What was dropped of what was pushed or restored, for whatever reason but that the endpoint refused it.
    pub fn dropped(&self) -> Amount {
        self.no_room + self.outdated + self.damaged + self.unsent
    }

    pub(super) fn lose(&mut self, loss: Loss, amount: Amount) {
        let counter = match loss {
            Loss::Refused => &mut self.refused,
            Loss::NoRoom => &mut self.no_room,
            Loss::Outdated => &mut self.outdated,
            Loss::Damaged => &mut self.damaged,
            Loss::Unsent => &mut self.unsent,
            Loss::Killed => &mut self.killed,
        };
        *counter += amount;
    }

    pub(super) fn fail(&mut self, message: &str) {
        self.errors += 1;
        self.last_error = Some((SystemTime::now(), message.to_owned()));
    }
}
