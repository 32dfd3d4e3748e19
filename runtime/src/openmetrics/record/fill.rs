//! Samples as they come become fields of records.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use crate::check::Found;
use crate::openmetrics::faults::Faults;
use crate::openmetrics::parse::{FamilyType, Labels, Mistake, Part, Problem, Sample, Visitor};
use crate::openmetrics::pattern::Search;

use super::find::{Plan, Target};
use super::fits;
use super::rows::{Added, Room, Rows};
use super::shape::{LabelSource, Needs, Source, Takes};
use super::sum::{MAX_MEMBERS, Member};

/// Fills records while a payload is read.
#[derive(Debug)]
pub(in crate::openmetrics) struct Filler<'o> {
    pub(super) plan: Plan,
    pub(super) rows: Vec<Rows>,
    /// Lines that are passed over.
    filters: &'o [Search],
    room: Room,
    /// The series of sums of totals.
    pub(super) members: Vec<Member>,
    family: Family,
    /// The fields of which something was told that is as wrong with all their samples.
    told: HashSet<(usize, usize)>,
    /// A line was a sample, wanted or not.
    has_samples: bool,
    /// The names of totals of which some were left out.
    lost: HashSet<&'static str>,
    /// Something that could not be read may have been a sample.
    is_torn: bool,
    /// What is told next is of a sample that was read.
    tells_of_sample: bool,
    /// When the server started.
    pub(in crate::openmetrics) process_start: Option<f64>,
    pub(in crate::openmetrics) faults: Faults,
}

/// The family whose samples come.
#[derive(Debug)]
struct Family {
    kind: FamilyType,
    is_wanted: bool,
    is_process_start: bool,
}

impl<'o> Filler<'o> {
    pub(in crate::openmetrics) fn new(needs: &Needs, filters: &'o [Search]) -> Self {
        let plan = Plan::new(needs);
        let rows = plan.records.iter().map(|_| Rows::default()).collect();
        Self {
            plan,
            rows,
            filters,
            room: Room::default(),
            members: Vec::new(),
            family: Family { kind: FamilyType::Unknown, is_wanted: false, is_process_start: false },
            told: HashSet::new(),
            has_samples: false,
            lost: HashSet::new(),
            is_torn: false,
            tells_of_sample: false,
            process_start: None,
            faults: Faults::default(),
        }
    }

    /// The filler, unless there were lines and none of them could be read: that is no exposition.
    pub(in crate::openmetrics) fn whole(self) -> Result<Self, Problem> {
        if self.has_samples {
            return Ok(self);
        }
        let faults = Faults::default();
        match self.faults.into_first() {
            Some(problem) => Err(problem),
            None => Ok(Self { faults, ..self }),
        }
    }

    /// How many totals there were of each name, of which some may not have become part of a record.
    pub(in crate::openmetrics) fn found(&self) -> Found {
        let mut found = BTreeMap::<&str, usize>::new();
        for (record, planned) in self.plan.records.iter().enumerate() {
            for (place, source) in planned.shape.sources.iter().enumerate() {
                if source.remembers() {
                    let cells = self.rows[record].all.iter().map(|row| row.cells[place].samples());
                    *found.entry(source.metric).or_default() += cells.sum::<usize>();
                }
            }
        }
        let is_lost = |name| self.is_torn || self.lost.contains(name);
        let whole = |(name, count)| (name, (!is_lost(name)).then_some(count));
        found.into_iter().map(whole).collect()
    }

    /// The place of the record that a sample with these labels is of.
    fn place(&mut self, target: Target, labels: Labels<'_>) -> Result<u32, Mistake> {
        let Target { record, source, .. } = target;
        let planned = self.plan.records[record];
        let parent = match planned.parent {
            Some(record) => self.place(Target { record, ..target }, labels)?,
            None => 0,
        };
        let shape = planned.shape;
        let own: Result<Vec<_>, _> =
            shape.labels.iter().map(|label| own_label(shape.type_name, label, labels)).collect();
        let rows = &mut self.rows[record];
        let place = rows.place(parent, &own?, shape.sources.len(), &mut self.room);
        place.ok_or_else(|| self.no_room(source, "records", shape.type_name))
    }

    fn no_room(&mut self, source: &Source, what: &str, type_name: &str) -> Mistake {
        self.lost.insert(source.metric);
        Mistake::of_line(format!(
            "there are too many {what} of `{type_name}`: the rest is left out"
        ))
    }

    fn fill(&mut self, target: Target, sample: &Sample<'_>) -> Result<(), Mistake> {
        let Target { record, place, source } = target;
        if !source.conditions.iter().all(|condition| {
            (value_of(sample.labels, condition.label) == condition.value) == condition.equal
        }) {
            return Ok(());
        }
        let type_name = self.plan.records[record].shape.type_name;
        if let Some(fault) = fits::fault(type_name, source, self.family.kind, sample.part) {
            self.lost.insert(source.metric);
            return self.tell_once(target, |_| fault);
        }
        if !sample.value.is_finite() && source.optional {
            self.lost.insert(source.metric);
            return Ok(());
        }
        let bound = match source.takes {
            Takes::Bucket => bound_of(sample.labels)?,
            Takes::Value | Takes::Total | Takes::State => 0.0,
        };
        if source.is_growing_sum() && self.members.len() >= MAX_MEMBERS {
            return Err(self.no_room(source, "series in sums", type_name));
        }
        let row = self.place(target, sample.labels)?;
        let cell = &mut self.rows[record].all[row as usize].cells[place];
        let added = match source.takes {
            Takes::Bucket => cell.add_bucket(bound, sample.value, source, &mut self.room),
            Takes::Value | Takes::Total | Takes::State => cell.add_value(sample.value, source),
        };
        match added {
            Added::NoRoom => Err(self.no_room(source, "buckets", type_name)),
            Added::Taken => self.tell_once(target, |filler| {
                let others = filler.other_labels(target, sample.labels);
                format!(
                    "another sample has given `{type_name}::{}` its value: {others}",
                    source.field
                )
            }),
            Added::Yes => {
                if source.is_growing_sum() {
                    self.members.push(Member::of(target, row, bound, sample));
                }
                Ok(())
            }
        }
    }

    /// Tells what is wrong with the samples of a field, unless it was told.
    fn tell_once(
        &mut self,
        target: Target,
        fault: impl FnOnce(&Self) -> String,
    ) -> Result<(), Mistake> {
        match self.told.insert((target.record, target.place)) {
            true => Err(Mistake::of_line(fault(self))),
            false => Ok(()),
        }
    }

    /// The labels that tell a sample from others, and not the records.
    fn other_labels(&self, target: Target, labels: Labels<'_>) -> String {
        let mut known: Vec<&str> =
            target.source.conditions.iter().map(|condition| condition.label).collect();
        let mut record = Some(target.record);
        while let Some(planned) = record.map(|record| self.plan.records[record]) {
            known.extend(planned.shape.labels.iter().map(|label| label.name));
            record = planned.parent;
        }
        if target.source.takes == Takes::Bucket {
            known.push("le");
        }
        let names = labels.iter().map(|(name, _)| name);
        let others: Vec<String> = names
            .filter(|name| !known.contains(&&**name))
            .map(|name| format!("`{name}`"))
            .collect();
        match others.as_slice() {
            [] => String::from("it comes twice"),
            others => format!(
                "only {} tells them apart; hint: make a `#[tag]` of it, choose a value in `from`, or write `sum` beside it",
                others.join(", ")
            ),
        }
    }
}

/// The value of a label, empty if it is absent. A name may come twice; the later one counts.
fn value_of<'l>(labels: Labels<'l>, name: &str) -> Cow<'l, str> {
    let mut found = Cow::Borrowed("");
    for (own, value) in labels.iter() {
        if *own == *name {
            found = value;
        }
    }
    found
}

fn own_label<'l>(
    type_name: &str,
    label: &LabelSource,
    labels: Labels<'l>,
) -> Result<Cow<'l, str>, Mistake> {
    let value = value_of(labels, label.name);
    if (label.reads)(&value) {
        return Ok(value);
    }
    let name = label.name;
    Err(Mistake::of_line(match &*value {
        "" => format!(
            "the label `{name}` is missing, which `{type_name}` has as a tag; hint: one that may be absent is an `Option`"
        ),
        value => {
            format!("the label `{name}` is `{value}`, which the tag of `{type_name}` cannot be")
        }
    }))
}

fn bound_of(labels: Labels<'_>) -> Result<f64, Mistake> {
    let bound = value_of(labels, "le").trim().parse::<f64>().ok();
    let bound = bound.filter(|bound| !bound.is_nan());
    bound.ok_or_else(|| Mistake::of_line("a bucket has no label `le` that is its upper bound"))
}

impl Visitor for Filler<'_> {
    fn wants(&mut self, line: &str) -> bool {
        !self.filters.iter().any(|filter| filter.matches(line))
    }

    fn family(&mut self, name: &str, kind: FamilyType) {
        self.family = Family {
            kind,
            is_wanted: self.plan.wants(name),
            is_process_start: name == "process_start_time_seconds",
        };
    }

    fn knows(&mut self, text: &str, _part: Part) -> Option<usize> {
        // Nothing is made of its labels.
        if self.family.is_wanted { None } else { memchr::memrchr(b'}', text.as_bytes()) }
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        self.has_samples = true;
        if self.family.is_process_start {
            let start = &mut self.process_start;
            *start = Some(start.map_or(sample.value, |known| known.min(sample.value)));
        }
        if !self.family.is_wanted {
            return Ok(());
        }
        let mut result = Ok(());
        for at in 0..self.plan.targets(sample.name).len() {
            let target = self.plan.targets(sample.name)[at];
            let filled = self.fill(target, sample);
            if result.is_ok() {
                result = filled;
            }
        }
        self.tells_of_sample = result.is_err();
        result
    }

    fn problem(&mut self, problem: Problem) {
        self.is_torn |= !std::mem::take(&mut self.tells_of_sample);
        self.faults.add(problem);
    }
}
