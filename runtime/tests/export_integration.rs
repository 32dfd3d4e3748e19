//! The folder of an integration: names that are awkward, texts that Markdown or JSON would misread, and checks that cannot
//! be published.
#![allow(missing_docs)]

use allwell::check::Entry;
use allwell::export::{AssetKind, integration, service_checks};
use allwell::prelude::*;
use serde_json::{Value, json};

/// Asks "all" <servers> | and waits… for those, that answer only after a long while, but no longer.
#[check(display_name = "HTTP Check (v2)", can_connect = "web.can_connect")]
fn web(config: &Servers) -> Result<(Answer, Vec<Peer>)> {
    ensure!(config.limit.is_some());
    Ok((Answer { time: 1.into(), can_connect: Status::Ok.into() }, Vec::new()))
}

/// Servers.
#[derive(Config)]
struct Servers {
    /// Answers with `<a|b>` and <b> … are fine.
    #[config(tag = "limit", example = 7)]
    limit: Option<u32>,
    /// Where it was.
    #[config(deprecated = "use `limit`")]
    #[config(default = "<NONE>")]
    old: String,
}

#[derive(Metrics)]
#[metrics(namespace = "web.answer")]
struct Answer {
    /// Time that it took.
    #[metric(curated = "cpu")]
    time: Gauge<Second>,
    /// Whether it answers.
    #[metric(full_name = "web.answer.can_connect")]
    can_connect: ServiceCheck,
}

#[derive(Metrics)]
#[metrics(namespace = "web")]
struct Peer {
    #[tag]
    peer: String,
    /// Requests, in flight.
    in_flight: Gauge<Request>,
    /// Size of answers.
    size: Distribution<Byte>,
}

/// Two things at once.
#[check]
fn torn() -> (Left, Right) {
    (Left { value: 1.into() }, Right { value: 2.into() })
}

#[derive(Metrics)]
#[metrics(namespace = "left")]
struct Left {
    /// A value.
    value: Gauge<Unitless>,
}

#[derive(Metrics)]
#[metrics(namespace = "right")]
struct Right {
    /// A value.
    value: Gauge<Unitless>,
}

/// Many parts of the system.
#[check]
fn parts() -> (Cpu, Jvm) {
    (Cpu { idle: 1.into() }, Jvm { heap: 2.into() })
}

#[derive(Metrics)]
#[metrics(namespace = "system.cpu")]
struct Cpu {
    /// Idle.
    idle: Gauge<Percent>,
}

#[derive(Metrics)]
#[metrics(namespace = "jvm")]
struct Jvm {
    /// Heap.
    heap: Gauge<Byte>,
}

fn entry(name: &str) -> &'static Entry {
    allwell::check::Registry::collect().get(name).expect("it is registered")
}

fn file(check: &str, kind: AssetKind) -> String {
    let assets = integration(entry(check)).expect("it can be published");
    let asset = assets.iter().find(|asset| asset.kind == kind).expect("there is one");
    asset.contents(None).expect("it can be made").text
}

fn json_of(check: &str, kind: AssetKind) -> Value {
    serde_json::from_str(&file(check, kind)).expect("it is JSON")
}

#[test]
fn metrics_without_a_prefix_in_common_are_no_integration() {
    let error = integration(entry("torn")).expect_err("there are two");
    assert_eq!(
        error.to_string(),
        "the metrics of check `torn` (runtime/tests/export_integration.rs:52:1) have no beginning in common: `left.`, `right.`\n\
         hint: an integration has one, such as `left.`; let all its metrics begin with it"
    );
}

#[test]
fn beginnings_that_all_integrations_have_need_nothing_in_common() {
    let manifest = json_of("parts", AssetKind::Manifest);
    assert_eq!(manifest["assets"]["integration"]["metrics"]["prefix"], "parts.");
    assert_eq!(manifest["assets"]["integration"]["metrics"]["check"], "system.cpu.idle");
}

#[test]
fn the_name_for_people_stands_everywhere() {
    let manifest = json_of("web", AssetKind::Manifest);
    assert_eq!(manifest["tile"]["title"], "HTTP Check (v2)");
    assert_eq!(manifest["assets"]["integration"]["source_type_name"], "HTTP Check (v2)");
    assert_eq!(json_of("web", AssetKind::ServiceChecks)[0]["integration"], "HTTP Check (v2)");
    assert!(file("web", AssetKind::Metadata).contains(",http_check_v2,"));
    assert!(file("web", AssetKind::Spec).starts_with("name: HTTP Check (v2)\n"));
    assert!(file("web", AssetKind::Readme).starts_with("# HTTP Check (v2)\n"));
}

#[test]
fn a_tile_has_a_short_description() {
    assert_eq!(
        json_of("web", AssetKind::Manifest)["tile"]["description"],
        "Asks \"all\" <servers> | and waits… for those, that answer only after a long..."
    );
}

#[test]
fn service_checks_of_one_last_part_have_names_of_their_own() {
    let names: Vec<_> = service_checks(entry("web")).into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["Can Connect", "Answer Can Connect"]);
}

#[test]
fn a_readme_is_plain_text_in_cells() {
    let readme = file("web", AssetKind::Readme);
    assert!(readme.contains("Asks \"all\" <servers> | and waits&#x2026; for those"), "{readme}");
    let row = readme.lines().find(|line| line.starts_with("| `limit`")).expect("a row");
    assert_eq!(
        row,
        "| `limit` | integer |  | Answers with `<a\\|b>` and &lt;b> &#x2026; are fine. |"
    );
    let row = readme.lines().find(|line| line.starts_with("| `old`")).expect("a row");
    assert_eq!(row, "| `old` | string | `<NONE>` | Where it was. Deprecated: use `limit`. |");
    assert!(readme.chars().all(|c| u32::from(c) <= 0x100));
}

#[test]
fn curated_metrics_and_service_checks_come_first_on_the_dashboard() {
    let dashboard = json_of("web", AssetKind::Dashboard);
    let titles = |group: &Value| {
        let widgets = group["definition"]["widgets"].as_array().expect("widgets").iter();
        widgets.map(|widget| widget["definition"]["title"].clone()).collect::<Vec<_>>()
    };
    let groups = dashboard["widgets"].as_array().expect("groups");
    assert_eq!(
        titles(&groups[0]),
        [json!(null), json!("Can Connect"), json!("Answer Can Connect"), json!("time")]
    );
    assert_eq!(titles(&groups[1]), ["Answer: Time", "In flight", "Size"]);
    let variables = dashboard["template_variables"].as_array().expect("variables").iter();
    assert_eq!(variables.map(|tag| tag["name"].clone()).collect::<Vec<_>>(), ["host", "limit"]);
    let size = &groups[1]["definition"]["widgets"][2]["definition"]["requests"][0];
    assert_eq!(size["queries"][0]["query"], "avg:web.size{$host,$limit} by {peer}");
    assert_eq!(size["formulas"][0]["number_format"]["unit"]["unit_name"], "byte");
}
