//! Tries the endpoint out: can it listen, and can it be scraped?

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::StatusCode;

use crate::config::Secret;
use crate::http::{Http, HttpOptions, Response};

use super::super::diagnosis::{Complaint, Diagnosis};
use super::Exposition;
use super::read::read;
use super::service::{HEALTHY, WELL};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What to do where somebody else listens.
const ANOTHER_PORT: &str = "`address` names another port; `ss -ltnp` shows who listens there";

/// What there is to do where another process answers otherwise than this one would.
const ANEW: &str = "the process that runs may have other settings than these; start it anew";

/// What is seen of another process that lets nobody in.
const ASKS: &str = "it asks for a token or password, which another process is not shown";

/// Who listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// This process.
    Ours,
    /// Another one, of whomever.
    Anyones,
}

impl Exposition {
    /// Listens and scrapes; or scrapes the process that listens there already, if it is one of ours.
    pub(super) async fn try_out(&self) -> Vec<Diagnosis> {
        let what = format!("listening at `{}`", self.address);
        let (mut whose, mut at) = (Whose::Ours, self.address);
        let seen = match self.listen() {
            Ok(own) => {
                at = own;
                Ok(String::from("it can"))
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                whose = Whose::Anyones;
                let is_well = self.get(at, HEALTHY, whose).await;
                match is_well.is_ok_and(|answer| answer.body == WELL.as_bytes()) {
                    true => Ok(String::from("a process of Allwell listens there already")),
                    false => Err(complain("something else listens there", ANOTHER_PORT)),
                }
            }
            Err(error) => Err(complain(error.to_string(), hint_for(error.kind()))),
        };
        let listens = seen.is_ok();
        let mut all = vec![Diagnosis { what, outcome: seen }];
        if listens {
            all.push(self.try_scrape(at, whose).await);
        }
        all
    }

    async fn try_scrape(&self, at: SocketAddr, whose: Whose) -> Diagnosis {
        let path = &self.service.path;
        let what = format!("scraping `{}`", self.url(at, path));
        let asks = whose == Whose::Anyones && self.service.access.expected().next().is_some();
        let outcome = match self.get(at, path, whose).await {
            Ok(answer) if asks => match answer.status {
                401 => Ok(String::from(ASKS)),
                _ => Err(complain("it answers without a token or password", ANEW)),
            },
            Ok(answer) => match answer.status {
                200..300 => scraped(&answer.body),
                status => {
                    let status = StatusCode::from_u16(status).unwrap_or_default();
                    Err(complain(format!("`{}` answered {status}", self.url(at, path)), ANEW))
                }
            },
            Err(message) => Err(complain(message, ANEW)),
        };
        Diagnosis { what, outcome }
    }

    /// Gets a page as a scraper of this host would. A token or password is shown to ourselves only: whoever came first to the port
    /// would have it.
    async fn get(&self, at: SocketAddr, path: &str, whose: Whose) -> Result<Response, String> {
        let accept = Secret::new("application/openmetrics-text;version=1.0.0, text/plain;q=0.5");
        let ours = self.service.access.expected().next().filter(|_| whose == Whose::Ours);
        let authorization = ours.map(|(scheme, secret)| {
            (String::from("Authorization"), Secret::new(format!("{scheme} {}", secret.expose())))
        });
        let headers = [(String::from("Accept"), accept)].into_iter().chain(authorization);
        let options = HttpOptions {
            timeout: PATIENCE,
            headers: headers.collect(),
            // The certificate names the host as others call it, and this is a connection to ourselves.
            tls_verify: false,
            skip_proxy: true,
            allow_redirects: false,
            ..HttpOptions::default()
        };
        let http = Http::new(&options).map_err(|error| error.to_string())?;
        http.get(self.url(at, path)).await.map_err(|error| error.to_string())
    }

    fn url(&self, at: SocketAddr, path: &str) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let ip = match at.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        format!("{scheme}://{}{path}", SocketAddr::new(ip, at.port()))
    }
}

fn scraped(body: &[u8]) -> Result<String, Complaint> {
    match read(&String::from_utf8_lossy(body)) {
        Ok(found) => Ok(format!("{} samples of {} metrics", found.samples, found.families)),
        Err(message) => Err(complain(message, "please report this as a bug")),
    }
}

fn hint_for(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::PermissionDenied => {
            "a port below 1024 needs the capability `CAP_NET_BIND_SERVICE`"
        }
        ErrorKind::AddrNotAvailable => {
            "`address` must be one of this host's, or `0.0.0.0` for all of them"
        }
        _ => "see whether `address` is meant as it stands",
    }
}

fn complain(message: impl Into<String>, hint: &str) -> Complaint {
    Complaint { message: message.into(), hint: hint.to_owned() }
}
