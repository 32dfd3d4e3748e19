//! Events, as the Agent sends them: lists by what they come from. The public route takes one event a request.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::metric::Event;
use crate::output::Delivery;
use crate::output::json::whole;

use super::json::{self, Object};

/// Events with the delivery that each is of, by the check that they come from.
pub(super) fn by_source(
    deliveries: &[Arc<Delivery>],
) -> BTreeMap<&'static str, Vec<(&Event, &Delivery)>> {
    let mut sources: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for delivery in deliveries
        .iter()
        .map(Arc::as_ref)
        .filter(|delivery: &&Delivery| !delivery.events.is_empty())
    {
        let events = delivery.events.iter().map(|event| (event, delivery));
        sources.entry(delivery.check).or_default().extend(events);
    }
    sources
}

/// What stands before and after the events of a source. The key is in a header, and nowhere in a payload.
pub(super) fn frame(source: &str, host: &str) -> (String, String) {
    let quoted = |text: &str| {
        let mut out = Vec::new();
        json::value(&mut out, text);
        String::from_utf8_lossy(&out).into_owned()
    };
    (
        format!("{{\"apiKey\":\"\",\"events\":{{{}:[", quoted(source)),
        format!("]}},\"internalHostname\":{}}}", quoted(host)),
    )
}

pub(super) fn write(out: &mut Vec<u8>, event: &Event, delivery: &Delivery) {
    let tags = delivery.tags.iter().chain(&event.tags).map(String::as_str);
    Object::new(out)
        .value("msg_title", &event.title)
        .value("msg_text", &event.text)
        .value("timestamp", event.timestamp.unwrap_or_else(|| whole(delivery.time)))
        .value("priority", event.priority.name())
        .value("host", event.host.as_deref().unwrap_or(delivery.host()))
        .list("tags", tags)
        .value("alert_type", event.alert_type.name())
        .text("aggregation_key", event.aggregation_key.as_deref().unwrap_or_default())
        .value("source_type_name", delivery.check)
        .text("event_type", event.event_type.as_deref().unwrap_or_default())
        .close();
}
