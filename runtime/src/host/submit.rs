//! What a run has yielded, handed to a receiver: in the order of submission, tags of a record written once.

use std::ffi::c_long;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::metric::{Batch, Event};

use super::growth::Growths;
use super::receiver::{EventTexts, MetricType, Receiver, Scope};
use super::text::{Names, TagList, Text};

/// Hands over all that a batch holds, of an instance of a check.
pub(super) fn submit(batch: &Batch, check: &str, growths: &mut Growths, receiver: &impl Receiver) {
    let mut memory = Memory::of(batch);
    samples(batch, receiver, &mut memory);
    buckets(batch, growths, receiver, &mut memory);
    service_checks(batch, receiver, &mut memory);
    for event in batch.events() {
        submit_event(event, check, receiver, &mut memory);
    }
    for log in batch.logs() {
        receiver.log_line(log, batch.common_tags());
    }
}

/// Memory for texts, used again for each.
struct Memory<'b> {
    name: Text,
    host: Text,
    message: Text,
    tags: TagList<'b>,
}

impl<'b> Memory<'b> {
    fn of(batch: &'b Batch) -> Self {
        let [name, host, message] = Default::default();
        Self { name, host, message, tags: TagList::of(batch) }
    }
}

fn samples<'b>(batch: &'b Batch, receiver: &impl Receiver, memory: &mut Memory<'b>) {
    let (mut last, mut names) = (None, Names::default());
    for sample in batch.samples() {
        if last.replace(sample.tags.place()) != Some(sample.tags.place()) {
            memory.tags.set(sample.tags);
            memory.host.set(sample.host.unwrap_or_default());
        }
        let Some(kind) = sample.metric.kind() else { continue };
        let scope = Scope { tags: &memory.tags, host: memory.host.get() };
        let name = names.get(sample.metric.name());
        match MetricType::of(kind) {
            Some(kind) => {
                receiver.metric(kind, name, sample.value, scope, sample.flush_first_value);
            }
            None => receiver.distribution(name, sample.value, scope),
        }
    }
}

fn buckets<'b>(
    batch: &'b Batch,
    growths: &mut Growths,
    receiver: &impl Receiver,
    memory: &mut Memory<'b>,
) {
    let now = Instant::now();
    for sample in batch.buckets() {
        let Some(bucket) = growths.submitted(&sample, now) else { continue };
        memory.tags.set(sample.tags);
        memory.host.set(sample.host.unwrap_or_default());
        let scope = Scope { tags: &memory.tags, host: memory.host.get() };
        let name = memory.name.set(sample.metric.name());
        receiver.bucket(name, &bucket, scope, bucket.monotonic && sample.flush_first_value);
    }
}

fn service_checks<'b>(batch: &'b Batch, receiver: &impl Receiver, memory: &mut Memory<'b>) {
    let Memory { name, host, message, tags } = memory;
    for check in batch.service_checks() {
        tags.set(check.tags);
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

fn submit_event(event: &Event, check: &str, receiver: &impl Receiver, memory: &mut Memory<'_>) {
    let Memory { name, host, message, tags } = memory;
    tags.add_to_common(event.tags.iter().map(String::as_str));
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

fn now() -> c_long {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_secs().try_into().unwrap_or(c_long::MAX)
}
