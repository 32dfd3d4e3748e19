//! One instance of a check: its identity, and what it takes to start it.

use std::sync::Arc;

use crate::config::Common;

use super::entry::{Entry, Prepared};

/// Who an instance is.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The check's name.
    pub check: &'static str,
    /// `check:hash`, or `check:name:hash` for a named instance; the same for the same configuration.
    pub id: String,
    /// The name of this host.
    pub hostname: Arc<str>,
}

/// An instance that has been configured and can be started.
pub struct InstanceSpec {
    /// The check.
    pub entry: &'static Entry,
    /// The options that every instance has.
    pub common: Common,
    /// The typed configuration of the check.
    pub prepared: Box<dyn Prepared>,
    /// `check:hash`, or `check:name:hash` for a named instance; the same for the same configuration.
    pub id: String,
    /// Where it was configured, as `file:/etc/…/conf.yaml`.
    pub source: String,
}

impl std::fmt::Debug for InstanceSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InstanceSpec").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The parts of a version that Datadog's inventory shows: always `raw`, the numbers if it is a semantic version.
pub(super) fn version_parts(version: &str) -> Vec<(&'static str, String)> {
    let mut parts = vec![("raw", version.to_owned())];
    let plain = version.strip_prefix('v').unwrap_or(version);
    let (plain, build) = plain.split_once('+').map_or((plain, None), |(a, b)| (a, Some(b)));
    let (numbers, release) = plain.split_once('-').map_or((plain, None), |(a, b)| (a, Some(b)));
    let numbers: Vec<&str> = numbers.split('.').collect();
    if numbers.len() == 3 && numbers.iter().all(|n| n.parse::<u64>().is_ok()) {
        parts.push(("scheme", "semver".to_owned()));
        for (name, number) in ["major", "minor", "patch"].into_iter().zip(numbers) {
            parts.push((name, number.to_owned()));
        }
        parts.extend(release.map(|release| ("release", release.to_owned())));
        parts.extend(build.map(|build| ("build", build.to_owned())));
    }
    parts
}
