//! `service_checks.json` of a check: what Datadog shows of each service check.

use serde_json::{Value, json};

use crate::check::Entry;
use crate::metric::Descriptor;

use super::declared::{DeclaredServiceCheck, declared_service_checks};
use super::text::{one_line, title};

/// The statuses in the order of their numbers.
pub(super) const STATUSES: [&str; 4] = ["ok", "warning", "critical", "unknown"];

/// The oldest Agent that the checks run in.
const AGENT_VERSION: &str = "7.50.0";

/// Checks of Datadog's own names whose service checks belong to an integration of another name; the list is that of
/// `ddev validate service-checks`.
const BELONG_TO_OTHERS: [(&str, &str); 13] = [
    ("cassandra_nodetool", "Cassandra"),
    ("disk", "System"),
    ("dns_check", "System"),
    ("http_check", "System"),
    ("kubelet", "Kubernetes"),
    ("kubernetes_state", "Kubernetes"),
    ("mesos_slave", "Mesos"),
    ("ntp", "System"),
    ("openstack_controller", "OpenStack"),
    ("process", "System"),
    ("riakcs", "RiakCS"),
    ("system_core", "System"),
    ("tcp_check", "System"),
];

/// The integration that the service checks of a check belong to, which is mostly its own.
pub(super) fn integration_of_check<'n>(check: &str, display_name: &'n str) -> &'n str {
    let other = BELONG_TO_OTHERS.iter().find(|(name, _)| *name == check);
    other.map_or(display_name, |(_, integration)| integration)
}

/// A service check as Datadog lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCheckRow {
    /// The full name, such as `nginx.can_connect`.
    pub check: &'static str,
    /// The name for people, unique within the check.
    pub name: String,
    /// What it is, on one line.
    pub description: String,
    /// The statuses that it can have.
    pub statuses: Vec<&'static str>,
    /// The tags by which its statuses are told apart, the host first.
    pub groups: Vec<&'static str>,
}

/// The service checks of a check in order of declaration.
///
/// The statuses are those that the description names in capitals (`OK`, `WARNING`, `CRITICAL`, `UNKNOWN`), as Datadog's own
/// descriptions do; all of them where it names none beside `OK`. The groups are the host and the tags.
pub fn service_checks(entry: &'static Entry) -> Vec<ServiceCheckRow> {
    let mut rows = Vec::<ServiceCheckRow>::new();
    for declared in declared_service_checks(entry) {
        let row = row(entry, &declared, &rows);
        rows.push(row);
    }
    rows
}

fn row(
    entry: &Entry,
    declared: &DeclaredServiceCheck,
    known: &[ServiceCheckRow],
) -> ServiceCheckRow {
    let DeclaredServiceCheck { descriptor, tags } = declared;
    let options = entry.options.options();
    let mut groups = vec!["host"];
    let keys = options.iter().map(|option| option.tag).chain(tags.iter().map(|tag| tag.key));
    for key in keys.filter(|key| !key.is_empty()) {
        if !groups.contains(&key) {
            groups.push(key);
        }
    }
    ServiceCheckRow {
        check: descriptor.name,
        name: unique_name(descriptor.name, known),
        description: one_line(descriptor.description),
        statuses: statuses(descriptor),
        groups,
    }
}

/// As many of the last parts of the name as it takes to be the only one, in words.
fn unique_name(check: &str, known: &[ServiceCheckRow]) -> String {
    let parts: Vec<_> = check.split('.').collect();
    let names = (0..parts.len()).rev().map(|first| title(&parts[first..].join(" ")));
    let mut names = names.filter(|name| known.iter().all(|row| row.name != *name));
    names.next().unwrap_or_else(|| check.to_owned())
}

/// The statuses that a service check's description names; all of them if that is none or `OK` alone.
pub fn statuses(descriptor: &Descriptor) -> Vec<&'static str> {
    let words = || descriptor.description.split(|c: char| !c.is_ascii_alphabetic());
    let named = |status: &&str| words().any(|word| word == status.to_ascii_uppercase());
    let named: Vec<_> = STATUSES.into_iter().filter(named).collect();
    if matches!(named[..], [] | ["ok"]) { STATUSES.to_vec() } else { named }
}

/// The file's content, for the service checks of one or several checks.
pub fn service_checks_json(checks: &[(&'static Entry, Vec<ServiceCheckRow>)]) -> Value {
    let objects = checks.iter().flat_map(|(entry, rows)| {
        rows.iter().map(|row| {
            json!({
                "agent_version": AGENT_VERSION,
                "integration": integration_of_check(entry.meta.name, entry.meta.display_name),
                "check": row.check,
                "statuses": row.statuses,
                "groups": row.groups,
                "name": row.name,
                "description": row.description,
            })
        })
    });
    objects.collect()
}
