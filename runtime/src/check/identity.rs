//! Who an instance is, and the version of what it watches.

use std::sync::Arc;

use super::host::Host;

/// Who an instance is.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) check: &'static str,
    pub(crate) id: Arc<str>,
    pub(crate) host: Arc<Host>,
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
