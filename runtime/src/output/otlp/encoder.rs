//! From deliveries to requests.

use std::collections::HashMap;
use std::sync::Arc;

use crate::output::{Amount, Catalogue, Delivery};

use super::requests::{Limits, Request};
use super::resource::Resource;
use super::totals::Totals;
use super::{EncodingOptions, HistogramForm, Temporality};

/// What requests are made of, besides deliveries.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) resource: Resource,
    pub(super) catalogue: Arc<Catalogue>,
    /// The version of each check.
    pub(super) versions: HashMap<&'static str, &'static str>,
    pub(super) temporality: Temporality,
    pub(super) histograms: HistogramForm,
    pub(super) limits: Limits,
}

impl Rules {
    /// The version of a check; empty if it is not known.
    pub(super) fn version(&self, check: &str) -> &'static str {
        self.versions.get(check).copied().unwrap_or_default()
    }
}

/// Makes requests, and remembers what they have told.
pub struct Encoder {
    pub(super) rules: Rules,
    pub(super) totals: Totals,
}

/// Requests, and what is in none of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// Requests for `/v1/metrics`.
    pub metrics: Vec<Request>,
    /// Requests for `/v1/logs`.
    pub logs: Vec<Request>,
    /// What is too big for a request of its own.
    pub too_big: Amount,
    /// Points of counts and distributions beyond those million that can be remembered.
    pub too_many: Amount,
}

impl Encoder {
    /// An encoder that begins to count at a time in seconds since the Unix epoch, for metrics that are declared in a catalogue and
    /// checks whose versions are known.
    pub fn new(
        options: &EncodingOptions,
        catalogue: Arc<Catalogue>,
        versions: HashMap<&'static str, &'static str>,
        began: i64,
    ) -> Self {
        let totals = Totals::new(options.temporality, began);
        Self { rules: options.rules(catalogue, versions), totals }
    }

    /// Requests with everything in deliveries. The points of a metric are told together, whatever runs they are of.
    pub fn encode(&mut self, deliveries: &[Arc<Delivery>]) -> Encoded {
        let mut encoded = Encoded::default();
        super::metrics::encode(self, deliveries, &mut encoded);
        super::logs::encode(&self.rules, deliveries, &mut encoded);
        encoded
    }
}

/// Nanoseconds since the Unix epoch, from seconds.
pub(super) fn nanoseconds(seconds: i64) -> u64 {
    u64::try_from(seconds).unwrap_or_default().saturating_mul(1_000_000_000)
}

/// Whole seconds, as points have them.
#[expect(clippy::cast_possible_truncation, reason = "whole seconds are meant")]
pub(super) const fn whole(seconds: f64) -> i64 {
    seconds as i64
}

/// Nanoseconds since the Unix epoch, from seconds with a fraction, to the microsecond.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time before the epoch becomes the epoch"
)]
pub(super) fn precise(seconds: f64) -> u64 {
    ((seconds * 1e6).round() as u64).saturating_mul(1000)
}
