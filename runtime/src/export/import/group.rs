//! Which metrics stand in one record: those of the same tags whose names begin alike.

use std::collections::BTreeMap;

use super::metric::Metric;
use super::names::Types;

/// How many metrics make a record of their own. Fewer stand in that of the namespace around theirs.
const ENOUGH: usize = 4;

/// A record in the making.
#[derive(Debug)]
pub(super) struct Record {
    /// The name of the type.
    pub(super) name: String,
    /// What the metrics' names begin with, without the dot; may be empty.
    pub(super) namespace: String,
    pub(super) tags: Vec<String>,
    /// In the order of the file.
    pub(super) metrics: Vec<Metric>,
    /// The records within this one, by the names of their types.
    pub(super) nested: Vec<String>,
}

/// A metric and its place in the file.
type Placed = (usize, Metric);

/// What will be a record.
struct Group {
    namespace: String,
    metrics: Vec<Placed>,
    nested: Vec<String>,
}

/// The records of all metrics, in the order of the file.
pub(super) fn records(metrics: Vec<Metric>) -> Vec<Record> {
    let mut by_tags = Vec::<(Vec<String>, Vec<Placed>)>::new();
    for placed in metrics.into_iter().enumerate() {
        match by_tags.iter_mut().find(|(tags, _)| *tags == placed.1.tags) {
            Some((_, metrics)) => metrics.push(placed),
            None => by_tags.push((placed.1.tags.clone(), vec![placed])),
        }
    }
    let groups = by_tags.into_iter().flat_map(|(tags, metrics)| {
        groups(metrics, tags.is_empty()).into_iter().map(move |group| (tags.clone(), group))
    });
    let mut groups: Vec<_> = groups.collect();
    groups.sort_by_key(|(_, group)| group.metrics.first().map(|(place, _)| *place));
    named(groups)
}

/// Names the types, those of outer namespaces first: they have the better claim to a short name.
fn named(groups: Vec<(Vec<String>, Group)>) -> Vec<Record> {
    let mut types = Types::default();
    let depth = |namespace: &str| namespace.matches('.').count();
    let mut order: Vec<_> = (0..groups.len()).collect();
    order.sort_by_key(|index| depth(&groups[*index].1.namespace));
    let mut names = vec![String::new(); groups.len()];
    for index in order {
        let (tags, group) = &groups[index];
        names[index] = types.name(group.subject(), tags);
    }
    let name_of: BTreeMap<_, _> = groups
        .iter()
        .zip(&names)
        .filter(|((tags, _), _)| tags.is_empty())
        .map(|((_, group), name)| (group.namespace.clone(), name.clone()))
        .collect();
    let record = |((tags, group), name): ((Vec<String>, Group), &String)| Record {
        name: name.clone(),
        namespace: group.namespace,
        tags,
        metrics: group.metrics.into_iter().map(|(_, metric)| metric).collect(),
        nested: group
            .nested
            .iter()
            .filter_map(|namespace| name_of.get(namespace).cloned())
            .collect(),
    };
    groups.into_iter().zip(&names).map(record).collect()
}

/// The groups of metrics that have the same tags.
fn groups(metrics: Vec<Placed>, may_nest: bool) -> Vec<Group> {
    let mut tree = Node::default();
    for placed in metrics {
        let name = placed.1.name.clone();
        let mut parts: Vec<_> = name.split('.').collect();
        parts.pop();
        tree.insert(&parts, placed);
    }
    let mut groups = Vec::new();
    let rest = tree.collect(&mut groups);
    for (top, rest) in by_top(rest) {
        take_in(&top, rest, &mut groups, may_nest);
    }
    groups
}

/// Metrics by the first part of their names.
fn by_top(rest: Vec<Placed>) -> BTreeMap<String, Vec<Placed>> {
    let mut by_top = BTreeMap::<String, Vec<Placed>>::new();
    for placed in rest {
        by_top.entry(top(&placed.1.name).to_owned()).or_default().push(placed);
    }
    by_top
}

fn top(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

/// Makes a record of the few metrics that are left under a top namespace.
///
/// A metric that is named like the namespace of a record joins that. Others take in the records within their namespace. If
/// there is none, but one other record, they join that: a check of one subject often reports one or two metrics under
/// `system`.
fn take_in(top_of_rest: &str, rest: Vec<Placed>, groups: &mut Vec<Group>, may_nest: bool) {
    if let Some(group) = groups.iter_mut().find(|group| group.namespace == top_of_rest) {
        return group.add(rest);
    }
    let alike = groups.iter().filter(|group| top(&group.namespace) == top_of_rest);
    let nested: Vec<_> = alike.map(|group| group.namespace.clone()).collect();
    match &mut groups[..] {
        [only] if nested.is_empty() => only.add(rest),
        _ => {
            let nested = if may_nest { nested } else { Vec::new() };
            groups.push(Group { nested, ..Group::of(rest) });
        }
    }
}

impl Group {
    /// A group under the longest namespace that all its metrics stand in.
    fn of(mut metrics: Vec<Placed>) -> Self {
        metrics.sort_by_key(|(place, _)| *place);
        let mut names = metrics.iter().map(|(_, metric)| metric.name.split('.'));
        let mut common: Vec<&str> = names.next().map(Iterator::collect).unwrap_or_default();
        common.pop();
        for name in names {
            let alike = common.iter().zip(name).take_while(|(a, b)| **a == *b).count();
            common.truncate(alike);
        }
        let namespace = common.join(".");
        Self { namespace, metrics, nested: Vec::new() }
    }

    fn add(&mut self, metrics: Vec<Placed>) {
        self.metrics.extend(metrics);
        self.metrics.sort_by_key(|(place, _)| *place);
    }

    /// What the record is about: its namespace, or its first metric if it has none.
    fn subject(&self) -> &str {
        match (self.namespace.as_str(), self.metrics.first()) {
            ("", Some((_, metric))) => &metric.name,
            (namespace, _) => namespace,
        }
    }
}

/// A part of names, and what stands under it.
#[derive(Default)]
struct Node {
    own: Vec<Placed>,
    children: BTreeMap<String, Self>,
}

impl Node {
    fn insert(&mut self, namespace: &[&str], metric: Placed) {
        match namespace {
            [] => self.own.push(metric),
            [part, rest @ ..] => {
                self.children.entry((*part).to_owned()).or_default().insert(rest, metric);
            }
        }
    }

    /// Makes groups of what is enough for one, and gives back what is not.
    fn collect(self, groups: &mut Vec<Group>) -> Vec<Placed> {
        let mut rest = self.own;
        for child in self.children.into_values() {
            let of_child = child.collect(groups);
            if of_child.len() < ENOUGH {
                rest.extend(of_child);
            } else {
                groups.push(Group::of(of_child));
            }
        }
        rest
    }
}
