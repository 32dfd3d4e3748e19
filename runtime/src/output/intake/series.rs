//! Points of series: `MetricPayload` for version 2 of the route, JSON for version 1.

use std::sync::Arc;

use crate::aggregate::{Series, SeriesKind};
use crate::output::Delivery;

use super::json::{self, Object};
use super::tags::{self, Encoded, Shared};
use crate::output::wire::Wire;

/// What the Agent's checks are said to come from.
const SOURCE: &str = "System";

/// A series and the host that it is of.
pub(super) fn all<'d>(
    deliveries: &'d [Arc<Delivery>],
) -> impl Iterator<Item = (&'d Series, &'d str)> {
    deliveries.iter().flat_map(|delivery| {
        let host = move |one: &'d Series| one.tags.host().unwrap_or_else(|| delivery.host());
        delivery.series.iter().map(move |one| (one, host(one)))
    })
}

/// A message `MetricSeries`, in a `MetricPayload`.
pub(super) fn write_v2(out: &mut Vec<u8>, series: &Series, shared: &Encoded) {
    out.message(1, |out| {
        out.extend_from_slice(&shared.resources);
        out.text_unless_empty(2, &series.name);
        out.extend_from_slice(&shared.tags);
        out.message(4, |out| {
            out.double_unless_zero(1, series.value);
            out.number_unless_zero(2, series.timestamp.cast_unsigned());
        });
        out.number_unless_zero(5, kind(series.kind));
        out.text_unless_empty(6, unit(series));
        out.text_unless_empty(7, SOURCE);
        out.number_unless_zero(8, Series::INTERVAL.cast_unsigned());
    });
}

/// What series share: the resources of a `MetricSeries`, its host first, and its tags.
pub(super) fn shared_v2<'d>() -> Shared<'d> {
    Shared::new(|set, host, encoded| {
        let mut resource = |kind: &str, name: &str| {
            encoded.resources.message(1, |out| {
                out.text_unless_empty(1, kind);
                out.text_unless_empty(2, name);
            });
        };
        if !host.is_empty() {
            resource("host", host);
        }
        if let Some(device) = tags::device(set) {
            resource("device", device);
        }
        for (kind, name) in tags::resources(set) {
            resource(kind, name);
        }
        for tag in tags::of_series(set) {
            encoded.tags.text(3, tag);
        }
    })
}

/// An object of the list `series`.
pub(super) fn write_v1(out: &mut Vec<u8>, series: &Series, shared: &Encoded) {
    Object::new(out)
        .value("metric", &series.name)
        .value("points", [(series.timestamp, series.value)])
        .fields(&shared.tags)
        .value("type", series.kind.name())
        .value("interval", Series::INTERVAL)
        .value("source_type_name", SOURCE)
        .close();
}

/// What series share: the fields of their tags and host. A device stays a tag: receivers that take this version only because they know
/// no other leave the Agent's field for it out of account, and would take the series of two devices for one.
pub(super) fn shared_v1<'d>() -> Shared<'d> {
    Shared::new(|set, host, encoded| {
        let out = &mut encoded.tags;
        out.extend_from_slice(b",\"tags\":");
        json::list(out, tags::without_internal(set));
        if !host.is_empty() {
            out.extend_from_slice(b",\"host\":");
            json::value(out, host);
        }
    })
}

/// The number of `MetricType`.
const fn kind(kind: SeriesKind) -> u64 {
    match kind {
        SeriesKind::Count => 1,
        SeriesKind::Rate => 2,
        SeriesKind::Gauge => 3,
    }
}

/// The unit, where one word says it: the route has no second field for what it is divided by, and half of it would be wrong.
fn unit(series: &Series) -> &'static str {
    match series.unit.per {
        "" => series.unit.name,
        _ => "",
    }
}
