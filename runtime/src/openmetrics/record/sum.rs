//! Sums of totals, gone on with from scrape to scrape: a plain sum would fall when one of its series ends, which looks like a restart.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::check::Sums;
use crate::openmetrics::parse::{Labels, Sample};

use super::fill::Filler;
use super::find::{Planned, Target};
use super::rows::{Bound, Cell};
use super::shape::{Source, Takes};

/// How many series the sums of a scrape may have.
pub(super) const MAX_MEMBERS: usize = 100_000;

/// A series of a sum.
#[derive(Debug)]
pub(super) struct Member {
    cell: Place,
    /// The bound of a bucket.
    bound: f64,
    /// A hash of its labels.
    labels: u64,
    value: f64,
}

/// The place of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Place {
    record: usize,
    row: u32,
    place: usize,
}

/// Hashes are the same for as long as the process lives.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::default);

impl Member {
    pub(super) fn of(target: Target, row: u32, bound: f64, sample: &Sample<'_>) -> Self {
        let Target { record, place, .. } = target;
        Self {
            cell: Place { record, row, place },
            bound,
            labels: hash_of(sample.labels),
            value: sample.value,
        }
    }
}

/// A hash of labels that does not depend on their order.
fn hash_of(labels: Labels<'_>) -> u64 {
    let given = labels.iter().filter(|(_, value)| !value.is_empty());
    given.fold(0, |sum, label| sum.wrapping_add(HASHER.hash_one(label)))
}

impl Filler<'_> {
    /// There are sums that go on.
    pub(in crate::openmetrics) const fn has_sums(&self) -> bool {
        !self.members.is_empty()
    }

    /// Lets sums go on from what they had come to. `counts` tells whether a total of a name that is new counts from zero.
    pub(in crate::openmetrics) fn go_on(&mut self, sums: &mut Sums, counts: impl Fn(&str) -> bool) {
        let mut members = std::mem::take(&mut self.members);
        members.sort_by(|one, other| {
            one.cell.cmp(&other.cell).then(one.bound.total_cmp(&other.bound))
        });
        sums.begin();
        for members in members.chunk_by(|one, other| one.cell == other.cell) {
            let Place { record, row, place } = members[0].cell;
            let source = &self.plan.records[record].shape.sources[place];
            let own = self.hash_of_field(record, place);
            let sum = HASHER.hash_one((own, self.hash_of_row(record, row)));
            let totals = totals(members, Of { own, sum, counts: counts(source.metric) }, sums);
            let cell = &mut self.rows[record].all[row as usize].cells[place];
            match (source.takes, totals.as_slice()) {
                (Takes::Bucket, _) => *cell = Cell::Buckets(totals.into_iter().collect()),
                // What is no number stays so, and is not submitted.
                (_, [(_, total)]) if cell.is_finite() => *cell = Cell::Value(*total),
                _ => {}
            }
        }
        sums.end();
    }

    /// A hash of what says which samples a field takes.
    fn hash_of_field(&self, record: usize, place: usize) -> u64 {
        let mut hasher = HASHER.build_hasher();
        let Source { field, metric, conditions, .. } =
            &self.plan.records[record].shape.sources[place];
        (field, metric, conditions).hash(&mut hasher);
        let mut record = Some(record);
        while let Some(Planned { shape, parent }) = record.map(|record| self.plan.records[record]) {
            shape.type_name.hash(&mut hasher);
            shape.labels.iter().for_each(|label| label.name.hash(&mut hasher));
            record = parent;
        }
        hasher.finish()
    }

    /// A hash of the labels of a row and of those that it stands in.
    fn hash_of_row(&self, record: usize, row: u32) -> u64 {
        let data = &self.rows[record].all[row as usize];
        let parent = self.plan.records[record].parent;
        let above = parent.map_or(0, |parent| self.hash_of_row(parent, data.parent));
        HASHER.hash_one((above, &data.labels))
    }
}

/// What a sum is of: hashes of its field and of itself, and whether series count from zero that are new.
#[derive(Clone, Copy)]
struct Of {
    own: u64,
    sum: u64,
    counts: bool,
}

/// What a sum has come to, by the bounds of buckets, the lowest first.
fn totals(members: &[Member], of: Of, sums: &mut Sums) -> Vec<(Bound, f64)> {
    let mut totals = Vec::new();
    let (mut most, mut below) = (0.0_f64, f64::NEG_INFINITY);
    for members in members.chunk_by(|one, other| one.bound.total_cmp(&other.bound).is_eq()) {
        let bound = members[0].bound;
        let sum = HASHER.hash_one((of.sum, bound.to_bits()));
        let finite = members.iter().filter(|member| member.value.is_finite());
        let growth = finite.map(|member| {
            let series = HASHER.hash_one((of.own, member.labels));
            sums.growth(sum, series, member.value, of.counts)
        });
        let Some(growth) = growth.reduce(|sum, growth| sum + growth) else { continue };
        // A bucket holds what those below it hold, so it has grown by as much at least.
        let total = sums.total(sum).map_or(growth, |total| {
            most = most.max(growth);
            total + most
        });
        below = below.max(total);
        sums.set(sum, below);
        totals.push((Bound(bound), below));
    }
    totals
}
