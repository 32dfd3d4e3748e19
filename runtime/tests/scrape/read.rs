//! Which samples become which fields, and what is said of those that do not.

use allwell::openmetrics::parse::Format;
use allwell::openmetrics::{FromScrape, Number, Payload, read};
use allwell::prelude::*;

fn of<R: FromScrape>(payload: &str) -> Payload<R> {
    read(Format::Text, payload.as_bytes()).expect("all is there that must be")
}

fn lacks<R: FromScrape + std::fmt::Debug>(payload: &str) -> String {
    read::<R>(Format::Text, payload.as_bytes()).expect_err("something is missing").to_string()
}

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "shop")]
struct Shop {
    /// Customers.
    #[metric(from = "shop_customers")]
    customers: Gauge<User>,
    /// Sales.
    #[metric(from = "shop_sales_total")]
    sales: MonotonicCount<Transaction>,
    /// Sales per second.
    #[metric(name = "sales.rate", from = "shop_sales_total")]
    rate: Rate<Per<Transaction, Second>>,
    /// Sales for each customer, which the check works out.
    each: Option<Gauge<Transaction>>,
}

const SHOP: &str = "# TYPE shop_customers gauge\nshop_customers 3\n\
                    # TYPE shop_sales_total counter\nshop_sales_total 12\n";

#[test]
fn a_record_without_tags_is_filled_once() {
    let Payload { records, warnings } = of::<Shop>(SHOP);
    let expected = Shop { customers: 3.into(), sales: 12.into(), rate: 12.into(), each: None };
    assert_eq!((records, warnings), (expected, vec![]));
}

#[test]
fn what_is_missing_is_told_at_once() {
    assert_eq!(
        lacks::<Shop>("shop_windows 2\n"),
        "the exposition has no `shop_customers` (for `Shop::customers`), `shop_sales_total` (for `Shop::sales`), \
         `shop_sales_total` (for `Shop::rate`); hint: a field that a server may lack is an `Option`"
    );
}

#[test]
fn an_optional_record_is_there_or_not() {
    assert_eq!(of::<Option<Shop>>("").records, None);
    assert_eq!(of::<Option<Shop>>(SHOP).records, Some(of::<Shop>(SHOP).records));
    let Payload { records, warnings } = of::<(Option<Shop>, Vec<Till>)>("shop_customers 3\n");
    assert_eq!(records, (None, vec![]));
    assert_eq!(
        warnings,
        ["1 record was left out: a `Shop` has no `shop_sales_total` (for `Shop::sales`), \
          `shop_sales_total` (for `Shop::rate`); hint: a field that may be absent is an `Option`"]
    );
}

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "shop.till")]
struct Till {
    #[tag]
    number: u8,
    #[tag(name = "kind", from = "till_kind")]
    kind: Option<Kind>,
    #[hostname(from = "node")]
    host: Option<String>,
    /// Money in it.
    #[metric(from = "till_money")]
    money: Gauge<Dollar>,
    /// Coins in it, by their value.
    #[metrics(flatten)]
    coins: Vec<Coins>,
}

#[derive(TagValue, Debug, PartialEq)]
enum Kind {
    Manned,
    #[tag(name = "self-service")]
    SelfService,
}

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "shop.till")]
struct Coins {
    #[tag]
    value: Number,
    /// Coins.
    #[metric(from = "till_coins")]
    coins: Gauge<Unitless>,
}

#[test]
fn records_stand_within_the_record_that_has_their_labels() {
    let payload = "\
till_money{number=\"1\",till_kind=\"self-service\"} 20
till_coins{number=\"2\",node=\"b\",value=\"1\"} 4
till_coins{number=\"1\",till_kind=\"self-service\",value=\"0.50\"} 9
till_coins{number=\"2\",node=\"b\",value=\"2\"} 3
till_money{number=\"2\",node=\"b\"} 10.5
";
    let coins = |value, coins: u32| Coins { value: Number(value), coins: coins.into() };
    let Payload { records, warnings } = of::<Vec<Till>>(payload);
    assert_eq!(
        (records, warnings),
        (
            vec![
                Till {
                    number: 1,
                    kind: Some(Kind::SelfService),
                    host: None,
                    money: 20.into(),
                    coins: vec![coins(0.5, 9)],
                },
                Till {
                    number: 2,
                    kind: None,
                    host: Some("b".into()),
                    money: 10.5.into(),
                    coins: vec![coins(1.0, 4), coins(2.0, 3)],
                },
            ],
            vec![]
        )
    );
    assert_eq!(allwell::metric::tag("value", &Number(2.0)).as_deref(), Some("value:2.0"));
}

#[test]
fn a_record_that_lacks_something_is_left_out_and_the_others_are_not() {
    let payload = "till_money{number=\"1\"} 20\ntill_coins{number=\"2\",value=\"1\"} 4\n";
    let Payload { records, warnings } = of::<Vec<Till>>(payload);
    assert_eq!(records.iter().map(|till| till.number).collect::<Vec<_>>(), [1]);
    assert_eq!(
        warnings,
        [
            "1 record was left out: a `Till` with number=\"2\",till_kind=\"\",node=\"\" has no `till_money` \
          (for `Till::money`); hint: a field that may be absent is an `Option`"
        ]
    );
}

#[test]
fn one_record_cannot_be_many() {
    let payload = "till_money{number=\"1\"} 20\ntill_money{number=\"2\"} 4\n";
    assert_eq!(
        lacks::<Till>(payload),
        "the exposition has more than one `Till`: labels tell them apart; hint: ask for a `Vec<Till>`"
    );
    assert_eq!(of::<Till>("till_money{number=\"1\"} 20\n").records.money, 20.into());
}

#[test]
fn a_label_that_is_no_tag_of_the_record_has_its_place() {
    let payload = "till_money 1\ntill_money{number=\"300\"} 2\n\
                   till_money{number=\"3\",till_kind=\"haunted\"} 3\n";
    let Payload { records, warnings } = of::<Vec<Till>>(payload);
    assert_eq!(records, []);
    assert_eq!(
        warnings,
        [
            "3 lines were left out: line 1, column 1: the label `number` is missing, which `Till` has as a tag; hint: one that \
          may be absent is an `Option`: `till_money 1`; line 2, column 1: the label `number` is `300`, which the tag of `Till` \
          cannot be: `till_money{number=\"300\"} 2`; line 3, column 1: the label `till_kind` is `haunted`, which the tag of \
          `Till` cannot be: `till_money{number=\"3\",till_kind=\"haunted\"} 3`"
        ]
    );
}

#[test]
fn a_type_that_does_not_fit_has_its_place_and_is_told_once() {
    let payload =
        "# TYPE till_money counter\ntill_money{number=\"1\"} 1\ntill_money{number=\"2\"} 1\n";
    let Payload { records, warnings } = of::<Vec<Till>>(payload);
    assert_eq!(records, []);
    assert_eq!(
        warnings,
        [
            "1 line was left out: line 2, column 1: `Till::money` is a gauge, and this is a total of a counter; hint: make it a \
          `MonotonicCount` or a `Rate`, or write `any_type` beside `from`: `till_money{number=\"1\"} 1`"
        ]
    );
    let Payload { warnings, .. } =
        of::<Option<Shop>>("# TYPE shop_sales_total gauge\nshop_sales_total 1\n");
    assert_eq!(
        warnings[0],
        "1 line was left out: line 2, column 1: `Shop::sales` is a monotonic count, and this is a value of a gauge; hint: make \
         it a `Gauge`, or write `any_type` beside `from`: `shop_sales_total 1`"
    );
}

#[test]
fn a_second_sample_names_the_label_that_tells_it_apart() {
    let payload = "till_money{number=\"1\",currency=\"EUR\"} 1\ntill_money{number=\"1\",currency=\"USD\"} 2\n\
                   till_money{number=\"2\"} 3\ntill_money{number=\"2\"} 4\n";
    let Payload { records, warnings } = of::<Vec<Till>>(payload);
    assert_eq!(records.iter().map(|till| till.money.value()).collect::<Vec<_>>(), [1.0, 3.0]);
    assert_eq!(
        warnings,
        [
            "1 line was left out: line 2, column 1: another sample has given `Till::money` its value: only `currency` tells them \
          apart; hint: make a `#[tag]` of it, choose a value in `from`, or write `sum` beside it: \
          `till_money{number=\"1\",currency=\"USD\"} 2`"
        ]
    );
}

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "odd")]
struct Odd {
    /// A name with dots.
    #[metric(from = "{'odd.requests', 'http.code'!='500', note=\"it's\"}")]
    dots: Option<Gauge<Request>>,
    /// Typed wrongly by its server.
    #[metric(from = "odd_lies_total", any_type)]
    lies: Option<MonotonicCount<Request>>,
    /// Any but one.
    #[metric(from = "odd_all{kind!='a'}", sum)]
    rest: Option<Gauge<Unitless>>,
    /// Time that it took.
    #[metric(from = "odd_seconds_bucket", sum)]
    seconds: Option<Buckets<Second>>,
    /// Time that it took altogether.
    #[metric(from = "odd_seconds_sum", sum)]
    sum: Option<MonotonicCount<Second>>,
    /// The half of all took less.
    #[metric(from = "odd_wait_seconds{quantile='0.5'}")]
    median: Option<Gauge<Second>>,
    /// OK if it runs, WARNING if it rests, CRITICAL if it is broken.
    #[metric(from = "odd_state", ok = [1, 2], warning = -1, critical = [0.5, 0])]
    state: Option<ServiceCheck>,
}

#[test]
fn selectors_are_those_of_queries() {
    let Payload { records, warnings } = of::<Odd>(
        "{\"odd.requests\",\"http.code\"=\"200\",note=\"it's\"} 7\n\
         {\"odd.requests\",\"http.code\"=\"500\",note=\"it's\"} 8\n\
         {\"odd.requests\",\"http.code\"=\"200\"} 9\n\
         # TYPE odd_lies_total gauge\nodd_lies_total 2\n\
         odd_all{kind=\"a\"} 1\nodd_all{kind=\"b\"} 2\nodd_all 3\n\
         # TYPE odd_wait_seconds summary\nodd_wait_seconds{quantile=\"0.5\"} 0.25\n\
         odd_wait_seconds{quantile=\"0.9\"} NaN\nodd_wait_seconds_count 2\n",
    );
    assert_eq!(warnings, [""; 0]);
    assert_eq!(records.dots, Some(7.into()));
    assert_eq!(records.lies, Some(2.into()));
    assert_eq!(records.rest, Some(5.into()));
    assert_eq!(records.median, Some(0.25.into()));
}

#[test]
fn buckets_are_added_up_bound_by_bound() {
    let Payload { records, warnings } = of::<Odd>(
        "# TYPE odd_seconds histogram\n\
         odd_seconds_bucket{a=\"1\",le=\"1\"} 2\nodd_seconds_bucket{a=\"1\",le=\"+Inf\"} 3\nodd_seconds_sum{a=\"1\"} 5\n\
         odd_seconds_bucket{a=\"2\",le=\"+Inf\"} 9\nodd_seconds_bucket{a=\"2\",le=\"1.0\"} 4\nodd_seconds_sum{a=\"2\"} 6\n\
         odd_seconds_bucket{a=\"3\"} 4\n",
    );
    let expected = Buckets::cumulative([(1.0, 6.0), (f64::INFINITY, 12.0)]);
    assert_eq!((records.seconds, records.sum), (Some(expected), Some(11.into())));
    assert_eq!(
        warnings,
        [
            "1 line was left out: line 8, column 1: a bucket has no label `le` that is its upper bound: \
          `odd_seconds_bucket{a=\"3\"} 4`"
        ]
    );
}

#[test]
fn a_value_stands_for_a_status() {
    let status = |value: &str| {
        let records = of::<Odd>(&format!("odd_state {value}\n")).records;
        records.state.map(|state| state.status().clone())
    };
    assert_eq!(status("1"), Some(Status::Ok));
    assert_eq!(status("2"), Some(Status::Ok));
    assert_eq!(status("-1"), Some(Status::warning("`odd_state` is -1")));
    assert_eq!(status("0.5"), Some(Status::critical("`odd_state` is 0.5")));
    assert_eq!(status("-0"), Some(Status::critical("`odd_state` is -0")));
    assert_eq!(status("7"), Some(Status::unknown("`odd_state` is 7")));
    assert_eq!(status("NaN"), None);
}

#[test]
fn a_line_that_cannot_be_read_is_told_and_loses_nothing_else() {
    let Payload { records, warnings } = of::<Shop>(&format!("{SHOP}<html>\n"));
    assert_eq!(records.sales, 12.into());
    assert_eq!(warnings, ["1 line was left out: line 5, column 7: the value is missing: `<html>`"]);
}

#[test]
fn openmetrics_names_its_totals_as_the_text_format_does() {
    let payload = "# TYPE shop_customers gauge\nshop_customers 3\n# TYPE shop_sales counter\nshop_sales_total 12\n# EOF\n";
    let Payload { records, warnings } =
        read::<Shop>(Format::OpenMetrics, payload.as_bytes()).expect("all is there");
    assert_eq!((records.sales, warnings), (12.into(), vec![]));
}

#[test]
fn records_are_bounded() {
    let lines = (0..100_002).map(|n| format!("shelf{{n=\"{n}\"}} 1\n"));
    let Payload { records, warnings } = of::<Vec<Shelf>>(&lines.collect::<String>());
    assert_eq!(records.len(), 100_000);
    assert_eq!(
        warnings,
        [
            "2 lines were left out: line 100001, column 1: there are too many records of `Shelf`: the rest is left out: \
          `shelf{n=\"100000\"} 1`; line 100002, column 1: there are too many records of `Shelf`: the rest is left out: \
          `shelf{n=\"100001\"} 1`"
        ]
    );
}

#[derive(Metrics, Debug)]
#[metrics(namespace = "shop")]
struct Shelf {
    #[tag]
    n: u32,
    /// Goods on it.
    #[metric(name = "goods", from = "shelf")]
    goods: Gauge<Item>,
}

/// Nothing but others.
#[derive(Metrics, Debug, PartialEq)]
#[metrics(scraped)]
struct Street {
    #[metrics(flatten)]
    shop: Option<Shop>,
    #[metrics(flatten)]
    tills: Vec<Till>,
}

#[test]
fn a_record_of_records_is_filled_as_they_are() {
    let payload = format!("{SHOP}till_money{{number=\"1\"}} 20\n");
    let Payload { records, warnings } = of::<Street>(&payload);
    let expected = Street {
        shop: Some(of::<Shop>(SHOP).records),
        tills: of::<Vec<Till>>("till_money{number=\"1\"} 20\n").records,
    };
    assert_eq!((records, warnings), (expected, vec![]));
    assert_eq!(of::<Street>("").records, Street { shop: None, tills: vec![] });
}

#[derive(Metrics, Debug, PartialEq)]
#[metrics(namespace = "wide")]
struct Wide {
    /// Sizes.
    #[metric(from = "wide_bucket")]
    sizes: Buckets<Byte>,
}

#[test]
fn very_many_buckets_are_no_burden_in_whatever_order() {
    const COUNT: u32 = 150_000;
    let falling = (0..COUNT).rev().map(|bound| format!("wide_bucket{{le=\"{bound}\"}} {bound}\n"));
    let began = std::time::Instant::now();
    let Payload { records, warnings } = of::<Wide>(&falling.collect::<String>());
    // Were each looked for among all, it would take minutes.
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
    let expected = (0..COUNT).map(|bound| (f64::from(bound), f64::from(bound)));
    assert!(records.sizes == Buckets::cumulative(expected), "each bound has its count");
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn there_is_room_for_so_many_buckets_and_no_more() {
    let many = (0..600_000).map(|bound| format!("wide_bucket{{le=\"{bound}\"}} 1\n"));
    let Payload { records, warnings } = of::<Wide>(&many.collect::<String>());
    assert_eq!(records.sizes.buckets().len(), 16 * 1024 * 1024 / 32);
    assert!(
        warnings[0].contains("there are too many buckets of `Wide`: the rest is left out"),
        "{warnings:?}"
    );
}
