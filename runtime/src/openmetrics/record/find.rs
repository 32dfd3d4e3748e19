//! Where a sample goes, by its name.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::shape::{Needs, Shape, Source};

/// The records that are to be filled, and which of their fields the samples of a name are for.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) records: Vec<Planned>,
    targets: HashMap<&'static str, Vec<Target>, RandomState>,
    /// The names of all samples that are wanted, sorted.
    names: Vec<&'static str>,
}

/// A record in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    pub(super) shape: &'static Shape,
    /// The record that it stands in.
    pub(super) parent: Option<usize>,
}

/// A field of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub(super) record: usize,
    pub(super) place: usize,
    pub(super) source: &'static Source,
}

impl Plan {
    pub(super) fn new(needs: &Needs) -> Self {
        let mut plan = Self::default();
        plan.add(needs, None);
        plan.names = plan.targets.keys().copied().collect();
        plan.names.sort_unstable();
        plan
    }

    /// Adds records in the order in which they are numbered: each before those within it.
    fn add(&mut self, needs: &Needs, parent: Option<usize>) {
        let shape: &'static Shape = match needs {
            Needs::Record(shape) => shape,
            Needs::All(members) => {
                return members.iter().for_each(|member| self.add(member, parent));
            }
        };
        let record = self.records.len();
        self.records.push(Planned { shape, parent });
        for (place, source) in shape.sources.iter().enumerate() {
            let target = Target { record, place, source };
            self.targets.entry(source.metric).or_default().push(target);
        }
        shape.nested.iter().for_each(|needs| self.add(needs, Some(record)));
    }

    /// The fields that samples of this name are for.
    pub(super) fn targets(&self, name: &str) -> &[Target] {
        self.targets.get(name).map_or(&[], Vec::as_slice)
    }

    /// Samples of a family of this name may be wanted.
    pub(super) fn wants(&self, family: &str) -> bool {
        let first = self.names.partition_point(|name| *name < family);
        self.names.get(first).is_some_and(|name| name.starts_with(family))
    }
}
