//! What becomes of each kind of point.

use std::sync::Arc;

use allwell::aggregate::{Series, SeriesKind};
use allwell::metric::{Declared, Descriptor, Event, Kind, Log, Status};
use allwell::output::exposition::ExpositionOptions;
use allwell::output::{Amount, Catalogue, Delivery, Output, ServiceCheckPoint};

use crate::support::{
    Endpoint, NONE, OPEN, TEXT, count, gauge, nothing, point, run, sketch, tags, unit,
};

#[test]
fn gauges_are_the_last_value_and_counts_the_sum_of_all() {
    let endpoint = Endpoint::default();
    endpoint.take([
        run([gauge("load.one", 1.5, &["core:0"]), count("requests", 3.0, &["path:/"])]),
        run([gauge("load.one", -0.25, &["core:0"]), count("requests", 4.0, &["path:/"])]),
    ]);
    assert_eq!(
        endpoint.text(TEXT),
        "# HELP load_one load.one\n\
         # TYPE load_one gauge\n\
         load_one{core=\"0\",host=\"web-1\"} -0.25\n\
         # HELP requests_total requests\n\
         # TYPE requests_total counter\n\
         requests_total{host=\"web-1\",path=\"/\"} 7\n"
    );
    assert_eq!(
        endpoint.text(OPEN),
        "# HELP load_one load.one\n\
         # TYPE load_one gauge\n\
         load_one{core=\"0\",host=\"web-1\"} -0.25\n\
         # HELP requests requests\n\
         # TYPE requests counter\n\
         requests_total{host=\"web-1\",path=\"/\"} 7\n\
         requests_created{host=\"web-1\",path=\"/\"} 1700000000.5\n\
         # EOF\n"
    );
}

#[test]
fn values_are_written_so_that_they_can_be_read_back() {
    for (value, text) in [
        (0.1, "0.1"),
        (1e15, "1000000000000000.0"),
        (1e16, "1e16"),
        (123_456_789.0, "123456789"),
        (-0.0, "-0.0"),
        (1e300, "1e300"),
        (5e-324, "5e-324"),
        (f64::MAX, "1.7976931348623157e308"),
        (f64::INFINITY, "+Inf"),
        (f64::NEG_INFINITY, "-Inf"),
        (f64::NAN, "NaN"),
    ] {
        let endpoint = Endpoint::default();
        endpoint.take([run([gauge("a", value, &[])])]);
        assert_eq!(endpoint.samples(TEXT), [format!("a{{host=\"web-1\"}} {text}")]);
    }
}

#[test]
fn a_rate_is_a_gauge() {
    let endpoint = Endpoint::default();
    endpoint.take([run([point("a", SeriesKind::Rate, 2.0, &tags::<&str>(&[]))])]);
    assert_eq!(endpoint.text(TEXT), "# HELP a a\n# TYPE a gauge\na{host=\"web-1\"} 2\n");
}

#[test]
fn a_distribution_is_a_histogram_of_everything_since_the_beginning() {
    let options =
        ExpositionOptions { bounds: Some(vec![0.25, 1.0, 1e6]), ..ExpositionOptions::default() };
    let endpoint = Endpoint::new(options);
    let sketches = |values: &[f64]| Delivery {
        host: None,
        sketches: vec![sketch("web.time", unit("second"), values)],
        ..nothing()
    };
    endpoint.take([sketches(&[0.25, 0.26, 1.0]), sketches(&[0.001, 5.0, 2e6])]);
    assert_eq!(
        endpoint.text(OPEN),
        "# HELP web_time_seconds web.time\n\
         # TYPE web_time_seconds histogram\n\
         # UNIT web_time_seconds seconds\n\
         web_time_seconds_bucket{le=\"0.25\"} 2\n\
         web_time_seconds_bucket{le=\"1.0\"} 4\n\
         web_time_seconds_bucket{le=\"1e+06\"} 5\n\
         web_time_seconds_bucket{le=\"+Inf\"} 6\n\
         web_time_seconds_count 6\n\
         web_time_seconds_sum 2000006.511\n\
         web_time_seconds_created 1700000000.5\n\
         # EOF\n"
    );
    assert!(!endpoint.text(TEXT).contains("_created"));
}

/// A value counts as not above a bound only if it is not, or by less than 1/64.
#[test]
fn a_bucket_is_off_by_less_than_a_sixty_fourth_of_its_bound() {
    for bound in [1e-6, 0.25, 1.0, 2.5, 999.0, 1e9] {
        let below = |value: f64| {
            let options =
                ExpositionOptions { bounds: Some(vec![bound]), ..ExpositionOptions::default() };
            let endpoint = Endpoint::new(options);
            let sketches = vec![sketch("a", NONE, &[value])];
            endpoint.take([Delivery { sketches, ..nothing() }]);
            endpoint.samples(TEXT)[0].ends_with(" 1")
        };
        for exact in [bound, bound * 0.999_999, bound * 0.5, 0.0, -1.0] {
            assert!(below(exact), "{exact} is not above {bound}");
        }
        for above in [bound * (1.0 + 1.0 / 64.0) * 1.000_001, bound * 2.0] {
            assert!(!below(above), "{above} is above {bound}");
        }
    }
}

#[test]
fn bounds_suit_the_unit_and_those_below_zero_have_no_sum() {
    let bounds = |unit_name, bounds: Option<Vec<f64>>| {
        let endpoint = Endpoint::new(ExpositionOptions { bounds, ..ExpositionOptions::default() });
        let sketches = vec![sketch("a", unit(unit_name), &[1.0])];
        endpoint.take([Delivery { sketches, ..nothing() }]);
        endpoint.samples(OPEN)
    };
    let ends = |unit_name| {
        let samples = bounds(unit_name, None);
        let bound = |line: &String| {
            line.split("le=\"").nth(1).map(|rest| rest.split('"').next().unwrap().to_owned())
        };
        let all: Vec<_> = samples.iter().filter_map(bound).collect();
        (all[0].clone(), all[all.len() - 2].clone(), all.len())
    };
    let text = |first: &str, last: &str, number| (first.to_owned(), last.to_owned(), number);
    assert_eq!(ends("second"), text("0.0001", "100.0", 20));
    assert_eq!(ends("millisecond"), text("0.1", "100000.0", 20));
    assert_eq!(ends("nanosecond"), text("100000.0", "1e+11", 20));
    assert_eq!(ends("byte"), text("64.0", "1.7179869184e+10", 16));
    assert_eq!(ends("fraction"), text("0.01", "1.0", 11));
    assert_eq!(ends("percent"), text("1.0", "100.0", 11));
    assert_eq!(ends("row"), text("0.001", "1e+06", 29));
    let negative = bounds("", Some(vec![-5.0, 5.0]));
    assert!(negative.iter().all(|line| !line.contains("_sum") && !line.contains("_count")));
}

#[test]
fn a_service_check_is_the_number_of_its_status() {
    static CONNECT: Descriptor = Descriptor::service_check("db.can_connect", "Whether it answers.");
    let catalogue = Arc::new(Catalogue::new([&CONNECT]));
    let endpoint = Endpoint::new(ExpositionOptions { catalogue, ..ExpositionOptions::default() });
    let check = ServiceCheckPoint {
        name: "db.can_connect".into(),
        status: Status::critical("refused"),
        tags: vec!["db:a".to_owned()],
        host: Some("db-1".to_owned()),
        timestamp: 0,
    };
    endpoint.take([Delivery { service_checks: vec![check], ..nothing() }]);
    assert_eq!(
        endpoint.text(TEXT),
        "# HELP db_can_connect Whether it answers. (0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN)\n\
         # TYPE db_can_connect gauge\n\
         db_can_connect{db=\"a\",host=\"db-1\"} 2\n"
    );
}

#[test]
fn help_is_the_description_and_escaped_as_each_format_has_it() {
    static SIZE: Descriptor = Descriptor {
        declared: Declared::Metric { kind: Kind::Gauge, unit: NONE },
        ..Descriptor::service_check("size", "The \"size\"\nof a \\ file.")
    };
    let catalogue = Arc::new(Catalogue::new([&SIZE]));
    let endpoint = Endpoint::new(ExpositionOptions { catalogue, ..ExpositionOptions::default() });
    endpoint.take([run([gauge("size", 1.0, &[])])]);
    assert!(endpoint.text(TEXT).starts_with("# HELP size The \"size\"\\nof a \\\\ file.\n"));
    assert!(endpoint.text(OPEN).starts_with("# HELP size The \\\"size\\\"\\nof a \\\\ file.\n"));
}

#[test]
fn what_has_no_place_is_refused_and_told_once() {
    let endpoint = Endpoint::default();
    let delivery = || Delivery {
        series: vec![count("a", -1.0, &[]), count("a", f64::NAN, &[]), count("a", 1.0, &[])],
        events: vec![Event::new("title", "text")],
        logs: vec![Log::new("line"), Log::new("line")],
        ..nothing()
    };
    endpoint.take([delivery(), delivery()]);
    assert_eq!(endpoint.samples(TEXT), ["a_total{host=\"web-1\"} 2"]);
    let refused = Amount { series: 4, events: 2, logs: 4, ..Amount::default() };
    assert_eq!(endpoint.refused(), refused);
    assert_eq!(
        endpoint.told(),
        [
            "a count below zero is not exposed: a counter cannot grow less",
            "events are not exposed: the format has no place for them",
            "log lines are not exposed: the format has no place for them",
        ]
    );
    let held = endpoint.exposition.held();
    assert_eq!((held.errors, held.last_error.map(|(_, text)| text)), (3, endpoint.told().pop()));
}

#[test]
fn units_are_told_in_the_name_where_something_is_measured() {
    let name = |unit_name, per, kind| {
        let unit = allwell::metric::UnitName { name: unit_name, per }.shared();
        let endpoint = Endpoint::default();
        endpoint.take([run([Series { unit, ..point("a.b", kind, 1.0, &tags::<&str>(&[])) }])]);
        let text = endpoint.text(OPEN);
        let unit = text.lines().find_map(|line| line.strip_prefix("# UNIT ")).map(str::to_owned);
        let sample = endpoint.samples(OPEN).swap_remove(0);
        (sample.split('{').next().unwrap().to_owned(), unit)
    };
    let gauge = |unit, per| name(unit, per, SeriesKind::Gauge);
    let with = |name: &str, unit: &str| (name.to_owned(), Some(unit.to_owned()));
    assert_eq!(gauge("byte", ""), with("a_b_bytes", "a_b_bytes bytes"));
    assert_eq!(gauge("fraction", ""), with("a_b_ratio", "a_b_ratio ratio"));
    assert_eq!(gauge("millisecond", ""), with("a_b_milliseconds", "a_b_milliseconds milliseconds"));
    assert_eq!(
        gauge("byte", "second"),
        with("a_b_bytes_per_second", "a_b_bytes_per_second bytes_per_second")
    );
    assert_eq!(gauge("request", "second"), with("a_b_per_second", "a_b_per_second per_second"));
    assert_eq!(gauge("request", ""), ("a_b".to_owned(), None));
    assert_eq!(gauge("request", "connection"), ("a_b".to_owned(), None));
    assert_eq!(name("byte", "", SeriesKind::Count), with("a_b_bytes_total", "a_b_bytes bytes"));
}
