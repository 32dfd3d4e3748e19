//! Which instances are run: the named checks, or all that can run.

use crate::check::{Entry, InstanceSpec, Registry};
use crate::config::{Common, Node, Reader, Section, Span};

use super::super::args::Check;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::names;
use super::super::screen::Screen;
use super::filter::{self, Filter};

/// What is to be run.
pub(super) struct Selection {
    pub(super) instances: Vec<InstanceSpec>,
    /// What the selection alone makes of the exit code.
    pub(super) exit: Exit,
}

pub(super) fn select(
    arguments: &Check,
    registry: &Registry,
    filters: &[Filter],
    _screen: &mut Screen<'_>,
) -> Result<Selection, Failure> {
    let entries = names::find_all(registry, &arguments.names)?;
    let mut instances = Vec::new();
    for entry in entries {
        if entry.meta.enabled_by_default || !arguments.names.is_empty() {
            instances.push(unconfigured(entry)?);
        }
    }
    instances.retain(|instance| filter::admits(filters, instance));
    if instances.is_empty() {
        return Err(Failure::configuration(
            "nothing is configured, and no check runs without configuration",
            "`config example NAME` prints a file for `conf.d/NAME.d/conf.yaml`",
        ));
    }
    Ok(Selection { instances, exit: Exit::DONE })
}

fn unconfigured(entry: &'static Entry) -> Result<InstanceSpec, Failure> {
    let node = Node::empty(Span::default());
    let mut reader = Reader::new();
    let prepared = entry.configure(&mut Section::new(&node, None, &mut reader));
    let Some(prepared) = prepared else {
        let name = entry.meta.name;
        return Err(Failure::configuration(
            format!("check `{name}` needs a configuration and has none"),
            format!("`config example {name}` prints a file for `conf.d/{name}.d/conf.yaml`"),
        ));
    };
    Ok(InstanceSpec {
        entry,
        common: Common::default(),
        tags: prepared.tags(),
        prepared: Some(prepared),
        id: entry.meta.name.to_owned(),
        source: "default".to_owned(),
        init_config: None,
        node,
    })
}
