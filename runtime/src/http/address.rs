//! Addresses: of servers and of sockets of this machine, and how messages show them.

use std::path::PathBuf;

use url::{Host, Url};

use super::error::HttpError;

/// Where a request goes.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) url: Url,
    pub(super) way: Way,
    /// As messages show it.
    pub(super) public: String,
}

/// How a server is found: each way but the first needs a client of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// As the address says.
    Plain,
    /// Through a socket of this machine.
    Socket(PathBuf),
    /// At a host that bears another name than the one that it is asked for.
    Host { name: String, host: String },
}

impl Place {
    /// The place of an address. A server of TLS is asked for the name that is given, if one is.
    pub(super) fn of(address: &str, name: Option<&str>) -> Result<Self, HttpError> {
        let Some(local) = address.strip_prefix("unix://") else {
            let url = parse(address)?;
            let place = Self { public: public(&url), url, way: Way::Plain };
            return match name {
                Some(name) if place.url.scheme() == "https" => place.under(name),
                _ => Ok(place),
            };
        };
        let end = local.find(".sock").map_or(local.len(), |at| at + ".sock".len());
        let (socket, rest) = local.split_at(end);
        let url = parse(&format!("http://localhost/{}", rest.trim_start_matches('/')))?;
        let public = address.split('?').next().unwrap_or_default().to_owned();
        Ok(Self { url, way: Way::Socket(PathBuf::from(socket)), public })
    }

    /// The same host under the name of a header `Host`, which may have a port.
    fn under(mut self, header: &str) -> Result<Self, HttpError> {
        let wrong = |error: &dyn std::fmt::Display| HttpError::option("tls_use_host_header", error);
        let named = Url::parse(&format!("https://{header}")).map_err(|error| wrong(&error))?;
        let Some(Host::Domain(name)) = named.host() else {
            return Err(wrong(&"the header `Host` must be a name"));
        };
        let host = self.url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        self.url.set_host(Some(name)).map_err(|error| wrong(&error))?;
        self.way = Way::Host { name: name.to_owned(), host };
        Ok(self)
    }
}

pub(crate) fn parse(address: &str) -> Result<Url, HttpError> {
    Url::parse(address).map_err(|error| HttpError::address(&error))
}

/// An address as messages show it: without the user and password that it may hold.
pub(crate) fn public(url: &Url) -> String {
    crate::metric::tag("", url).map_or_else(String::new, |tag| tag[1..].to_owned())
}

/// The same of what may not be one.
pub(super) fn public_text(address: &str) -> String {
    Url::parse(address).map_or_else(|_| String::new(), |url| public(&url))
}
