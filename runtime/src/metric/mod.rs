//! What a run yields: kinds, units, names, records and the batch that they are written to.

mod batch;
mod buckets;
#[doc(hidden)]
pub mod derived;
mod descriptor;
mod dynamic;
mod emitter;
mod event;
mod field;
#[cfg(feature = "openmetrics")]
mod kept;
mod kind;
mod label;
mod limits;
mod name;
mod record;
mod sample;
mod scraped;
mod shared_name;
mod status;
mod tag;
mod unit;
pub mod units;

#[cfg(feature = "openmetrics")]
pub(crate) use batch::hash_of_label;
pub use batch::{Batch, Drops};
pub(crate) use batch::{Lineage, hash_of_tag};
pub use buckets::Buckets;
pub use descriptor::{
    Declaration, Declared, Descriptor, InAppType, Nested, Orientation, Record, TagKey,
};
pub use dynamic::{
    Bucket, Dynamic, DynamicEmitter, DynamicMetric, DynamicTags, Listed, Metric, TagSetPlace,
};
pub use emitter::{Emitter, TagWriter};
pub use event::{AlertType, Event, Log, Priority};
pub use field::{Field, OneSeries};
#[cfg(feature = "openmetrics")]
pub(crate) use kept::KeptSets;
pub use kind::{Count, Distribution, Gauge, Histogram, Kind, MonotonicCount, Rate};
pub use label::LabelValue;
pub use limits::{Filter, Limits};
pub use name::{MAX_METRIC_NAME, MAX_TAG, normalize};
pub use record::{Keyed, Metrics};
pub use sample::{BucketSample, Sample, ServiceCheckSample, Tags};
pub use shared_name::MetricName;
pub use status::{ServiceCheck, Status};
#[doc(hidden)]
pub use tag::Displayed;
pub use tag::{TagText, TagValue, tag};
#[cfg(any(feature = "cli", feature = "outputs"))]
pub(crate) use unit::TIMES as TIME_UNITS;
pub use unit::{Per, TimeUnit, Unit, UnitName, Unitless};
