//! The options that every instance of every check has; the framework honours them, not the check.

/// The options of an instance that are the framework's business.
#[derive(Debug, Clone, Default)]
pub struct Common {}

/// Which metrics an instance submits.
#[derive(Debug, Clone, Default)]
pub struct MetricPatterns {}
