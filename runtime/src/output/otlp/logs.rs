//! Events and log lines as log records.

use std::sync::Arc;

use crate::metric::{AlertType, Event, Log};
use crate::output::{Amount, Delivery};

use super::attributes;
use super::encoder::{Encoded, Rules, precise};
use super::requests::{Opened, Path, Requests};
use super::resource::{Origins, write_scope};
use crate::output::wire::Wire;

// `ExportLogsServiceRequest`, `ResourceLogs`, `ScopeLogs`.
const RESOURCE_LOGS: u32 = 1;
const SCOPE_LOGS: u32 = 2;
const LOG_RECORDS: u32 = 2;
// `LogRecord`.
const TIME: u32 = 1;
const SEVERITY_NUMBER: u32 = 2;
const SEVERITY_TEXT: u32 = 3;
const BODY: u32 = 5;
const ATTRIBUTES: u32 = 6;
const OBSERVED_TIME: u32 = 11;
const EVENT_NAME: u32 = 12;

/// The name of an event that has no type.
const EVENT: &str = "allwell.event";

/// Puts all events and log lines of deliveries into requests.
pub(super) fn encode(rules: &Rules, deliveries: &[Arc<Delivery>], encoded: &mut Encoded) {
    let mut records = Vec::new();
    let mut origins = Origins::default();
    for delivery in deliveries {
        for event in &delivery.events {
            let host = event.host.as_deref().unwrap_or(delivery.host());
            records.push((origins.scope(host, delivery.check), Record::Event(delivery, event)));
        }
        for log in &delivery.logs {
            let scope = origins.scope(delivery.host(), delivery.check);
            records.push((scope, Record::Log(delivery, log)));
        }
    }
    records.sort_by_key(|(scope, _)| (origins.host_of(*scope), *scope));
    let begin = |out: &mut Vec<u8>, level: usize, path: Path| {
        let number = path[level] as usize;
        if level == 0 {
            let open = out.open(RESOURCE_LOGS);
            rules.resource.write(out, origins.hosts[number]);
            return Opened(open, None);
        }
        let open = out.open(SCOPE_LOGS);
        let (_, check) = origins.scopes[number];
        write_scope(out, check, rules.version(check));
        Opened(open, None)
    };
    let mut requests = Requests::new(rules.limits, 2, &begin);
    for (scope, record) in &records {
        let path = [origins.host_of(*scope), *scope, 0];
        requests
            .add(path, record.amount(), |out| out.message(LOG_RECORDS, |out| record.write(out)));
    }
    let (made, refused) = requests.into_requests();
    encoded.logs = made;
    encoded.too_big += refused;
}

enum Record<'d> {
    Event(&'d Delivery, &'d Event),
    Log(&'d Delivery, &'d Log),
}

impl Record<'_> {
    fn amount(&self) -> Amount {
        match self {
            Self::Event(..) => Amount { events: 1, ..Amount::default() },
            Self::Log(..) => Amount { logs: 1, ..Amount::default() },
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Event(delivery, event) => write_event(out, delivery, event),
            Self::Log(delivery, log) => write_log(out, delivery, log),
        }
    }
}

fn write_event(out: &mut Vec<u8>, delivery: &Delivery, event: &Event) {
    let time = event.timestamp.map(|seconds| seconds.saturating_mul(1_000_000_000));
    write_times(out, delivery, time);
    out.number(
        SEVERITY_NUMBER,
        match event.alert_type {
            AlertType::Error => 17,
            AlertType::Warning => 13,
            AlertType::Info | AlertType::Success => 9,
        },
    );
    out.text(SEVERITY_TEXT, event.alert_type.name());
    let text = if event.text.is_empty() { &event.title } else { &event.text };
    out.message(BODY, |out| attributes::string(out, text));
    out.text(EVENT_NAME, event.event_type.as_deref().unwrap_or(EVENT));
    let more = [
        ("allwell.event.title", Some(event.title.as_str())),
        ("allwell.event.priority", Some(event.priority.name())),
        ("allwell.event.aggregation_key", event.aggregation_key.as_deref()),
    ];
    for (key, value) in more {
        if let Some(value) = value {
            attributes::text(out, ATTRIBUTES, key, value);
        }
    }
    write_tags(out, delivery, &event.tags);
}

fn write_log(out: &mut Vec<u8>, delivery: &Delivery, log: &Log) {
    let time = log.timestamp_ms.map(|milliseconds| milliseconds.saturating_mul(1_000_000));
    write_times(out, delivery, time);
    let status = log.status.as_deref().unwrap_or("info");
    out.number(SEVERITY_NUMBER, severity(status));
    out.text(SEVERITY_TEXT, status);
    out.message(BODY, |out| attributes::string(out, &log.message));
    write_tags(out, delivery, &log.tags);
}

/// When it happened and when it was seen: at the end of the run.
fn write_times(out: &mut Vec<u8>, delivery: &Delivery, time: Option<u64>) {
    let seen = precise(delivery.time);
    out.fixed(TIME, time.unwrap_or(seen));
    out.fixed(OBSERVED_TIME, seen);
}

fn write_tags(out: &mut Vec<u8>, delivery: &Delivery, own: &[String]) {
    let tags = delivery.tags.iter().chain(own).map(String::as_str);
    attributes::tags(out, ATTRIBUTES, &tags);
}

/// The severity of a log status, by the table of syslog's levels in the data model of logs; 0, which is unspecified, for what is none.
fn severity(status: &str) -> u64 {
    match status.to_ascii_lowercase().as_str() {
        "fatal" | "panic" | "emergency" | "emerg" => 21,
        "alert" => 19,
        "critical" | "crit" => 18,
        "error" | "err" => 17,
        "warning" | "warn" => 13,
        "notice" => 10,
        "info" | "informational" | "ok" | "success" => 9,
        "debug" => 5,
        "trace" | "verbose" => 1,
        _ => 0,
    }
}
