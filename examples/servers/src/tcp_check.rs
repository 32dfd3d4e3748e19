//! Whether a port takes connections, and how fast.
//!
//! Metrics, the service check and options are those of Datadog's `tcp_check`.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use allwell::prelude::*;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// Whether a port takes connections, and how fast.
#[check]
pub async fn tcp_check(config: &Port) -> Result<Vec<Connected>> {
    let addresses = match config.addresses().await {
        Ok(addresses) => addresses,
        Err(error) => return Ok(vec![config.connected(None, Err(error))]),
    };
    let mut all = Vec::with_capacity(addresses.len());
    for address in addresses {
        let outcome = config.connect(address).await;
        all.push(config.connected(config.multiple_ips.then_some(address), outcome));
    }
    Ok(all)
}

/// One port.
#[derive(Config)]
pub struct Port {
    /// A name for the instance: the tag `instance`.
    #[config(tag = "instance", example = "Example port")]
    name: String,
    /// The host: a name or an address.
    #[config(tag = "target_host", example = "localhost")]
    host: String,
    /// The port.
    #[config(tag, range = 1..=65535, example = 22)]
    port: u16,
    /// How long connecting may take, in seconds.
    #[config(default = Duration::from_secs(10))]
    timeout: Duration,
    /// Submit how long connecting took.
    #[config(default = false)]
    collect_response_time: bool,
    /// Connect to every address of the host, not to the first alone.
    #[config(default = false)]
    multiple_ips: bool,
}

/// A connection that was tried.
#[derive(Metrics)]
#[metrics(namespace = "network.tcp")]
pub struct Connected {
    /// The host and port.
    #[tag]
    url: String,
    /// The address, where there may be several.
    #[tag]
    address: Option<String>,
    /// How long connecting took.
    #[metric(orientation = lower_is_better)]
    response_time: Option<Gauge<Second>>,
    /// 1 if the port took the connection, else 0.
    #[metric(name = "can_connect", orientation = higher_is_better)]
    connected: Gauge<Unitless>,
    /// CRITICAL if the port did not take the connection within the time, OK otherwise.
    #[metric(full_name = "tcp.can_connect")]
    status: ServiceCheck,
}

impl Port {
    async fn addresses(&self) -> Result<Vec<SocketAddr>, String> {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let found = match timeout(self.timeout, lookup_host((host, self.port))).await {
            Ok(found) => found.map_err(|error| format!("`{host}` has no address: {error}"))?,
            Err(_) => return Err(format!("`{host}` was not looked up within {:?}", self.timeout)),
        };
        let most = if self.multiple_ips { usize::MAX } else { 1 };
        Ok(found.take(most).collect())
    }

    async fn connect(&self, address: SocketAddr) -> Result<Duration, String> {
        let since = Instant::now();
        match timeout(self.timeout, TcpStream::connect(address)).await {
            Ok(Ok(_)) => Ok(since.elapsed()),
            Ok(Err(error)) => {
                Err(format!("{error}. Connection failed after {} ms", since.elapsed().as_millis()))
            }
            Err(_) => Err(format!("no connection within {:?}", self.timeout)),
        }
    }

    fn connected(
        &self,
        address: Option<SocketAddr>,
        outcome: Result<Duration, String>,
    ) -> Connected {
        let taken = outcome.as_ref().ok().filter(|_| self.collect_response_time);
        Connected {
            url: format!("{}:{}", self.host, self.port),
            address: address.map(|address| address.ip().to_string()),
            response_time: taken.map(|time| time.as_secs_f64().into()),
            connected: outcome.is_ok().into(),
            status: outcome.map_or_else(Status::critical, |_| Status::Ok).into(),
        }
    }
}
