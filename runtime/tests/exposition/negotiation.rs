//! What a scraper gets for what it asks.

use allwell::output::exposition::{Coding, Offer};

fn offered(accept: &str, utf8_names: bool) -> Option<String> {
    Offer::best(Some(accept), utf8_names).map(|offer| offer.content_type())
}

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
const OPEN: &str =
    "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores";

/// What Prometheus 2.42 sends, and what 3.x does.
const PROMETHEUS_2: &str = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
const PROMETHEUS_3: &str = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
const PROMETHEUS_3_PROTOBUF: &str = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,*/*;q=0.2";

#[test]
fn the_format_is_the_best_that_is_asked_for() {
    for (accept, expected) in [
        ("", Some(TEXT)),
        ("*/*", Some(TEXT)),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(TEXT)),
        ("text/plain", Some(TEXT)),
        ("TEXT/Plain; Version=0.0.4", Some(TEXT)),
        ("text/*;q=0.3, application/openmetrics-text;q=0.3", Some(TEXT)),
        ("application/openmetrics-text, text/plain", Some(OPEN)),
        ("application/*", Some(OPEN)),
        ("application/openmetrics-text; version=\"1.0.0\"", Some(OPEN)),
        (
            "application/openmetrics-text;version=0.0.1",
            Some("application/openmetrics-text; version=0.0.1; charset=utf-8"),
        ),
        (
            "text/plain;version=1.0.0",
            Some("text/plain; version=1.0.0; charset=utf-8; escaping=underscores"),
        ),
        ("text/plain;version=0.0.4;q=0, */*;q=0.1", Some(OPEN)),
        ("text/plain;version=7, application/openmetrics-text;q=0.1", Some(OPEN)),
        (PROMETHEUS_2, Some(OPEN)),
        (PROMETHEUS_3, Some(OPEN)),
        (PROMETHEUS_3_PROTOBUF, Some(OPEN)),
        ("application/json", None),
        ("*/*;q=0", None),
        ("text/plain;version=7", None),
        ("application/openmetrics-text;version=2.0.0", None),
        ("nonsense", None),
    ] {
        assert_eq!(offered(accept, false).as_deref(), expected, "{accept}");
    }
    assert_eq!(Offer::best(None, true).unwrap().content_type(), TEXT);
}

#[test]
fn names_are_as_they_are_where_both_sides_want_it() {
    let utf8 = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8";
    assert_eq!(offered(PROMETHEUS_3, true).as_deref(), Some(utf8));
    assert_eq!(offered(PROMETHEUS_2, true).as_deref(), Some(OPEN));
    let text = "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8";
    assert_eq!(
        offered("text/plain;version=1.0.0;escaping=allow-utf-8", true).as_deref(),
        Some(text)
    );
    assert_eq!(
        offered("text/plain;version=0.0.4;escaping=allow-utf-8", true).as_deref(),
        Some(TEXT)
    );
    for other in ["underscores", "dots", "values"] {
        let accept = format!("application/openmetrics-text;version=1.0.0;escaping={other}");
        assert_eq!(offered(&accept, true).as_deref(), Some(OPEN));
    }
}

#[test]
fn the_coding_is_the_best_that_is_asked_for() {
    for (accept, expected) in [
        ("gzip", Some(Coding::Gzip)),
        ("gzip, zstd", Some(Coding::Zstd)),
        ("gzip;q=1.0, zstd;q=0.5", Some(Coding::Gzip)),
        ("br, deflate", Some(Coding::Identity)),
        ("", Some(Coding::Identity)),
        ("*", Some(Coding::Zstd)),
        ("gzip;q=0", Some(Coding::Identity)),
        ("X-GZIP", Some(Coding::Gzip)),
        ("identity, gzip;q=0.5", Some(Coding::Identity)),
        ("identity;q=0, gzip;q=0.1", Some(Coding::Gzip)),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("*;q=0, gzip", Some(Coding::Gzip)),
    ] {
        assert_eq!(Coding::best(Some(accept)), expected, "{accept}");
    }
    assert_eq!(Coding::best(None), Some(Coding::Identity));
}
