//! Sketches of distributions, as `SketchPayload`.

use std::sync::Arc;

use crate::aggregate::SketchSeries;
use crate::output::Delivery;

use super::tags;
use super::wire;

/// A sketch and the host that it is of.
pub(super) fn all<'d>(
    deliveries: &'d [Arc<Delivery>],
) -> impl Iterator<Item = (&'d SketchSeries, &'d str)> {
    deliveries.iter().flat_map(|delivery| {
        let host = move |one: &'d SketchSeries| one.tags.host().unwrap_or_else(|| delivery.host());
        delivery.sketches.iter().map(move |one| (one, host(one)))
    })
}

/// Every number in it is one: a sum of finite values may not be.
pub(super) fn is_finite(series: &SketchSeries) -> bool {
    let sketch = &series.sketch;
    [sketch.min(), sketch.max(), sketch.mean(), sketch.sum()].into_iter().all(f64::is_finite)
}

/// A message `Sketch`, in a `SketchPayload`.
pub(super) fn write(out: &mut Vec<u8>, series: &SketchSeries, host: &str) {
    wire::message::<2>(out, 1, |out| {
        wire::text(out, 1, &series.name);
        wire::text(out, 2, host);
        for tag in tags::without_internal(&series.tags) {
            wire::item(out, 4, tag);
        }
        wire::message::<2>(out, 7, |out| dogsketch(out, series));
    });
}

fn dogsketch(out: &mut Vec<u8>, series: &SketchSeries) {
    let sketch = &series.sketch;
    wire::integer(out, 1, series.timestamp);
    wire::integer(out, 2, sketch.count().cast_signed());
    wire::double(out, 3, sketch.min());
    wire::double(out, 4, sketch.max());
    wire::double(out, 5, sketch.mean());
    wire::double(out, 6, sketch.sum());
    if sketch.bins().is_empty() {
        return;
    }
    wire::message::<1>(out, 7, |out| {
        sketch.bins().iter().for_each(|(key, _)| wire::zigzag(out, i32::from(*key)));
    });
    wire::message::<1>(out, 8, |out| {
        sketch.bins().iter().for_each(|(_, count)| wire::varint(out, u64::from(*count)));
    });
}
