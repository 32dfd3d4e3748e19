//! What a run has yielded, handed to a receiver: in the order of submission, tags of a record written once.

use std::ffi::c_long;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::metric::{Batch, Event, Log, Sample};

use super::receiver::{EventTexts, Level, MetricType, Receiver, Scope};
use super::text::{TagList, Text};

/// Hands over all that a batch holds, of an instance of a check.
pub(super) fn submit(batch: &Batch, check: &str, receiver: &impl Receiver) {
    let mut memory = Memory::of(batch);
    samples(batch, receiver, &mut memory);
    service_checks(batch, receiver, &mut memory);
    for event in batch.events() {
        submit_event(event, check, receiver, &mut memory);
    }
    for log in batch.logs() {
        submit_log(log, receiver);
    }
}

/// Memory for texts, used again for each.
struct Memory {
    name: Text,
    host: Text,
    message: Text,
    tags: TagList,
}

impl Memory {
    fn of(batch: &Batch) -> Self {
        let [name, host, message] = Default::default();
        Self { name, host, message, tags: TagList::of(batch.common_tags()) }
    }
}

fn samples(batch: &Batch, receiver: &impl Receiver, memory: &mut Memory) {
    let mut last = None;
    for sample in batch.samples() {
        if last.replace(sample.tags.place()) != Some(sample.tags.place()) {
            memory.tags.set(sample.tags.without_common());
            memory.host.set(sample.host.unwrap_or_default());
        }
        submit_sample(&sample, receiver, memory);
    }
    for sample in batch.buckets() {
        memory.tags.set(sample.tags.without_common());
        memory.host.set(sample.host.unwrap_or_default());
        let scope = Scope { tags: &memory.tags, host: memory.host.get() };
        let name = memory.name.set(sample.metric.name());
        receiver.bucket(name, &sample.bucket, scope, sample.flush_first_value);
    }
}

fn submit_sample(sample: &Sample<'_>, receiver: &impl Receiver, memory: &mut Memory) {
    let Some(kind) = sample.metric.kind() else { return };
    let scope = Scope { tags: &memory.tags, host: memory.host.get() };
    let name = memory.name.set(sample.metric.name());
    match MetricType::of(kind) {
        Some(kind) => {
            receiver.metric(kind, name, sample.value, scope, sample.flush_first_value);
        }
        None => receiver.distribution(name, sample.value, scope),
    }
}

fn service_checks(batch: &Batch, receiver: &impl Receiver, memory: &mut Memory) {
    let Memory { name, host, message, tags } = memory;
    for check in batch.service_checks() {
        tags.set(check.tags.without_common());
        let scope = Scope { tags, host: host.set(check.host.unwrap_or_default()) };
        let message = message.set(check.status.message());
        receiver.service_check(
            name.set(check.metric.name()),
            check.status.number(),
            scope,
            message,
        );
    }
}

fn submit_event(event: &Event, check: &str, receiver: &impl Receiver, memory: &mut Memory) {
    let Memory { name, host, message, tags } = memory;
    tags.set(event.tags.iter().map(String::as_str));
    let optional = |text: &Option<String>| text.as_deref().map(Text::of);
    let (key, event_type) = (optional(&event.aggregation_key), optional(&event.event_type));
    let (priority, alert_type) =
        (Text::of(event.priority.name()), Text::of(event.alert_type.name()));
    receiver.event(&EventTexts {
        title: name.set(&event.title),
        text: message.set(&event.text),
        timestamp: event.timestamp.map_or_else(now, |time| time.try_into().unwrap_or(c_long::MAX)),
        priority: priority.get(),
        scope: Scope { tags, host: host.set(event.host.as_deref().unwrap_or_default()) },
        alert_type: alert_type.get(),
        aggregation_key: key.as_ref().map(Text::get),
        source_type_name: Text::of(check).get(),
        event_type: event_type.as_ref().map(Text::get),
    });
}

/// A log line goes to the Agent's own log: this interface has no other way for it.
fn submit_log(log: &Log, receiver: &impl Receiver) {
    let level = log.status.as_deref().map_or(Level::Info, Level::of);
    match log.tags.as_slice() {
        [] => receiver.log(level, &log.message),
        tags => receiver.log(level, &format!("{} [{}]", log.message, tags.join(", "))),
    };
}

fn now() -> c_long {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_secs().try_into().unwrap_or(c_long::MAX)
}
