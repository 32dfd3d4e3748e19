//! Whether a server speaks TLS as it should: its version, who vouches for its certificate, and how long that is valid.
//!
//! Metrics, service checks, tags and options are those of Datadog's `tls`. A certificate that is not trusted is looked at all the same, so
//! what it is for and when it ends is told together with what is wrong with it.

mod config;
mod seen;
mod start_tls;

use std::time::{Instant, SystemTime};

use allwell::prelude::*;
use allwell::tls::{Chain, Peer, Tls as Connector, TlsError};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub use config::{Server, StartTls};
pub use seen::Seen;

/// Whether a server speaks TLS as it should: its version, who vouches for its certificate, and how long that is valid.
#[check(name = "tls", display_name = "TLS")]
impl Check for Tls {
    type Config = Server;
    type Metrics = Seen;

    async fn start(config: Server, _cx: &Context) -> Result<Self> {
        Ok(Self { config, connector: None })
    }

    async fn run(&mut self, cx: &Context) -> Result<Seen> {
        if let Some(file) = &self.config.local_cert_path {
            return Ok(match Chain::from_file(file) {
                Ok(chain) => self.judge_file(&chain, cx.now()),
                Err(error) => self.config.seen_in_file(Status::critical(format!(
                    "the certificate `{}` cannot be read: {error}",
                    file.display()
                ))),
            });
        }
        let connector = self.connector()?;
        let seen = self.config.seen_at_server();
        let begun = Instant::now();
        let stream = match self.config.connect().await {
            Ok(stream) => stream,
            Err(error) => {
                return Ok(Seen { can_connect: Some(Status::critical(error).into()), ..seen });
            }
        };
        let seen = Seen { can_connect: Some(Status::Ok.into()), ..seen };
        Ok(match self.shake_hands(&connector, stream, begun).await {
            Ok(Ok(peer)) => self.judge(&connector, &peer, cx.now(), seen),
            Ok(Err(error)) => self.config.not_shaken(&error, seen),
            Err(late) => Seen { cert_validation: Some(Status::critical(late).into()), ..seen },
        })
    }
}

/// A server or a file, and what is kept between looks at it.
pub struct Tls {
    config: Server,
    /// Made once, unless files are to be read anew.
    connector: Option<Connector>,
}

impl Tls {
    /// Files may be replaced while the check runs; what the system trusts is read once.
    fn connector(&mut self) -> Result<Connector, TlsError> {
        let options = self.config.tls();
        if options.tls_ca_cert.is_some() || options.tls_cert.is_some() {
            return Connector::new(&options);
        }
        if let Some(known) = &self.connector {
            return Ok(known.clone());
        }
        Ok(self.connector.insert(Connector::new(&options)?).clone())
    }

    async fn shake_hands(
        &self,
        connector: &Connector,
        stream: TcpStream,
        begun: Instant,
    ) -> Result<Result<Peer, TlsError>, String> {
        let name = self.config.name_of_server();
        let late = |_| format!("no handshake within {:?}", self.config.timeout);
        let left = self.config.timeout.saturating_sub(begun.elapsed());
        timeout(left, connector.handshake(stream, &name)).await.map_err(late)
    }

    fn judge(&self, connector: &Connector, peer: &Peer, now: SystemTime, seen: Seen) -> Seen {
        let name = self.config.name_of_server();
        let trusted = connector.trusts(&peer.chain, &name, now);
        let validation = trusted.and_then(|()| self.config.is_for(&peer.chain, &name));
        let seen = Seen {
            version: Some(self.config.judge_version(peer.version).into()),
            cert_validation: Some(validation.map_or_else(Status::critical, |()| Status::Ok).into()),
            ..seen
        };
        self.config.judge_times(&peer.chain, now, seen)
    }

    fn judge_file(&self, chain: &Chain, now: SystemTime) -> Seen {
        let validation = self.config.is_for(chain, &self.config.name_of_server());
        let seen =
            self.config.seen_in_file(validation.map_or_else(Status::critical, |()| Status::Ok));
        self.config.judge_times(chain, now, seen)
    }
}
