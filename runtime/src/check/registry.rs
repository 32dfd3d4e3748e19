//! All checks that are linked into this binary.

use std::collections::BTreeMap;
use std::fmt;

use super::definition::Meta;
use super::entry::Entry;
use super::location::Location;

/// A crate that `allwell::link!` names.
#[derive(Debug)]
pub struct Linked {
    /// The crate's name.
    pub krate: &'static str,
    /// Where `link!` stands.
    pub location: Location,
}

inventory::collect!(Linked);

/// The checks of this binary, sorted by name.
#[derive(Debug, Clone)]
pub struct Registry {
    entries: Vec<&'static Entry>,
    problems: Vec<RegistryProblem>,
}

/// Something wrong with what was linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistryProblem {
    /// Two checks have one name.
    Duplicate {
        /// The name.
        name: &'static str,
        /// Where the first is written.
        first: Location,
        /// Where the other is written.
        second: Location,
    },
    /// `link!` names a crate that registers nothing.
    LinkedButEmpty {
        /// The crate.
        krate: &'static str,
        /// Where `link!` stands.
        location: Location,
    },
    /// Two options of a check have one name: one in the struct, say, and one in a struct that it flattens.
    OptionTwice {
        /// The check.
        check: &'static str,
        /// The option's name.
        option: &'static str,
        /// Where the check is written.
        location: Location,
    },
    /// There is no check at all.
    Empty,
}

impl Registry {
    /// The checks that were linked in. A name that stands twice at one place (a test of a crate that links itself) counts once.
    pub fn collect() -> Self {
        Self::new(inventory::iter::<Entry>.into_iter(), inventory::iter::<Linked>.into_iter())
    }

    fn new(
        found: impl Iterator<Item = &'static Entry>,
        linked: impl Iterator<Item = &'static Linked>,
    ) -> Self {
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|entry| (entry.meta.name, entry.meta.location));
        let mut by_name = BTreeMap::<&str, &'static Entry>::new();
        let mut problems = Vec::new();
        for entry in found {
            let first = *by_name.entry(entry.meta.name).or_insert(entry);
            if first.meta.location != entry.meta.location {
                problems.push(RegistryProblem::Duplicate {
                    name: entry.meta.name,
                    first: first.meta.location,
                    second: entry.meta.location,
                });
            }
        }
        let entries: Vec<_> = by_name.into_values().collect();
        problems.extend(entries.iter().copied().flat_map(options_that_stand_twice));
        for linked in linked {
            if !entries.iter().any(|entry| entry.meta.package.name == linked.krate) {
                problems.push(RegistryProblem::LinkedButEmpty {
                    krate: linked.krate,
                    location: linked.location,
                });
            }
        }
        if entries.is_empty() && problems.is_empty() {
            problems.push(RegistryProblem::Empty);
        }
        Self { entries, problems }
    }

    /// The checks, sorted by name.
    pub fn entries(&self) -> &[&'static Entry] {
        &self.entries
    }

    /// The check of a name.
    pub fn get(&self, name: &str) -> Option<&'static Entry> {
        let found = self.entries.binary_search_by_key(&name, |entry| entry.meta.name);
        found.ok().map(|index| self.entries[index])
    }

    /// What is wrong with it.
    pub fn problems(&self) -> &[RegistryProblem] {
        &self.problems
    }
}

fn options_that_stand_twice(entry: &'static Entry) -> Vec<RegistryProblem> {
    let names: Vec<&str> = entry.options.options().iter().map(|option| option.name).collect();
    let again = names.iter().enumerate().filter(|(at, name)| names[..*at].contains(name));
    let Meta { name: check, location, .. } = entry.meta;
    again.map(|(_, option)| RegistryProblem::OptionTwice { check, option, location }).collect()
}

impl fmt::Display for RegistryProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { name, first, second } => write!(
                f,
                "check `{name}` is registered twice\n  first: {first}\n  again: {second}\n\
                 hint: give one of them another `name = \"…\"`"
            ),
            Self::LinkedButEmpty { krate, location } => write!(
                f,
                "crate `{krate}` is linked in but registers no check\n  linked: {location}\n\
                 hint: put `#[check]` on a function of it, or take it out of `link!`"
            ),
            Self::OptionTwice { check, option, location } => write!(
                f,
                "check `{check}` has two options `{option}`\n  check: {location}\n\
                 hint: rename one with `#[config(name = \"…\")]`; a flattened struct brings its own options"
            ),
            Self::Empty => f.write_str(
                "no checks are linked into this binary\n\
                 hint: name each crate of checks once: `allwell::link!(disk_checks, nginx_check);`",
            ),
        }
    }
}

impl std::error::Error for RegistryProblem {}
