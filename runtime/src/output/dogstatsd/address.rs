//! Where an Agent's DogStatsD is: the forms of address that Datadog's clients take, and their environment variables.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::super::diagnosis::Complaint;

/// The port of DogStatsD.
pub const DEFAULT_PORT: u16 = 8125;

/// The address of a DogStatsD server.
///
/// ```
/// use allwell::output::dogstatsd::Address;
///
/// let address = |text: &str| text.parse::<Address>().unwrap().to_string();
/// assert_eq!(address("udp://agent"), "udp://agent:8125");
/// assert_eq!(address("[::1]:9125"), "udp://[::1]:9125");
/// assert_eq!(address("/run/datadog/dsd.socket"), "unix:///run/datadog/dsd.socket");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// UDP: `udp://host:port`, `host:port` or `host`.
    Udp {
        /// A name or an IP address.
        host: String,
        /// The port; 8125 if none is named.
        port: u16,
    },
    /// A unix socket.
    Unix {
        /// The absolute path of the socket.
        path: PathBuf,
        /// Which sort of socket it is.
        socket: UnixSocket,
    },
}

/// The sort of a unix socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnixSocket {
    /// Datagrams, the Agent's `dogstatsd_socket`: `unixgram:///path`.
    Datagram,
    /// A stream, the Agent's `dogstatsd_stream_socket`: `unixstream:///path`.
    Stream,
    /// Whichever it turns out to be: `unix:///path`, or the path alone.
    Either,
}

impl Default for Address {
    /// UDP to port 8125 of this host.
    fn default() -> Self {
        Self::Udp { host: "localhost".to_owned(), port: DEFAULT_PORT }
    }
}

impl Address {
    /// The address that the environment names, if it names one: `DD_DOGSTATSD_URL`, else the path in `DD_DOGSTATSD_SOCKET`, else
    /// `DD_AGENT_HOST` and `DD_DOGSTATSD_PORT`, of which either may be missing. An empty variable names nothing.
    ///
    /// # Errors
    /// A variable holds no address.
    pub fn of_environment(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Complaint> {
        let given = |name| variable(name).filter(|text| !text.trim().is_empty());
        let of = |name, complaint: Complaint| Complaint {
            message: format!("`{name}`: {}", complaint.message),
            ..complaint
        };
        if let Some(url) = given("DD_DOGSTATSD_URL") {
            return url.parse().map(Some).map_err(|error| of("DD_DOGSTATSD_URL", error));
        }
        if let Some(path) = given("DD_DOGSTATSD_SOCKET") {
            let address = if path.contains("://") {
                path.parse()
            } else {
                unix(path.trim(), UnixSocket::Either)
            };
            return address.map(Some).map_err(|error| of("DD_DOGSTATSD_SOCKET", error));
        }
        let (host, port) = (given("DD_AGENT_HOST"), given("DD_DOGSTATSD_PORT"));
        if host.is_none() && port.is_none() {
            return Ok(None);
        }
        let mut address = match &host {
            Some(host) => udp(host.trim()).map_err(|error| of("DD_AGENT_HOST", error))?,
            None => Self::default(),
        };
        if let (Some(text), Self::Udp { port, .. }) = (port, &mut address) {
            *port = parse_port(text.trim()).map_err(|error| of("DD_DOGSTATSD_PORT", error))?;
        }
        Ok(Some(address))
    }

    /// The most bytes of a packet that reaches it whole: 8192, the Agent's buffer, on this host, and 1432 over a network,
    /// so that no packet is cut into fragments.
    pub fn packet_size(&self) -> usize {
        match self {
            Self::Udp { host, .. } if !is_this_host(host) => 1432,
            _ => 8192,
        }
    }
}

/// It is told by the address alone, without asking anybody.
fn is_this_host(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

impl FromStr for Address {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        let text = text.trim();
        match text.split_once("://") {
            Some(("udp", rest)) => udp(rest.trim_end_matches('/')),
            Some(("unix", path)) => unix(path, UnixSocket::Either),
            Some(("unixgram", path)) => unix(path, UnixSocket::Datagram),
            Some(("unixstream", path)) => unix(path, UnixSocket::Stream),
            Some((scheme, _)) => {
                Err(complaint(format!("`{scheme}://` is not how DogStatsD is reached")))
            }
            None if text.starts_with('/') => unix(text, UnixSocket::Either),
            None => udp(text),
        }
    }
}

fn complaint(message: String) -> Complaint {
    let hint = "write `udp://host:port`, `unix:///path` or `unixstream:///path`".to_owned();
    Complaint { message, hint }
}

fn unix(path: &str, socket: UnixSocket) -> Result<Address, Complaint> {
    if !Path::new(path).is_absolute() {
        return Err(complaint(format!("`{path}` is not an absolute path of a socket")));
    }
    Ok(Address::Unix { path: PathBuf::from(path), socket })
}

fn udp(text: &str) -> Result<Address, Complaint> {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, rest)) => (host, Some(rest.strip_prefix(':').unwrap_or(rest))),
        None if text.parse::<Ipv6Addr>().is_ok() => (text, None),
        None => match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let is_name =
        !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "/@?#[]".contains(c));
    if !is_name || (host.contains(':') && host.parse::<Ipv6Addr>().is_err()) {
        return Err(complaint(format!("`{text}` names no host")));
    }
    let port = port.map_or(Ok(DEFAULT_PORT), parse_port)?;
    Ok(Address::Udp { host: host.to_owned(), port })
}

fn parse_port(text: &str) -> Result<u16, Complaint> {
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(complaint(format!("`{text}` is not a port"))),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Udp { host, port } if host.contains(':') => write!(f, "udp://[{host}]:{port}"),
            Self::Udp { host, port } => write!(f, "udp://{host}:{port}"),
            Self::Unix { path, socket } => {
                let scheme = match socket {
                    UnixSocket::Datagram => "unixgram",
                    UnixSocket::Stream => "unixstream",
                    UnixSocket::Either => "unix",
                };
                write!(f, "{scheme}://{}", path.display())
            }
        }
    }
}
