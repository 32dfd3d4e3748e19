//! Scrapers: Prometheus and VictoriaMetrics, each with one target, and what they answer to queries.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use allwell::http::{Http, HttpOptions};
use serde_json::Value;

use crate::process::Server;

/// How long something may take until a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a scraper scrapes.
#[derive(Debug, Clone)]
pub struct Target {
    /// The address and port.
    pub address: SocketAddr,
    /// The authority of its certificate, if it speaks TLS.
    pub authority: Option<PathBuf>,
    /// The token that it wants.
    pub token: Option<String>,
}

impl Target {
    /// A target that speaks in clear to anyone.
    pub const fn plain(address: SocketAddr) -> Self {
        Self { address, authority: None, token: None }
    }

    /// The configuration of a scraper, in the words of Prometheus.
    fn write(&self, directory: &Path) -> PathBuf {
        let mut text = format!(
            "global: {{scrape_interval: 1s}}\nscrape_configs:\n  - job_name: test\n    \
             static_configs: [{{targets: ['{}']}}]\n",
            self.address
        );
        if let Some(authority) = &self.authority {
            let file = authority.display();
            write!(text, "    scheme: https\n    tls_config: {{ca_file: '{file}'}}\n")
                .expect("a string takes it");
        }
        if let Some(token) = &self.token {
            writeln!(text, "    authorization: {{credentials: '{token}'}}")
                .expect("a string takes it");
        }
        let path = directory.join("scrape.yml");
        std::fs::write(&path, text).expect("the directory can be written to");
        path
    }
}

/// A sample that a query gave: its labels and value.
pub type Sample = (BTreeMap<String, String>, f64);

/// A scraper that runs.
#[derive(Debug)]
pub struct Scraper {
    server: Server,
    http: Http,
}

impl Scraper {
    /// Starts Prometheus.
    ///
    /// # Panics
    /// It is not installed, or does not start.
    pub fn prometheus(target: &Target) -> Self {
        Self::prometheus_with(target, &[])
    }

    /// Starts Prometheus, which asks its target for native histograms.
    ///
    /// # Panics
    /// As [`prometheus`](Self::prometheus).
    pub fn prometheus_with_native_histograms(target: &Target) -> Self {
        Self::prometheus_with(target, &["--enable-feature=native-histograms"])
    }

    fn prometheus_with(target: &Target, arguments: &[&str]) -> Self {
        Self::of(Server::start("prometheus", |directory, port| {
            let config = target.write(directory).display().to_string();
            let data = directory.join("data").display().to_string();
            let mut command = Command::new("prometheus");
            command.args([
                format!("--config.file={config}"),
                format!("--storage.tsdb.path={data}"),
                format!("--web.listen-address=127.0.0.1:{port}"),
                String::from("--log.level=error"),
            ]);
            command.args(arguments);
            command
        }))
    }

    /// Starts VictoriaMetrics, with a target or without.
    ///
    /// # Panics
    /// It is not installed, or does not start.
    pub fn victoria_metrics(target: Option<&Target>) -> Self {
        Self::of(Server::start("victoria-metrics", |directory, port| {
            let mut command = Command::new("victoria-metrics");
            command.args([
                format!("-httpListenAddr=127.0.0.1:{port}"),
                format!("-storageDataPath={}", directory.join("data").display()),
                String::from("-loggerLevel=ERROR"),
                // Otherwise what was taken shows after half a minute.
                String::from("-search.latencyOffset=0s"),
            ]);
            if let Some(target) = target {
                let config = target.write(directory);
                command.arg(format!("-promscrape.config={}", config.display()));
            }
            command
        }))
    }

    fn of(server: Server) -> Self {
        let options = HttpOptions { skip_proxy: true, ..HttpOptions::default() };
        Self { server, http: Http::new(&options).expect("the options are good") }
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.server.port)
    }

    /// The port that it listens on.
    pub const fn port(&self) -> u16 {
        self.server.port
    }

    /// What a query gives now.
    ///
    /// # Panics
    /// It is no query, or not of samples.
    pub async fn query(&self, query: &str) -> Vec<Sample> {
        self.result(query).await.iter().map(sample).collect()
    }

    async fn result(&self, query: &str) -> Vec<Value> {
        let base = format!("{}/api/v1/query", self.address());
        let url = allwell::Url::parse_with_params(&base, [("query", query)]).expect("a URL");
        let answer: Value = match self.http.json(url).await {
            // It listens before it is ready, and then it has no samples yet.
            Err(error) if error.status() == Some(503) => return Vec::new(),
            answer => answer.expect("it answers"),
        };
        let result = answer["data"]["result"].as_array();
        result.unwrap_or_else(|| panic!("{answer}")).clone()
    }

    /// The buckets of the only native histogram that a query gives, once it gives one: bounds and counts, in ascending order.
    ///
    /// # Panics
    /// There are several, or none ever.
    pub async fn native_histogram(&self, query: &str) -> Vec<(f64, f64, f64)> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let result = self.result(query).await;
            if let [one] = &result[..] {
                let buckets = one["histogram"][1]["buckets"].as_array();
                return buckets.unwrap_or_else(|| panic!("{one}")).iter().map(bucket).collect();
            }
            assert!(Instant::now() < deadline, "`{query}` gives {result:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until a query gives something, and gives it.
    ///
    /// # Panics
    /// It never does.
    pub async fn comes(&self, query: &str) -> Vec<Sample> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.query(query).await;
            if !found.is_empty() {
                return found;
            }
            assert!(Instant::now() < deadline, "`{query}` never gives anything");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Gives it a text.
    ///
    /// # Panics
    /// It does not take it.
    pub fn post(&self, path: &str, text: &[u8]) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.server.port)).expect("it listens");
        let length = text.len();
        write!(stream, "POST {path} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n")
            .expect("it reads");
        stream.write_all(text).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert!(answer.starts_with("HTTP/1.0 20") || answer.starts_with("HTTP/1.1 20"), "{answer}");
    }

    /// The value of the only sample that a query gives, once it gives one.
    ///
    /// # Panics
    /// There are several, or none ever.
    pub async fn value(&self, query: &str) -> f64 {
        let [(_, value)] = self.comes(query).await[..] else { panic!("`{query}` gives several") };
        value
    }
}

fn sample(one: &Value) -> Sample {
    let labels = serde_json::from_value(one["metric"].clone()).expect("labels are texts");
    let value = one["value"][1].as_str().and_then(|text| text.parse().ok());
    (labels, value.expect("a value is the text of a number"))
}

fn bucket(one: &Value) -> (f64, f64, f64) {
    let number = |place: usize| {
        let number = one[place].as_str().and_then(|text| text.parse().ok());
        number.unwrap_or_else(|| panic!("{one}"))
    };
    (number(1), number(2), number(3))
}
