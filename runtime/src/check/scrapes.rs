//! What an instance has seen at the endpoints that it scrapes: a total that is new at one counts from zero, one that was there and
//! is new to Datadog only does not.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use super::sums::Sums;

/// The totals that a scrape has found, by the names of their samples: how many, or nothing where some may have been overlooked.
pub(crate) type Found = BTreeMap<&'static str, Option<usize>>;

/// What is known of each endpoint. Nothing is allocated for checks that scrape none.
#[derive(Debug, Default)]
pub(crate) struct Scrapes(Mutex<Option<Box<State>>>);

#[derive(Debug, Default)]
struct State {
    endpoints: BTreeMap<Box<str>, Endpoint>,
    /// The scrapes of this run, until it is known what was submitted of them.
    pending: Vec<(Box<str>, Found)>,
    /// The sums of totals of each endpoint.
    sums: BTreeMap<Box<str>, Sums>,
}

/// The names of totals that were submitted of an endpoint, and whether all that were there when it was last seen.
type Endpoint = BTreeMap<&'static str, bool>;

/// How many endpoints are remembered. An instance has one, or a few.
const MAX: usize = 256;

impl Scrapes {
    /// The endpoint was scraped. Tells of each of these totals whether one that is new there counts from zero.
    ///
    /// It does if the endpoint, when it was last seen, had no other totals of that name than those that were submitted. Of a server that
    /// `is_younger` than this process, all totals do that were never submitted.
    pub(crate) fn scraped(
        &self,
        endpoint: &str,
        found: Found,
        is_younger: bool,
    ) -> Vec<(&'static str, bool)> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let State { endpoints, pending, .. } = &mut **state.get_or_insert_default();
        let known = endpoints.get(endpoint);
        let counts = |name| known.and_then(|known| known.get(name).copied()).unwrap_or(is_younger);
        let counts = found.keys().map(|name| (*name, counts(*name))).collect();
        pending.push((endpoint.into(), found));
        counts
    }

    /// What is remembered of the sums of an endpoint. Beyond the endpoints that are remembered, nothing is.
    pub(crate) fn sums(&self, endpoint: &str, go_on: impl FnOnce(&mut Sums)) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all = &mut state.get_or_insert_default().sums;
        if all.len() < MAX || all.contains_key(endpoint) {
            go_on(all.entry(endpoint.into()).or_default());
        }
    }

    /// What is still true when a run was given up: what sums have come to, and that nothing that is known counts from zero.
    pub(crate) fn renewed(&self) -> Self {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let renewed = state.as_deref_mut().map(|State { endpoints, sums, .. }| {
            let (mut endpoints, sums) = (std::mem::take(endpoints), std::mem::take(sums));
            endpoints
                .values_mut()
                .flat_map(BTreeMap::values_mut)
                .for_each(|counts| *counts = false);
            Box::new(State { endpoints, sums, pending: Vec::new() })
        });
        Self(Mutex::new(renewed))
    }

    /// A scrape has failed. A total may go far while its endpoint is not seen.
    pub(crate) fn failed(&self, endpoint: &str) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(State { endpoints, pending, .. }) = state.as_deref_mut() else { return };
        pending.retain(|(scraped, _)| **scraped != *endpoint);
        if let Some(known) = endpoints.get_mut(endpoint) {
            for counts in known.values_mut() {
                *counts = false;
            }
        }
    }

    /// A run has ended, well or not, that has submitted so many totals of each name.
    pub(crate) fn settle(&self, submitted: impl FnOnce() -> HashMap<&'static str, usize>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(State { endpoints, pending, .. }) = state.as_deref_mut() else { return };
        if pending.is_empty() {
            return;
        }
        let submitted = submitted();
        let found = sum(pending);
        for (endpoint, own) in pending.drain(..) {
            if endpoints.len() >= MAX && !endpoints.contains_key(&endpoint) {
                continue;
            }
            let known = endpoints.entry(endpoint).or_default();
            for name in own.into_keys() {
                let count = submitted.get(name).copied().unwrap_or_default();
                let is_whole = found.get(name) == Some(&Some(count));
                if is_whole || count > 0 || known.contains_key(name) {
                    known.insert(name, is_whole);
                }
            }
        }
    }
}

/// What all scrapes of a run have found.
fn sum(scrapes: &[(Box<str>, Found)]) -> Found {
    let mut all = Found::new();
    for (name, count) in scrapes.iter().flat_map(|(_, found)| found) {
        let sum = all.entry(name).or_insert(Some(0));
        *sum = sum.zip(*count).map(|(sum, count)| sum + count);
    }
    all
}
