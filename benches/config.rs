//! How long 1,000 instances of a configuration file take to become typed values, problems looked for.
#![allow(clippy::print_stdout, reason = "the figure is the output")]

use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;

use allwell::check::Registry;
use allwell::config::confd;
use allwell::prelude::*;

/// Does nothing with its options.
#[check]
fn sink(_config: &Options) {}

/// A configuration of the usual size.
#[derive(Config)]
#[allow(dead_code, reason = "what is measured is the reading")]
struct Options {
    /// Where the server is.
    #[config(tag = "sink_host", example = "localhost")]
    host: String,
    /// Its port.
    #[config(default = 6379, range = 1..=65535)]
    port: u16,
    /// Its token.
    #[config(secret)]
    token: Option<Secret>,
    /// What to look at.
    #[config(default)]
    keys: Vec<String>,
    /// How long to wait, in seconds.
    #[config(default = Duration::from_secs(5))]
    timeout: Duration,
    #[config(flatten)]
    http: HttpOptions,
}

const INSTANCES: usize = 1_000;

fn main() {
    let mut text = String::from("init_config:\ninstances:\n");
    for i in 0..INSTANCES {
        let _ = write!(
            text,
            "  - host: server-{i}.example.com\n    port: \"6379\"\n    token: \"secret {i}\"\n    keys: [a, b, c]\n    \
             timeout: 2.5\n    tls_verify: no\n    tags:\n      - env:prod\n      - role:cache-{i}\n    min_collection_interval: 30\n"
        );
    }
    let entry = Registry::collect().get("sink").expect("the check above is registered");
    let ns = allwell_benches::best_ns(5, || {
        let file =
            confd::File::parse("sink", Path::new("conf.yaml"), black_box(&text).as_str().into());
        let loaded = allwell::check::load(entry, &file);
        assert_eq!((loaded.instances.len(), loaded.problems.is_empty()), (INSTANCES, true));
    });
    println!("{{\"ms_for_1000_instances\": {:.2}, \"bytes\": {}}}", ns / 1e6, text.len());
}
