//! Whatever names, tags and texts hold, every packet is one by the grammar, and everything is sent or counted.

use std::ops::Add;

use allwell::metric::{Event, Status};
use allwell::output::{Amount, Delivery, Output, ServiceCheckPoint};
use allwell::prelude::*;
use proptest::prelude::*;

use crate::agent::{lines, sent};
use crate::parser::Line;
use crate::samples::{TIME, delivery, empty, event};

#[derive(Metrics)]
#[metrics(namespace = "web")]
struct Tagged {
    #[tag]
    one: String,
    #[tag]
    two: String,
    /// A value.
    value: Gauge<Unitless>,
}

/// Texts with all that means something in a line, and long ones.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[\\n\\r|#:,@{}\\\\ \\x00\\x7f]{1,3}",
        4 => "[a-z_.]{0,8}",
        2 => prop::sample::select(vec!["_sc|", "_e{1,1}:", "|T1", "\\n", "m:", "host:", "🦀", "é", "\u{2028}"])
            .prop_map(str::to_owned),
        1 => "\\PC{0,20}",
        1 => (0usize..8192).prop_map(|length| "a🦀".repeat(length / 5)),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// What an output is given: three points, an event and a service check.
fn deliveries(texts: &[String; 6]) -> [Delivery; 3] {
    let [name, one, two, title, text, key] = texts.clone();
    let tagged = Tagged { one, two, value: 1.5.into() };
    let mut points = delivery([tagged]);
    let mut renamed = points.series[0].clone();
    renamed.name = name.clone().into();
    points.series.push(renamed);
    let mut happened = Event::new(title, text.clone()).aggregation_key(key.clone()).tag("x", name);
    happened.host = Some(key.clone());
    let check = ServiceCheckPoint {
        name: "web.can_connect".into(),
        status: Status::critical(text),
        tags: vec![key.clone(), String::new()],
        host: Some(key),
        timestamp: TIME,
    };
    [points, event(happened), Delivery { service_checks: vec![check], ..empty() }]
}

/// What lines are of.
fn amount(lines: &[Line]) -> Amount {
    let mut amount = Amount::default();
    for line in lines {
        match line {
            Line::Metric(metric) => amount.series += metric.values.len() as u64,
            Line::Event(_) => amount.events += 1,
            Line::ServiceCheck(_) => amount.service_checks += 1,
        }
    }
    amount
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_packet_is_broken_and_nothing_gets_lost(
        texts in prop::array::uniform6(hostile()),
        limit in prop_oneof![Just(8192usize), Just(1432), 64usize..600],
        timestamps: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let given = deliveries(&texts);
            let total = given.iter().map(Delivery::amount).fold(Amount::default(), Add::add);
            let options = |options: &mut allwell::output::dogstatsd::DogStatsdOptions| {
                options.packet_size = Some(limit);
                options.timestamps = timestamps;
            };
            let (packets, output) = sent(options, given).await;
            assert!(packets.iter().all(|packet| packet.len() <= limit));
            assert_eq!(amount(&lines(&packets)) + output.held().refused, total);
        });
    }
}
