//! From the samples of runs to points: what the Datadog Agent does with the samples of a check.
//!
//! One [`Sampler`] belongs to one instance. Every run's batch is added to it, and a commit takes the points out.
//! The rules are those of the Agent's check sampler, so that a check's data is the same whoever runs it.

mod baselines;
mod bucket;
mod context;
mod cursor;
mod histogram;
mod monotonic;
mod owner;
mod rate;
mod sampler;
mod seen;
mod series;
mod sketch;
mod state;
mod tag_set;

pub use baselines::{Baseline, Baselines, Reading};
pub use histogram::AGGREGATES as HISTOGRAM_AGGREGATES;
pub use sampler::Sampler;
pub use series::{Flush, Rejected, Series, SeriesKind, SketchSeries, unit_of_series};
pub use sketch::Sketch;
pub use tag_set::TagSet;
