//! What contexts are of: declared metrics, or those whose names are known only at run time.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::metric::{Declared, Descriptor, DynamicMetric, Metric, MetricName, UnitName};

use super::series::unit_of_series;

/// Up to how many things looking at all of them costs no more than an index.
pub(super) const FEW: usize = 8;

/// What a context is of, for as long as it is remembered.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    of: Of,
    /// What its points measure.
    pub(super) unit: &'static UnitName,
}

#[derive(Debug, Clone)]
enum Of {
    Declared(&'static Descriptor),
    Dynamic(Arc<DynamicMetric>),
}

pub(super) const NO_UNIT: &UnitName = &UnitName { name: "", per: "" };

impl Owner {
    fn new(metric: Metric<'_>) -> Self {
        let of = match metric {
            Metric::Declared(descriptor) => Of::Declared(descriptor),
            Metric::Dynamic(metric) => Of::Dynamic(Arc::clone(metric)),
        };
        let unit = match metric.declared() {
            Declared::Metric { unit, .. } if unit == *NO_UNIT => NO_UNIT,
            Declared::Metric { kind, unit } => unit_of_series(kind, unit).shared(),
            Declared::ServiceCheck => NO_UNIT,
        };
        Self { of, unit }
    }

    fn metric(&self) -> Metric<'_> {
        match &self.of {
            Of::Declared(descriptor) => Metric::Declared(descriptor),
            Of::Dynamic(metric) => Metric::Dynamic(metric),
        }
    }

    pub(super) fn name(&self) -> &str {
        self.metric().name()
    }

    /// The name, for a point.
    pub(super) fn name_of_series(&self) -> MetricName {
        self.metric().name_kept()
    }

    /// Metrics are told apart by name; most often the address tells already.
    #[inline]
    pub(super) fn is(&self, metric: Metric<'_>) -> bool {
        match (&self.of, metric) {
            (Of::Declared(own), Metric::Declared(other)) if std::ptr::eq(*own, other) => true,
            (Of::Dynamic(own), Metric::Dynamic(other)) if Arc::ptr_eq(own, other) => true,
            _ => self.name() == metric.name(),
        }
    }
}

/// A place among the owners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OwnerPlace(u32);

/// What the contexts of a sampler are of. Each stands here once, since a context has no room for it.
#[derive(Debug, Default)]
pub(super) struct Owners {
    all: Vec<Owner>,
    /// Places by name, once there are more than a few.
    by_name: Option<Box<HashTable<u32>>>,
}

impl Owners {
    #[inline]
    pub(super) fn at(&self, place: OwnerPlace) -> &Owner {
        &self.all[place.0 as usize]
    }

    /// The place of a metric, a new one if need be.
    pub(super) fn place(&mut self, metric: Metric<'_>) -> OwnerPlace {
        match self.find(metric) {
            Some(place) => OwnerPlace(place),
            None => self.add(Owner::new(metric)),
        }
    }

    fn find(&self, metric: Metric<'_>) -> Option<u32> {
        if let Some(by_name) = &self.by_name {
            let is_it = |place: &u32| self.all[*place as usize].is(metric);
            return by_name.find(hash(metric.name()), is_it).copied();
        }
        self.all.iter().position(|owner| owner.is(metric)).map(place_of)
    }

    fn add(&mut self, owner: Owner) -> OwnerPlace {
        let place = place_of(self.all.len());
        if self.all.len() < FEW {
            self.all.reserve_exact(1);
        }
        self.all.push(owner);
        if self.all.len() > FEW {
            self.list(place);
        }
        OwnerPlace(place)
    }

    fn list(&mut self, place: u32) {
        let all = &self.all;
        let hash = |place: &u32| hash(all[*place as usize].name());
        if let Some(by_name) = &mut self.by_name {
            by_name.insert_unique(hash(&place), place, hash);
            return;
        }
        let mut by_name = HashTable::with_capacity(all.len());
        for place in (0..all.len()).map(place_of) {
            by_name.insert_unique(hash(&place), place, hash);
        }
        self.by_name = Some(Box::new(by_name));
    }

    /// Forgets the owners that are not `used`, and changes each place there to the one it has now.
    pub(super) fn keep<'c>(&mut self, used: impl Iterator<Item = &'c mut OwnerPlace>) {
        let before = std::mem::take(self);
        let mut moved: Vec<Option<OwnerPlace>> = vec![None; before.all.len()];
        for place in used {
            let old = place.0 as usize;
            *place = *moved[old].get_or_insert_with(|| self.add(before.all[old].clone()));
        }
    }
}

fn hash(name: &str) -> u64 {
    FixedState::default().hash_one(name)
}

/// A place among things of which 4 billion would not fit into memory.
pub(super) fn place_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
