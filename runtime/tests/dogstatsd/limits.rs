//! Packets are filled up to their limit and never beyond, and what does not fit is shortened where that does no harm.

use allwell::metric::{Event, Status};
use allwell::output::{Amount, Output};
use allwell::prelude::*;

use crate::agent::{lines, sent, texts};
use crate::parser::{Line, Metric};
use crate::samples::{delivery, event, numbered, service_check};

#[tokio::test]
async fn packets_are_full() {
    let longest = "web.value:9999|g|#env:test,number:9999|T1700000000\n".len();
    for limit in [200, 1432, 8192] {
        let (packets, _) =
            sent(|options| options.packet_size = Some(limit), [numbered(10_000)]).await;
        let (_, full) = packets.split_last().unwrap();
        assert!(full.iter().all(|packet| (limit - longest..=limit).contains(&packet.len())));
        let values = lines(&packets).into_iter().map(|line| match line {
            Line::Metric(Metric { values, .. }) => values[0],
            line => panic!("{line:?}"),
        });
        assert!(values.eq((0..10_000).map(f64::from)));
    }
}

#[tokio::test]
async fn tags_are_cut_where_datadog_cuts_them_if_there_is_no_room() {
    let tagged = || event(Event::new("Deployed", "").tag("tag", "é".repeat(300)));
    let line = |length| {
        let value = "é".repeat(length);
        format!("_e{{8,0}}:Deployed||d:1700000000|p:normal|s:web|t:info|#env:test,tag:{value}")
    };
    assert_eq!(texts(&sent(|_| (), [tagged()]).await.0), [line(300)]);
    let (packets, _) = sent(|options| options.packet_size = Some(600), [tagged()]).await;
    assert_eq!(texts(&packets), [line(196)]);
}

#[derive(Metrics)]
#[metrics(namespace = "web")]
struct Tagged {
    #[tag]
    tag: String,
    /// A value.
    value: Gauge<Unitless>,
}

#[tokio::test]
async fn a_line_that_is_still_too_long_is_refused_and_counted() {
    let tagged = delivery([Tagged { tag: "é".repeat(196), value: 1.into() }]);
    let (packets, output) =
        sent(|options| options.packet_size = Some(300), [tagged, numbered(1)]).await;
    assert_eq!(texts(&packets), ["web.value:0|g|#env:test,number:0|T1700000000"]);
    let held = output.held();
    assert_eq!(held.refused, Amount { series: 1, ..Amount::default() });
    assert_eq!(
        held.last_error.unwrap().1,
        "something has no name, no finite value, or more than 300 bytes"
    );
}

#[tokio::test]
async fn texts_are_cut_where_the_packet_ends() {
    let deliveries = || {
        let text = "ünicode\n".repeat(100);
        [event(Event::new("t".repeat(150), &*text)), service_check(Status::critical(&text))]
    };
    let (packets, output) = sent(|options| options.packet_size = Some(300), deliveries()).await;
    assert!(packets.iter().all(|packet| (296..=300).contains(&packet.len())));
    let [Line::Event(event), Line::ServiceCheck(check)] = &lines(&packets)[..] else { panic!() };
    assert_eq!(event.title, "t".repeat(100));
    assert!(event.text.starts_with("ünicode\nünicode\n") && event.text.ends_with('…'));
    assert!(check.fields["m"].starts_with("ünicode\\n") && check.fields["m"].ends_with('…'));
    assert_eq!(output.held().refused, Amount::default());
    let (packets, output) = sent(|options| options.packet_size = Some(64), deliveries()).await;
    assert!(packets.iter().all(|packet| packet.len() <= 64));
    assert_eq!(lines(&packets).len(), 1, "the service check");
    assert_eq!(output.held().refused, Amount { events: 1, ..Amount::default() });
}
