//! One instance of a check: what it takes to start it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::config::resolve::Scrubber;
use crate::config::{Common, Node};

use super::entry::{Entry, Prepared};
use super::recipe::Recipe;

/// An instance that has been configured and can be started.
///
/// A daemon keeps one for each instance, so it holds little, and what instances of a file have in common is there once.
pub struct InstanceSpec {
    /// The check.
    pub entry: &'static Entry,
    /// The options that every instance has; its tags are among [`tags`](Self::tags).
    pub common: Arc<Common>,
    /// The tags of everything that it submits: those of `tags`, `service` and of the options marked `#[config(tag)]`.
    pub tags: Arc<[String]>,
    /// The typed configuration of the check, for the first start.
    pub prepared: Option<Box<dyn Prepared>>,
    /// `check:hash`, or `check:name:hash` for a named instance; the same for the same configuration.
    pub id: Arc<str>,
    /// Of the values of its configuration, those of its secrets and variables among them; the id is of what is written.
    pub fingerprint: u64,
    /// Where it was configured, as `file:/etc/…/conf.yaml`.
    pub source: Arc<str>,
    /// Which instance of its file it is, from 0.
    pub index: u32,
    /// Takes the secrets of its file out of what is told of it: errors, warnings.
    pub scrubber: Option<Arc<Scrubber>>,
    pub(crate) recipe: Recipe,
}

impl InstanceSpec {
    /// What was written under `instances`, without its places; secrets and variables are resolved.
    pub fn written(&self) -> Node {
        self.recipe.written()
    }

    /// What was written in `init_config`; secrets and variables are resolved.
    pub fn init_config(&self) -> Option<&Node> {
        self.recipe.init_config()
    }

    /// A text about the instance without the secrets of its configuration.
    pub fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.scrubber {
            Some(scrubber) => scrubber.scrub(text),
            None => Cow::Borrowed(text),
        }
    }
}

impl std::fmt::Debug for InstanceSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InstanceSpec").field("id", &self.id).finish_non_exhaustive()
    }
}
