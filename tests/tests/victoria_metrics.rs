//! The OpenMetrics endpoint against VictoriaMetrics: what it scrapes, or is given, is what was measured.

use allwell::output::exposition::{Exposition, ExpositionOptions, Format, Syntax};
use allwell_tests::{STRANGE, Scraper, Target, exposed};

fn endpoint() -> Exposition {
    let address = ([127, 0, 0, 1], 0).into();
    exposed(ExpositionOptions { address, ..ExpositionOptions::default() })
}

async fn has_what_was_measured(victoria: &Scraper) {
    let filling = victoria.comes("shop_till_filling_percent").await;
    assert_eq!(filling.len(), 1);
    assert_eq!(filling[0].0.get("strange").map(String::as_str), Some(STRANGE));
    let all: [(&str, f64); 8] = [
        ("shop_till_filling_percent", 15.5),
        ("shop_till_space_bytes", 1e15),
        ("shop_till_receipts_total", 9.0),
        ("shop_till_printed_bytes_total", 2000.0),
        ("shop_till_waited_seconds_count", 3.0),
        ("shop_till_waited_seconds_bucket{le=\"1.0\"}", 1.0),
        ("shop_till_waited_seconds_bucket{le=\"+Inf\"}", 3.0),
        ("shop_till_open", 1.0),
    ];
    for (query, expected) in all {
        let value = victoria.value(query).await;
        assert_eq!(value.to_bits(), expected.to_bits(), "{query}: {value} and not {expected}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_scrapes_is_what_was_measured() {
    let exposition = endpoint();
    let target = Target::plain(exposition.listen().expect("a port is free"));
    has_what_was_measured(&Scraper::victoria_metrics(Some(&target))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_is_given_is_what_was_measured() {
    let exposition = endpoint();
    let victoria = Scraper::victoria_metrics(None);
    let pieces = exposition.text(Format { syntax: Syntax::OpenMetrics, utf8_names: false });
    let text: Vec<u8> = pieces.flatten().collect();
    victoria.post("/api/v1/import/prometheus", &text);
    has_what_was_measured(&victoria).await;
}
