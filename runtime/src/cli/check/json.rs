//! The JSON of a checked instance, in the shape of `agent check --json`.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::output::json;

use super::super::runner_stats::{Instance, runner_stats};
use super::gather::Gathered;

/// The sections of what was submitted, in the Agent's order.
const SECTIONS: [&str; 5] = ["metrics", "sketches", "service_checks", "events", "logs"];

pub(super) fn instance(instance: &Gathered) -> Value {
    json!({
        "aggregator": aggregator(instance),
        "runner": runner(instance),
        "inventories": instance.metadata,
    })
}

/// What was submitted; a section without content is left out.
fn aggregator(instance: &Gathered) -> Map<String, Value> {
    let mut sections = Map::new();
    for name in SECTIONS {
        let of_this = |(section, thing)| (section == name).then_some(thing);
        let things: Vec<Value> =
            instance.deliveries.iter().flat_map(json::things).filter_map(of_this).collect();
        if !things.is_empty() {
            sections.insert(name.to_owned(), Value::from(things));
        }
    }
    sections
}

fn runner(instance: &Gathered) -> Value {
    let Gathered { entry, id, source, interval, statistics, .. } = instance;
    let of = Instance { entry, id, source, interval: *interval, lag: Duration::ZERO };
    runner_stats(&of, statistics)
}
