//! Connections and requests of an nginx server, from its `stub_status` page.

use allwell::prelude::*;

/// Connections and requests of an nginx server, from its `stub_status` page.
#[check(can_connect = "nginx.can_connect")]
pub async fn nginx(config: &Nginx, cx: &Context) -> Result<Connections> {
    let page = cx.http(&config.http)?.text(&config.nginx_status_url).await?;
    Connections::from_page(&page)
        .with_context(|| format!("{} is not a `stub_status` page", config.nginx_status_url))
}

/// One nginx server.
#[derive(Config)]
pub struct Nginx {
    /// Address of the page that a location with the directive `stub_status` shows.
    #[config(example = "http://localhost:81/nginx_status/")]
    nginx_status_url: Url,
    #[config(flatten)]
    http: HttpOptions,
}

/// The server's connections.
#[derive(Metrics)]
#[metrics(namespace = "nginx.net")]
pub struct Connections {
    /// Connections of clients that are open, waiting ones included.
    connections: Gauge<Connection>,
    /// Connections that clients opened.
    conn_opened_per_s: Rate<Per<Connection, Second>>,
    /// Connections that were opened and not served, for want of resources.
    #[metric(orientation = lower_is_better)]
    conn_dropped_per_s: Rate<Per<Connection, Second>>,
    /// Requests.
    request_per_s: Rate<Per<Request, Second>>,
    /// Connections on which the head of a request is being read.
    reading: Gauge<Connection>,
    /// Connections on which an answer is being made or written.
    writing: Gauge<Connection>,
    /// Connections that are kept open and wait for a request.
    waiting: Gauge<Connection>,
}

impl Connections {
    /// The numbers stand in a fixed order between words.
    fn from_page(page: &str) -> Option<Self> {
        let numbers = page.strip_prefix("Active connections:")?.split_whitespace();
        let numbers: Vec<u64> = numbers.filter_map(|word| word.parse().ok()).collect();
        let [active, accepted, handled, requests, reading, writing, idle] = numbers[..] else {
            return None;
        };
        Some(Self {
            connections: active.into(),
            conn_opened_per_s: accepted.into(),
            conn_dropped_per_s: accepted.saturating_sub(handled).into(),
            request_per_s: requests.into(),
            reading: reading.into(),
            writing: writing.into(),
            waiting: idle.into(),
        })
    }
}
