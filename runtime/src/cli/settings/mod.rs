//! `allwell.yaml`: how checks are run here. It is found, read, overlaid with the environment, and its problems are told as
//! those of any configuration.

mod environment;
mod options;
mod outputs;
mod secrets;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::check::{InstanceSpec, Registry};
use crate::config::resolve::{Scrubber, Values, handles};
use crate::config::{Config, Node, Problem, Problems, Reader, Section, Span, report, yaml};
use crate::output::{self, Catalogue};
use crate::run::{Host, OWN};

use super::args::Source;
use super::failure::Failure;
use super::screen::Screen;

pub(super) use environment::{Environment, of_process};
pub(super) use options::{Limits, LogFormat, LogLevel, SecretBackend, Settings};
use outputs::Receivers;
pub(super) use outputs::{Ground, Output, Use};
pub(super) use secrets::{Refreshed, Secrets};

/// The file that is used if none is named and it exists, seen from the current directory.
pub(super) const DEFAULT_FILE: &str = "allwell.yaml";

/// The file that is used if there is none in the current directory.
const SYSTEM_FILE: &str = "/etc/allwell/allwell.yaml";

/// The directory of configuration files, beside the settings' file.
const CONFD: &str = "conf.d";

/// The directory of what survives a restart.
const SYSTEM_RUN: &str = "/var/lib/allwell";

/// The settings, and what goes with them.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) settings: Settings,
    /// The file that they are from, if there is one.
    pub(super) file: Option<PathBuf>,
    /// The directory of configuration files that the command line names.
    confd: Option<PathBuf>,
    state_directory: Option<PathBuf>,
}

/// What was read of the settings.
#[derive(Debug)]
pub(super) struct Reading {
    /// The settings, if they have no error.
    pub(super) setup: Option<Setup>,
    /// What handles and variables stand for, in the files of checks, too.
    pub(super) secrets: Secrets,
    /// The file, or the environment, and what is wrong with it.
    pub(super) texts: Vec<(Text, Problems)>,
}

/// A text that settings are from.
#[derive(Debug)]
pub(super) struct Text {
    path: PathBuf,
    text: Arc<str>,
}

impl report::Source for Text {
    fn path(&self) -> &Path {
        &self.path
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn holds_secrets(&self) -> bool {
        true
    }
}

impl Setup {
    /// The settings that the arguments and this process's environment ask for. Their problems are told.
    ///
    /// # Errors
    /// They have errors, or the file cannot be read.
    pub(super) fn of(
        arguments: &Source,
        screen: &mut Screen<'_>,
    ) -> Result<(Self, Secrets), Failure> {
        let mut reading = read(path(arguments).as_deref(), &of_process());
        reading.secrets.tell_log(screen)?;
        reading.tell(screen)?;
        let mut setup = reading.setup.ok_or_else(|| {
            Failure::configuration(
                "the settings have errors",
                "`config example` prints a file of settings with every option explained",
            )
        })?;
        if let Some(confd) = &arguments.confd {
            setup.confd = Some(confd.clone());
        }
        Ok((setup, reading.secrets))
    }

    /// The directory of configuration files: the one that is named, or `conf.d` beside the file if there is one.
    pub(super) fn confd(&self) -> Option<PathBuf> {
        if let Some(path) = &self.confd {
            return Some(path.clone());
        }
        if let Some(path) = &self.settings.confd_path {
            return Some(self.seen_from_file(path));
        }
        let mut defaults =
            [self.seen_from_file(Path::new(CONFD)), PathBuf::from(CONFD)].into_iter();
        defaults.find(|path| path.is_dir())
    }

    /// The directory of what survives a restart.
    pub(super) fn run_path(&self) -> PathBuf {
        if let Some(path) = &self.settings.run_path {
            return self.seen_from_file(path);
        }
        let system = || Some(PathBuf::from(SYSTEM_RUN)).filter(|path| path.is_dir());
        let known = self.state_directory.clone().or_else(system);
        known.unwrap_or_else(|| self.seen_from_file(Path::new("run")))
    }

    /// The socket on which the status is asked for.
    pub(super) fn socket(&self) -> PathBuf {
        match &self.settings.socket {
            Some(path) => self.seen_from_file(path),
            None => self.run_path().join("status.sock"),
        }
    }

    /// The host that the checks run on.
    pub(super) fn host(&self) -> Host {
        self.settings.hostname.as_deref().map_or_else(Host::detect, Host::new)
    }

    /// The outputs that are named, or the one that is meant if none is.
    ///
    /// # Errors
    /// One cannot be made as it is meant.
    pub(super) fn outputs(
        &self,
        registry: &Registry,
        by: Use,
    ) -> Result<Vec<Arc<dyn output::Output>>, Failure> {
        let ground = Ground {
            spool: (by == Use::Daemon).then(|| self.run_path().join("spool")),
            file: self.file.clone(),
            environment: of_process(),
            catalogue: Arc::new(catalogue(registry)),
            versions: versions(registry),
            receivers: Receivers::default(),
        };
        let unnamed = [Output::unnamed(&ground.environment)];
        let named = &self.settings.outputs;
        let meant = if named.is_empty() { &unnamed[..] } else { named };
        let made = meant.iter().enumerate().map(|(at, output)| {
            output.make(&ground).map_err(|outputs::Unmade { message, hint }| {
                Failure::configuration(format!("`outputs[{at}]`: {message}"), hint)
            })
        });
        let made = made.collect::<Result<_, _>>()?;
        if let Some(spools) = &ground.spool {
            for left in ground.receivers.inherit(spools) {
                tracing::warn!("{left}");
            }
        }
        Ok(made)
    }

    /// Adds the tags that everything has.
    pub(super) fn with_tags(&self, mut instances: Vec<InstanceSpec>) -> Vec<InstanceSpec> {
        let everywhere = &self.settings.tags;
        if everywhere.is_empty() {
            return instances;
        }
        for instance in &mut instances {
            let own = instance.tags.iter().cloned();
            instance.tags = own.chain(everywhere.iter().map(|tag| tag.0.clone())).collect();
        }
        instances
    }

    /// How much goes on at once.
    pub(super) fn limits(&self) -> Limits {
        self.settings.limits.unwrap_or_default()
    }

    fn seen_from_file(&self, path: &Path) -> PathBuf {
        seen_from(self.file.as_deref(), path)
    }
}

impl Reading {
    /// Tells all problems.
    pub(super) fn tell(&self, screen: &mut Screen<'_>) -> std::io::Result<()> {
        let (_, styled) = screen.colours();
        write!(screen.err(), "{}", report::text(&self.problems(), styled))
    }

    pub(super) fn problems(&self) -> Vec<(&Text, &Problems)> {
        self.texts.iter().map(|(text, problems)| (text, problems)).collect()
    }

    pub(super) fn has_errors(&self) -> bool {
        self.texts.iter().any(|(_, problems)| problems.has_errors())
    }
}

/// The version of each check, and of what reports of the runtime itself.
fn versions(registry: &Registry) -> HashMap<&'static str, &'static str> {
    let entries = registry.entries().iter().copied().chain([OWN]);
    entries.map(|entry| (entry.meta.name, entry.meta.package.version)).collect()
}

/// What is declared of all that checks and the runtime itself may deliver.
fn catalogue(registry: &Registry) -> Catalogue {
    let mut declared = Vec::new();
    for entry in registry.entries().iter().copied().chain([OWN]) {
        declared.extend(&entry.meta.can_connect);
        entry.declaration().visit(&mut |item, _| declared.push(item));
    }
    Catalogue::new(declared)
}

/// The file that is named, or else the first one that exists where it is looked for.
pub(super) fn path(arguments: &Source) -> Option<PathBuf> {
    let defaults = [DEFAULT_FILE, SYSTEM_FILE].map(PathBuf::from);
    arguments.config.clone().or_else(|| defaults.into_iter().find(|path| path.is_file()))
}

/// Reads a file of settings, or what the environment alone says.
pub(super) fn read(path: Option<&Path>, environment: &Environment) -> Reading {
    let (text, mut root, mut problems) = path.map_or_else(nothing, document);
    environment::overlay(&mut root, environment);
    let first = SecretBackend::read(&mut Section::new(&root, None, &mut Reader::new()));
    let values = Values::new(Host::detect().hostname, environment.clone());
    let mut secrets = Secrets::new(first.unwrap_or_default().backend(path), values);
    let mut wanted = BTreeSet::new();
    handles(&root, &mut wanted);
    let values = secrets.values(&wanted);
    let (mut reader, mut scrubber) = (Reader::new(), Scrubber::default());
    let resolved = values.resolve(&root, &mut scrubber, &mut reader);
    let mut section = Section::new(&resolved, None, &mut reader);
    let settings = Settings::read(&mut section);
    section.finish();
    if let Some(hostname) = settings.as_ref().and_then(|settings| settings.hostname.as_deref()) {
        secrets.set_hostname(hostname);
    }
    if let Some(settings) = &settings {
        secrets.admit(settings.admitted());
    }
    let mut found = reader.into_problems();
    found.scrub(&scrubber);
    problems.merge(found);
    let of_environment = environment::problems(&mut problems);
    problems.sort();
    let file = path.map(Path::to_owned);
    let setup = settings.filter(|_| !problems.has_errors() && !of_environment.has_errors());
    let state_directory = environment.get("STATE_DIRECTORY").filter(|path| !path.is_empty());
    Reading {
        setup: setup.map(|settings| Setup {
            settings,
            file: file.clone(),
            confd: None,
            state_directory: state_directory.map(PathBuf::from),
        }),
        secrets,
        texts: file
            .map(|path| (Text { path, text }, problems))
            .into_iter()
            .chain([(Text::environment(), of_environment)])
            .collect(),
    }
}

impl Text {
    fn environment() -> Self {
        Self { path: PathBuf::from("environment"), text: Arc::from("") }
    }
}

fn nothing() -> (Arc<str>, Node, Problems) {
    (Arc::from(""), Node::empty(Span::default()), Problems::default())
}

/// The mapping that a file holds.
fn document(path: &Path) -> (Arc<str>, Node, Problems) {
    let text = match yaml::read(path) {
        Ok(text) => text,
        Err((text, problem)) => {
            let (_, root, mut problems) = nothing();
            problems.push(*problem);
            return (text, root, problems);
        }
    };
    let yaml::Document { root, mut problems } = yaml::parse(&text);
    let root = root.filter(|root| !root.is_null());
    let root = root.unwrap_or_else(|| Node::empty(Span::default()));
    if root.pairs().is_some() {
        return (text, root, problems);
    }
    let message = format!("expected a mapping, found {}", root.describe());
    problems.push(Problem::error(root.span, message).hint("write options as `name: value`"));
    (text, Node::empty(root.span), problems)
}

/// A path as it is seen from the directory of a file.
fn seen_from(file: Option<&Path>, path: &Path) -> PathBuf {
    match file.and_then(Path::parent) {
        Some(directory) => directory.join(path),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
