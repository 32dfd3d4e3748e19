//! Labels of some metrics that are put on others.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::openmetrics::entry::Share;

/// Names and values of a sample's labels.
pub(super) type Pairs = Vec<(String, String)>;

/// Places of sets, by the values of labels.
type ByValues = HashMap<Vec<String>, Vec<usize>>;

/// Labels that are put on the samples of other metrics.
#[derive(Debug, Default)]
pub(in crate::openmetrics) struct Shared {
    /// On all, those of `target_info` and then those of others, which win.
    target_info: Pairs,
    always: Pairs,
    /// On those that match, in the order of the samples that they come from.
    sets: Vec<Pairs>,
    /// Places of `sets`, by the names of the labels that must match and their values.
    by_names: Vec<(Vec<String>, ByValues)>,
}

impl Shared {
    pub(super) fn is_empty(&self) -> bool {
        self.target_info.is_empty() && self.always.is_empty() && self.sets.is_empty()
    }

    /// What is known when the labels are looked for anew: those of `target_info` hold until there are others, as in Datadog's check.
    pub(in crate::openmetrics) fn anew(self) -> Self {
        Self { target_info: self.target_info, ..Self::default() }
    }

    /// Takes the labels of a sample of a metric that shares them.
    pub(super) fn add(&mut self, share: &Share, labels: &Pairs, is_target_info: bool) {
        let shares = |name: &String| share.labels.is_empty() || share.labels.contains(name);
        let shared = labels.iter().filter(|(name, _)| shares(name)).cloned();
        if !share.match_labels.is_empty() {
            let shared = shared.collect();
            return self.add_set(share, labels, shared);
        }
        let into = match is_target_info && share.labels.is_empty() {
            true => &mut self.target_info,
            false => &mut self.always,
        };
        shared.for_each(|(name, value)| set(into, name, value));
    }

    fn add_set(&mut self, share: &Share, labels: &Pairs, shared: Pairs) {
        let matching: BTreeMap<&String, &String> = labels
            .iter()
            .filter(|(name, _)| share.match_labels.contains(name))
            .map(|(name, value)| (name, value))
            .collect();
        let names: Vec<String> = matching.keys().map(|name| (*name).clone()).collect();
        let values: Vec<String> = matching.into_values().cloned().collect();
        let place = self.sets.len();
        self.sets.push(shared);
        let known = self.by_names.iter().position(|(known, _)| *known == names);
        let known = known.unwrap_or_else(|| {
            self.by_names.push((names, HashMap::new()));
            self.by_names.len() - 1
        });
        self.by_names[known].1.entry(values).or_default().push(place);
    }

    /// Replaces the labels of `target_info`, and tells whether they have changed.
    pub(super) fn replace_target_info(&mut self, labels: Pairs) -> bool {
        let changed = self.target_info != labels;
        self.target_info = labels;
        changed
    }

    /// The labels that a sample with these gets, in the order in which they are put on it.
    pub(super) fn of(
        &self,
        labels: &[(std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)],
    ) -> Vec<(&str, &str)> {
        let mut found: Vec<usize> = Vec::new();
        for (names, places) in &self.by_names {
            let value = |name: &String| {
                let label = labels.iter().find(|(own, _)| own == name);
                label.map(|(_, value)| value.clone().into_owned())
            };
            let Some(values) = names.iter().map(value).collect::<Option<Vec<_>>>() else {
                continue;
            };
            found.extend(places.get(&values).into_iter().flatten());
        }
        found.sort_unstable();
        let sets = found.into_iter().flat_map(|place| &self.sets[place]);
        let target_info = self
            .target_info
            .iter()
            .filter(|(name, _)| !self.always.iter().any(|(always, _)| always == name));
        let all = target_info.chain(&self.always).chain(sets);
        all.map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// Sets a label, which keeps its place if it is there.
pub(super) fn set(labels: &mut Pairs, name: String, value: String) {
    match labels.iter_mut().find(|(own, _)| *own == name) {
        Some((_, own)) => *own = value,
        None => labels.push((name, value)),
    }
}
