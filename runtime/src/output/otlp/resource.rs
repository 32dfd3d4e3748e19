//! What tells where points come from: the resource, which is the host and this process, and the scope, which is the check.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;

use super::attributes;
use crate::output::wire::Wire;

// `ResourceMetrics`, `ScopeMetrics`, `ResourceLogs`, `ScopeLogs`: the resource or scope, before what is of it.
const OF: u32 = 1;
// `Resource`.
const ATTRIBUTES: u32 = 1;
// `InstrumentationScope`.
const NAME: u32 = 1;
const VERSION: u32 = 2;

/// The attribute that names the host.
const HOST_NAME: &str = "host.name";

/// The attributes of this process.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    attributes: BTreeMap<String, String>,
}

impl Resource {
    /// A resource with these attributes besides those that tell of this program, which they may replace.
    pub(super) fn new(given: &BTreeMap<String, String>) -> Self {
        let own = [
            ("service.name", "allwell"),
            ("service.version", env!("CARGO_PKG_VERSION")),
            ("telemetry.sdk.language", "rust"),
            ("telemetry.sdk.name", "allwell"),
            ("telemetry.sdk.version", env!("CARGO_PKG_VERSION")),
        ];
        let own = own.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let given = given.iter().map(|(key, value)| (key.clone(), value.clone()));
        Self { attributes: own.into_iter().chain(given).collect() }
    }

    /// Writes the resource of a host; of what belongs to none, without its name.
    pub(super) fn write(&self, out: &mut Vec<u8>, host: &str) {
        out.message(OF, |out| {
            if !host.is_empty() {
                attributes::text(out, ATTRIBUTES, HOST_NAME, host);
            }
            for (key, value) in &self.attributes {
                if key != HOST_NAME || host.is_empty() {
                    attributes::text(out, ATTRIBUTES, key, value);
                }
            }
        });
    }
}

/// Writes the scope of a check.
pub(super) fn write_scope(out: &mut Vec<u8>, check: &str, version: &str) {
    out.message(OF, |out| {
        out.text(NAME, check);
        if !version.is_empty() {
            out.text(VERSION, version);
        }
    });
}

/// The hosts and checks of a batch, each with a number.
#[derive(Default)]
pub(super) struct Origins<'d> {
    pub(super) hosts: Vec<&'d str>,
    /// Checks, with the number of their host.
    pub(super) scopes: Vec<(u32, &'static str)>,
    by_host: HashMap<&'d str, u32, FixedState>,
    by_scope: HashMap<(u32, &'static str), u32, FixedState>,
}

impl<'d> Origins<'d> {
    /// The number of a check on a host.
    pub(super) fn scope(&mut self, host: &'d str, check: &'static str) -> u32 {
        let host = *self.by_host.entry(host).or_insert_with(|| add(&mut self.hosts, host));
        let scope = (host, check);
        *self.by_scope.entry(scope).or_insert_with(|| add(&mut self.scopes, scope))
    }

    pub(super) fn host_of(&self, scope: u32) -> u32 {
        self.scopes[scope as usize].0
    }
}

/// Adds an item to a list; its place.
pub(super) fn add<T>(list: &mut Vec<T>, item: T) -> u32 {
    list.push(item);
    u32::try_from(list.len() - 1).unwrap_or(u32::MAX)
}
