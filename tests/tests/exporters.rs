//! Checks of exporters submit what Datadog's own checks of them submit, and declare what those declare, but for what is listed here.
#![allow(clippy::print_stderr, reason = "what is skipped is told")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use allwell::check::{Definition, Entry};
use allwell::export::{MetadataRow, metadata};
use allwell::testing::{instance, run};
use allwell_server_checks::exporters::ai_firewall::ai_firewall;
use allwell_server_checks::exporters::cloudnatix::cloudnatix;
use allwell_server_checks::exporters::hikaricp::hikaricp;
use allwell_tests::rows;
use allwell_tests::scraped::{SCRAPED, exporter};
use serde_json::Value;

/// The address that the record was made with.
const RECORDED: &str = "http://localhost:9/metrics";

fn corpus() -> Option<PathBuf> {
    let corpus = std::env::var_os("ALLWELL_CORPUS").map(PathBuf::from);
    if corpus.is_none() {
        eprintln!("skipped: the environment variable `ALLWELL_CORPUS` names no directory");
    }
    corpus
}

/// What differs in the record of a payload from what the check submits in two runs, each row with its sign.
async fn differences<D: Definition>(name: &str) -> Option<Vec<String>> {
    let path = corpus()?.join("openmetrics").join(name);
    let payload = fs::read(path.with_extension("prom")).expect("a payload");
    let record = fs::read_to_string(path.with_extension("json")).expect("a record");
    let server = exporter(payload).await;
    let address = format!("{}/metrics", server.uri());
    let record: Value =
        serde_json::from_str(&record.replace(RECORDED, &address)).expect("the record is JSON");
    let mut check = instance::<D>(&format!("openmetrics_endpoint: {address}"));
    let mut found = Vec::new();
    let runs = record["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 2);
    for recorded in runs {
        let run = check.run().await;
        assert_eq!(run.assert_ok().report.warnings, [""; 0]);
        found.extend(rows::difference(&rows::of_run(&run), &rows::expected(recorded)));
    }
    Some(found.into_iter().map(|row| row.replace(&address, "ENDPOINT")).collect())
}

#[tokio::test]
async fn the_firewall_submits_the_same() {
    let name = "robust_intelligence_ai_firewall__tests_fixtures_firewall_metrics_txt";
    let Some(found) = differences::<ai_firewall>(name).await else { return };
    assert_eq!(found, [""; 0]);
}

#[tokio::test]
async fn cloudnatix_submits_the_same() {
    let name = "cloudnatix__tests_docker_html_metrics";
    let Some(found) = differences::<cloudnatix>(name).await else { return };
    assert_eq!(found, [""; 0]);
}

#[tokio::test]
async fn hikaricp_submits_the_same_of_its_own_exporter() {
    let name = "hikaricp__tests_fixtures_metrics_prometheus_txt";
    let Some(found) = differences::<hikaricp>(name).await else { return };
    assert_eq!(found, [""; 0]);
}

#[tokio::test]
async fn hikaricp_submits_one_metric_more_of_micrometer() {
    let name = "hikaricp__tests_fixtures_metrics_micrometer_txt";
    let Some(found) = differences::<hikaricp>(name).await else { return };
    // It stands in the metadata of Datadog's check, whose list of names lacks Micrometer's.
    let more = "+ metric [\"hikaricp.connections.min\",0,8.0,[\"endpoint:ENDPOINT\",\"pool:HikariPool-1\"],\"\",false]";
    assert_eq!(found, [more, more]);
}

/// Type and unit of the metrics in a `metadata.csv`.
fn declared(rows: impl IntoIterator<Item = [String; 4]>) -> BTreeMap<String, String> {
    rows.into_iter().map(|[name, kind, unit, per]| (name, format!("{kind},{unit},{per}"))).collect()
}

/// What differs between the metadata of Datadog's check and the check's own: names, types and units.
fn metadata_differs<D: Definition>(name: &str) -> Option<Vec<String>> {
    let path = corpus()?.join("metadata").join(name).with_extension("csv");
    let theirs = fs::read_to_string(path).expect("the metadata");
    let theirs = declared(theirs.lines().skip(1).map(|row| {
        let cells: Vec<&str> = row.split(',').collect();
        [cells[0], cells[1], cells[3], cells[4]].map(str::to_owned)
    }));
    let ours = metadata(Entry::of::<D>()).expect("the metadata is right");
    let ours = declared(ours.into_iter().map(|row| {
        let MetadataRow { metric_name, metric_type, unit_name, per_unit_name, .. } = row;
        [metric_name, metric_type.to_owned(), unit_name.to_owned(), per_unit_name.to_owned()]
    }));
    let names = theirs.keys().chain(ours.keys().filter(|name| !theirs.contains_key(*name)));
    let cells = |rows: &BTreeMap<String, String>, name: &str| {
        rows.get(name).map_or_else(|| String::from("-"), Clone::clone)
    };
    let differs = names.filter(|name| theirs.get(*name) != ours.get(*name));
    Some(
        differs
            .map(|name| format!("{name}: {} is {}", cells(&theirs, name), cells(&ours, name)))
            .collect(),
    )
}

#[test]
fn metadata_differs_where_datadogs_says_less() {
    let Some(found) = metadata_differs::<ai_firewall>("robust_intelligence_ai_firewall") else {
        return;
    };
    assert_eq!(
        found,
        ["robust_intelligence_ai_firewall.firewall_requests.count: count,, is count,request,"]
    );
    // The name with a letter missing is not the one that their check submits.
    assert_eq!(
        metadata_differs::<cloudnatix>("cloudnatix"),
        Some(vec![
            String::from("cloudnatix.pod_evition_by_vpa: count,, is -"),
            String::from("cloudnatix.pod_eviction_by_vpa.count: - is count,,"),
        ])
    );
    // A number of times is no time, and what is counted has a unit.
    let found = metadata_differs::<hikaricp>("hikaricp").expect("the corpus is there");
    assert_eq!(
        found,
        [
            "hikaricp.connections: gauge,, is gauge,connection,",
            "hikaricp.connections.acquire.seconds.count: count,second, is count,,",
            "hikaricp.connections.acquired.nanos.count: count,nanosecond, is count,,",
            "hikaricp.connections.active: gauge,, is gauge,connection,",
            "hikaricp.connections.creation.millis.count: count,millisecond, is count,,",
            "hikaricp.connections.creation.seconds.count: count,second, is count,,",
            "hikaricp.connections.idle: gauge,, is gauge,connection,",
            "hikaricp.connections.pending: gauge,, is gauge,thread,",
            "hikaricp.connections.timeout.count: count,, is count,timeout,",
            "hikaricp.connections.usage.millis.count: count,millisecond, is count,,",
            "hikaricp.connections.usage.seconds.count: count,second, is count,,",
        ]
    );
}

/// What the check submits of a payload of our own making.
async fn said<D: Definition>() -> String {
    let server = exporter(SCRAPED).await;
    let options = format!("openmetrics_endpoint: {}/metrics\ntag_by_endpoint: false", server.uri());
    let run = run::<D>(&options).await;
    assert_eq!(run.assert_ok().report.warnings, [""; 0]);
    run.to_string()
}

#[tokio::test]
async fn a_firewall_of_our_own_making() {
    assert_eq!(
        said::<ai_firewall>().await,
        "monotonic_count robust_intelligence_ai_firewall.firewall_requests.count 2 request [flagged:True]\n\
         monotonic_count robust_intelligence_ai_firewall.firewall_requests.count 5 request [flagged:False]\n\
         monotonic_count robust_intelligence_ai_firewall.rule_evaluated.count 7 [flagged:False, rule:Toxicity, validation_type:input]\n\
         service check robust_intelligence_ai_firewall.openmetrics.health OK []\n"
    );
}

#[tokio::test]
async fn a_cluster_of_our_own_making() {
    assert_eq!(
        said::<cloudnatix>().await,
        "gauge cloudnatix.compute.daily_spend 1.5 dollar per day []\n\
         gauge cloudnatix.vpa 1 [mode:Off, namespace:shop, target_resource_name:web]\n\
         gauge cloudnatix.vpa.recommendation 25 [namespace:shop, recommendation_resource:cpu, \
         recommendation_target_spec:requests, target_container_name:c, target_resource_name:web]\n\
         gauge cloudnatix.workload.monthly_projected_saving 1 dollar [name:web, namespace:shop]\n\
         gauge cloudnatix.workload.monthly_spend 3 dollar [name:web, namespace:shop]\n\
         gauge cloudnatix.workload.resource 0.2 [container_name:c, name:web, namespace:shop, resource:cpu, spec:limits]\n\
         monotonic_count cloudnatix.pod_eviction_by_vpa.count 4 [name:web, namespace:shop]\n\
         service check cloudnatix.openmetrics.health OK []\n"
    );
}

#[tokio::test]
async fn a_pool_of_our_own_making() {
    assert_eq!(
        said::<hikaricp>().await,
        "gauge hikaricp.connections 6 connection [pool:a]\n\
         gauge hikaricp.connections.acquired.nanos.quantile 333 nanosecond [pool:a, quantile:0.5]\n\
         gauge hikaricp.connections.active 1 connection [pool:a]\n\
         gauge hikaricp.connections.creation.millis.quantile 7 millisecond [pool:a, quantile:0.5]\n\
         gauge hikaricp.connections.idle 5 connection [pool:a]\n\
         gauge hikaricp.connections.max 9 connection [pool:a]\n\
         gauge hikaricp.connections.min 2 connection [pool:a]\n\
         gauge hikaricp.connections.usage.millis.quantile 8 millisecond [pool:a, quantile:0.5]\n\
         gauge hikaricp.threads.pending 3 thread [pool:a]\n\
         monotonic_count hikaricp.connections.acquired.nanos.count 10 [pool:a]\n\
         monotonic_count hikaricp.connections.acquired.nanos.sum 4000 nanosecond [pool:a]\n\
         monotonic_count hikaricp.connections.creation.millis.count 11 [pool:a]\n\
         monotonic_count hikaricp.connections.creation.millis.sum 80 millisecond [pool:a]\n\
         monotonic_count hikaricp.connections.timeout.count 4 timeout [pool:a]\n\
         monotonic_count hikaricp.connections.usage.millis.count 12 [pool:a]\n\
         monotonic_count hikaricp.connections.usage.millis.sum 90 millisecond [pool:a]\n\
         service check hikaricp.openmetrics.health OK []\n"
    );
}
