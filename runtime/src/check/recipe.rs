//! What it takes to start an instance again: its configuration, kept small.

use std::sync::Arc;

use crate::config::{Common, Config, Node, Packed, Reader, Section};

use super::entry::{Entry, Prepared};
use super::{Error, Result};

/// The configuration of an instance that runs.
pub(crate) struct Recipe {
    entry: &'static Entry,
    init_config: Option<Arc<Node>>,
    instance: Packed,
}

impl Recipe {
    pub(crate) fn new(
        entry: &'static Entry,
        init_config: Option<Arc<Node>>,
        instance: &Node,
    ) -> Self {
        Self { entry, init_config, instance: Packed::of(instance) }
    }

    pub(super) fn written(&self) -> Node {
        self.instance.unpack()
    }

    pub(super) fn init_config(&self) -> Option<&Node> {
        self.init_config.as_deref()
    }

    /// Reads the check's options once more.
    pub(crate) fn prepare(&self) -> Result<Box<dyn Prepared>> {
        let node = self.instance.unpack();
        let mut reader = Reader::new();
        let mut section = Section::new(&node, self.init_config.as_deref(), &mut reader);
        // The common options were read before and are kept; here they only count as known.
        let _ = Common::read(&mut section);
        let prepared = self.entry.configure(&mut section);
        prepared.ok_or_else(|| Error::msg("the configuration can no longer be read"))
    }
}
