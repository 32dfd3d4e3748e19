//! What comes of sending a payload.

use crate::output::Amount;

use super::endpoint::{Refusal, Remedy};
use super::journal::Settled;
use super::notice::Loss;

/// What came of a payload.
#[derive(Debug)]
pub(super) enum Outcome {
    Taken,
    /// All of it, or a part, will never be accepted.
    Refused(Refusal),
    /// It waits again.
    Later(Refusal),
    Lost(Loss),
    /// The disk could not be read; nothing was sent.
    Unread,
}

impl Outcome {
    /// The payload does not wait any more.
    pub(super) const fn is_final(&self) -> bool {
        !matches!(self, Self::Later(_) | Self::Unread)
    }

    /// Nobody knows whether the payload was accepted.
    pub(super) const fn is_unknown(&self) -> bool {
        matches!(self, Self::Later(refusal) if refusal.unknown)
    }

    /// What becomes of so much, if this is final.
    pub(super) fn settled(&self, amount: Amount) -> Option<Settled> {
        let none = Settled::default();
        match self {
            Self::Taken => Some(Settled { delivered: amount, ..none }),
            Self::Refused(refusal) => {
                let refused = refused(amount, refusal.remedy);
                Some(Settled { delivered: amount.without(refused), refused, ..none })
            }
            Self::Lost(_) => Some(Settled { dropped: amount, ..none }),
            Self::Later(_) | Self::Unread => None,
        }
    }
}

/// What an endpoint refuses of so much.
pub(super) fn refused(amount: Amount, remedy: Remedy) -> Amount {
    match remedy {
        Remedy::DropPart(part) => amount.without(amount.without(part)),
        _ => amount,
    }
}
