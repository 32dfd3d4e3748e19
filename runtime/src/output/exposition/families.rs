//! The families by name: which one a metric belongs to, and whose a name is.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::ops::Bound;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::metric::UnitName;

use super::family::Family;
use super::name::{FamilyName, Kind};
use super::slots::Slots;

/// What a metric is known by. Metrics of one name and different kinds are different ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Metric<'n> {
    pub(super) name: &'n str,
    pub(super) kind: Kind,
    pub(super) unit: UnitName,
}

/// All families.
#[derive(Debug, Default)]
pub(super) struct Families {
    all: Slots<Family>,
    by_name: BTreeMap<Arc<str>, u32>,
    /// Whose the names of samples are.
    taken: HashMap<Cow<'static, str>, u32, FixedState>,
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
        make: impl FnOnce(FamilyName) -> Family,
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
        make: impl FnOnce(FamilyName) -> Family,
    ) -> Result<u32, NoFamily> {
        let Metric { name, kind, unit } = metric;
        let family_name = FamilyName::new(name, kind, unit);
        let names =
            || kind.suffixes().iter().map(|suffix| format!("{}{suffix}", family_name.plain));
        let to = match names().find(|name| self.taken.contains_key(name.as_str())) {
            Some(_) => Err(NoFamily::Taken(family_name.plain.clone())),
            None => {
                let place = self.all.insert(make(family_name.clone()));
                self.by_name.insert(Arc::from(&*family_name.plain), place);
                self.taken.extend(names().map(|name| (Cow::Owned(name), place)));
                Ok(place)
            }
        };
        let route = Route { name: name.into(), kind, unit, to: to.clone() };
        self.routes.insert_unique(hash, route, |route| self::hash(&route.name));
        to
    }

    /// The first family at or behind a place in the order of their names.
    pub(super) fn from(&self, bound: Bound<&str>) -> Option<(&Arc<str>, &Family)> {
        let (name, place) = self.by_name.range::<str, _>((bound, Bound::Unbounded)).next()?;
        Some((name, self.all.get(*place)?))
    }

    pub(super) fn named_mut(&mut self, name: &str) -> Option<&mut Family> {
        self.all.get_mut(*self.by_name.get(name)?)
    }

    /// Removes a family; metrics whose names it had may have them now.
    pub(super) fn remove(&mut self, name: &str) {
        let Some(place) = self.by_name.remove(name) else { return };
        self.all.remove(place);
        self.taken.retain(|_, of| *of != place);
        self.routes.retain(|route| route.to.as_ref().is_ok_and(|to| *to != place));
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
