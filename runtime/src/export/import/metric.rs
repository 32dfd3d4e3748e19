//! A metric as a record declares it: kind and unit such that the export is the row that it came from.

use crate::aggregate::{SeriesKind, unit_of_series};
use crate::export::metadata::short_name;
use crate::metric::{InAppType, Kind, Orientation, UnitName};

use super::row::Row;

/// What a field of a record says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Metric {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) in_app: Option<InAppType>,
    pub(super) unit: UnitName,
    pub(super) interval: Option<u32>,
    pub(super) description: String,
    pub(super) orientation: Orientation,
    /// Nothing if the one that is made of the name will do.
    pub(super) short_name: Option<String>,
    pub(super) curated: Vec<String>,
    pub(super) tags: Vec<String>,
}

impl From<Row> for Metric {
    fn from(row: Row) -> Self {
        let (kind, unit) = declared(row.kind, row.unit);
        let derived = short_name(None, &row.name) == row.short_name;
        Self {
            name: row.name,
            kind,
            in_app: (row.kind == SeriesKind::Rate).then_some(InAppType::Rate),
            unit,
            interval: row.interval,
            description: row.description,
            orientation: row.orientation,
            short_name: (!derived).then_some(row.short_name),
            curated: row.curated,
            tags: row.tags,
        }
    }
}

/// The kind and unit whose points arrive as this type in this unit.
///
/// A count may be a total that grows or what was added since the last run: the file does not tell, and totals are what
/// most servers have. A `Rate` divides its unit by the second; where no unit comes out of that as it should, a gauge takes
/// values per second.
fn declared(kind: SeriesKind, unit: UnitName) -> (Kind, UnitName) {
    match kind {
        SeriesKind::Gauge => (Kind::Gauge, unit),
        SeriesKind::Count => (Kind::MonotonicCount, unit),
        SeriesKind::Rate => {
            let plain = |name| UnitName { name, per: "" };
            let candidates = [plain(unit.name), unit, plain("second"), plain("millisecond")];
            let right = |candidate: &UnitName| unit_of_series(Kind::Rate, *candidate) == unit;
            match candidates.into_iter().find(right) {
                Some(candidate) => (Kind::Rate, candidate),
                None => (Kind::Gauge, unit),
            }
        }
    }
}
