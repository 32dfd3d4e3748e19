//! Merge keys: `<<: *defaults` takes over the keys of another mapping.

use std::collections::HashSet;

use crate::config::node::{Node, NodeValue, Pair, Span};
use crate::config::problem::{Problem, Problems};

/// Adds what the merge keys of a mapping bring in. Keys that are there already win, then those merged first.
pub(super) fn into(pairs: &mut Vec<Pair>, merges: Vec<(Span, Node)>, problems: &mut Problems) {
    if merges.is_empty() {
        return;
    }
    let mut known: HashSet<String> = pairs.iter().map(|pair| pair.key.clone()).collect();
    for (place, again) in merges.iter().skip(1).map(|(span, _)| (*span, merges[0].0)) {
        problems.push(
            Problem::error(place, "`<<` stands twice")
                .label("again here")
                .related(again, "first here")
                .hint("merge both at once: `<<: [*first, *second]`"),
        );
    }
    for mapping in merges.into_iter().flat_map(|(_, value)| mappings(value, problems)) {
        for pair in mapping {
            if known.insert(pair.key.clone()) {
                pairs.push(pair);
            }
        }
    }
}

/// The mappings that a merge key names: one, or a list of them.
fn mappings(value: Node, problems: &mut Problems) -> Vec<Vec<Pair>> {
    let span = value.span;
    let candidates = match value.value {
        NodeValue::Sequence(items) => items,
        value => vec![Node { span, value }],
    };
    let mut mappings = Vec::new();
    for Node { span, value } in candidates {
        match value {
            NodeValue::Mapping(pairs) => mappings.push(pairs),
            other => problems.push(
                Problem::error(
                    span,
                    format!("`<<` takes a mapping, not {}", Node { span, value: other }.describe()),
                )
                .hint("name the anchor of a mapping, or a list of such: `<<: *defaults`"),
            ),
        }
    }
    mappings
}
