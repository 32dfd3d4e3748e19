//! Proxies: as the options name them, or as the Agent's variables do.

use crate::config::Config;

/// A proxy for each scheme, and the hosts that are reached without it.
#[derive(Debug, Clone, PartialEq, Config)]
pub struct Proxy {
    /// The proxy for `http` addresses.
    pub http: Option<String>,
    /// The proxy for `https` addresses.
    pub https: Option<String>,
    /// Hosts, domains (`.example.com`) and networks (`10.0.0.0/8`) to connect to directly.
    #[config(default)]
    pub no_proxy: Vec<String>,
}

impl Proxy {
    /// For each of the three what a variable of the Agent says, or the options, or the variable that is everybody's; what is to be
    /// reached directly by that one is so in any case.
    pub(crate) fn of_agent(
        options: Option<Self>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let first = |names: &[&str]| names.iter().find_map(|name| variable(name));
        let hosts = |names: &[&str]| {
            let text = first(names).unwrap_or_default();
            let hosts = text.split([' ', ',']).filter(|host| !host.is_empty());
            hosts.map(str::to_owned).collect::<Vec<_>>()
        };
        let none = || Self { http: None, https: None, no_proxy: Vec::new() };
        let mut proxy = options.unwrap_or_else(none);
        proxy.http = first(&["DD_PROXY_HTTP"])
            .or(proxy.http)
            .or_else(|| first(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]));
        proxy.https = first(&["DD_PROXY_HTTPS"])
            .or(proxy.https)
            .or_else(|| first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]));
        let own = hosts(&["DD_PROXY_NO_PROXY"]);
        if !own.is_empty() {
            proxy.no_proxy = own;
        }
        proxy.no_proxy.extend(hosts(&["no_proxy", "NO_PROXY"]));
        Some(proxy).filter(|proxy| proxy.http.is_some() || proxy.https.is_some())
    }
}
