//! Every rule broken in several ways, and what looks as if it were: the verdict is that of Datadog's own validators.

mod manifests;
mod metadata;
mod service_checks;

use std::collections::BTreeMap;

use allwell::config::Severity;
use allwell::export::lint::RULES;

use crate::ddev::Ddev;
use crate::folder::Folder;

/// A folder, and the rule that it breaks; none if all is well.
type Mutation = (&'static str, String, Folder);

const FINE: &str = "";

fn all() -> Vec<Mutation> {
    [metadata::all(), service_checks::all(), manifests::all()].concat()
}

#[test]
fn every_mutation_has_the_verdict_of_datadogs_validators() {
    let Some(mut ddev) = Ddev::start() else { return };
    let mut failures = Vec::new();
    for (rule, what, folder) in all() {
        match folder.compare(&mut ddev) {
            Err(differ) => failures.push(format!("{what}: the two differ: {differ}")),
            Ok(same) if rule == FINE && !same.passes => {
                failures.push(format!("{what}: {:?}", same.rules));
            }
            Ok(same) if rule != FINE && !same.rules.contains(rule) => {
                failures.push(format!("{what}: not {rule} but {:?}", same.rules));
            }
            Ok(_) => {}
        }
    }
    assert!(failures.is_empty(), "{}: {}", failures.len(), failures.join("\n\n"));
}

/// Rules of paths rather than contents, which other tests break.
const ELSEWHERE: [&str; 3] = ["no-assets", "not-toml", "no-manifest"];

#[test]
fn every_error_is_made_at_least_three_times() {
    let mut made = BTreeMap::<&str, usize>::new();
    let mutations = all();
    assert!(mutations.len() >= 300, "{}", mutations.len());
    for (rule, ..) in &mutations {
        *made.entry(rule).or_default() += 1;
    }
    let errors = RULES.iter().filter(|rule| rule.severity == Severity::Error);
    let seldom: Vec<&str> = errors
        .map(|rule| rule.name)
        .filter(|rule| !ELSEWHERE.contains(rule) && made.get(rule).copied().unwrap_or(0) < 3)
        .collect();
    assert_eq!(seldom, ["empty-file"], "of which there is only one");
}
