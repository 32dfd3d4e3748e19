//! Totals of records that a scrape has filled: which of them count from zero, and how many a run has submitted.

use super::batch::Batch;
use super::descriptor::Descriptor;
use super::kind::Kind;

/// The name that an exposition has for a metric, if it is a total that a scrape fills.
pub(super) fn total_of(descriptor: &Descriptor) -> Option<&'static str> {
    let is_total = matches!(descriptor.kind(), Some(Kind::MonotonicCount | Kind::Distribution));
    descriptor.from.filter(|_| is_total)
}

impl Batch {
    /// An endpoint was scraped, where totals of these names that are new count from zero or do not. With several endpoints in a run, they
    /// count if they do at each.
    #[cfg(feature = "openmetrics")]
    pub(crate) fn scraped(&mut self, totals: impl IntoIterator<Item = (&'static str, bool)>) {
        for (name, counts) in totals {
            *self.scraped.entry(name).or_insert(true) &= counts;
        }
    }

    /// How many totals were submitted, by the names that the exposition has for them; of distributions, how many buckets.
    #[cfg(feature = "openmetrics")]
    pub(crate) fn scraped_totals(&self) -> std::collections::HashMap<&'static str, usize> {
        let rows = self.rows.iter().map(|row| row.descriptor);
        let buckets = self.buckets.iter().map(|row| row.descriptor);
        let mut totals = std::collections::HashMap::new();
        for name in rows.chain(buckets).filter_map(total_of) {
            *totals.entry(name).or_default() += 1;
        }
        totals
    }

    /// The first value of a total counts: its record says so, or it is new at an endpoint that is known.
    #[inline]
    pub(super) fn flushes_first(&self, descriptor: &Descriptor) -> bool {
        descriptor.flush_first_value
            || (!self.scraped.is_empty() && self.counts_where_scraped(descriptor))
    }

    /// The same of a scrape's total. Most runs scrape nothing, and what all samples go through stays small.
    #[cold]
    #[inline(never)]
    fn counts_where_scraped(&self, descriptor: &Descriptor) -> bool {
        let counts = |name| self.scraped.get(name).copied().unwrap_or_default();
        total_of(descriptor).is_some_and(counts)
    }
}
