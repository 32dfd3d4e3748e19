//! Sketches of distributions, as `SketchPayload`.

use std::sync::Arc;

use crate::aggregate::SketchSeries;
use crate::output::Delivery;

use super::tags;
use crate::output::wire::Wire;

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
    out.message(1, |out| {
        out.text_unless_empty(1, &series.name);
        out.text_unless_empty(2, host);
        for tag in tags::without_internal(&series.tags) {
            out.text(4, tag);
        }
        out.message(7, |out| dogsketch(out, series));
    });
}

fn dogsketch(out: &mut Vec<u8>, series: &SketchSeries) {
    let sketch = &series.sketch;
    out.number_unless_zero(1, series.timestamp.cast_unsigned());
    out.number_unless_zero(2, sketch.count());
    out.double_unless_zero(3, sketch.min());
    out.double_unless_zero(4, sketch.max());
    out.double_unless_zero(5, sketch.mean());
    out.double_unless_zero(6, sketch.sum());
    if sketch.bins().is_empty() {
        return;
    }
    out.message(7, |out| {
        sketch.bins().iter().for_each(|(key, _)| out.packed_signed(i32::from(*key)));
    });
    out.message(8, |out| {
        sketch.bins().iter().for_each(|(_, count)| out.packed(u64::from(*count)));
    });
}
