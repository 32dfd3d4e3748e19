//! A queue of deliveries that never grows beyond a number of points: the oldest make room, and are counted.

use std::sync::Arc;

use super::Deliveries;
use super::amount::Amount;
use super::delivery::Delivery;

/// Deliveries that wait.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    waiting: Deliveries,
    amount: Amount,
    pub(super) dropped: Amount,
}

impl Inbox {
    /// Adds deliveries and drops the oldest beyond `most` points.
    pub(super) fn add(&mut self, deliveries: impl IntoIterator<Item = Arc<Delivery>>, most: u64) {
        for delivery in deliveries {
            self.amount += delivery.amount();
            self.waiting.push_back(delivery);
        }
        while self.amount.total() > most
            && let Some(oldest) = self.waiting.pop_front()
        {
            self.amount -= oldest.amount();
            self.dropped += oldest.amount();
        }
    }

    /// The oldest deliveries, up to a number of points, but one at least if there is any.
    pub(super) fn take(&mut self, most: u64) -> Vec<Arc<Delivery>> {
        let (mut taken, mut points) = (Vec::new(), 0);
        while let Some(next) = self.waiting.front() {
            points += next.amount().total();
            if points > most && !taken.is_empty() {
                break;
            }
            taken.extend(self.waiting.pop_front());
        }
        for delivery in &taken {
            self.amount -= delivery.amount();
        }
        if self.waiting.is_empty() {
            self.waiting.shrink_to(256);
        }
        taken
    }

    pub(super) const fn amount(&self) -> Amount {
        self.amount
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}
