//! What happens in a forwarder that somebody should know of.

use crate::output::Amount;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// A payload was not accepted, and will be sent again.
    Retrying {
        /// Why.
        message: String,
        /// It will not help before somebody has set the key right.
        held: bool,
    },
    /// A route works again.
    Working {
        /// Which one.
        route: String,
    },
    /// Something will not arrive.
    Lost {
        /// Why.
        loss: Loss,
        /// How much.
        amount: Amount,
        /// Why, in words.
        message: String,
    },
    /// Something is sent again, though it may have been accepted: the connection was lost before the answer, or the process before
    /// this one ended.
    Again {
        /// How much.
        amount: Amount,
    },
    /// What cannot be sent cannot be kept on the disk as it should be, either; or what was there cannot be read.
    Spool {
        /// What is wrong, and what is done about it.
        message: String,
    },
}

/// Why something will not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// The endpoint will never accept it.
    Refused,
    /// It was the oldest, and had to make room.
    NoRoom,
    /// It waited longer than anybody wants it.
    Outdated,
    /// It could not be read from the disk.
    Damaged,
    /// It could not be sent before the end, and there was no place where it would survive.
    Unsent,
    /// It was in the memory of a process that was killed.
    Killed,
}
