//! One instance of a check: what it takes to start it.

use std::sync::Arc;

use crate::config::{Common, Config, Node, Reader, Section};

use super::entry::{Entry, Prepared};
use super::{Error, Result};

/// An instance that has been configured and can be started.
pub struct InstanceSpec {
    /// The check.
    pub entry: &'static Entry,
    /// The options that every instance has.
    pub common: Common,
    /// The tags of everything that it submits: those of `tags`, `service` and of the options marked `#[config(tag)]`.
    pub tags: Vec<String>,
    /// The typed configuration of the check, for the first start.
    pub prepared: Option<Box<dyn Prepared>>,
    /// `check:hash`, or `check:name:hash` for a named instance; the same for the same configuration.
    pub id: String,
    /// Where it was configured, as `file:/etc/…/conf.yaml`.
    pub source: String,
    /// What was written in `init_config`.
    pub init_config: Option<Arc<Node>>,
    /// What was written under `instances`.
    pub node: Node,
}

impl InstanceSpec {
    /// Reads the check's options once more, for another start.
    pub(crate) fn prepare(&self) -> Result<Box<dyn Prepared>> {
        let mut reader = Reader::new();
        let mut section = Section::new(&self.node, self.init_config.as_deref(), &mut reader);
        // The common options were read before and are kept; here they only count as known.
        let _ = Common::read(&mut section);
        let prepared = self.entry.configure(&mut section);
        prepared.ok_or_else(|| Error::msg("the configuration can no longer be read"))
    }
}

impl std::fmt::Debug for InstanceSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InstanceSpec").field("id", &self.id).finish_non_exhaustive()
    }
}
