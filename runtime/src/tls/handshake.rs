//! A handshake for its own sake: which version a server speaks and what it shows, whether it is trusted or not.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rustls::client::Resumption;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::UnixTime;
use rustls::{Error, ProtocolVersion};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

use super::client::{Wanted, client_config};
use super::error::TlsError;
use super::files::{Chain, server_name};
use super::options::TlsOptions;
use super::verifier::Verifier;

/// TLS with an instance's options, to look at who is at the other end of a connection.
#[derive(Clone)]
pub struct Tls {
    /// That takes any certificate: it is judged afterwards.
    connector: TlsConnector,
    verifier: Arc<Verifier>,
}

/// A server with which hands were shaken.
#[derive(Debug, Clone)]
pub struct Peer {
    /// The version that both speak, such as `TLSv1.3`.
    pub version: &'static str,
    /// What it showed.
    pub chain: Chain,
}

impl Tls {
    /// TLS with these options.
    ///
    /// # Errors
    /// A file of certificates or keys that cannot be used, or cipher suites of which none is known.
    pub fn new(options: &TlsOptions) -> Result<Self, TlsError> {
        let wanted = options.wanted();
        let any = Wanted { verify: false, ..wanted };
        let mut config = client_config(&any)?;
        // One that goes on with an earlier session shows no certificate.
        config.resumption = Resumption::disabled();
        let verifier = match wanted.verify {
            true => Verifier::new(wanted.provider()?, wanted.authorities, true)?,
            false => Verifier::of_anything(wanted.provider()?),
        };
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), verifier: Arc::new(verifier) })
    }

    /// Shakes hands over a connection with a server of this name, whoever it is: nothing of what it shows is judged.
    ///
    /// It waits as long as the server takes; the caller sets the limit.
    ///
    /// # Errors
    /// There is no common version or suite, the server refuses, or what it says is no TLS.
    pub async fn handshake(
        &self,
        connection: impl AsyncRead + AsyncWrite + Unpin,
        name: &str,
    ) -> Result<Peer, TlsError> {
        let connected = self.connector.connect(server_name(name)?, connection).await;
        let stream = connected.map_err(|error| TlsError::handshake(&error))?;
        let (_, session) = stream.get_ref();
        let chain = session.peer_certificates().unwrap_or_default().to_vec();
        let version = match session.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
            _ => "TLSv1.2",
        };
        Ok(Peer { version, chain: Chain(chain) })
    }

    /// Whether a chain leads to an authority that is trusted and is in its time, if the options ask for that. Its name is not looked at:
    /// [`Chain::is_for`] does.
    ///
    /// # Errors
    /// It does not, or is not.
    pub fn trusts(&self, chain: &Chain, name: &str, now: SystemTime) -> Result<(), TlsError> {
        let (first, others) = chain.0.split_first().ok_or_else(TlsError::no_certificate)?;
        let now = UnixTime::since_unix_epoch(now.duration_since(UNIX_EPOCH).unwrap_or_default());
        let verified =
            self.verifier.verify_server_cert(first, others, &server_name(name)?, &[], now);
        verified.map(|_| ()).map_err(|error: Error| TlsError::certificate(&error))
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}
