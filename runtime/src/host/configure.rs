//! From the two texts that the host has for an instance to an instance that can run.

use crate::check::{Entry, InstanceSpec, load};
use crate::config::confd::File;
use crate::config::{Node, Texts, yaml};

/// What the Agent itself reads of an instance.
const OF_INSTANCES: [&str; 2] = ["min_collection_interval", "empty_default_hostname"];

/// An instance, and what is to be told about its configuration all the same.
pub(super) struct Configured {
    pub(super) spec: InstanceSpec,
    pub(super) warnings: Vec<String>,
}

/// The bytes of `init_config` and of the instance as texts. The host has none for what is absent or null.
pub(super) fn decode<'t>(
    init_config: &'t [u8],
    instance: &'t [u8],
) -> Result<[&'t str; 2], String> {
    let text = |name, bytes| {
        yaml::decode(bytes).map_err(|problem| Texts::report_of_bytes(name, bytes, *problem))
    };
    Ok([text("init_config", init_config)?, text("instance", instance)?])
}

/// Reads an instance of a check, or reports all that is wrong with it.
pub(super) fn configure(
    entry: &'static Entry,
    [init_config, instance]: [&str; 2],
) -> Result<Configured, String> {
    let texts = Texts::new(entry.name(), init_config, instance);
    let loaded = load(entry, texts.file());
    let Some(spec) = loaded.instances.into_iter().next() else {
        return Err(format!("the configuration has errors\n\n{}", texts.report(loaded.problems)));
    };
    let mut warnings = misplaced(texts.file());
    if !loaded.problems.is_empty() {
        warnings.push(texts.report(loaded.problems));
    }
    Ok(Configured { spec, warnings })
}

impl Configured {
    /// Leaves to the host what it does itself: it adds the tag `service` to all that the instance submits.
    pub(super) fn leave_to_host(&mut self) {
        let Some(service) = &self.spec.common.service else { return };
        let added = format!("service:{service}");
        self.spec.tags = self.spec.tags.iter().filter(|tag| **tag != added).cloned().collect();
    }

    /// Says what the host does not do.
    pub(super) fn tell_what_is_without_effect(&mut self) {
        if self.spec.common.empty_default_hostname {
            self.warnings.push(
                "`empty_default_hostname` is without effect: the Agent's loader of shared libraries puts its own host name on what has none"
                    .to_owned(),
            );
        }
        if self.spec.common.no_index {
            self.warnings.push(
                "`no_index` is without effect: the Agent's loader of shared libraries does not look at it"
                    .to_owned(),
            );
        }
    }
}

/// Options that `init_config` shares in vain: the Agent honours them, and looks for them in instances alone.
fn misplaced(file: &File) -> Vec<String> {
    let pairs = file.init_config.as_ref().and_then(Node::pairs).unwrap_or_default();
    let keys = pairs.iter().map(|pair| &*pair.key);
    let told = |key| {
        format!(
            "`{key}` in `init_config` is without effect: the Agent looks for it in instances alone\nhint: move it into each instance that needs it"
        )
    };
    keys.filter(|key| OF_INSTANCES.contains(key)).map(told).collect()
}
