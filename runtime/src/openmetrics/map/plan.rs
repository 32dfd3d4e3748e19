//! What is done with a family, by its name: looked up once for as long as the family is seen.

use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::openmetrics::entry::{Mapped, Target};
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::FamilyType;
use crate::openmetrics::pattern::Names;

use super::transform::Transform;

/// How many names are remembered that the last run has not seen.
const MAX_UNSEEN: usize = 4096;
/// How many names are remembered at all, and how long they are together: more than a server has that means well.
pub(super) const MAX_KNOWN: usize = 16 * 1024;
const MAX_TEXT: usize = 1024 * 1024;

/// The plans of all families that were seen lately.
#[derive(Debug, Default)]
pub(super) struct Plans {
    exact: HashMap<String, Mapped, RandomState>,
    patterns: Vec<Pattern>,
    known: HashMap<Box<str>, Plan, RandomState>,
    /// The length of all names that are known.
    text: usize,
    /// There was no room for a name.
    pub(super) has_overflown: bool,
    run: u64,
}

/// An entry whose name is an expression.
#[derive(Debug)]
struct Pattern {
    mapped: Mapped,
    /// A service check was made of it. Datadog's check cannot make another.
    is_spent: bool,
}

/// What is done with the families of one name.
#[derive(Debug)]
struct Plan {
    verdict: Verdict,
    /// By type; of a target that keeps to the first type it has seen, one.
    transforms: Vec<(FamilyType, Option<Arc<Transform>>)>,
    run: u64,
}

#[derive(Debug, Clone)]
enum Verdict {
    Excluded,
    /// Nobody asks for it.
    Unwanted,
    /// Its expression has made a service check before.
    Spent,
    Wanted {
        target: Target,
        name: String,
    },
}

/// What is to be done with a family.
#[derive(Debug, Clone)]
pub(super) enum Decision {
    Excluded,
    Unwanted,
    /// It is asked for, and nothing says what to make of a family of its type.
    Untyped,
    /// Datadog's check has an error here, for this reason; and nothing says what to make of it.
    Error(&'static str),
    Submit(Arc<Transform>),
}

impl Plans {
    pub(super) fn new(options: &Options) -> Self {
        let mut plans = Self::default();
        for mapped in
            options.metrics.iter().chain(&options.extra_metrics).flat_map(|entry| &entry.metrics)
        {
            match &mapped.names {
                Names::Exact(name) => drop(plans.exact.insert(name.clone(), mapped.clone())),
                // A later entry of the same expression takes the place of the earlier one.
                Names::Matching(_) => {
                    let pattern = Pattern { mapped: mapped.clone(), is_spent: false };
                    match plans.patterns.iter_mut().find(|own| own.mapped.raw == mapped.raw) {
                        Some(own) => *own = pattern,
                        None => plans.patterns.push(pattern),
                    }
                }
            }
        }
        plans
    }

    /// Begins a run: forgets families that the last one has not seen, if they are many.
    pub(super) fn begin(&mut self) {
        if self.known.len() > MAX_UNSEEN {
            let last = self.run;
            self.known.retain(|_, plan| plan.run == last);
            self.text = self.known.keys().map(|name| name.len()).sum();
        }
        self.run += 1;
    }

    /// What is to be done with a family, and whether that is remembered.
    pub(super) fn decide(
        &mut self,
        name: &str,
        kind: FamilyType,
        options: &Options,
    ) -> (Decision, bool) {
        if let Some(plan) = self.known.get_mut(name) {
            plan.run = self.run;
            return (plan.decide(kind, options), true);
        }
        let (verdict, by_pattern) = self.verdict(name, options);
        let mut plan = Plan { verdict, transforms: Vec::new(), run: self.run };
        let decision = plan.decide(kind, options);
        let is_known = (!by_pattern || options.cache_metric_wildcards) && self.has_room(name);
        if is_known {
            self.text += name.len();
            self.known.insert(name.into(), plan);
        }
        (decision, is_known)
    }

    fn has_room(&mut self, name: &str) -> bool {
        let has_room = self.known.len() < MAX_KNOWN && self.text + name.len() <= MAX_TEXT;
        self.has_overflown |= !has_room;
        has_room
    }

    /// An entry says what to make of an untyped metric of this name, or leaves it out.
    pub(super) fn is_addressed(&mut self, name: &str, options: &Options) -> bool {
        matches!(
            self.decide(name, FamilyType::Unknown, options).0,
            Decision::Excluded | Decision::Submit(_)
        )
    }

    fn verdict(&mut self, name: &str, options: &Options) -> (Verdict, bool) {
        if options.exclude_metrics.iter().any(|excluded| excluded.include(name)) {
            return (Verdict::Excluded, false);
        }
        if let Some(Mapped { name, to, .. }) = self.exact.get(name) {
            return (Verdict::Wanted { target: to.clone(), name: name.clone() }, false);
        }
        match self.patterns.iter_mut().find(|pattern| pattern.mapped.names.include(name)) {
            Some(Pattern { is_spent: true, .. }) if options.strict_compat => (Verdict::Spent, true),
            Some(Pattern { mapped, is_spent }) => {
                *is_spent = matches!(mapped.to, Target::ServiceCheck(_));
                (Verdict::Wanted { target: mapped.to.clone(), name: name.to_owned() }, true)
            }
            None => (Verdict::Unwanted, false),
        }
    }
}

impl Plan {
    fn decide(&mut self, kind: FamilyType, options: &Options) -> Decision {
        let (target, name) = match &self.verdict {
            Verdict::Excluded => return Decision::Excluded,
            Verdict::Unwanted => return Decision::Unwanted,
            Verdict::Spent => return Decision::Error("a second service check of one expression"),
            Verdict::Wanted { target, name } => (target, name),
        };
        let is_native = matches!(
            kind,
            FamilyType::Counter | FamilyType::Gauge | FamilyType::Histogram | FamilyType::Summary
        );
        let by_type = matches!(target, Target::Native | Target::NativeDynamic);
        if by_type && !is_native {
            return match target {
                Target::NativeDynamic => {
                    Decision::Error("a family without a type is of `native_dynamic`")
                }
                _ => Decision::Untyped,
            };
        }
        let keeps_first = *target != Target::NativeDynamic;
        let known = self.transforms.iter().find(|(known, _)| keeps_first || *known == kind);
        let transform = if let Some((_, transform)) = known {
            transform.clone()
        } else {
            let made = Transform::new(target, kind, name, options).map(Arc::new);
            self.transforms.push((kind, made.clone()));
            made
        };
        transform.map_or(Decision::Untyped, Decision::Submit)
    }
}
