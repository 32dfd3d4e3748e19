//! The files of a `conf.d` directory, found and taken apart by the Agent's rules.
//!
//! Files are `<check>.yaml` in the directory itself and every `*.yaml` in `<check>.d` one level below; `.yml` will do.
//! With `.default` appended they count only where a check has no other file. `metrics.yaml` in `<check>.d` belongs to JMX,
//! and a file with `ad_identifiers` waits for a container; both are passed over with a note, as is an empty file.
//! Everything else (`conf.yaml.example`, deeper directories) is none of ours. At the top of a file, keys that begin with
//! `x-`, `_` or `.` may hold anchors. One rule differs from the Agent's: a
//! check's own file keeps its `.default` out even where it cannot be read, since other settings than the user's own must
//! not take effect unsaid.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::node::{Node, NodeValue, Pair};
use super::problem::{Problem, Problems};
use super::{words, yaml};

/// A configuration file.
#[derive(Debug, Clone)]
pub struct File {
    /// The check that it is for.
    pub check: String,
    /// Where it is.
    pub path: PathBuf,
    /// Its text; empty if it could not be read.
    pub text: Arc<str>,
    /// What stands under `init_config`, if anything.
    pub init_config: Option<Node>,
    /// The instances.
    pub instances: Vec<Node>,
    /// What is wrong with it as a file of instances, whatever the check.
    pub problems: Problems,
    kind: Kind,
}

/// What a file is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Instances of a check, or an attempt at it.
    Instances,
    /// Logs or JMX metrics, which the Agent collects itself.
    AgentOnly,
    /// Instances for containers that autodiscovery finds.
    Autodiscovery,
    /// Nothing at all.
    Empty,
}

/// A file that was passed over, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub message: &'static str,
}

/// What a directory holds.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The files, sorted by path, those that cannot be read among them.
    pub files: Vec<File>,
    /// What was passed over, sorted by path.
    pub notes: Vec<Note>,
}

/// The keys that a file may have at its top.
pub(crate) const TOP_LEVEL: &[&str] = &[
    "init_config",
    "instances",
    "logs",
    "jmx_metrics",
    "ad_identifiers",
    "advanced_ad_identifiers",
    "cel_selector",
    "cluster_check",
    "ignore_autodiscovery_tags",
    "check_tag_cardinality",
    "docker_images",
];

/// A file that has one of these need not have instances.
pub(crate) const WITHOUT_INSTANCES: &[&str] =
    &["logs", "jmx_metrics", "ad_identifiers", "advanced_ad_identifiers", "cel_selector"];

/// Finds the configuration files of a directory.
pub fn find(dir: &Path) -> Found {
    let mut found = Found::default();
    let mut defaults = Vec::new();
    let mut configured = HashSet::new();
    for Candidate { check, path, default } in candidates(dir, &mut found) {
        let file = File::read(&check, &path);
        if let Some(message) = file.passed_over() {
            found.notes.push(Note { path, message });
        } else if default {
            defaults.push(file);
        } else {
            if file.kind == Kind::Instances {
                configured.insert(check);
            }
            found.files.push(file);
        }
    }
    found.files.extend(defaults.into_iter().filter(|file| !configured.contains(&file.check)));
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    found.notes.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The paths in a directory that have the name of a configuration, sorted, and those that cannot be listed.
#[cfg(feature = "cli")]
pub(crate) fn paths(dir: &Path) -> Vec<PathBuf> {
    let mut found = Found::default();
    let mut paths: Vec<PathBuf> =
        candidates(dir, &mut found).into_iter().map(|candidate| candidate.path).collect();
    paths.extend(found.files.into_iter().map(|file| file.path));
    paths
}

/// A file that has the name of a configuration.
struct Candidate {
    check: String,
    path: PathBuf,
    default: bool,
}

fn candidates(dir: &Path, found: &mut Found) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for path in entries(dir, "", found) {
        let name = file_name(&path);
        if let Some(check) = name.strip_suffix(".d").filter(|_| !path.is_file()) {
            for path in entries(&path, check, found) {
                candidates.extend(in_folder(check, path, found));
            }
        } else if let Some((stem, default)) = configuration_name(&name).filter(|_| !path.is_dir()) {
            candidates.push(Candidate { check: stem.to_owned(), path, default });
        }
    }
    candidates
}

fn in_folder(check: &str, path: PathBuf, found: &mut Found) -> Option<Candidate> {
    let name = file_name(&path);
    let (stem, default) = configuration_name(&name).filter(|_| !path.is_dir())?;
    if stem == "metrics" && !default {
        found.notes.push(Note { path, message: "a list of JMX metrics" });
        return None;
    }
    Some(Candidate { check: check.to_owned(), path, default })
}

/// The paths in a directory, sorted; one that cannot be listed is reported.
fn entries(dir: &Path, check: &str, found: &mut Found) -> Vec<PathBuf> {
    let listed = fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect());
    let mut paths: Vec<PathBuf> = match listed {
        Ok(paths) => paths,
        Err(error) => {
            let problem =
                Problem::file(format!("cannot list the directory: {}", yaml::io_reason(&error)))
                    .hint(yaml::io_remedy(error.kind()));
            found.files.push(File::unreadable(check, dir, problem));
            Vec::new()
        }
    };
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The name without its extension, and whether it is a `.default`.
fn configuration_name(name: &str) -> Option<(&str, bool)> {
    let (name, default) = name.strip_suffix(".default").map_or((name, false), |name| (name, true));
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))?;
    (!stem.is_empty()).then_some((stem, default))
}

impl File {
    /// Reads a file. What is wrong with it is among its problems.
    pub fn read(check: &str, path: &Path) -> Self {
        match yaml::read(path) {
            Ok(text) => Self::parse(check, path, text),
            Err((text, problem)) => {
                let mut file = Self::unreadable(check, path, *problem);
                file.text = text;
                file
            }
        }
    }

    /// Takes the text of a file apart.
    pub fn parse(check: &str, path: &Path, text: Arc<str>) -> Self {
        let yaml::Document { root, problems } = yaml::parse(&text);
        let mut file = Self::empty(check, path);
        file.text = text;
        file.problems = problems;
        match root {
            Some(root) => file.take(root),
            None if file.problems.is_empty() => file.kind = Kind::Empty,
            None => {}
        }
        file
    }

    fn empty(check: &str, path: &Path) -> Self {
        Self {
            check: check.to_owned(),
            path: path.to_owned(),
            text: Arc::from(""),
            init_config: None,
            instances: Vec::new(),
            problems: Problems::default(),
            kind: Kind::Instances,
        }
    }

    /// A file of one instance whose parts have been read elsewhere.
    #[cfg(all(feature = "agent", unix))]
    pub(super) fn of_parts(
        check: &str,
        text: String,
        init_config: Option<Node>,
        instance: Node,
        problems: Problems,
    ) -> Self {
        let mut file = Self::empty(check, Path::new("instance"));
        file.text = text.into();
        file.problems = problems;
        file.instances = vec![instance];
        if let Some(init_config) = init_config {
            let (key, key_span) = (String::from("init_config"), init_config.span);
            file.take_pair(Pair { key, key_span, value: init_config });
        }
        file
    }

    fn unreadable(check: &str, path: &Path, problem: Problem) -> Self {
        let mut file = Self::empty(check, path);
        file.problems.push(problem);
        file
    }

    fn passed_over(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Empty => Some("an empty file"),
            Kind::Autodiscovery => Some("waits for a container (`ad_identifiers`)"),
            Kind::Instances | Kind::AgentOnly => None,
        }
    }

    fn take(&mut self, root: Node) {
        if root.is_null() {
            self.kind = Kind::Empty;
            return;
        }
        let span = root.span;
        let NodeValue::Mapping(pairs) = root.value else {
            let problem =
                Problem::error(span, format!("expected a mapping, found {}", root.describe()))
                    .hint("begin with `init_config:` and `instances:`");
            self.problems.push(problem);
            return;
        };
        let has = |keys: &[&str]| pairs.iter().any(|pair| keys.contains(&pair.key.as_str()));
        let instances = has(&["instances"]) || pairs.iter().any(misspelt_instances);
        if has(&["ad_identifiers", "advanced_ad_identifiers", "cel_selector"]) {
            self.kind = Kind::Autodiscovery;
        } else if !instances && has(&["logs", "jmx_metrics"]) {
            self.kind = Kind::AgentOnly;
        } else if !instances {
            self.problems.push(no_instances(Problem::error(span, "the file has no instances")));
        }
        for pair in pairs {
            self.take_pair(pair);
        }
    }

    fn take_pair(&mut self, pair: Pair) {
        match pair.key.as_str() {
            "init_config" if pair.value.is_null() => {}
            "init_config" if pair.value.pairs().is_none() => self.expected("a mapping", &pair, ""),
            "init_config" => self.init_config = Some(pair.value),
            "instances" => self.take_instances(pair),
            key if !TOP_LEVEL.contains(&key) && !is_for_anchors(key) => {
                self.problems.push(unknown(&pair));
            }
            _ => {}
        }
    }

    fn take_instances(&mut self, pair: Pair) {
        if pair.value.is_null() {
            let problem = Problem::error(pair.key_span, "`instances` is empty");
            return self.problems.push(no_instances(problem));
        }
        match pair.value.value {
            NodeValue::Sequence(items) if items.is_empty() => {
                let problem = Problem::error(pair.value.span, "`instances` is empty");
                self.problems.push(no_instances(problem));
            }
            NodeValue::Sequence(items) => self.instances = items,
            _ => self.expected("a list", &pair, "begin each instance with `- `"),
        }
    }

    fn expected(&mut self, what: &str, pair: &Pair, hint: &str) {
        let message = format!("`{}`: expected {what}, found {}", pair.key, pair.value.describe());
        let mut problem = Problem::error(pair.value.span, message).hint(hint);
        problem.path.clone_from(&pair.key);
        self.problems.push(problem);
    }
}

/// Keys that hold what aliases take up elsewhere in the file.
fn is_for_anchors(key: &str) -> bool {
    key.starts_with("x-") || key.starts_with(['_', '.'])
}

fn misspelt_instances(pair: &Pair) -> bool {
    !TOP_LEVEL.contains(&pair.key.as_str()) && nearest(&pair.key) == Some("instances")
}

fn nearest(key: &str) -> Option<&'static str> {
    words::nearest(key, TOP_LEVEL.iter().copied())
}

fn no_instances(mut problem: Problem) -> Problem {
    "instances".clone_into(&mut problem.path);
    problem.hint("add one; `instances: [{}]` runs the check with nothing but defaults")
}

fn unknown(pair: &Pair) -> Problem {
    let name = words::quote(&pair.key);
    let problem =
        Problem::error(pair.key_span, format!("unknown key {name} at the top of the file"));
    let mut problem = match nearest(&pair.key) {
        Some(nearest) => problem.hint(format!("did you mean `{nearest}`?")),
        None => problem.hint("the options of an instance belong under `instances`, after a `-`"),
    };
    name.trim_matches('`').clone_into(&mut problem.path);
    problem
}
