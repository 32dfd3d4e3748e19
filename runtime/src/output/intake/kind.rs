//! What is sent where, and how much of it at once.
//!
//! Of series and log lines the limits are those of the public API; of the others, those that the Agent keeps to.

use crate::output::Amount;

use super::split::{Frame, Limits};

const PROTOBUF: &str = "application/x-protobuf";
const JSON: &str = "application/json";

/// What the Agent sends at most to routes that have no other limit: 2.5 MiB, and 4 MiB before it is compressed.
const OF_AGENT: Limits =
    Limits { compressed: 2_621_440, raw: 4_194_304, items: u64::MAX, item: usize::MAX };

/// A kind of thing that is sent.
#[derive(Debug)]
pub(super) struct Kind {
    /// What many of it are called.
    pub(super) name: &'static str,
    pub(super) route: &'static str,
    pub(super) content_type: &'static str,
    pub(super) limits: Limits,
    pub(super) frame: Frame<'static>,
    /// So many of it.
    pub(super) amount: fn(u64) -> Amount,
}

pub(super) static SERIES_V2: Kind = Kind {
    name: "series",
    route: "/api/v2/series",
    content_type: PROTOBUF,
    limits: Limits { compressed: 512_000, raw: 5_242_880, items: 10_000, item: usize::MAX },
    frame: Frame::NONE,
    amount: |series| Amount { series, ..Amount::default() },
};

pub(super) static SERIES_V1: Kind = Kind {
    name: "series",
    route: "/api/v1/series",
    content_type: JSON,
    limits: OF_AGENT,
    frame: Frame { start: "{\"series\":[", between: ",", end: "]}" },
    amount: |series| Amount { series, ..Amount::default() },
};

pub(super) static SKETCHES: Kind = Kind {
    name: "sketches",
    route: "/api/beta/sketches",
    content_type: PROTOBUF,
    limits: OF_AGENT,
    frame: Frame::NONE,
    amount: |sketches| Amount { sketches, ..Amount::default() },
};

pub(super) static SERVICE_CHECKS: Kind = Kind {
    name: "service checks",
    route: "/api/v1/check_run",
    content_type: JSON,
    limits: OF_AGENT,
    frame: Frame::LIST,
    amount: |service_checks| Amount { service_checks, ..Amount::default() },
};

/// Every source has a frame of its own.
pub(super) static EVENTS: Kind = Kind {
    name: "events",
    route: "/intake/",
    content_type: JSON,
    limits: OF_AGENT,
    frame: Frame::NONE,
    amount: |events| Amount { events, ..Amount::default() },
};

pub(super) static LOGS: Kind = Kind {
    name: "log lines",
    route: "/api/v2/logs",
    content_type: JSON,
    limits: Limits { compressed: 5_000_000, raw: 5_000_000, items: 1_000, item: 1_000_000 },
    frame: Frame::LIST,
    amount: |logs| Amount { logs, ..Amount::default() },
};
