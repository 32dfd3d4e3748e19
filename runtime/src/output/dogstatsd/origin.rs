//! Whose metrics these are: what the Agent finds the tags of a container or a pod by.

use std::path::Path;

use crate::config::Config;

use super::container::local_data;
use super::text::push_field;

/// What is sent along so that the Agent can tell where metrics come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The container, `ci-` and its id, or `in-` and the inode of its control group (field `c:`, from Agent 7.51 on).
    pub local: Option<String>,
    /// What an admission controller has put into `DD_EXTERNAL_ENV` (field `e:`, from Agent 7.57 on).
    pub external: Option<String>,
    /// How many tags the Agent adds (field `card:`, from Agent 7.64 on).
    pub cardinality: Option<Cardinality>,
    /// The id of the pod (the tag `dd.internal.entity_id`).
    pub entity: Option<String>,
}

/// How many tags the Agent adds to what comes from a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub enum Cardinality {
    /// None.
    None,
    /// Those with few values.
    Low,
    /// Those of pods and tasks, too.
    Orchestrator,
    /// Those of single containers, too.
    High,
}

impl Cardinality {
    /// The name in the protocol.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Orchestrator => "orchestrator",
            Self::High => "high",
        }
    }
}

impl Origin {
    /// What this process can find out: its container, and what the variables `DD_EXTERNAL_ENV` and `DD_ENTITY_ID` say.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name| variable(name).filter(|text| !text.trim().is_empty());
        Self {
            local: local_data(Path::new("/proc/self"), Path::new("/sys/fs/cgroup")),
            external: given("DD_EXTERNAL_ENV"),
            cardinality: None,
            entity: given("DD_ENTITY_ID"),
        }
    }

    /// The fields that stand in every line.
    pub(super) fn fields(&self) -> Vec<u8> {
        let cardinality = self.cardinality.map(Cardinality::name);
        let fields = [
            ("|c:", self.local.as_deref()),
            ("|e:", self.external.as_deref()),
            ("|card:", cardinality),
        ];
        let mut out = Vec::new();
        for (field, value) in fields {
            if let Some(value) = value {
                out.extend_from_slice(field.as_bytes());
                push_field(&mut out, value);
            }
        }
        out
    }
}
