//! What the samples of a histogram must be like together.

use crate::openmetrics::parse::problem::Mistake;

use super::family::Owned;
use super::openmetrics::{group_of, wrong};

/// What has been seen of the buckets of a group.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each may be there or not")]
struct Seen {
    bound: Option<f64>,
    value: f64,
    count: Option<f64>,
    has_sum: bool,
    has_gauge_sum: bool,
    has_negative_gauge_sum: bool,
    has_negative_bounds: bool,
}

/// Checks every group of a histogram's samples.
pub(super) fn check(samples: &[Owned], name: &str) -> Result<(), Mistake> {
    let mut current = None;
    let mut seen = Seen::default();
    for sample in samples {
        let ending = &sample.name[name.len()..];
        if ending.is_empty() {
            continue;
        }
        let group = (group_of(sample, name, "histogram")?, sample.timestamp.map(f64::to_bits));
        if current.as_ref() != Some(&group) {
            if current.is_some() {
                seen.check(name)?;
            }
            seen = Seen::default();
            current = Some(group);
        }
        seen.add(sample, ending, name)?;
    }
    if current.is_some() { seen.check(name) } else { Ok(()) }
}

impl Seen {
    fn add(&mut self, sample: &Owned, ending: &str, name: &str) -> Result<(), Mistake> {
        match ending {
            "_bucket" => {
                let bound = sample.label("le").and_then(|bound| bound.trim().parse::<f64>().ok());
                let bound = bound.unwrap_or(f64::NAN);
                self.has_negative_bounds |= bound < 0.0;
                if self.bound.is_some_and(|before| bound <= before) {
                    return wrong(format!("Buckets out of order: {name}"));
                }
                if sample.value < self.value {
                    return wrong(format!("Bucket values out of order: {name}"));
                }
                (self.bound, self.value) = (Some(bound), sample.value);
            }
            "_count" | "_gcount" => self.count = Some(sample.value),
            "_sum" => self.has_sum = true,
            "_gsum" => {
                self.has_gauge_sum = true;
                self.has_negative_gauge_sum |= sample.value < 0.0;
            }
            _ => {}
        }
        Ok(())
    }

    #[expect(clippy::float_cmp, reason = "counts are compared as they are written")]
    fn check(&self, name: &str) -> Result<(), Mistake> {
        let has_any_sum = self.has_sum || self.has_gauge_sum;
        if self.bound != Some(f64::INFINITY) {
            return wrong(format!("+Inf bucket missing: {name}"));
        }
        if self.count.is_some_and(|count| count != self.value) {
            return wrong(format!("Count does not match +Inf value: {name}"));
        }
        if has_any_sum != self.count.is_some() {
            return wrong(format!("Sum and count must be there together: {name}"));
        }
        if self.has_negative_bounds && self.has_sum {
            return wrong(format!("Cannot have _sum with negative buckets: {name}"));
        }
        if !self.has_negative_bounds && self.has_negative_gauge_sum {
            return wrong(format!("Cannot have negative _gsum with non-negative buckets: {name}"));
        }
        Ok(())
    }
}
