//! The options of DogStatsD.

use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::output::Complaint;
use crate::output::dogstatsd::{self, Address, Cardinality, DogStatsdOptions, Origin};

use super::{Ground, Made, Unmade};

/// The DogStatsD of an Agent, or of whoever else speaks its protocol.
#[derive(Debug, Clone, PartialEq, Eq, Config)]
pub(in crate::cli::settings) struct DogStatsd {
    /// Where it is: `udp://host:port`, `unix:///path`, `unixgram:///path` or `unixstream:///path`. If not given, what
    /// `DD_DOGSTATSD_URL` says, else the path in `DD_DOGSTATSD_SOCKET`, else `DD_AGENT_HOST` and `DD_DOGSTATSD_PORT`, else port
    /// 8125 of this host.
    #[config(example = "unix:///var/run/datadog/dsd.socket", validate = is_address)]
    pub(in crate::cli::settings) url: Option<String>,
    /// The most bytes of a packet; 8192 on this host and 1432 over a network if not given. The Agent must be able to take them
    /// (`dogstatsd_buffer_size`).
    #[config(example = 8192, range = 64..=65507)]
    pub(in crate::cli::settings) packet_size: Option<usize>,
    /// Whether points carry the times at which they were measured. An Agent before 7.40 takes no notice of them.
    #[config(default = true)]
    pub(in crate::cli::settings) timestamps: bool,
    /// Whether this host is named in everything that names no other one. If not, the Agent names the host that it runs on.
    #[config(default = false)]
    pub(in crate::cli::settings) name_host: bool,
    /// How many seconds a datagram waits for room in the Agent's queue before it is dropped, and counted.
    #[config(default = 0.1)]
    pub(in crate::cli::settings) patience: Duration,
    /// Whether the Agent is told which container this is. `DD_ORIGIN_DETECTION_ENABLED` wins. What `DD_ENTITY_ID` says is sent anyway.
    #[config(default = true)]
    pub(in crate::cli::settings) origin_detection: bool,
    /// How many tags the Agent adds to what comes from a container; as the Agent is set up if not given. `DD_CARDINALITY` wins.
    pub(in crate::cli::settings) cardinality: Option<Cardinality>,
}

fn is_address(url: &str) -> Result<(), String> {
    let complaint = |Complaint { message, hint }| format!("{message}; {hint}");
    url.parse::<Address>().map(|_| ()).map_err(complaint)
}

impl DogStatsd {
    /// The output.
    ///
    /// # Errors
    /// A variable of the environment holds no address.
    pub(super) fn make(&self, ground: &Ground) -> Made {
        let variable = |name: &str| ground.environment.get(name).cloned();
        let unmade = |Complaint { message, hint }| Unmade { message, hint };
        let address = match &self.url {
            Some(url) => Some(url.parse().map_err(unmade)?),
            None => Address::of_environment(variable).map_err(unmade)?,
        };
        Ok(Arc::new(dogstatsd::DogStatsd::new(DogStatsdOptions {
            address: address.unwrap_or_default(),
            packet_size: self.packet_size,
            timestamps: self.timestamps,
            name_host: self.name_host,
            patience: self.patience,
            origin: self.origin(variable),
        })))
    }

    fn origin(&self, variable: impl Fn(&str) -> Option<String>) -> Origin {
        let said = |name| variable(name).map(|text| text.trim().to_lowercase());
        let cardinality = match said("DD_CARDINALITY").as_deref() {
            Some("none") => Some(Cardinality::None),
            Some("low") => Some(Cardinality::Low),
            Some("orchestrator") => Some(Cardinality::Orchestrator),
            Some("high") => Some(Cardinality::High),
            _ => self.cardinality,
        };
        let detects = match said("DD_ORIGIN_DETECTION_ENABLED").as_deref() {
            Some("false" | "0" | "no" | "off") => false,
            Some("true" | "1" | "yes" | "on") => true,
            _ => self.origin_detection,
        };
        let found = Origin { cardinality, ..Origin::detect(variable) };
        if detects { found } else { Origin { local: None, external: None, ..found } }
    }
}
