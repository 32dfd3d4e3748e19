//! Every production of the grammar.

use std::sync::Arc;

use allwell::aggregate::SeriesKind;
use allwell::metric::{AlertType, Event, Log, Status};
use allwell::output::dogstatsd::{Cardinality, Origin};
use allwell::output::{Amount, Delivery, Output};
use allwell::prelude::*;

use crate::agent::{sent, texts};
use crate::samples::{TIME, delivery, empty, event, service_check};

#[derive(Metrics)]
#[metrics(namespace = "web")]
struct Page {
    #[tag]
    path: &'static str,
    /// Bytes in memory.
    size: Gauge<Byte>,
    /// Requests since the last run.
    requests: Count<Request>,
    /// How long a request takes.
    time: Distribution<Second>,
}

fn page(path: &'static str) -> Page {
    Page { path, size: 1.5.into(), requests: 3.into(), time: 0.25.into() }
}

async fn lines_of(deliveries: impl IntoIterator<Item = Delivery>) -> Vec<String> {
    texts(&sent(|_| (), deliveries).await.0)
}

#[tokio::test]
async fn points_have_their_type_their_tags_and_their_time() {
    assert_eq!(
        lines_of([delivery([page("/a")])]).await,
        [
            "web.size:1.5|g|#env:test,path:/a|T1700000000",
            "web.requests:3|c|#env:test,path:/a|T1700000000",
            "web.time:0.25|d|#env:test,path:/a",
        ]
    );
}

#[tokio::test]
async fn a_rate_has_been_computed_and_is_a_gauge() {
    let mut rate = delivery([page("/a")]);
    rate.series.truncate(1);
    rate.sketches.clear();
    rate.series[0].kind = SeriesKind::Rate;
    assert_eq!(lines_of([rate]).await, ["web.size:1.5|g|#env:test,path:/a|T1700000000"]);
}

#[tokio::test]
async fn without_times_the_values_of_a_context_share_a_line_in_their_order() {
    let run = |size: f64| {
        let mut run = delivery([page("/a"), page("/b")]);
        run.sketches.clear();
        run.series.iter_mut().for_each(|point| point.value += size);
        run
    };
    // Runs of one instance share their tags.
    let (first, mut second) = (run(0.0), run(10.0));
    for (point, earlier) in second.series.iter_mut().zip(&first.series) {
        point.tags = Arc::clone(&earlier.tags);
    }
    let (packets, output) = sent(|options| options.timestamps = false, [first, second]).await;
    let mut lines = texts(&packets);
    lines.sort();
    assert_eq!(
        lines,
        [
            "web.requests:3:13|c|#env:test,path:/a",
            "web.requests:3:13|c|#env:test,path:/b",
            "web.size:1.5:11.5|g|#env:test,path:/a",
            "web.size:1.5:11.5|g|#env:test,path:/b",
        ]
    );
    assert_eq!(output.held(), allwell::output::Held::default());
}

#[derive(Metrics)]
#[metrics(namespace = "db")]
struct Elsewhere {
    #[hostname]
    host: Option<&'static str>,
    /// Rows.
    rows: Gauge<Row>,
}

#[tokio::test]
async fn a_host_is_named_by_a_tag_if_it_is_not_the_agents_own() {
    let point = |host| delivery([Elsewhere { host, rows: 1.into() }]);
    let nobody = Delivery { host: None, ..point(None) };
    assert_eq!(
        lines_of([point(None), point(Some("db-7")), nobody]).await,
        [
            "db.rows:1|g|#env:test|T1700000000",
            "db.rows:1|g|#env:test,host:db-7|T1700000000",
            "db.rows:1|g|#env:test,host:|T1700000000",
        ]
    );
    let (packets, _) = sent(|options| options.name_host = true, [point(None)]).await;
    assert_eq!(texts(&packets), ["db.rows:1|g|#env:test,host:web-1|T1700000000"]);
}

#[tokio::test]
async fn the_origin_stands_in_every_line() {
    let origin = Origin {
        local: Some("ci-0123".to_owned()),
        external: Some("it-false,cn-web,pu-810fe89d-da47".to_owned()),
        cardinality: Some(Cardinality::Low),
        entity: Some("810fe89d-da47".to_owned()),
    };
    let mut all = delivery([page("/a")]);
    all.service_checks = service_check(Status::critical("down")).service_checks;
    all.events = vec![Event::new("Deployed", "")];
    let (packets, _) = sent(|options| options.origin = origin, [all]).await;
    let fields = "|c:ci-0123|e:it-false,cn-web,pu-810fe89d-da47|card:low";
    let tags = "#env:test,path:/a,dd.internal.entity_id:810fe89d-da47";
    let own = "#env:test,dd.internal.entity_id:810fe89d-da47";
    assert_eq!(
        texts(&packets),
        [
            format!("web.size:1.5|g|{tags}|T1700000000{fields}"),
            format!("web.requests:3|c|{tags}|T1700000000{fields}"),
            format!("web.time:0.25|d|{tags}{fields}"),
            format!("_sc|web.can_connect|2|d:1700000000|{own}{fields}|m:down"),
            format!("_e{{8,0}}:Deployed||d:1700000000|p:normal|s:web|t:info|{own}{fields}"),
        ]
    );
}

#[tokio::test]
async fn service_checks_have_a_number_and_their_message_last() {
    let mut elsewhere = service_check(Status::warning("a|b\nm:c"));
    elsewhere.service_checks[0].host = Some("db|7".to_owned());
    let nobody = Delivery { host: None, ..service_check(Status::unknown("?")) };
    let ok = service_check(Status::Ok);
    assert_eq!(
        lines_of([ok, elsewhere, nobody]).await,
        [
            "_sc|web.can_connect|0|d:1700000000|#env:test",
            "_sc|web.can_connect|1|d:1700000000|h:db_7|#env:test|m:a¦b\\nm:c",
            "_sc|web.can_connect|3|d:1700000000|#env:test,host:|m:?",
        ]
    );
}

#[tokio::test]
async fn events_count_their_bytes_and_have_all_their_fields() {
    let mut full = Event::new("Grüße|", "one\r\ntwo | \\n")
        .alert_type(AlertType::Error)
        .low_priority()
        .aggregation_key("deploy|7")
        .tag("team", "a,b");
    full.host = Some("db-7".to_owned());
    full.timestamp = Some(TIME as u64 - 5);
    let nobody = Delivery { host: None, ..event(Event::new("", "No title")) };
    assert_eq!(
        lines_of([event(full), nobody]).await,
        [
            "_e{8,13}:Grüße||one\\ntwo | \\n|d:1699999995|k:deploy_7|p:low|s:web|t:error|h:db-7|#env:test,team:a_b",
            "_e{3,8}:web|No title|d:1700000000|p:normal|s:web|t:info|#env:test,host:",
        ]
    );
}

#[tokio::test]
async fn log_lines_are_refused_and_counted() {
    let logs = Delivery { logs: vec![Log::new("a"), Log::new("b")], ..empty() };
    let (packets, output) = sent(|_| (), [logs]).await;
    assert!(packets.is_empty());
    let held = output.held();
    assert_eq!(held.refused, Amount { logs: 2, ..Amount::default() });
    assert_eq!(held.last_error.unwrap().1, "DogStatsD takes no log lines");
}

#[tokio::test]
async fn a_value_that_is_none_is_refused_and_counted() {
    let mut odd = delivery([page("/a")]);
    odd.series[0].value = f64::NAN;
    odd.series[1].value = f64::INFINITY;
    let (packets, output) = sent(|_| (), [odd]).await;
    assert_eq!(texts(&packets), ["web.time:0.25|d|#env:test,path:/a"]);
    assert_eq!(output.held().refused, Amount { series: 2, ..Amount::default() });
}
