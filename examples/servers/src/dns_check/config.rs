//! Which name is asked for, of whom, and what it should resolve as.

use std::fs;
use std::net::{IpAddr, SocketAddr};

use allwell::prelude::*;
use simple_dns::TYPE;

use super::answer::normal;
use super::ask::Query;

/// Where this machine's name servers stand.
const RESOLV_CONF: &str = "/etc/resolv.conf";

/// What no name should be there for is asked for as a name of a host.
const NXDOMAIN: &str = "NXDOMAIN";

/// The types whose values `resolves_as` can tell: those that are one word, or end in a name.
const COMPARABLE: [&str; 8] = ["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SRV", "SOA"];

/// One name.
#[derive(Config)]
#[config(validate = Lookup::whole)]
pub struct Lookup {
    /// A name for the instance: the tag `instance`.
    #[config(tag = "instance", default = "dns-check-0", example = "intranet")]
    name: String,
    /// The name to resolve.
    #[config(tag = "resolved_hostname", non_empty, example = "www.example.org")]
    hostname: String,
    /// The address of the name server to ask; those of this machine, in turn, if not given.
    #[config(example = "127.0.0.1")]
    nameserver: Option<String>,
    /// The port of the name server.
    #[config(default = 53, range = 1..=65535)]
    nameserver_port: u16,
    /// How long an answer may take, in seconds; `default_timeout` if not given.
    #[config(example = 5)]
    timeout: Option<Duration>,
    /// How long an answer may take where `timeout` is not given, in seconds.
    #[config(default = Duration::from_secs(5), shared)]
    default_timeout: Duration,
    /// The type of record to ask for; `NXDOMAIN` if there should be no such name.
    #[config(tag, default = "A", one_of = ["A", "AAAA", "CAA", "CNAME", "DS", "DNSKEY", "HTTPS", "MX", "NAPTR", "NS", "NXDOMAIN", "PTR", "SOA", "SRV", "SVCB", "TXT"])]
    record_type: String,
    /// All that the name should resolve as, in any order, with commas between: addresses, or names, for `MX` with the preference before each.
    #[config(tag = "resolved_as", example = "192.0.2.1,192.0.2.2")]
    resolves_as: Option<String>,
}

impl Lookup {
    fn whole(&self) -> Result<(), String> {
        if self.nameserver.as_ref().is_some_and(|server| server.parse::<IpAddr>().is_err()) {
            return Err("`nameserver` must be an address".to_owned());
        }
        if self.timeout().is_zero() {
            return Err("`timeout` must be longer than zero".to_owned());
        }
        if self.resolves_as.is_some() && !COMPARABLE.contains(&&*self.record_type) {
            return Err(format!("`resolves_as` can be used with {} alone", COMPARABLE.join(", ")));
        }
        self.query().map(|_| ())
    }

    pub(super) fn query(&self) -> Result<Query, String> {
        let name = self.name();
        // What asks would leave them out, and ask for another name.
        let has_gap = !name.is_empty() && name.split('.').any(str::is_empty);
        let query = if has_gap { None } else { Query::new(name, self.kind()).ok() };
        query.ok_or_else(|| format!("`{}` is no name that can be asked for", self.hostname))
    }

    /// The name without the dot that says that it is whole.
    pub(super) fn name(&self) -> &str {
        self.hostname.strip_suffix('.').unwrap_or(&self.hostname)
    }

    pub(super) fn record_type(&self) -> &str {
        &self.record_type
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(self.default_timeout)
    }

    pub(super) fn expects_none(&self) -> bool {
        self.record_type == NXDOMAIN
    }

    pub(super) fn kind(&self) -> TYPE {
        match &*self.record_type {
            "AAAA" => TYPE::AAAA,
            "CAA" => TYPE::CAA,
            "CNAME" => TYPE::CNAME,
            "DS" => TYPE::DS,
            "DNSKEY" => TYPE::DNSKEY,
            "HTTPS" => TYPE::HTTPS,
            "MX" => TYPE::MX,
            "NAPTR" => TYPE::NAPTR,
            "NS" => TYPE::NS,
            "PTR" => TYPE::PTR,
            "SOA" => TYPE::SOA,
            "SRV" => TYPE::SRV,
            "SVCB" => TYPE::SVCB,
            "TXT" => TYPE::TXT,
            _ => TYPE::A,
        }
    }

    /// What the name should resolve as, in order.
    pub(super) fn expected(&self) -> Option<Vec<String>> {
        let mut expected: Vec<_> = self.resolves_as.as_ref()?.split(',').map(normal).collect();
        expected.sort();
        Some(expected)
    }

    /// The name servers to ask.
    pub(super) fn servers(&self) -> Result<Vec<SocketAddr>, String> {
        let with_port = |address| SocketAddr::new(address, self.nameserver_port);
        if let Some(address) = self.nameserver.as_ref().and_then(|server| server.parse().ok()) {
            return Ok(vec![with_port(address)]);
        }
        let text = fs::read(RESOLV_CONF)
            .map_err(|error| format!("`{RESOLV_CONF}` cannot be read: {error}"))?;
        let servers = servers_of(&text)?;
        if servers.is_empty() {
            return Err(format!("`{RESOLV_CONF}` names no name server"));
        }
        Ok(servers.into_iter().map(with_port).collect())
    }
}

fn servers_of(text: &[u8]) -> Result<Vec<IpAddr>, String> {
    let parsed = resolv_conf::Config::parse(text);
    let parsed = parsed.map_err(|error| format!("`{RESOLV_CONF}` cannot be read: {error}"))?;
    Ok(parsed.nameservers.iter().map(Into::into).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_of_this_machine_are_those_of_its_file() {
        let text = "# a comment\nsearch example.org\nnameserver 192.0.2.1\nnameserver 2001:db8::1 ; last\noptions ndots:2\n";
        let addresses = ["192.0.2.1", "2001:db8::1"].map(|text| text.parse().unwrap());
        assert_eq!(servers_of(text.as_bytes()), Ok(addresses.to_vec()));
        assert_eq!(servers_of(b""), Ok(Vec::new()));
        assert!(servers_of(b"nameserver nobody\n").is_err());
    }
}
