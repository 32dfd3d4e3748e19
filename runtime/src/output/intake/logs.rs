//! Log lines, as a list in JSON.

use std::sync::Arc;

use crate::metric::Log;
use crate::output::Delivery;
use crate::output::json::whole;

use super::json::{self, Object};

/// The tag that names the service that a line is of.
const SERVICE: &str = "service:";

/// A log line and the delivery that it is of.
pub(super) fn all(deliveries: &[Arc<Delivery>]) -> impl Iterator<Item = (&Log, &Delivery)> {
    deliveries
        .iter()
        .map(Arc::as_ref)
        .flat_map(|delivery: &Delivery| delivery.logs.iter().map(move |log| (log, delivery)))
}

pub(super) fn write(out: &mut Vec<u8>, log: &Log, delivery: &Delivery) {
    let tags = || log.tags.iter().chain(&*delivery.tags).map(String::as_str);
    let service = tags().find_map(|tag| tag.strip_prefix(SERVICE)).unwrap_or_default();
    Object::new(out)
        .value("message", &log.message)
        .value("status", log.status.as_deref().unwrap_or("info"))
        .value("timestamp", log.timestamp_ms.unwrap_or_else(|| whole(delivery.time * 1000.0)))
        .text("hostname", delivery.host())
        .text("service", service)
        .value("ddsource", delivery.check)
        .field("ddtags", |out| joined(out, &mut tags()))
        .close();
}

/// Tags in one text, with commas between them.
fn joined(out: &mut Vec<u8>, tags: &mut dyn Iterator<Item = &str>) {
    let mut text = String::new();
    for tag in tags {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(tag);
    }
    json::value(out, text);
}
