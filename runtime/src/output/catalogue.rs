//! What is declared of metrics and service checks, by name: what a point does not carry along.

use std::collections::HashMap;

use crate::aggregate::HISTOGRAM_AGGREGATES;
use crate::metric::{Descriptor, Kind};

/// The descriptors of all metrics and service checks that may be delivered.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    by_name: HashMap<&'static str, &'static Descriptor>,
}

impl Catalogue {
    /// A catalogue of these.
    pub fn new(descriptors: impl IntoIterator<Item = &'static Descriptor>) -> Self {
        let named = descriptors.into_iter().map(|descriptor| (descriptor.name, descriptor));
        Self { by_name: named.collect() }
    }

    /// What is declared of a series, sketch or service check. An aggregate of a histogram (`x.avg`) leads to the histogram (`x`).
    pub fn get(&self, name: &str) -> Option<&'static Descriptor> {
        if let Some(found) = self.by_name.get(name) {
            return Some(found);
        }
        let mut histograms = HISTOGRAM_AGGREGATES
            .iter()
            .filter_map(|(suffix, _)| self.by_name.get(name.strip_suffix(suffix)?));
        histograms.find(|found| found.kind() == Some(Kind::Histogram)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::{Declared, UnitName};

    const fn metric(name: &'static str, kind: Kind) -> Descriptor {
        let unit = UnitName { name: "second", per: "" };
        let declared = Declared::Metric { kind, unit };
        Descriptor { declared, ..Descriptor::service_check(name, "How long it takes.") }
    }

    static TIME: Descriptor = metric("web.time", Kind::Histogram);
    static SIZE: Descriptor = metric("web.size", Kind::Gauge);

    #[test]
    fn an_aggregate_leads_to_its_histogram_and_to_nothing_else() {
        let catalogue = Catalogue::new([&TIME, &SIZE]);
        for name in ["web.time", "web.time.avg", "web.time.95percentile"] {
            assert_eq!(catalogue.get(name), Some(&TIME), "{name}");
        }
        assert_eq!(catalogue.get("web.size"), Some(&SIZE));
        for name in ["web.size.avg", "web.time.sum", "web", ".avg"] {
            assert_eq!(catalogue.get(name), None, "{name}");
        }
    }
}
