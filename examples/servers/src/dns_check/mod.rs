//! Whether a name server resolves a name, to what it should, and how fast.
//!
//! The metric, the service check, tags and options are those of Datadog's `dns_check`. The name is asked for as it stands: the domains that
//! this machine searches are not appended.

mod answer;
mod ask;
mod config;

use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use allwell::prelude::*;

use answer::Answer;
pub use config::Lookup;

/// Whether a name server resolves a name, to what it should, and how fast.
#[check(display_name = "DNS Check")]
pub async fn dns_check(config: &Lookup) -> Result<Resolved> {
    let servers = match config.servers() {
        Ok(servers) => servers,
        Err(error) => return Ok(Resolved::failed(None, error)),
    };
    let first = servers.first().map(SocketAddr::ip);
    let query = config.query().map_err(allwell::Error::msg)?;
    let since = Instant::now();
    let answered = ask::ask(&query, &servers, config.timeout()).await;
    let elapsed = since.elapsed();
    let judged = answered.and_then(|answer| config.judge(&answer));
    Ok(match judged {
        Ok(()) => Resolved {
            nameserver: first,
            response_time: Some(elapsed.as_secs_f64().into()),
            can_resolve: Status::Ok.into(),
        },
        Err(error) => Resolved::failed(first, error),
    })
}

/// A name that was asked for.
#[derive(Metrics)]
#[metrics(namespace = "dns")]
pub struct Resolved {
    /// The first name server that is asked.
    #[tag(display)]
    nameserver: Option<IpAddr>,
    /// How long it took until the answer was there.
    #[metric(orientation = lower_is_better)]
    response_time: Option<Gauge<Second>>,
    /// CRITICAL if there is no answer, or not the one that there should be; OK otherwise.
    can_resolve: ServiceCheck,
}

impl Resolved {
    fn failed(nameserver: Option<IpAddr>, error: String) -> Self {
        Self { nameserver, response_time: None, can_resolve: Status::critical(error).into() }
    }
}

impl Lookup {
    /// Whether an answer is as it should be.
    fn judge(&self, answer: &Answer) -> Result<(), String> {
        let name = self.name();
        match (answer.is_no_such_name(), self.expects_none()) {
            (true, true) => return Ok(()),
            (false, true) => {
                return Err(format!("there is a name `{name}`, and there should be none"));
            }
            (true, false) => return Err(format!("there is no name `{name}` (NXDOMAIN)")),
            (false, false) => {}
        }
        let found = answer.values(name, self.kind());
        if found.is_empty() {
            return Err(format!("`{name}` has no record of the type {}", self.record_type()));
        }
        match self.expected() {
            Some(expected) if expected != found => Err(format!(
                "`{name}` resolves as {}, and should as {}",
                found.join(", "),
                expected.join(", ")
            )),
            _ => Ok(()),
        }
    }
}
