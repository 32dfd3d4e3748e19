//! Addresses: of servers and of sockets of this machine, and how messages show them.

use std::path::PathBuf;

use url::Url;

use super::error::HttpError;

/// Where a request goes.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) url: Url,
    /// The socket of this machine that it goes through, and not the network.
    pub(super) socket: Option<PathBuf>,
    /// As messages show it.
    pub(super) public: String,
}

impl Place {
    pub(super) fn of(address: &str) -> Result<Self, HttpError> {
        let Some(local) = address.strip_prefix("unix://") else {
            let url = parse(address)?;
            return Ok(Self { public: public(&url), url, socket: None });
        };
        let end = local.find(".sock").map_or(local.len(), |at| at + ".sock".len());
        let (socket, rest) = local.split_at(end);
        let url = parse(&format!("http://localhost/{}", rest.trim_start_matches('/')))?;
        let public = address.split('?').next().unwrap_or_default().to_owned();
        Ok(Self { url, socket: Some(PathBuf::from(socket)), public })
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
