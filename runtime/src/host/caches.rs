//! What instances keep from run to run, for those of the same id that come after them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::check::Cache;

/// Of how many instances something is kept. Ids change with their configuration, so those of long ago are of no use to anybody.
const MOST: usize = 4096;

/// Keys and values.
type Entries = BTreeMap<String, String>;

/// What each instance keeps, by its id, and when it last changed.
type ById = HashMap<Box<[u8]>, (Entries, Instant)>;

/// What is kept.
#[derive(Default)]
pub(super) struct Caches(Mutex<Option<ById>>);

impl Caches {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The cache of an instance that begins.
    pub(super) fn of(&self, id: &[u8]) -> Cache {
        let kept = self.lock().as_ref().and_then(|all| all.get(id)).map(|kept| kept.0.clone());
        Cache::restored(kept.unwrap_or_default())
    }

    /// Keeps what an instance has in its cache.
    pub(super) fn keep(&self, id: &[u8], entries: Entries, now: Instant) {
        let mut guard = self.lock();
        let all = guard.get_or_insert_default();
        if all.len() >= MOST && !all.contains_key(id) {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.1).map(|(id, _)| id.clone());
            oldest.map(|id| all.remove(&id));
        }
        all.insert(id.into(), (entries, now));
    }

    /// No instance of this id comes any more.
    pub(super) fn forget(&self, id: &[u8]) {
        self.lock().as_mut().map(|all| all.remove(id));
    }

    fn lock(&self) -> MutexGuard<'_, Option<ById>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn of_too_many_the_oldest_is_forgotten() {
        let (caches, begin) = (Caches::new(), Instant::now());
        let entries = |value: &str| Entries::from([("key".to_owned(), value.to_owned())]);
        let at = |number: usize| begin + Duration::from_secs(number as u64);
        for number in 0..=MOST {
            caches.keep(number.to_string().as_bytes(), entries("a"), at(number));
        }
        assert_eq!(caches.of(b"0").get("key"), None);
        caches.keep(b"1", entries("b"), at(2 * MOST));
        caches.keep(b"new", entries("c"), at(2 * MOST));
        let kept = [&b"1"[..], b"2", b"3", b"new"].map(|id| caches.of(id).get("key"));
        let text = |value: &str| Some(value.to_owned());
        assert_eq!(kept, [text("b"), None, text("a"), text("c")]);
    }
}
