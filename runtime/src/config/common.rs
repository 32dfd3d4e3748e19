//! The options that every instance of every check has; the framework honours them, not the check.

use std::time::Duration;

use crate::metric::Limits;

use super::Config;
use super::section::Section;
use super::spec::Spec;

/// The options of an instance that are the framework's business.
#[derive(Debug, Clone, Default)]
pub struct Common {
    /// How often the instance runs; zero means once.
    pub min_collection_interval: Option<Duration>,
}

impl Common {
    /// The limits of what the instance submits.
    pub fn limits(&self) -> Limits {
        Limits::default()
    }
}

impl Config for Common {
    const SPEC: Spec = Spec { type_name: "Common", description: "", items: &[] };

    fn read(_section: &mut Section<'_, '_>) -> Option<Self> {
        Some(Self::default())
    }
}

/// Which metrics an instance submits.
#[derive(Debug, Clone, Default)]
pub struct MetricPatterns {}
