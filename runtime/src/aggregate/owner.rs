//! What a context is of: a declared metric, or one whose name is known only at run time.

use std::borrow::Cow;
use std::sync::Arc;

use crate::metric::{Declared, Descriptor, DynamicMetric, Metric};

/// What a context is of, for as long as it is remembered.
#[derive(Debug, Clone)]
pub(super) enum Owner {
    Declared(&'static Descriptor),
    Dynamic(Arc<DynamicMetric>),
}

impl Owner {
    pub(super) fn of(metric: Metric<'_>) -> Self {
        match metric {
            Metric::Declared(descriptor) => Self::Declared(descriptor),
            Metric::Dynamic(metric) => Self::Dynamic(Arc::clone(metric)),
        }
    }

    fn metric(&self) -> Metric<'_> {
        match self {
            Self::Declared(descriptor) => Metric::Declared(descriptor),
            Self::Dynamic(metric) => Metric::Dynamic(metric),
        }
    }

    pub(super) fn name(&self) -> &str {
        self.metric().name()
    }

    pub(super) fn declared(&self) -> Declared {
        self.metric().declared()
    }

    /// The name, for a point.
    pub(super) fn name_of_series(&self) -> Cow<'static, str> {
        self.metric().static_or_owned_name()
    }

    /// Metrics are told apart by name; most often the address tells already.
    #[inline]
    pub(super) fn is(&self, metric: Metric<'_>) -> bool {
        match (self, metric) {
            (Self::Declared(own), Metric::Declared(other)) if std::ptr::eq(*own, other) => true,
            (Self::Dynamic(own), Metric::Dynamic(other)) if Arc::ptr_eq(own, other) => true,
            _ => self.name() == metric.name(),
        }
    }
}
