//! What should run now, by the files as they are now: read again and again.
//!
//! A file with errors keeps its last good version running, so that a slip of the pen stops nothing. One that never was good
//! runs what is good of it. A directory that cannot be listed keeps what was in it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::check::{InstanceSpec, Registry, load_default};
use crate::config::confd::{File, Found};
use crate::config::{Problems, report};

use super::super::confd::{self, Configured, Read};
use super::super::settings::{Refreshed, Secrets};

/// The configuration of the checks, which may change.
#[derive(Debug)]
pub(in crate::cli) struct Configuration {
    directory: Option<PathBuf>,
    secrets: Secrets,
    good: BTreeMap<PathBuf, Good>,
}

/// The last version of a file that had no error.
#[derive(Debug, Clone)]
struct Good {
    check: String,
    text: Arc<str>,
}

/// What is configured now.
#[derive(Debug)]
pub(in crate::cli) struct Now {
    /// Every instance that should run, each once.
    pub(in crate::cli) instances: Vec<InstanceSpec>,
    /// The files whose last good version goes on running.
    pub(in crate::cli) kept: Vec<PathBuf>,
    /// What the backend of secrets wrote to stderr.
    pub(in crate::cli) log: String,
    /// A secret is not known: the next reading asks for it again, and nothing else tells when the backend knows it.
    pub(in crate::cli) lacks_secrets: bool,
    files: Vec<(File, Problems)>,
}

impl Now {
    /// All problems, in the words of `config validate`; empty if there are none.
    pub(in crate::cli) fn report(&self, styled: bool) -> String {
        let files: Vec<_> = self.files.iter().map(|(file, problems)| (file, problems)).collect();
        report::text(&files, styled)
    }
}

impl Configuration {
    /// The configuration in a directory, or of the checks that need none.
    pub(in crate::cli) fn new(directory: Option<PathBuf>, secrets: Secrets) -> Self {
        Self { directory, secrets, good: BTreeMap::new() }
    }

    /// The directory that the files are in.
    pub(in crate::cli) fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// Reads all files. It blocks, and longest while it asks for secrets that are not known.
    pub(in crate::cli) fn read(&mut self, registry: &Registry) -> Now {
        let mut found = Found::default();
        if let Some(directory) = &self.directory {
            confd::add(&mut found, directory, registry);
        }
        let good = self.last_good(&found);
        let all = found.files.iter().chain(good.values());
        let values = confd::values_of(all, &mut self.secrets);
        let mut configured = Configured::default();
        for file in found.files {
            let mut read = confd::read(file, registry, &values);
            if !read.problems.has_errors() {
                self.remember(&read.file);
            } else if let Some(good) = good.get(&read.file.path) {
                read.instances = confd::read(good.clone(), registry, &values).instances;
                read.kept = true;
            }
            configured.files.push(read);
        }
        let seen: HashSet<PathBuf> =
            configured.files.iter().map(|read| read.file.path.clone()).collect();
        self.good.retain(|path, _| seen.contains(path) || good.contains_key(path));
        let unseen = good.into_iter().filter(|(path, _)| !seen.contains(path));
        let unseen: Vec<Read> = unseen
            .map(|(_, file)| Read { kept: true, ..confd::read(file, registry, &values) })
            .collect();
        configured.files.extend(unseen);
        configured.merge_repeated();
        self.now(configured, registry)
    }

    /// Asks for all secrets again; if one has changed, all files are to be [read](Self::read) again. It blocks meanwhile.
    pub(in crate::cli) fn refresh_secrets(&mut self) -> Refreshed {
        self.secrets.refresh()
    }

    /// The last good versions of the files that were found, and of those in directories that cannot be listed now.
    fn last_good(&self, found: &Found) -> BTreeMap<PathBuf, File> {
        let by_path: HashMap<&Path, &File> =
            found.files.iter().map(|file| (file.path.as_path(), file)).collect();
        // A directory that cannot be listed stands among the files.
        let broken =
            |file: &&File| !file.problems.is_empty() && !self.good.contains_key(&file.path);
        let broken: Vec<&File> = found.files.iter().filter(broken).collect();
        let wanted = self.good.iter().filter(|(path, _)| match by_path.get(path.as_path()) {
            Some(file) => !self.is_good(file),
            None => broken.iter().any(|directory| path.starts_with(&directory.path)),
        });
        let parsed = wanted.map(|(path, Good { check, text })| {
            (path.clone(), File::parse(check, path, Arc::clone(text)))
        });
        parsed.collect()
    }

    /// The file is as it was when it was good.
    fn is_good(&self, file: &File) -> bool {
        self.good.get(&file.path).is_some_and(|good| good.text == file.text)
    }

    fn remember(&mut self, file: &File) {
        if !self.is_good(file) {
            let good = Good { check: file.check.clone(), text: Arc::clone(&file.text) };
            self.good.insert(file.path.clone(), good);
        }
    }

    fn now(&mut self, configured: Configured, registry: &Registry) -> Now {
        let mut now = Now {
            instances: Vec::new(),
            kept: Vec::new(),
            log: self.secrets.take_log(),
            lacks_secrets: self.secrets.are_missing(),
            files: Vec::new(),
        };
        let defaults = registry.entries().iter().filter(|entry| {
            let is_of = |read: &Read| read.file.check == entry.name();
            entry.meta.enabled_by_default && !configured.files.iter().any(is_of)
        });
        let defaults: Vec<_> = defaults.flat_map(|entry| load_default(entry).instances).collect();
        for Read { file, problems, instances, kept } in configured.files {
            if kept {
                now.kept.push(file.path.clone());
            }
            now.instances.extend(instances);
            now.files.extend((!problems.is_empty()).then_some((file, problems)));
        }
        now.instances.extend(defaults);
        now
    }
}

#[cfg(test)]
mod tests;
