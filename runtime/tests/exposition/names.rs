//! Names and labels: what they are made of, and what happens where two become one.

use allwell::aggregate::{Series, SeriesKind};
use allwell::output::exposition::{Format, Syntax};
use allwell::output::{Amount, Delivery};

use crate::support::{
    Endpoint, NONE, OPEN, TEXT, count, gauge, nothing, point, run, sketch, tags, unit,
};

/// The name of the only sample, as the plain formats write it.
fn exposed(series: Series) -> String {
    let endpoint = Endpoint::default();
    endpoint.take([run([series])]);
    endpoint.samples(TEXT)[0].split('{').next().unwrap().to_owned()
}

/// The labels of a point with these tags on no host, as names are plain or as they are.
fn labels(of: &[&str], utf8_names: bool) -> String {
    let endpoint = Endpoint::default();
    endpoint.take([Delivery { host: None, ..run([gauge("a", 1.0, of)]) }]);
    let sample = endpoint.samples(Format { syntax: Syntax::Text, utf8_names }).swap_remove(0);
    sample.strip_prefix('a').unwrap().strip_suffix(" 1").unwrap().to_owned()
}

#[test]
fn names_are_made_of_letters_digits_and_underscores() {
    assert_eq!(exposed(gauge("system.disk.in_use", 1.0, &[])), "system_disk_in_use");
    assert_eq!(exposed(gauge("7.ü-x:y", 1.0, &[])), "____x_y");
    assert_eq!(exposed(gauge("", 1.0, &[])), "_");
}

#[test]
fn a_suffix_is_not_said_twice_and_one_of_another_kind_does_not_stand_at_the_end() {
    assert_eq!(exposed(count("requests.total", 1.0, &[])), "requests_total");
    assert_eq!(exposed(count("total", 1.0, &[])), "total_total");
    let bytes = Series { unit: unit("byte").shared(), ..gauge("net.bytes", 1.0, &[]) };
    assert_eq!(exposed(bytes), "net_bytes");
    let total = Series { unit: unit("byte").shared(), ..gauge("mem.total", 1.0, &[]) };
    assert_eq!(exposed(total), "mem_total_bytes");
    for suffix in ["total", "count", "sum", "bucket", "created"] {
        let name = exposed(gauge(&format!("a.{suffix}"), 1.0, &[]));
        assert_eq!(name, format!("a_{suffix}_value"));
    }
}

#[test]
fn a_metric_whose_name_another_one_has_is_refused_and_told_once() {
    let endpoint = Endpoint::default();
    let all = || run([gauge("a.b", 1.0, &[]), gauge("a-b", 2.0, &[]), count("a_b", 3.0, &[])]);
    endpoint.take([all(), all()]);
    assert_eq!(endpoint.samples(TEXT), ["a_b{host=\"web-1\"} 1"]);
    assert_eq!(endpoint.refused(), Amount { series: 4, ..Amount::default() });
    assert_eq!(
        endpoint.told(),
        [
            "`a-b` is not exposed: `a_b` is the name of another metric",
            "`a_b` is not exposed: `a_b` is the name of another metric",
        ]
    );
}

/// `x_count` of a histogram and a metric `x_count` would be one name.
#[test]
fn all_names_of_a_familys_samples_are_its_own() {
    let histogram = || Delivery { sketches: vec![sketch("x", NONE, &[1.0])], ..nothing() };
    for name in ["x", "x.created"] {
        let endpoint = Endpoint::default();
        endpoint.take([histogram(), run([count(name, 1.0, &[])])]);
        assert_eq!(endpoint.refused(), Amount { series: 1, ..Amount::default() }, "{name}");
    }
    let endpoint = Endpoint::default();
    endpoint.take([run([count("x.bucket", 1.0, &[]), gauge("y.info", 1.0, &[])]), histogram()]);
    assert_eq!(endpoint.refused(), Amount { sketches: 1, ..Amount::default() });
}

#[test]
fn tags_are_labels_in_the_order_of_their_names() {
    assert_eq!(
        labels(&["zone:a", "disk:sda", "mount:/var:x"], false),
        "{disk=\"sda\",mount=\"/var:x\",zone=\"a\"}"
    );
    assert_eq!(labels(&[], false), "");
}

#[test]
fn awkward_tags_are_labels_too() {
    for (tags, plain) in [
        (&["only"] as &[&str], "{only=\"true\"}"),
        (&["k:b", "k:a"], "{k=\"a;b\"}"),
        (&["empty:"], ""),
        (&[":v"], "{_=\"v\"}"),
        (
            &["le:1", "quantile:2", "__name__:x"],
            "{tag___name__=\"x\",tag_le=\"1\",tag_quantile=\"2\"}",
        ),
        (&["a.b:x", "1st:y"], "{_st=\"y\",a_b=\"x\"}"),
        (&["a:q\"\\\nr"], "{a=\"q\\\"\\\\\\nr\"}"),
        (&["a:zero\0"], "{a=\"zero\u{fffd}\"}"),
        (&["emoji:🦀"], "{emoji=\"🦀\"}"),
        (&["host:other"], "{host=\"other\"}"),
    ] {
        assert_eq!(labels(tags, false), plain, "{tags:?}");
    }
}

#[test]
fn the_host_is_a_label_and_a_tag_of_that_name_stands_beside_it() {
    let endpoint = Endpoint::default();
    endpoint.take([run([gauge("a", 1.0, &["host:other"])])]);
    assert_eq!(endpoint.samples(TEXT), ["a{host=\"web-1\",tag_host=\"other\"} 1"]);
}

#[test]
fn names_are_as_they_are_for_who_wants_them_so() {
    let endpoint = Endpoint::default();
    let tagged = tags(&["kube.pod:x", "zone:a"]);
    endpoint.take([run([
        Series {
            unit: unit("byte").shared(),
            ..point("disk.read", SeriesKind::Count, 2.0, &tagged)
        },
        point("plain", SeriesKind::Gauge, 1.0, &tags::<&str>(&[])),
    ])]);
    assert_eq!(
        endpoint.text(Format { utf8_names: true, ..OPEN }),
        "# HELP \"disk.read_bytes\" disk.read\n\
         # TYPE \"disk.read_bytes\" counter\n\
         # UNIT \"disk.read_bytes\" bytes\n\
         {\"disk.read_bytes_total\",host=\"web-1\",\"kube.pod\"=\"x\",zone=\"a\"} 2\n\
         {\"disk.read_bytes_created\",host=\"web-1\",\"kube.pod\"=\"x\",zone=\"a\"} 1700000000.5\n\
         # HELP plain plain\n\
         # TYPE plain gauge\n\
         plain{host=\"web-1\"} 1\n\
         # EOF\n"
    );
    endpoint.take([run([Series {
        unit: unit("second").shared(),
        ..point("http.response.seconds", SeriesKind::Gauge, 2.0, &tags::<&str>(&[]))
    }])]);
    let told = |format| {
        let lines = endpoint.text(format);
        let lines =
            lines.lines().filter(|line| line.contains("response") && line.starts_with("# UNIT"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(told(OPEN), ["# UNIT http_response_seconds seconds"]);
    // Prometheus would refuse the whole page for a unit that does not stand behind an underscore.
    assert_eq!(told(Format { utf8_names: true, ..OPEN }), [""; 0]);
    assert_eq!(labels(&["a b:x", "a.b:y"], true), "{\"a b\"=\"x\",\"a.b\"=\"y\"}");
}

/// Two tag sets with the same labels would be one sample twice.
#[test]
fn tags_that_make_the_labels_of_other_tags_are_refused_and_told_once() {
    let endpoint = Endpoint::default();
    let [dot, dash] = [["a.b:x"], ["a-b:x"]].map(|of| tags(&of));
    let run = || {
        run([point("m", SeriesKind::Gauge, 1.0, &dot), point("m", SeriesKind::Gauge, 2.0, &dash)])
    };
    endpoint.take([run(), run()]);
    assert_eq!(endpoint.samples(TEXT), ["m{a_b=\"x\",host=\"web-1\"} 1"]);
    assert_eq!(endpoint.refused(), Amount { series: 2, ..Amount::default() });
    assert_eq!(
        endpoint.told(),
        ["some contexts are not exposed: their tags make the same labels as other ones'"]
    );
}

/// The order of tags, and who made the set, makes no difference.
#[test]
fn the_same_tags_are_the_same_context() {
    let endpoint = Endpoint::default();
    endpoint
        .take([run([count("a", 1.0, &["x:1", "y:2"])]), run([count("a", 2.0, &["y:2", "x:1"])])]);
    assert_eq!(endpoint.samples(TEXT), ["a_total{host=\"web-1\",x=\"1\",y=\"2\"} 3"]);
    assert_eq!(endpoint.exposition.contexts(), 1);
}
