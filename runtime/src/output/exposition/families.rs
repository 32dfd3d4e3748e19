//! The families by name: which one a metric belongs to, and whose a name is.

use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher;
use std::ops::Bound;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::metric::UnitName;

use super::family::{Family, Metric};
use super::name::Kind;
use super::slots::Slots;

/// All families.
#[derive(Debug, Default)]
pub(super) struct Families {
    all: Slots<Family>,
    by_name: BTreeMap<Arc<str>, u32>,
    /// The names of all samples.
    taken: HashSet<Box<str>, FixedState>,
    routes: HashTable<Route>,
}

/// Where a metric's points go.
#[derive(Debug)]
struct Route {
    name: Box<str>,
    kind: Kind,
    unit: UnitName,
    /// The family, or the name that belongs to another one.
    to: Result<u32, NoFamily>,
}

/// Why a metric has no family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoFamily {
    /// This name belongs to another one.
    Taken(Box<str>),
    /// No new one may be made.
    TooMany,
}

impl Families {
    /// The family of a metric, made if there is none yet and it may be, unless its name is another one's.
    pub(super) fn of(
        &mut self,
        metric: Metric<'_>,
        may_be_new: bool,
        make: impl FnOnce() -> Family,
    ) -> Result<&mut Family, NoFamily> {
        let hash = hash(metric.name);
        let found = self.routes.find(hash, |route| route.is_of(metric));
        let to = match found {
            Some(route) => route.to.clone(),
            None if may_be_new => self.add(metric, hash, make),
            None => Err(NoFamily::TooMany),
        };
        self.all.get_mut(to?).ok_or(NoFamily::TooMany)
    }

    #[cold]
    fn add(
        &mut self,
        metric: Metric<'_>,
        hash: u64,
        make: impl FnOnce() -> Family,
    ) -> Result<u32, NoFamily> {
        let family = make();
        let is_taken = family.names().any(|name| self.taken.contains(name.as_str()));
        let to = if is_taken {
            Err(NoFamily::Taken(family.name.plain))
        } else {
            Ok(self.insert(family))
        };
        let Metric { name, kind, unit } = metric;
        let route = Route { name: name.into(), kind, unit, to: to.clone() };
        self.routes.insert_unique(hash, route, |route| self::hash(&route.name));
        to
    }

    fn insert(&mut self, family: Family) -> u32 {
        self.taken.extend(family.names().map(String::into_boxed_str));
        let name = Arc::from(&*family.name.plain);
        let place = self.all.insert(family);
        self.by_name.insert(name, place);
        place
    }

    /// The first family at or behind a place in the order of their names.
    pub(super) fn from(&self, bound: Bound<&str>) -> Option<(&Arc<str>, &Family)> {
        let (name, place) = self.by_name.range::<str, _>((bound, Bound::Unbounded)).next()?;
        Some((name, self.all.get(*place)?))
    }

    pub(super) fn named_mut(&mut self, name: &str) -> Option<&mut Family> {
        self.all.get_mut(*self.by_name.get(name)?)
    }

    /// Removes a family.
    pub(super) fn remove(&mut self, name: &str) {
        let place = self.by_name.remove(name);
        let Some(family) = place.and_then(|place| self.all.remove(place)) else { return };
        for name in family.names() {
            self.taken.remove(name.as_str());
        }
        let metric = Metric { name: &family.metric, kind: family.kind, unit: family.unit };
        let is_it = |route: &Route| route.is_of(metric);
        if let Ok(entry) = self.routes.find_entry(hash(metric.name), is_it) {
            entry.remove();
        }
    }

    /// Forgets which metrics were refused: their names may be free now.
    pub(super) fn forget_refused(&mut self) {
        self.routes.retain(|route| route.to.is_ok());
    }

    /// So many metrics are known, refused ones included.
    pub(super) fn known(&self) -> usize {
        self.routes.len()
    }
}

impl Route {
    fn is_of(&self, metric: Metric<'_>) -> bool {
        *self.name == *metric.name && self.kind == metric.kind && self.unit == metric.unit
    }
}

fn hash(name: &str) -> u64 {
    FixedState::default().hash_one(name)
}
