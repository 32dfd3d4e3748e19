//! From the samples of an exposition to metrics: which families are submitted, as what, and with which tags.
//!
//! The rules are those of Datadog's `OpenMetricsBaseCheckV2`. What is looked up by name or by text of labels is remembered for as
//! long as it is seen, within bounds.

mod buckets;
mod collect;
mod growth;
mod labels;
mod lanes;
mod native;
mod number;
mod plan;
mod resting;
mod run;
mod sets;
mod share;
mod sink;
mod submit;
mod transform;
mod visit;

pub(super) use collect::Collector;
pub(super) use number::text as text_of_number;
pub(super) use run::{Findings, Mapper, Run};
pub(super) use share::Shared;
