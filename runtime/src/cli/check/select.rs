//! Which instances are run: those of the named checks, or all that can run.

use crate::check::{Entry, InstanceSpec, Registry, load_default};
use crate::config::confd::Found;

use super::super::args::Check;
use super::super::confd::{self, Configured};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::names;
use super::super::screen::Screen;
use super::super::settings::{Secrets, Setup};
use super::filter::{self, Filter};

/// What is to be run.
pub(super) struct Selection {
    pub(super) instances: Vec<InstanceSpec>,
    /// What the configuration alone makes of the exit code.
    pub(super) exit: Exit,
}

/// Selects the configured instances, and the checks that run without configuration and have none.
///
/// Problems of the configuration are told; the instances that have none run all the same.
pub(super) fn select(
    arguments: &Check,
    registry: &Registry,
    setup: &Setup,
    secrets: &mut Secrets,
    filters: &[Filter],
    screen: &mut Screen<'_>,
) -> Result<Selection, Failure> {
    let entries = names::find_all(registry, &arguments.names)?;
    let mut found = Found::default();
    if let Some(directory) = setup.confd() {
        confd::add(&mut found, &directory, registry);
    }
    let wanted = |check: &str| entries.iter().any(|entry| entry.meta.name == check);
    found.files.retain(|file| file.check.is_empty() || wanted(&file.check));
    let mut configured = Configured::read(found, registry, secrets);
    secrets.tell_log(screen)?;
    configured.tell(screen)?;
    let exit = if configured.has_errors() { Exit::CONFIGURATION } else { Exit::DONE };
    let mut instances = Vec::new();
    for entry in entries {
        add_instances_of(entry, arguments, &mut configured, &mut instances)?;
    }
    if instances.is_empty() && exit == Exit::DONE {
        return Err(nothing_to_run());
    }
    let found = instances.len();
    instances.retain(|instance| filter::admits(filters, instance));
    if instances.is_empty() && found > 0 {
        return Err(Failure::usage(
            format!("none of {found} instances passes `--instance-filter`"),
            "`config validate` shows the files that were read",
        ));
    }
    Ok(Selection { instances: setup.with_tags(instances), exit })
}

fn add_instances_of(
    entry: &'static Entry,
    arguments: &Check,
    configured: &mut Configured,
    instances: &mut Vec<InstanceSpec>,
) -> Result<(), Failure> {
    let name = entry.meta.name;
    let mut files = configured.files.iter_mut().filter(|read| read.file.check == name).peekable();
    if files.peek().is_some() {
        files.for_each(|read| instances.append(&mut read.instances));
        return Ok(());
    }
    let named = !arguments.names.is_empty();
    if !named && !entry.meta.enabled_by_default {
        return Ok(());
    }
    let default = load_default(entry);
    if default.instances.is_empty() {
        return Err(needs_configuration(name));
    }
    instances.extend(default.instances);
    Ok(())
}

fn needs_configuration(name: &str) -> Failure {
    Failure::configuration(
        format!("check `{name}` needs a configuration and has none"),
        format!("`config example {name}` prints one to put into `conf.d/{name}.d/conf.yaml`"),
    )
}

fn nothing_to_run() -> Failure {
    Failure::configuration(
        "nothing is configured, and no check of this binary runs without configuration",
        "`list` shows the checks, `config example NAME` prints a configuration for \
         `conf.d/NAME.d/conf.yaml`",
    )
}
