//! Checks that `#[check]` makes of functions and impls: what the registry knows of them.
#![forbid(unsafe_code)]
#![deny(warnings, clippy::pedantic, unused_qualifications, missing_docs)]

use allwell::check::Registry;
use allwell::prelude::*;

/// Options.
#[derive(Config)]
struct Page {
    /// Address of the page.
    #[config(tag, example = "http://localhost/")]
    url: String,
    /// Text.
    #[config(default = "x", non_empty)]
    text: String,
    /// Mode.
    #[config(default = "read_only")]
    mode: Mode,
    #[config(flatten)]
    more: More,
}

/// More options.
#[derive(Config)]
struct More {
    /// Address of the page.
    more: Option<String>,
}

#[derive(Config)]
enum Mode {
    /// Read.
    ReadOnly,
    /// Write.
    ReadWrite,
}

#[derive(Metrics)]
#[metrics(namespace = "awesome")]
struct Search {
    /// OK if the text is on the page.
    search: ServiceCheck,
}

/// Looks for a text on a web page.
#[check]
#[expect(clippy::unused_async, reason = "a check that waits for nothing")]
async fn awesome(config: &Page, cx: &Context) -> Result<Search> {
    cx.warn(&config.url);
    let _ = (&config.text, &config.more.more, &config.mode);
    Ok(Search { search: Status::Ok.into() })
}

/// Blocks.
#[check(name = "slow", interval = "1m", timeout = "10s", enabled_by_default)]
fn blocking(cx: &Context<Search>) -> Vec<Search> {
    cx.submit(Search { search: Status::Ok.into() });
    Vec::new()
}

struct Postgres;

/// Keeps a connection.
#[check(can_connect = "postgres.can_connect")]
impl Check<Search> for Postgres {
    type Config = Page;
    type Metrics = (Search, Option<Search>);

    async fn start(_config: Page, _cx: &Context<Search>) -> Result<Self> {
        Ok(Self)
    }

    async fn run(&mut self, _cx: &Context<Search>) -> Result<Self::Metrics> {
        Ok((Search { search: Status::Ok.into() }, None))
    }
}

#[test]
fn registered() {
    let registry = Registry::collect();
    let names: Vec<_> = registry.entries().iter().map(|entry| entry.name()).collect();
    assert_eq!(names, ["awesome", "postgres", "slow"]);
}
