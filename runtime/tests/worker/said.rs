//! What a check says beside its metrics, and how long it is remembered.

use allwell::prelude::*;
use allwell::run::RunOutcome;
use allwell::testing::instance;

/// Sends one of everything in its first run.
#[check]
fn talkative(cx: &Context) -> Result<()> {
    if cx.cache().get("cursor").as_deref() == Some("7") {
        return Ok(());
    }
    cx.cache().set("cursor", "7");
    cx.version("v1.22.3-rc.1+abc");
    cx.metadata("flavour", "vanilla");
    cx.warn(anyhow!("inner").context("outer"));
    cx.event(Event::new("restarted", "again").tag("unit", 5));
    cx.log(Log::new("a line"));
    bail!("{} on {}", cx.check_name(), cx.hostname());
}

#[tokio::test(start_paused = true)]
async fn what_a_run_sends_is_gone_at_the_next_but_for_cache_and_metadata() {
    let mut talkative = instance::<talkative>("");
    let run = talkative.run().await;
    assert_eq!(run.report.outcome, RunOutcome::Failed("talkative on test-host".to_owned()));
    assert_eq!(run.report.warnings, ["outer: inner"]);
    assert_eq!((run.report.events, run.report.logs), (1, 1));
    assert_eq!(run.events, [Event::new("restarted", "again").tag("unit", 5)]);
    assert_eq!(run.logs, [Log::new("a line")]);
    let metadata: Vec<_> = run.metadata.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let expected = [
        ("flavour", "vanilla"),
        ("version.build", "abc"),
        ("version.major", "1"),
        ("version.minor", "22"),
        ("version.patch", "3"),
        ("version.raw", "v1.22.3-rc.1+abc"),
        ("version.release", "rc.1"),
        ("version.scheme", "semver"),
    ];
    assert_eq!(metadata, expected);

    let second = talkative.run().await;
    assert_eq!(second.assert_ok().report.warnings, [""; 0]);
    assert_eq!((second.events.len(), second.logs.len()), (0, 0));
    assert_eq!(second.metadata, run.metadata);
}

/// Watches what is upgraded between two runs.
#[check]
fn upgraded(cx: &Context) {
    let before = cx.cache().get("before").is_some();
    cx.version(if before { "rolling" } else { "1.2.3" });
    cx.cache().set("before", "yes");
}

#[tokio::test(start_paused = true)]
async fn version_leaves_no_parts_of_the_last_one() {
    let mut upgraded = instance::<upgraded>("");
    assert_eq!(upgraded.run().await.metadata["version.major"], "1");
    let metadata = upgraded.run().await.metadata;
    assert_eq!(
        metadata.into_iter().collect::<Vec<_>>(),
        [("version.raw".into(), "rolling".into())]
    );
}

#[derive(Config)]
struct Login {
    /// What only the server should know.
    #[config(secret)]
    password: String,
    /// A short one.
    #[config(secret)]
    pin: Option<String>,
}

/// Fails as a client does that quotes its address.
#[check]
fn quoting(config: &Login, cx: &Context) -> Result<()> {
    cx.warn(format!("pin {:?}", config.pin));
    bail!("no route to http://user:{}@server/", config.password.replace(' ', "%20"));
}

/// Written in the open, as the Agent hands it over that has looked it up.
#[tokio::test(start_paused = true)]
async fn the_value_of_a_secret_option_is_in_no_message() {
    let mut quoting = instance::<quoting>("password: hunter 2\npin: 200");
    let run = quoting.run().await;
    let failed = "no route to http://user:********@server/".to_owned();
    assert_eq!(run.report.outcome, RunOutcome::Failed(failed));
    // What is as short as this is found in the midst of anything.
    assert_eq!(run.report.warnings, ["pin Some(\"200\")"]);
}
