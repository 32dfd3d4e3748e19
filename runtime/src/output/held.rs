//! What an output has taken and not yet passed on.

use std::time::SystemTime;

use super::amount::Amount;
use super::lasting::Lasting;

/// What an output holds in a queue of its own, and what became of what it took.
///
/// Nothing gets lost between these numbers: what it took, and `restored`, is what was delivered, `queued`, `dropped` or `refused`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// What an earlier process had left behind, and this one found.
    pub restored: Amount,
    /// What waits.
    pub queued: Amount,
    /// What of that survives the end of the process.
    pub stored: Amount,
    /// What had to make room.
    pub dropped: Amount,
    /// What will never be accepted.
    pub refused: Amount,
    /// What was lost with the process before, which was killed: it is none of `restored` and `dropped`.
    pub killed: Amount,
    /// What may be accepted twice: it is sent again, and nobody knows whether it was accepted before.
    pub again: Amount,
    /// What became of everything over all processes, where that is known.
    pub lasting: Option<Lasting>,
    /// How many times something was not accepted.
    pub errors: u64,
    /// The last error, and when.
    pub last_error: Option<(SystemTime, String)>,
    /// What was last tried was not accepted, and will be tried again.
    pub retrying: bool,
}
