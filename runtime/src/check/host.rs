//! The machine that the checks run on.

use std::sync::Arc;

use super::clock::Clock;

/// What instances know of the machine.
#[derive(Debug, Clone)]
pub struct Host {
    /// Its name.
    pub hostname: Arc<str>,
    /// Its time of day.
    pub clock: Clock,
}

impl Host {
    /// A host of this name.
    pub fn new(hostname: impl Into<Arc<str>>) -> Self {
        Self { hostname: hostname.into(), clock: Clock::System }
    }

    /// This machine: its name is `DD_HOSTNAME` if that is set, as in the Agent, and the system's otherwise.
    pub fn detect() -> Self {
        let named = std::env::var("DD_HOSTNAME").ok().filter(|name| !name.is_empty());
        Self::new(named.unwrap_or_else(system_hostname))
    }
}

fn system_hostname() -> String {
    let name = hostname::get().ok().map(|name| name.to_string_lossy().into_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "localhost".to_owned())
}
