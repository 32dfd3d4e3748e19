//! Keys of each database.

use allwell::prelude::*;
use serde::Deserialize;

/// Keys of a database.
#[derive(Deserialize, Metrics)]
#[metrics(namespace = "redis")]
#[serde(from = "Keyspace")]
pub struct Database {
    /// Keys.
    keys: Gauge<Key>,
    /// Keys that expire.
    expires: Gauge<Key>,
    /// Share of the keys that expire.
    #[metric(name = "expires.percent")]
    expires_share: Gauge<Percent>,
    /// Keys that do not expire.
    persist: Gauge<Key>,
    /// Share of the keys that do not expire.
    #[metric(name = "persist.percent")]
    persist_share: Gauge<Percent>,
}

/// What the server says about a database, as `keys=3,expires=1,avg_ttl=0`. It does not mention one without keys.
#[derive(Deserialize)]
struct Keyspace {
    keys: u64,
    expires: u64,
}

impl From<Keyspace> for Database {
    fn from(Keyspace { keys, expires }: Keyspace) -> Self {
        let persist = keys.saturating_sub(expires);
        let share = |part: u64| (100.0 * part as f64 / keys as f64).into();
        Self {
            keys: keys.into(),
            expires: expires.into(),
            expires_share: share(expires),
            persist: persist.into(),
            persist_share: share(persist),
        }
    }
}
