//! Payloads keep to every limit, and together hold everything once, in order.

use std::sync::Arc;

use allwell::metric::Log;
use allwell::output::Delivery;
use allwell::output::forward::Payload;
use allwell::output::intake::{Compression, Encoded};
use proptest::prelude::*;
use prost::Message;

use crate::messages::MetricPayload;
use crate::support::{body, delivery, encode, form, json, noise, of_series, series, tag_set};

const MOST_COMPRESSED: usize = 512_000;
const MOST_RAW: usize = 5_242_880;

/// The names of the series in payloads, which keep to the limits and say how much is in them.
fn names(payloads: &[Payload]) -> Vec<String> {
    let of = |payload: &Payload| {
        let bytes = body(payload);
        assert!(payload.body.len() <= MOST_COMPRESSED, "{}", payload.body.len());
        assert!(bytes.len() < MOST_RAW, "{}", bytes.len());
        let series = MetricPayload::decode(&*bytes).unwrap().series;
        assert!(series.len() <= 10_000);
        assert_eq!(payload.amount.series, series.len() as u64);
        series.into_iter().map(|one| one.metric).collect::<Vec<_>>()
    };
    payloads.iter().flat_map(of).collect()
}

fn encoded(names: &[String], compression: Compression) -> Encoded {
    let tags = tag_set(["a:b"], None);
    let all = names.iter().map(|name| series(name.clone(), 1.0, &tags)).collect();
    encode(form(compression), &of_series(all))
}

#[test]
fn ten_thousand_points_are_a_payload_and_one_more_is_another() {
    let all: Vec<_> = (0..10_001).map(|number| format!("x.{number}")).collect();
    let encoded = encoded(&all, Compression::Zstd);
    let counts: Vec<_> = encoded.payloads.iter().map(|payload| payload.amount.series).collect();
    assert_eq!(counts, [10_000, 1]);
    assert_eq!(names(&encoded.payloads), all);
}

#[test]
fn what_compresses_badly_is_split_by_what_it_becomes_and_payloads_are_nearly_full() {
    let all: Vec<_> = (0..6_000).map(|number| noise(number, 400)).collect();
    for compression in [Compression::Zstd, Compression::Deflate, Compression::None] {
        let encoded = encoded(&all, compression);
        assert_eq!(names(&encoded.payloads), all, "{compression:?}");
        let (last, full) = encoded.payloads.split_last().unwrap();
        assert!(last.body.len() <= MOST_COMPRESSED && full.len() >= 3, "{compression:?}");
        for payload in full {
            assert!(payload.body.len() > MOST_COMPRESSED * 95 / 100, "{compression:?}");
        }
    }
}

#[test]
fn what_compresses_well_is_split_by_what_it_was() {
    let all: Vec<_> = (0..400).map(|number| format!("{number}").repeat(10_000)).collect();
    let encoded = encoded(&all, Compression::Zstd);
    assert_eq!(names(&encoded.payloads), all);
    let sizes: Vec<_> = encoded.payloads.iter().map(|payload| body(payload).len()).collect();
    assert!(sizes.len() == 3 && sizes[..2].iter().all(|size| *size > MOST_RAW - 40_000));
}

#[test]
fn what_is_too_big_even_alone_is_refused_by_name_and_the_rest_goes_on() {
    let huge = "x".repeat(MOST_RAW);
    let dense = format!("dense.{}", noise(1, 700_000));
    let big_but_regular = "y".repeat(2_000_000);
    let all =
        ["a".to_owned(), huge, "b".to_owned(), dense, big_but_regular.clone(), "c".to_owned()];
    let encoded = encoded(&all, Compression::Zstd);
    assert_eq!(names(&encoded.payloads), ["a", "b", &big_but_regular, "c"]);
    assert_eq!(encoded.refused.amount.series, 2);
    let message = encoded.refused.last.unwrap();
    assert!(message.starts_with("`dense."), "{message}");
    let limits = "` is larger than series may be: 5242880 bytes, 512000 compressed";
    assert!(message.ends_with(limits) && message.len() < 200, "{message}");
}

#[test]
fn log_lines_have_limits_of_their_own() {
    let line = |length: usize| Log::new("l".repeat(length));
    let logs = (0..1_001).map(|_| line(10)).chain([line(1_000_000), line(999_000)]).collect();
    let delivery = Arc::new(Delivery { logs, ..delivery() });
    let encoded = encode(form(Compression::Zstd), &[delivery]);
    let counts: Vec<_> = encoded.logs.iter().map(|payload| payload.amount.logs).collect();
    assert_eq!(counts, [1_000, 2]);
    assert_eq!(encoded.refused.amount.logs, 1);
    let message = "`disk` is larger than log lines may be: 1000000 bytes, 5000000 compressed";
    assert_eq!(encoded.refused.last.as_deref(), Some(message));
    for payload in &encoded.logs {
        assert_eq!(payload.content_encoding.as_deref(), Some("deflate"));
        assert_eq!(json(payload).as_array().unwrap().len() as u64, payload.amount.logs);
        assert!(body(payload).len() < 5_000_000);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn everything_is_there_once_and_in_order(
        sizes in proptest::collection::vec((any::<u64>(), 0_usize..200_000, any::<bool>()), 1..30),
        compression in prop_oneof![Just(Compression::Zstd), Just(Compression::Deflate)],
    ) {
        let name = |(seed, size, regular): &(u64, usize, bool)| match regular {
            true => format!("{seed}.").repeat(size / 10),
            false => noise(*seed, *size),
        };
        let all: Vec<_> = sizes.iter().map(name).collect();
        let encoded = encoded(&all, compression);
        prop_assert_eq!(names(&encoded.payloads), all);
        prop_assert_eq!(encoded.refused.amount.total(), 0);
    }
}
