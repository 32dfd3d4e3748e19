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
    #[config(default = 1, range = 0..=60)]
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
        let options = self.options(|name| ground.environment.get(name).cloned());
        let options = options.map_err(|Complaint { message, hint }| Unmade { message, hint })?;
        Ok(Arc::new(dogstatsd::DogStatsd::new(options)))
    }

    fn options(
        &self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<DogStatsdOptions, Complaint> {
        let address = match &self.url {
            Some(url) => Some(url.parse()?),
            None => Address::of_environment(&variable)?,
        };
        Ok(DogStatsdOptions {
            address: address.unwrap_or_default(),
            packet_size: self.packet_size,
            timestamps: self.timestamps,
            name_host: self.name_host,
            patience: self.patience,
            origin: self.origin(variable),
        })
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::config::{Reader, Section, report, yaml};
    use crate::output::dogstatsd::UnixSocket;

    struct File;

    impl report::Source for File {
        fn path(&self) -> &std::path::Path {
            "allwell.yaml".as_ref()
        }

        fn text(&self) -> &'static str {
            ""
        }

        fn holds_secrets(&self) -> bool {
            false
        }
    }

    /// The options in a text, or what is wrong with them.
    fn read(text: &str) -> Result<DogStatsd, String> {
        let root = yaml::parse(text).root.expect("a mapping");
        let mut reader = Reader::new();
        let mut section = Section::new(&root, None, &mut reader);
        let read = DogStatsd::read(&mut section);
        section.finish();
        let problems = reader.into_problems();
        read.filter(|_| !problems.has_errors())
            .ok_or_else(|| report::text(&[(&File, &problems)], false))
    }

    fn options(text: &str, variables: &[(&str, &str)]) -> Result<DogStatsdOptions, Complaint> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, text)| (*text).to_owned())
        };
        read(text).expect("options").options(variable)
    }

    #[test]
    fn nothing_said_is_the_agent_of_this_host() {
        let options = options("{}", &[("DD_ORIGIN_DETECTION_ENABLED", "false")]).unwrap();
        assert_eq!(options, DogStatsdOptions::new(Address::default()));
    }

    #[test]
    fn an_option_wins_over_the_variables_of_clients() {
        let variables = [("DD_AGENT_HOST", "agent"), ("DD_DOGSTATSD_PORT", "9125")];
        let address = |text| options(text, &variables).unwrap().address;
        let agent = Address::Udp { host: "agent".to_owned(), port: 9125 };
        assert_eq!(address("{}"), agent);
        let path = PathBuf::from("/dsd.socket");
        let socket = Address::Unix { path, socket: UnixSocket::Stream };
        assert_eq!(address("url: unixstream:///dsd.socket"), socket);
    }

    #[test]
    fn the_origin_is_that_of_options_and_variables() {
        let variables = [
            ("DD_EXTERNAL_ENV", "it-false,cn-web"),
            ("DD_ENTITY_ID", "810fe89d"),
            ("DD_CARDINALITY", "HIGH"),
        ];
        let origin = |text, variables| options(text, variables).unwrap().origin;
        let found = origin("{}", &variables);
        assert_eq!(found.external.as_deref(), Some("it-false,cn-web"));
        assert_eq!(found.entity.as_deref(), Some("810fe89d"));
        assert_eq!(found.cardinality, Some(Cardinality::High));
        let hidden = origin("origin_detection: false\ncardinality: low", &variables[1..2]);
        let entity = Some("810fe89d".to_owned());
        let expected = Origin { entity, cardinality: Some(Cardinality::Low), ..Origin::default() };
        assert_eq!(hidden, expected);
    }

    #[test]
    fn what_is_no_address_is_told() {
        let told = read("url: tcp://agent:8125").unwrap_err();
        assert!(
            told.starts_with(
                "error: `url` is not valid: `tcp://` is not how DogStatsD is reached; write `udp://host:port`, \
                 `unix:///path` or `unixstream:///path`\n"
            ),
            "{told}"
        );
        let error = options("{}", &[("DD_DOGSTATSD_URL", "tcp://agent")]).unwrap_err();
        assert_eq!(error.message, "`DD_DOGSTATSD_URL`: `tcp://` is not how DogStatsD is reached");
        assert!(read("packet_size: 70000").is_err());
    }
}
