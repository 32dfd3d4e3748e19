//! What is remembered of an output.

use std::time::SystemTime;

use super::amount::Amount;
use super::lasting::Lasting;

/// What became of all that an output was to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputStatistics {
    /// The output's name.
    pub name: String,
    /// How it is.
    pub state: OutputState,
    /// What it took.
    pub delivered: Amount,
    /// What waits for it, or in it.
    pub queued: Amount,
    /// What of that survives the end of the process.
    pub stored: Amount,
    /// What an earlier process had left behind, and this one found.
    pub restored: Amount,
    /// What it did not take in time: the oldest had to make room; and what was `killed`.
    pub dropped: Amount,
    /// What of that was lost with the process before, which was killed.
    pub killed: Amount,
    /// What may be accepted twice: it is sent again, and nobody knows whether it was accepted before.
    pub again: Amount,
    /// What became of everything over all processes, where that is known.
    pub lasting: Option<Lasting>,
    /// What it refused for good.
    pub refused: Amount,
    /// How many times it did not take what it was offered.
    pub errors: u64,
    /// The last error, and when.
    pub last_error: Option<(SystemTime, String)>,
}

/// How an output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputState {
    /// It takes what it is offered, as far as is known.
    #[default]
    Working,
    /// It did not take what it was last offered, and is offered it again.
    Retrying,
    /// It takes nothing any more.
    Closed,
}

impl OutputState {
    /// One word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Retrying => "retrying",
            Self::Closed => "closed",
        }
    }
}
