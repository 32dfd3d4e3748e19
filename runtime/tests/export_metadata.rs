//! `metadata.csv` of checks whose declarations are awkward.
#![allow(missing_docs)]

use allwell::check::Registry;
use allwell::export::{metadata, metadata_csv, metadata_json};
use allwell::prelude::*;

/// Counts what it sees.
#[check]
fn kinds(config: &Place, cx: &Context<Extra>) -> (Seen, Vec<Group>) {
    let _ = (config, cx);
    (Seen::default(), Vec::new())
}

/// A place.
#[derive(Config)]
struct Place {
    /// Where it is.
    #[config(tag = "site", default = "here")]
    place: String,
}

#[derive(Metrics, Default)]
#[metrics(namespace = "kinds")]
struct Seen {
    /// Cars, "new" ones, too.
    cars: Count<Item>,
    /// Wheels that ever turned.
    ///
    /// Of all cars.
    wheels: MonotonicCount<Item>,
    /// Data that came in.
    received: Rate<Byte>,
    /// Time at the wheel.
    driving: Rate<Second>,
    /// Time at the lights.
    waiting: Rate<Millisecond>,
    /// Turns.
    turns: Rate<Per<Item, Minute>>,
    /// Speed.
    #[metric(name = "speed_now", orientation = higher_is_better)]
    speed: Distribution<Unitless>,
}

#[derive(Metrics)]
#[metrics(namespace = "kinds")]
struct Group {
    /// Colour.
    #[tag]
    colour: String,
    /// Cars of the group.
    group_cars: Gauge<Item>,
}

#[derive(Metrics)]
#[metrics(namespace = "kinds")]
struct Extra {
    /// Owner.
    #[tag]
    owner: String,
    /// Cars of the group.
    group_cars: Gauge<Item>,
}

/// Declares one name twice.
#[check]
fn twice() -> (First, Other) {
    (First::default(), Other::default())
}

#[derive(Metrics, Default)]
#[metrics(namespace = "twice")]
struct First {
    /// Size.
    size: Gauge<Byte>,
    /// Times.
    time: Histogram<Second>,
}

#[derive(Metrics, Default)]
#[metrics(namespace = "twice")]
struct Other {
    /// Size.
    size: Count<Item>,
    /// The greatest time.
    #[metric(name = "time.max")]
    max: Gauge<Second>,
}

/// Is shown otherwise than it arrives.
#[check]
fn shown() -> Shown {
    Shown::default()
}

#[derive(Metrics, Default)]
#[metrics(namespace = "shown")]
struct Shown {
    /// Requests.
    #[metric(in_app = rate, interval = 10)]
    requests: Rate<Request>,
    /// Hits.
    #[metric(in_app = gauge, short_name = "")]
    hits: Option<Count<Hit>>,
    #[metric(undocumented, in_app = count)]
    rows: MonotonicCount<Row>,
    #[metric(undocumented, interval = 3600, short_name = "")]
    time: Histogram<Second>,
}

/// Costs money.
#[check]
fn price() -> Price {
    Price::default()
}

#[derive(Metrics, Default)]
#[metrics(namespace = "price")]
struct Price {
    /// What a loaf costs.
    loaf: Gauge<Guarani>,
}

fn csv_of(check: &str) -> String {
    let registry = Registry::collect();
    metadata_csv(&metadata(registry.get(check).expect("the check is there")).expect("it is valid"))
}

#[test]
fn every_kind_has_the_type_and_unit_that_arrives() {
    let csv = csv_of("kinds");
    let rows: Vec<_> = csv.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "kinds.cars,count,,item,,\"Cars, \"\"new\"\" ones, too.\",0,kinds,cars,,site",
            "kinds.driving,gauge,,fraction,,Time at the wheel.,0,kinds,driving,,site",
            "kinds.group_cars,gauge,,item,,Cars of the group.,0,kinds,group cars,,\"site,colour,owner\"",
            "kinds.received,gauge,,byte,second,Data that came in.,0,kinds,received,,site",
            "kinds.speed_now,gauge,,,,Speed.,1,kinds,speed now,,site",
            "kinds.turns,gauge,,item,minute,Turns.,0,kinds,turns,,site",
            "kinds.waiting,gauge,,permille,,Time at the lights.,0,kinds,waiting,,site",
            "kinds.wheels,count,,item,,Wheels that ever turned. Of all cars.,0,kinds,wheels,,site",
        ]
    );
}

#[test]
fn what_a_record_says_of_the_way_a_metric_is_shown() {
    let csv = csv_of("shown");
    let rows: Vec<_> = csv.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "shown.hits,gauge,,hit,,Hits.,0,shown,,,",
            "shown.requests,rate,10,request,second,Requests.,0,shown,requests,,",
            "shown.rows,count,,row,,,0,shown,rows,,",
            "shown.time.95percentile,gauge,3600,second,,,0,shown,,,",
            "shown.time.avg,gauge,3600,second,,,0,shown,,,",
            "shown.time.count,rate,3600,,,,0,shown,,,",
            "shown.time.max,gauge,3600,second,,,0,shown,,,",
            "shown.time.median,gauge,3600,second,,,0,shown,,,",
        ]
    );
    let registry = Registry::collect();
    let rows = metadata(registry.get("shown").expect("the check is there")).expect("it is valid");
    let json = metadata_json(&rows);
    assert_eq!(json[1]["interval"], 10);
    assert_eq!(json[2].get("interval"), None);
}

#[test]
fn a_name_declared_twice_with_different_content_is_an_error() {
    let registry = Registry::collect();
    let error = metadata(registry.get("twice").expect("the check is there"))
        .expect_err("declared twice")
        .to_string();
    let mut lines = error.lines();
    assert!(lines.next().is_some_and(|line| {
        line.starts_with("check `twice` (runtime/tests/export_metadata.rs:")
            && line.ends_with(") has no valid metadata")
    }));
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            "metric `twice.size` is declared twice: metric_type `gauge` and `count`, unit_name `byte` and `item`",
            "hint: declare it once, in a record that both places use",
            "metric `twice.time.max` is declared twice: description `Times (maximum).` and `The greatest time.`, \
             short_name `time max` and `max`",
            "hint: declare it once, in a record that both places use",
        ]
    );
}

#[test]
fn a_unit_whose_name_is_not_ascii_is_an_error() {
    let registry = Registry::collect();
    let error =
        metadata(registry.get("price").expect("the check is there")).expect_err("not ASCII");
    assert_eq!(
        error.problems,
        [
            "metric `price.loaf` has the character `í`, and Datadog's metadata.csv takes ASCII only\n\
          hint: use another unit, or `Unitless`"
        ]
    );
}
