//! Where things are sent: the hosts of a Datadog site, or one address for all.

use std::borrow::Cow;
use std::fmt;

/// The domains that Datadog's sites end in.
const DOMAINS: [&str; 3] = ["datadoghq.com", "datadoghq.eu", "ddog-gov.com"];

/// The site that is meant if none is named.
pub const DEFAULT_SITE: &str = "datadoghq.com";

/// The addresses of an intake.
#[derive(Clone, PartialEq, Eq)]
pub struct Addresses {
    /// For everything but log lines.
    pub metrics: String,
    /// For log lines.
    pub logs: String,
    /// For questions, such as whether a key is valid.
    pub api: String,
}

impl Addresses {
    /// The addresses of a site, such as `datadoghq.eu`.
    pub fn of_site(site: &str) -> Self {
        let metrics = match datadog_site(site) {
            Some(known) if known == site => format!("https://{}-app.agent.{site}", version()),
            _ => format!("https://app.{site}"),
        };
        Self {
            metrics,
            logs: format!("https://http-intake.logs.{site}"),
            api: format!("https://api.{site}"),
        }
    }

    /// An address as the Agent's `dd_url` has it. That of the `app` of a site of Datadog's is the site; any other one is used as
    /// it is, for everything if it is not Datadog's.
    pub fn of_url(url: &str) -> Self {
        let url = url.trim_end_matches('/');
        let host = host(url);
        match datadog_site(host) {
            Some(site) if host == site || host.strip_suffix(site) == Some("app.") => {
                Self::of_site(site)
            }
            Some(site) => Self { metrics: url.to_owned(), ..Self::of_site(site) },
            None => Self { metrics: url.to_owned(), logs: url.to_owned(), api: url.to_owned() },
        }
    }

    /// That for metrics, without what an upgrade changes in it.
    pub(super) fn lasting(&self) -> Cow<'_, str> {
        match self.metrics.split_once("-app.agent.") {
            Some((_, site)) if datadog_site(site) == Some(site) => {
                Cow::Owned(format!("https://app.agent.{site}"))
            }
            _ => Cow::Borrowed(&self.metrics),
        }
    }

    /// They are Datadog's, where nothing is accepted without a key.
    pub fn are_datadogs(&self) -> bool {
        datadog_site(host(&self.metrics)).is_some()
    }
}

/// Addresses may have a user and password in them.
impl fmt::Debug for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Addresses")
            .field("metrics", &host(&self.metrics))
            .field("logs", &host(&self.logs))
            .field("api", &host(&self.api))
            .finish()
    }
}

/// The host of an address, without port, user and password.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// The site of Datadog's that a host belongs to: a domain of its, with a region before it if there is one (`us3`, `ap1`).
fn datadog_site(host: &str) -> Option<&str> {
    let domain = DOMAINS.into_iter().find(|domain| {
        host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })?;
    let before = host[..host.len() - domain.len()].trim_end_matches('.');
    let last = before.rsplit('.').next().unwrap_or_default();
    let length = if is_region(last) { last.len() + 1 + domain.len() } else { domain.len() };
    Some(&host[host.len() - length..])
}

/// Letters, then a number: `us3`, `ap1`.
fn is_region(label: &str) -> bool {
    let letters = label.trim_end_matches(|char: char| char.is_ascii_digit());
    let digits = label.len() - letters.len();
    letters.len() >= 2
        && (1..=2).contains(&digits)
        && letters.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Our version as a part of a host's name, by which the intake tells clients apart.
fn version() -> String {
    env!("CARGO_PKG_VERSION").replace(['.', '+'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_of_datadogs_has_hosts_for_agents_and_another_has_not() {
        let of = |site| Addresses::of_site(site).metrics;
        let agent = format!("https://{}-app.agent.", version());
        assert_eq!(of("datadoghq.com"), format!("{agent}datadoghq.com"));
        assert_eq!(of("us3.datadoghq.com"), format!("{agent}us3.datadoghq.com"));
        assert_eq!(of("ddog-gov.com"), format!("{agent}ddog-gov.com"));
        for other in ["example.com", "notdatadoghq.com", "x.datadoghq.com", "a.us3.datadoghq.com"] {
            assert_eq!(of(other), format!("https://app.{other}"));
        }
        let eu = Addresses::of_site("datadoghq.eu");
        assert_eq!(eu.logs, "https://http-intake.logs.datadoghq.eu");
        assert_eq!(eu.api, "https://api.datadoghq.eu");
    }

    #[test]
    fn an_address_of_the_agents_form_is_its_site() {
        for url in ["https://app.datadoghq.eu", "https://app.datadoghq.eu/", "https://datadoghq.eu"]
        {
            assert_eq!(Addresses::of_url(url), Addresses::of_site("datadoghq.eu"), "{url}");
        }
        let us3 = Addresses::of_url("https://app.us3.datadoghq.com");
        assert_eq!(us3, Addresses::of_site("us3.datadoghq.com"));
    }

    #[test]
    fn another_address_of_a_site_is_used_as_it_is() {
        let url = "https://metrics.agent.us5.datadoghq.com";
        let expected =
            Addresses { metrics: url.to_owned(), ..Addresses::of_site("us5.datadoghq.com") };
        assert_eq!(Addresses::of_url(url), expected);
    }

    #[test]
    fn an_address_that_is_not_datadogs_takes_everything() {
        let url = "http://user:hush@localhost:8428/datadog";
        let all = Addresses::of_url(&format!("{url}/"));
        assert_eq!((&*all.metrics, &*all.logs, &*all.api), (url, url, url));
        assert!(!format!("{all:?}").contains("hush"));
        assert_eq!(host("http://[::1]:8428/x"), "[::1]");
    }
}
