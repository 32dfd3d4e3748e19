//! What there is in an exposition: series by the names of their lines, with labels, and what comments say of their families.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use crate::openmetrics::parse::{
    Description, FamilyType, Labels, Mistake, Part, Problem, Sample, Visitor,
};

use super::series::{Field, Series};

/// How many lines that are wrong are told of.
const SHOWN: usize = 5;

/// What was found.
#[derive(Default)]
pub(super) struct Survey {
    /// In the order of the exposition.
    pub(super) series: Vec<Series>,
    /// The first lines that are wrong.
    pub(super) problems: Vec<Problem>,
    /// The numbers of all.
    pub(super) wrong: HashSet<u64>,
    pub(super) samples: usize,
    /// All lines have been read.
    pub(super) has_ended: bool,
    /// `# EOF` is missing, which is no line's fault.
    pub(super) lacks_end: bool,
    places: HashMap<String, usize>,
    described: HashMap<String, Described>,
    /// Hashes of names and labels.
    seen: HashSet<u64>,
    kind: Option<FamilyType>,
    family: String,
    hasher: FixedState,
}

#[derive(Default)]
struct Described {
    help: String,
    unit: String,
}

impl Survey {
    fn place(&mut self, sample: &Sample<'_>, field: Field) -> usize {
        if let Some(place) = self.places.get(sample.name) {
            return *place;
        }
        let place = self.series.len();
        self.places.insert(sample.name.to_owned(), place);
        // In `OpenMetrics`, the family of a counter is named without the `_total` of its lines.
        let written = [sample.name, self.family.as_str()];
        let described = written.iter().find_map(|name| self.described.get(*name));
        self.series.push(Series {
            name: sample.name.to_owned(),
            field,
            help: described.map(|described| described.help.clone()).unwrap_or_default(),
            unit: described.map(|described| described.unit.clone()).unwrap_or_default(),
            is_mixed: false,
            labels: BTreeMap::new(),
            samples: 0,
            rows: HashSet::new(),
        });
        place
    }

    fn hash(&self, pairs: &[(String, String)]) -> u64 {
        self.hasher.hash_one(pairs)
    }
}

/// The labels that are not empty, sorted. A name may come twice; the later one counts.
fn pairs(labels: Labels<'_>) -> Vec<(String, String)> {
    let all: BTreeMap<_, _> =
        labels.iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

impl Visitor for Survey {
    fn described(&mut self, name: &str, what: Description<'_>) {
        let described = self.described.entry(name.to_owned()).or_default();
        match what {
            Description::Help(help) => help.clone_into(&mut described.help),
            Description::Unit(unit) => unit.clone_into(&mut described.unit),
        }
    }

    fn family(&mut self, name: &str, kind: FamilyType) {
        name.clone_into(&mut self.family);
        self.kind = Some(kind);
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        if sample.part == Part::Created {
            return Ok(());
        }
        let kind = self.kind.unwrap_or(FamilyType::Unknown);
        let field = Field::of(sample.name, kind, sample.part);
        let mut pairs = pairs(sample.labels);
        let whole = (String::new(), sample.name.to_owned());
        pairs.push(whole);
        if !self.seen.insert(self.hash(&pairs)) {
            return Err(Mistake::of_line("it comes a second time with the same labels"));
        }
        pairs.pop();
        if field == Field::Buckets {
            let bound = pairs.iter().position(|(name, _)| name == "le");
            let bound = bound.map(|place| pairs.remove(place).1);
            let bound = bound.and_then(|bound| bound.trim().parse::<f64>().ok());
            if bound.is_none_or(f64::is_nan) {
                return Err(Mistake::of_line("a bucket has no label `le` that is its upper bound"));
            }
        }
        let place = self.place(sample, field);
        let row = self.hash(&pairs);
        self.samples += 1;
        let series = &mut self.series[place];
        series.is_mixed |= series.field != field;
        series.samples += 1;
        series.rows.insert(row);
        for (name, value) in pairs {
            series.labels.entry(name).or_default().add(&value);
        }
        Ok(())
    }

    fn problem(&mut self, problem: Problem) {
        if self.has_ended {
            self.lacks_end = true;
            return;
        }
        self.wrong.insert(problem.line);
        if self.problems.len() < SHOWN {
            self.problems.push(problem);
        }
    }
}
