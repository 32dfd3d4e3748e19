//! What is told of a server or a file.

use std::time::SystemTime;

use allwell::prelude::*;
use allwell::tls::{Chain, TlsError};

use super::config::Server;

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// What was seen of a server or a file.
#[derive(Metrics, Default)]
#[metrics(namespace = "tls")]
pub struct Seen {
    /// The name that the certificate must be for.
    #[tag]
    pub(super) server_hostname: Option<String>,
    /// The host.
    #[tag]
    pub(super) server: Option<String>,
    /// The port.
    #[tag]
    pub(super) port: Option<u16>,
    /// Days until the certificate ends.
    #[metric(orientation = higher_is_better)]
    pub(super) days_left: Option<Gauge<Day>>,
    /// Seconds until the certificate ends.
    #[metric(orientation = higher_is_better)]
    pub(super) seconds_left: Option<Gauge<Second>>,
    /// Days for which the certificate was issued.
    #[metric(orientation = higher_is_better)]
    pub(super) issued_days: Option<Count<Day>>,
    /// Seconds for which the certificate was issued.
    #[metric(orientation = higher_is_better)]
    pub(super) issued_seconds: Option<Count<Second>>,
    /// CRITICAL if the server cannot be reached, or refuses to begin with TLS; OK otherwise.
    pub(super) can_connect: Option<ServiceCheck>,
    /// CRITICAL if the version of TLS is none that is allowed, UNKNOWN if it may be one that is not spoken here; OK otherwise.
    pub(super) version: Option<ServiceCheck>,
    /// CRITICAL if the certificate is not trusted, not for this server or cannot be had; OK otherwise.
    pub(super) cert_validation: Option<ServiceCheck>,
    /// CRITICAL if the certificate has ended or ends soon, WARNING if it ends before long; OK otherwise.
    pub(super) cert_expiration: Option<ServiceCheck>,
}

impl Server {
    pub(super) fn seen_at_server(&self) -> Seen {
        Seen {
            server_hostname: Some(self.name_of_server()),
            server: Some(self.host()),
            port: Some(self.port()),
            ..Seen::default()
        }
    }

    pub(super) fn seen_in_file(&self, validation: Status) -> Seen {
        let name = Some(self.name_of_server()).filter(|name| !name.is_empty());
        Seen {
            server_hostname: name.filter(|_| self.validates_name()),
            cert_validation: Some(validation.into()),
            ..Seen::default()
        }
    }

    /// What is told of a server that did not come to show a certificate.
    pub(super) fn not_shaken(&self, error: &TlsError, seen: Seen) -> Seen {
        let version = error.is_version().then(|| match self.allows_old() {
            true => Status::unknown(error),
            false => Status::critical(error),
        });
        Seen {
            version: version.map(Into::into),
            cert_validation: Some(Status::critical(error).into()),
            ..seen
        }
    }

    pub(super) fn judge_version(&self, version: &str) -> Status {
        if self.allows(version) {
            return Status::Ok;
        }
        Status::critical(format!("the version {version} is not allowed"))
    }

    /// Whether a certificate is for the server, if that matters.
    pub(super) fn is_for(&self, chain: &Chain, name: &str) -> Result<(), TlsError> {
        if self.validates_name() { chain.is_for(name) } else { Ok(()) }
    }

    /// Adds what is told of the times of a certificate.
    pub(super) fn judge_times(&self, chain: &Chain, now: SystemTime, seen: Seen) -> Seen {
        let Some(certificate) = chain.validity() else {
            let unreadable = Status::critical("the certificate cannot be read");
            return Seen { cert_validation: Some(unreadable.into()), ..seen };
        };
        let left = certificate.seconds_left(now);
        let issued = certificate.seconds_left(certificate.not_before);
        let issued = Some(issued).filter(|_| self.send_cert_duration);
        Seen {
            days_left: Some((left / DAY).into()),
            seconds_left: Some(left.into()),
            issued_days: issued.map(|seconds| (seconds / DAY).into()),
            issued_seconds: issued.map(Into::into),
            cert_expiration: Some(self.judge_end(left).into()),
            ..seen
        }
    }

    fn judge_end(&self, left: f64) -> Status {
        let limit = |seconds: Option<u32>, days: f64| seconds.map_or(days * DAY, f64::from);
        let days = (left / DAY).floor();
        if left <= 0.0 {
            Status::critical("the certificate has ended")
        } else if left < limit(self.seconds_critical, self.days_critical) {
            Status::critical(format!("only {days} days until the certificate ends"))
        } else if left < limit(self.seconds_warning, self.days_warning) {
            Status::warning(format!("{days} days until the certificate ends"))
        } else {
            Status::Ok
        }
    }
}
