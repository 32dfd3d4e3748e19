//! One instance of a check: what it takes to start it.

use std::sync::Arc;

use crate::config::{Common, Node};

use super::entry::{Entry, Prepared};
use super::recipe::Recipe;

/// An instance that has been configured and can be started.
pub struct InstanceSpec {
    /// The check.
    pub entry: &'static Entry,
    /// The options that every instance has.
    pub common: Common,
    /// The tags of everything that it submits: those of `tags`, `service` and of the options marked `#[config(tag)]`.
    pub tags: Arc<[String]>,
    /// The typed configuration of the check, for the first start.
    pub prepared: Option<Box<dyn Prepared>>,
    /// `check:hash`, or `check:name:hash` for a named instance; the same for the same configuration.
    pub id: Arc<str>,
    /// Of the values of its configuration, those of its secrets and variables among them; the id is of what is written.
    pub fingerprint: u64,
    /// Where it was configured, as `file:/etc/…/conf.yaml`.
    pub source: String,
    pub(crate) recipe: Recipe,
}

impl InstanceSpec {
    /// What was written under `instances`, without its places.
    pub fn written(&self) -> Node {
        self.recipe.written()
    }

    /// What was written in `init_config`.
    pub fn init_config(&self) -> Option<&Node> {
        self.recipe.init_config()
    }
}

impl std::fmt::Debug for InstanceSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InstanceSpec").field("id", &self.id).finish_non_exhaustive()
    }
}
