//! A label that is a number: the bound of a bucket, or a quantile.

use crate::metric::{LabelValue, TagText, TagValue};

use super::map::text_of_number;

/// A number that a label holds, such as `le` or `quantile`. As a tag it is written as Datadog's check writes it, `0.5` or `inf`, however
/// the exposition does.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Number(pub f64);

impl LabelValue for Number {
    fn from_label(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self)
    }
}

impl TagValue for Number {
    fn write(&self, out: &mut TagText<'_>) {
        out.push_str(&text_of_number(self.0));
    }
}
