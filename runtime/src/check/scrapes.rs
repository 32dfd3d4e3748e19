//! Which endpoints an instance has scraped: what is new at one that is known is new indeed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Of each endpoint, whether its last scrape went well. Nothing is allocated for checks that scrape none.
#[derive(Debug, Default)]
pub(crate) struct Scrapes(Mutex<BTreeMap<Box<str>, bool>>);

/// How many endpoints are remembered. An instance has one, or a few.
const MAX: usize = 256;

impl Scrapes {
    /// Whether the last scrape of an endpoint went well; nothing before the first one that did.
    pub(crate) fn known(&self, endpoint: &str) -> Option<bool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(endpoint).copied()
    }

    /// A scrape has ended. A total may go far while its endpoint is not seen.
    pub(crate) fn ended(&self, endpoint: &str, well: bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = known.get_mut(endpoint) {
            *last = well;
        } else if well && known.len() < MAX {
            known.insert(endpoint.into(), true);
        }
    }
}
