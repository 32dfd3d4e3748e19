//! Which server or file is looked at, and what it should be.

use std::net::IpAddr;
use std::path::PathBuf;

use allwell::prelude::*;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The port of a server that names none.
const PORT: u16 = 443;

/// The versions of TLS, the oldest first.
const VERSIONS: [&str; 5] = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// The versions that are as they should be if nothing else is said.
const ALLOWED: [&str; 2] = ["TLSv1.2", "TLSv1.3"];

/// One server, or one file.
#[derive(Config)]
#[config(validate = Server::whole)]
pub struct Server {
    /// A name for the instance: the tag `name`.
    #[config(tag, example = "shop")]
    name: Option<String>,
    /// The server: a name, an address or a URL, with or without a port.
    #[config(example = "example.com")]
    server: Option<String>,
    /// The port; wins over that of `server`, and is 443 if neither is given.
    #[config(range = 1..=65535, example = 443)]
    port: Option<u16>,
    /// What carries TLS: `TCP`, and nothing else.
    #[config(default = "TCP")]
    transport: String,
    /// A file with a certificate, in PEM or DER, to look at instead of a server.
    #[config(example = "/etc/ssl/shop.pem")]
    pub(super) local_cert_path: Option<PathBuf>,
    /// The name that the server is asked for, and that its certificate must be for; `server` if not given.
    #[config(example = "shop.example.com")]
    server_hostname: Option<String>,
    /// The versions that are as they should be, of `SSLv3`, `TLSv1`, `TLSv1.1`, `TLSv1.2` and `TLSv1.3`: the last two if none is given. Those before them are
    /// not spoken here, so a server that has nothing newer cannot be looked at further.
    #[config(default, shared, example = ["TLSv1.2", "TLSv1.3"])]
    allowed_versions: Vec<String>,
    /// What a server says to speak TLS on a connection that begins without it.
    #[config(example = "postgres")]
    start_tls: Option<StartTls>,
    /// Submit for how long the certificate was issued.
    #[config(default = false)]
    pub(super) send_cert_duration: bool,
    /// So many days before its end a certificate is a warning.
    #[config(default = 14.0, range = 0.0..)]
    pub(super) days_warning: f64,
    /// So many days before its end a certificate is critical.
    #[config(default = 7.0, range = 0.0..)]
    pub(super) days_critical: f64,
    /// The same in seconds; wins over `days_warning`.
    #[config(example = 1_209_600)]
    pub(super) seconds_warning: Option<u32>,
    /// The same in seconds; wins over `days_critical`.
    #[config(example = 604_800)]
    pub(super) seconds_critical: Option<u32>,
    /// How long connecting and the handshake may take together, in seconds.
    #[config(default = Duration::from_secs(10))]
    pub(super) timeout: Duration,
    #[config(flatten)]
    tls: TlsOptions,
    #[config(default = false, hidden, shared)]
    fetch_intermediate_certs: bool,
    #[config(default = 60.0, hidden)]
    intermediate_cert_refresh_interval: f64,
    #[config(hidden, deprecated = "use `tls_verify`")]
    validate_cert: Option<bool>,
    #[config(hidden, deprecated = "use `tls_validate_hostname`")]
    validate_hostname: Option<bool>,
    #[config(hidden, deprecated = "use `tls_ca_cert`")]
    ca_cert: Option<PathBuf>,
    #[config(hidden, deprecated = "use `tls_cert`")]
    cert: Option<PathBuf>,
    #[config(hidden, deprecated = "use `tls_private_key`")]
    private_key: Option<PathBuf>,
}

/// Protocols that begin in the clear.
#[derive(Config, Clone, Copy)]
pub enum StartTls {
    /// `PostgreSQL`.
    Postgres,
    /// `MySQL` and `MariaDB`.
    Mysql,
    /// Mail (RFC 3207).
    Smtp,
}

impl Server {
    fn whole(&self) -> Result<(), String> {
        match (&self.server, &self.local_cert_path) {
            (None, None) => return Err("it needs a `server`, or a `local_cert_path`".to_owned()),
            (Some(server), None) if host_and_port(server).is_none() => {
                return Err(format!("`server: {server}` is neither a name nor an address"));
            }
            (None, Some(_)) if self.validates_name() && self.server_hostname.is_none() => {
                return Err(
                    "`local_cert_path` needs a `server_hostname`, or `tls_validate_hostname: false`"
                        .to_owned(),
                );
            }
            _ => {}
        }
        if !self.transport.eq_ignore_ascii_case("tcp") {
            return Err("`transport` can be `TCP` alone".to_owned());
        }
        if self.fetch_intermediate_certs {
            return Err("`fetch_intermediate_certs` is not built in; let the server send the certificates in between, or write them into the file of \
                        `tls_ca_cert`"
                .to_owned());
        }
        match self.allowed_versions.iter().find(|version| known_version(version).is_none()) {
            Some(version) => {
                Err(format!("`allowed_versions` names `{version}`, which is no version of TLS"))
            }
            None => Ok(()),
        }
    }

    /// The options of TLS, whatever their names.
    pub(super) fn tls(&self) -> TlsOptions {
        let own = self.tls.clone();
        TlsOptions {
            tls_verify: own.tls_verify && self.validate_cert.unwrap_or(true),
            tls_validate_hostname: self.validates_name(),
            tls_ca_cert: own.tls_ca_cert.or_else(|| self.ca_cert.clone()),
            tls_cert: own.tls_cert.or_else(|| self.cert.clone()),
            tls_private_key: own.tls_private_key.or_else(|| self.private_key.clone()),
            ..own
        }
    }

    pub(super) fn validates_name(&self) -> bool {
        self.tls.tls_validate_hostname && self.validate_hostname.unwrap_or(true)
    }

    pub(super) fn host(&self) -> String {
        let host = self.server.as_deref().and_then(host_and_port).map(|(host, _)| host);
        host.unwrap_or_default()
    }

    pub(super) fn port(&self) -> u16 {
        let of_server = self.server.as_deref().and_then(host_and_port).and_then(|(_, port)| port);
        self.port.or(of_server).unwrap_or(PORT)
    }

    /// The name that the certificate must be for.
    pub(super) fn name_of_server(&self) -> String {
        self.server_hostname.clone().unwrap_or_else(|| self.host())
    }

    /// Connects, and says that TLS is to follow where the protocol begins without it.
    pub(super) async fn connect(&self) -> Result<TcpStream, String> {
        let (host, port) = (self.host(), self.port());
        let connecting = async {
            let mut stream = TcpStream::connect((&*host, port))
                .await
                .map_err(|error| format!("`{host}:{port}` cannot be reached: {error}"))?;
            if let Some(protocol) = self.start_tls {
                protocol.start(&mut stream).await?;
            }
            Ok(stream)
        };
        let late = |_| Err(format!("no connection within {:?}", self.timeout));
        timeout(self.timeout, connecting).await.unwrap_or_else(late)
    }

    /// Whether a version is as it should be.
    pub(super) fn allows(&self, version: &str) -> bool {
        let mut named = self.allowed_versions.iter().filter_map(|named| known_version(named));
        match self.allowed_versions.is_empty() {
            true => ALLOWED.contains(&version),
            false => named.any(|named| named == version),
        }
    }

    /// Whether a version is as it should be that is not spoken here.
    pub(super) fn allows_old(&self) -> bool {
        VERSIONS.iter().filter(|version| !ALLOWED.contains(version)).any(|old| self.allows(old))
    }
}

/// The version that is meant by `TLSv1.2`, `v1.2` or `1.2`.
fn known_version(named: &str) -> Option<&'static str> {
    let named = named.trim().to_ascii_lowercase();
    let number = named.trim_start_matches("tls").trim_start_matches('v');
    let number = if number == "1.0" { "1" } else { number };
    VERSIONS.into_iter().find(|version| {
        version.eq_ignore_ascii_case(&named) || version.strip_prefix("TLSv") == Some(number)
    })
}

/// The host of a name, an address or a URL, and the port if there is one.
fn host_and_port(server: &str) -> Option<(String, Option<u16>)> {
    if let Ok(address) = server.parse::<IpAddr>() {
        return Some((address.to_string(), None));
    }
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    // The port of this scheme is the one that is taken if there is none.
    let url = Url::parse(&format!("https://{rest}")).ok()?;
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
    Some((host, url.port()))
}
