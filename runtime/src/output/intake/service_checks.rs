//! Service checks, as a list in JSON.

use std::sync::Arc;

use crate::output::{Delivery, ServiceCheckPoint};

use super::json::Object;

/// A service check and the host that it is of.
pub(super) fn all<'d>(
    deliveries: &'d [Arc<Delivery>],
) -> impl Iterator<Item = (&'d ServiceCheckPoint, &'d str)> {
    deliveries.iter().flat_map(|delivery| {
        let host = |one: &'d ServiceCheckPoint| one.host.as_deref().unwrap_or(delivery.host());
        delivery.service_checks.iter().map(move |one| (one, host(one)))
    })
}

pub(super) fn write(out: &mut Vec<u8>, check: &ServiceCheckPoint, host: &str) {
    Object::new(out)
        .value("check", &check.name)
        .value("host_name", host)
        .value("timestamp", check.timestamp)
        .value("status", check.status.number())
        .value("message", check.status.message())
        .list("tags", check.tags.iter().map(String::as_str))
        .close();
}
