//! What is known of a route's payloads on the disk without reading them.

use crate::output::Amount;

use super::head::Head;
use super::store;

/// What is on the disk of a route.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shelf {
    /// The oldest, if it is known.
    pub(super) head: Option<Head>,
    /// The one behind it, if it is known.
    pub(super) second: Option<Head>,
    pub(super) entries: u64,
    pub(super) amount: Amount,
    /// What it takes in the file, in bytes.
    pub(super) taken: u64,
}

impl Shelf {
    /// Notes that a payload is there.
    pub(super) fn add(&mut self, head: Head) {
        self.entries += 1;
        self.amount += head.amount;
        self.taken += store::taken(head.size);
        let mut first = [self.head, self.second, Some(head)];
        first.sort_by_key(|head| head.map_or(u64::MAX, |head| head.number));
        [self.head, self.second, _] = first;
    }

    /// Notes that a payload is not there any more; which are the oldest then has to be looked up.
    pub(super) fn take_off(&mut self, head: Head) {
        self.entries -= 1;
        self.amount -= head.amount;
        self.taken -= store::taken(head.size);
        let left = [self.head, self.second].into_iter().flatten();
        let mut left = left.filter(|known| known.number != head.number);
        (self.head, self.second) = (left.next(), left.next());
    }
}
