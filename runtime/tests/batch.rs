//! The batch that records are submitted to: which tags they carry, what identifies a set of them, and what is not kept.
#![forbid(unsafe_code)]

use allwell::metric::{Batch, Drops, Filter, Limits};
use allwell::prelude::*;
use regex_lite::Regex;

#[derive(Metrics)]
#[metrics(namespace = "shop")]
struct Sales<'a> {
    #[tag]
    city: &'a str,
    #[tag]
    street: Option<&'a str>,
    /// Things sold.
    sold: Count<Item>,
}

fn sales<'a>(city: &'a str, street: Option<&'a str>) -> Sales<'a> {
    Sales { city, street, sold: 1.into() }
}

#[derive(Metrics)]
#[metrics(namespace = "shop")]
struct Numbered {
    #[tag(name = "city")]
    number: u32,
    /// Things sold in a numbered city.
    sold: Count<Item>,
}

#[derive(Metrics)]
#[metrics(namespace = "shop")]
struct Shown {
    #[tag(display, name = "city")]
    number: std::num::NonZeroU16,
    /// Things sold.
    sold: Count<Item>,
}

#[derive(Metrics)]
#[metrics(namespace = "shop")]
struct Open {
    /// Open doors.
    doors: Gauge<Unitless>,
}

#[derive(Metrics)]
#[metrics(namespace = "shop")]
struct Shop<'a> {
    #[tag]
    city: &'a str,
    #[hostname]
    host: &'a str,
    /// Open doors.
    doors: Gauge<Unitless>,
    /// OK if the till works.
    till: ServiceCheck,
    #[metrics(flatten)]
    sales: Vec<Sales<'a>>,
    #[metrics(flatten)]
    branch: Option<Branch<'a>>,
}

#[derive(Metrics)]
#[metrics(namespace = "shop")]
struct Branch<'a> {
    #[tag]
    street: &'a str,
    #[hostname]
    host: Option<&'a str>,
    /// Open doors.
    doors: Gauge<Unitless>,
}

/// A record whose host stands outside and whose tags stand inside.
#[derive(Metrics)]
struct OnHost<'a> {
    #[hostname]
    host: &'a str,
    #[metrics(flatten)]
    sales: Sales<'a>,
}

/// The same, with the host inside.
#[derive(Metrics)]
#[metrics(namespace = "shop")]
struct SalesOnHost<'a> {
    #[tag]
    city: &'a str,
    #[hostname]
    host: &'a str,
    /// Things sold.
    sold: Count<Item>,
}

fn batch_of(tags: &[&str], record: &impl Metrics) -> Batch {
    let mut batch = Batch::new(tags, Limits::default());
    record.emit(&mut batch.emitter());
    batch
}

fn lines(batch: &Batch) -> Vec<String> {
    let samples = batch.samples().map(|sample| {
        let tags: Vec<_> = sample.tags.collect();
        let host = sample.host.map(|host| format!(" on {host}")).unwrap_or_default();
        format!("{} {} [{}]{host}", sample.metric.name(), sample.value, tags.join(", "))
    });
    samples.collect()
}

fn hashes(batch: &Batch) -> Vec<u64> {
    batch.samples().map(|sample| sample.tags.hash()).collect()
}

fn limited(max: Option<usize>, include: &[&str], exclude: &[&str]) -> Batch {
    let regexes = |patterns: &[&str]| patterns.iter().map(|p| Regex::new(p).unwrap()).collect();
    let filter = Filter::new(regexes(include), regexes(exclude));
    Batch::new::<&str>([], Limits::new(max, Some(filter)))
}

#[test]
fn tag_of_the_instance_is_not_repeated() {
    let batch = batch_of(&["city:Rome", "env:test", "env:test"], &sales("Rome", Some("Via 1")));
    assert_eq!(lines(&batch), ["shop.sold 1 [city:Rome, env:test, street:Via 1]"]);
    assert_eq!(batch.common_tags().collect::<Vec<_>>(), ["city:Rome", "env:test"]);
    assert_eq!(batch.common_tags().len(), 2);
}

#[test]
fn one_key_may_have_several_values() {
    let batch = batch_of(&["city:Rome"], &sales("Bari", None));
    assert_eq!(lines(&batch), ["shop.sold 1 [city:Rome, city:Bari]"]);
}

#[test]
fn tag_within_a_record_is_not_repeated() {
    let mut batch = Batch::new(["env:test"], Limits::default());
    let mut emitter = batch.emitter();
    let mut tags = emitter.record();
    tags.tag("city", "Rome");
    tags.tag("street", "Via 1");
    tags.tag("city", "Rome");
    sales("Rome", Some("Via 1")).emit(&mut tags.samples());
    assert_eq!(lines(&batch), ["shop.sold 1 [env:test, city:Rome, street:Via 1]"]);
    let once = batch_of(&["env:test"], &sales("Rome", Some("Via 1")));
    assert_eq!(hashes(&batch), hashes(&once));
}

#[test]
fn empty_and_absent_values_leave_the_tag_out() {
    assert_eq!(lines(&batch_of(&[], &sales("", None))), ["shop.sold 1 []"]);
    assert_eq!(lines(&batch_of(&["", "a:b"], &sales("", Some("")))), ["shop.sold 1 [a:b]"]);
    assert_eq!(
        hashes(&batch_of(&["a:b"], &sales("", Some("")))),
        hashes(&batch_of(&["", "a:b"], &sales("", None)))
    );
}

#[test]
fn tag_keeps_its_first_200_characters() {
    let kept = format!("city:{}", "é".repeat(195));
    let exact = "é".repeat(195);
    let long = "é".repeat(400);
    assert_eq!(lines(&batch_of(&[], &sales(&exact, None))), [format!("shop.sold 1 [{kept}]")]);
    assert_eq!(lines(&batch_of(&[], &sales(&long, None))), [format!("shop.sold 1 [{kept}]")]);
    let instance_tag = format!("city:{long}");
    let batch = batch_of(&[&instance_tag], &sales(&long, None));
    assert_eq!(lines(&batch), [format!("shop.sold 1 [{kept}]")]);
    assert_eq!(hashes(&batch), hashes(&batch_of(&[], &sales(&exact, None))));
}

#[test]
fn hash_does_not_depend_on_the_order() {
    let hash = |tags: &[&str]| Batch::new(tags, Limits::default()).common_tags().hash();
    assert_eq!(hash(&["a:1", "b:2", "c:3"]), hash(&["c:3", "a:1", "b:2"]));
    assert_ne!(hash(&["a:1", "b:2"]), hash(&["a:2", "b:1"]));
    assert_ne!(hash(&["a:1"]), hash(&["a:1", "b:2"]));
}

#[test]
fn tag_hashes_the_same_however_it_is_written() {
    let whole = Batch::new(["city:17"], Limits::default()).common_tags().hash();
    let number = std::num::NonZeroU16::new(17).unwrap();
    assert_eq!(hashes(&batch_of(&[], &sales("17", None))), [whole]);
    assert_eq!(hashes(&batch_of(&[], &Numbered { number: 17, sold: 1.into() })), [whole]);
    assert_eq!(hashes(&batch_of(&[], &Shown { number, sold: 1.into() })), [whole]);
    assert_eq!(hashes(&batch_of(&["city:17"], &sales("17", None))), [whole]);
}

#[test]
fn nested_records_inherit_tags_and_host() {
    let shop = Shop {
        city: "Rome",
        host: "till-1",
        doors: 2.into(),
        till: Status::Ok.into(),
        sales: vec![sales("Rome", None), sales("Bari", Some("Via 1"))],
        branch: Some(Branch { street: "Via 2", host: Some("till-2"), doors: 1.into() }),
    };
    let batch = batch_of(&["env:test"], &shop);
    assert_eq!(
        lines(&batch),
        [
            "shop.doors 2 [env:test, city:Rome] on till-1",
            "shop.sold 1 [env:test, city:Rome] on till-1",
            "shop.sold 1 [env:test, city:Rome, city:Bari, street:Via 1] on till-1",
            "shop.doors 1 [env:test, city:Rome, street:Via 2] on till-2",
        ]
    );
    let hashes = hashes(&batch);
    assert_eq!(hashes[0], hashes[1], "the record within has the tags of the one around");
    assert_ne!(hashes[0], hashes[2]);
    let check = batch.service_checks().next().unwrap();
    assert_eq!((check.metric.name(), check.status), ("shop.till", &Status::Ok));
    assert_eq!(
        (check.tags.collect::<Vec<_>>(), check.host),
        (vec!["env:test", "city:Rome"], Some("till-1"))
    );
}

#[test]
fn empty_host_is_that_of_the_place_around() {
    let branch = |host| Branch { street: "Via 2", host, doors: 1.into() };
    assert_eq!(lines(&batch_of(&[], &branch(None))), ["shop.doors 1 [street:Via 2]"]);
    assert_eq!(lines(&batch_of(&[], &branch(Some("")))), ["shop.doors 1 [street:Via 2]"]);
}

#[test]
fn host_is_part_of_the_hash() {
    let on = |host| hashes(&batch_of(&[], &SalesOnHost { city: "Rome", host, sold: 1.into() }));
    assert_eq!(on("a"), on("a"));
    assert_ne!(on("a"), on("b"));
    assert_ne!(on("a"), on(""));
    assert_eq!(on(""), hashes(&batch_of(&[], &sales("Rome", None))));
}

#[test]
fn hash_does_not_depend_on_where_the_host_stands() {
    let inside = batch_of(&[], &SalesOnHost { city: "Rome", host: "a", sold: 1.into() });
    let outside = batch_of(&[], &OnHost { host: "a", sales: sales("Rome", None) });
    assert_eq!(lines(&inside), lines(&outside));
    assert_eq!(hashes(&inside), hashes(&outside));
}

#[test]
fn hash_forgets_a_host_that_was_replaced() {
    let mut batch = Batch::new::<&str>([], Limits::default());
    let mut emitter = batch.emitter();
    let mut tags = emitter.record();
    tags.host("b");
    let within = &mut tags.samples();
    SalesOnHost { city: "Rome", host: "a", sold: 1.into() }.emit(within);
    let direct = batch_of(&[], &SalesOnHost { city: "Rome", host: "a", sold: 1.into() });
    assert_eq!(lines(&batch), lines(&direct));
    assert_eq!(hashes(&batch), hashes(&direct));
}

#[test]
fn values_that_are_not_finite_are_counted_and_dropped() {
    let doors = [f64::NAN, f64::INFINITY, 1.0, f64::NEG_INFINITY].map(|n| Open { doors: n.into() });
    let batch = batch_of(&[], &doors);
    assert_eq!(lines(&batch), ["shop.doors 1 []"]);
    assert_eq!(batch.drops(), Drops { not_finite: 3, ..Drops::default() });
}

#[test]
fn filter_includes_and_excludes() {
    let records = || (Open { doors: 1.into() }, sales("Rome", None));
    let cases: [(&[&str], &[&str], &[&str]); 5] = [
        (&["door"], &[], &["shop.doors 1 []"]),
        (&[], &["^shop.d"], &["shop.sold 1 [city:Rome]"]),
        (&["shop"], &["sold$"], &["shop.doors 1 []"]),
        (&[], &[], &["shop.doors 1 []", "shop.sold 1 [city:Rome]"]),
        (&["^doors"], &[], &[]),
    ];
    for (include, exclude, expected) in cases {
        let mut batch = limited(None, include, exclude);
        records().emit(&mut batch.emitter());
        assert_eq!(lines(&batch), expected, "include {include:?}, exclude {exclude:?}");
        let filtered = 2 - expected.len() as u64;
        assert_eq!(batch.drops(), Drops { filtered, ..Drops::default() });
    }
}

#[test]
fn repeated_counts_are_one_context_and_repeated_gauges_several() {
    let mut batch = limited(Some(2), &[], &[]);
    let cities = ["Rome", "Rome", "Bari", "Rome", "Pisa", "Bari"];
    cities.map(|city| sales(city, None)).emit(&mut batch.emitter());
    assert_eq!(
        lines(&batch),
        ["Rome", "Rome", "Bari", "Rome", "Bari"].map(|city| format!("shop.sold 1 [city:{city}]"))
    );
    assert_eq!(batch.drops(), Drops { over_limit: 1, ..Drops::default() });

    let mut batch = limited(Some(2), &[], &[]);
    [1, 2, 3].map(|doors| Open { doors: doors.into() }).emit(&mut batch.emitter());
    assert_eq!(lines(&batch), ["shop.doors 1 []", "shop.doors 2 []"]);
    assert_eq!(batch.drops(), Drops { over_limit: 1, ..Drops::default() });
}

#[test]
fn counts_of_one_name_and_tags_are_one_context_whichever_record_they_stand_in() {
    let mut batch = limited(Some(1), &[], &[]);
    let records = (sales("17", None), Numbered { number: 17, sold: 2.into() }, sales("18", None));
    records.emit(&mut batch.emitter());
    assert_eq!(lines(&batch), ["shop.sold 1 [city:17]", "shop.sold 2 [city:17]"]);
    assert_eq!(batch.drops(), Drops { over_limit: 1, ..Drops::default() });
}

#[test]
fn filtered_metrics_do_not_count_towards_the_limit() {
    let mut batch = limited(Some(1), &[], &["sold"]);
    (sales("Rome", None), Open { doors: 1.into() }).emit(&mut batch.emitter());
    assert_eq!(lines(&batch), ["shop.doors 1 []"]);
    assert_eq!(batch.drops(), Drops { filtered: 1, ..Drops::default() });
}

#[test]
fn service_checks_are_not_limited() {
    let mut batch = limited(Some(0), &[], &[]);
    let shop = Shop {
        city: "Rome",
        host: "",
        doors: f64::NAN.into(),
        till: Status::critical("stuck").into(),
        sales: vec![sales("Bari", None)],
        branch: None,
    };
    shop.emit(&mut batch.emitter());
    assert!(batch.is_empty());
    assert_eq!(batch.service_checks().len(), 1);
    assert_eq!(batch.drops(), Drops { not_finite: 1, filtered: 0, over_limit: 1 });
}

#[test]
fn cleared_batch_keeps_nothing_but_the_tags_of_the_instance() {
    let filter = Filter::new(Vec::new(), vec![Regex::new("doors").unwrap()]);
    let mut batch = Batch::new(["env:test"], Limits::new(Some(1), Some(filter)));
    for city in ["Rome", "Bari"] {
        let records = (
            Open { doors: f64::NAN.into() },
            Open { doors: 1.into() },
            [sales(city, None), sales("Pisa", None)],
        );
        records.emit(&mut batch.emitter());
        batch.event(Event::new("sale", "today"));
        batch.log(Log::new("sold"));
        assert_eq!(lines(&batch), [format!("shop.sold 1 [env:test, city:{city}]")]);
        assert_eq!(batch.drops(), Drops { not_finite: 1, filtered: 1, over_limit: 1 });
        assert_eq!((batch.events().len(), batch.logs().len()), (1, 1));

        batch.clear();
        assert_eq!(batch.len(), 0);
        assert_eq!(batch.service_checks().len(), 0);
        assert_eq!((batch.events(), batch.logs().len()), (&[][..], 0));
        assert_eq!(batch.drops(), Drops::default());
        assert_eq!(batch.common_tags().collect::<Vec<_>>(), ["env:test"]);
    }
}
