//! What waits on the disk is found again by whom it is meant for.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use allwell::HttpOptions;
use allwell::http::Proxy;
use allwell::output::forward::{ForwardOptions, Owner, SpoolOptions, inherit};
use allwell::output::intake::{Addresses, ApiKey, Destination, Form, Intake, IntakeOptions};
use allwell::output::{Amount, Delivery, Hub, HubOptions, Lasting, Output};

use crate::support::{delivery, series, tag_set};

const ONE: &str = "0123456789abcdef0123456789abcdef";
const TWO: &str = "fedcba9876543210fedcba9876543210";
const OUTDATED: Duration = Duration::from_hours(240);

/// The receiver of a site as a version has it; not encrypted, so that a proxy is asked for every request.
fn destination(version: &str, key: &str) -> Destination {
    let metrics = format!("http://{version}-app.agent.datadoghq.eu");
    Destination {
        addresses: Addresses { metrics, ..Addresses::of_url("http://intake.example.com") },
        key: ApiKey::new(key),
    }
}

/// An intake whose proxy is never there.
fn intake(all: &Path, destinations: Vec<Destination>) -> Intake {
    let proxy =
        Proxy { http: Some("http://127.0.0.1:1".to_owned()), https: None, no_proxy: vec![] };
    let http = HttpOptions { proxy: Some(proxy), ..HttpOptions::default() };
    let forward =
        ForwardOptions { spool: Some(SpoolOptions::new(all)), ..ForwardOptions::default() };
    let (name, form) = ("datadog".to_owned(), Form::default());
    Intake::new(IntakeOptions { name, destinations, form, logs: true, http, forward }).unwrap()
}

/// A point that waits on the disk from then on.
async fn leave_a_point(all: &Path, destinations: Vec<Destination>) {
    let intake = intake(all, destinations);
    let tags = tag_set(["mount:/"], None);
    let series = vec![series("disk.used", 0.5, &tags)];
    intake.deliver(&[Arc::new(Delivery { series, ..delivery() })]).await.unwrap();
    intake.finish().await.unwrap();
    assert_eq!(intake.held().stored, point());
}

fn point() -> Amount {
    Amount { series: 1, ..Amount::default() }
}

/// What receivers find of earlier ones, without anything being delivered.
async fn found(all: &Path, destinations: Vec<Destination>) -> Amount {
    let intake = intake(all, destinations);
    intake.start().unwrap();
    intake.finish().await.unwrap();
    intake.held().restored
}

fn inherited(root: &Path, destinations: &[Destination]) -> Vec<String> {
    let owners: Vec<_> = destinations
        .iter()
        .map(|destination| (root.join("datadog"), destination.owner()))
        .collect();
    inherit(root, &owners, OUTDATED)
}

#[tokio::test]
async fn an_upgrade_sends_what_the_version_before_has_left() {
    let root = tempfile::tempdir().unwrap();
    leave_a_point(root.path(), vec![destination("0-1-0", ONE)]).await;
    assert_eq!(found(root.path(), vec![destination("0-2-0", ONE)]).await, point());
}

#[tokio::test]
async fn of_two_keys_each_keeps_its_own_when_the_other_goes() {
    let root = tempfile::tempdir().unwrap();
    let all = root.path().join("datadog");
    let both = [destination("1", ONE), destination("1", TWO)];
    assert_eq!(inherited(root.path(), &both), [""; 0]);
    leave_a_point(&all, vec![destination("1", ONE)]).await;
    let told = inherited(root.path(), &both[1..]);
    let [left] = &told[..] else { panic!("{told:?}") };
    assert!(left.contains("is of no receiver of these settings"), "{left}");
    assert!(left.contains("app.agent.datadoghq.eu-") && !left.contains(ONE), "{left}");
    assert_eq!(found(&all, both[1..].to_vec()).await, Amount::default());
    assert_eq!(inherited(root.path(), &both), [""; 0]);
    assert_eq!(found(&all, both.to_vec()).await, point());
}

#[tokio::test]
async fn the_only_key_of_an_address_takes_over_from_the_one_that_it_replaces() {
    let root = tempfile::tempdir().unwrap();
    let all = root.path().join("datadog");
    leave_a_point(&all, vec![destination("1", ONE)]).await;
    assert_eq!(inherited(root.path(), &[destination("1", TWO)]), [""; 0]);
    assert_eq!(found(&all, vec![destination("1", TWO)]).await, point());
}

#[tokio::test]
async fn what_nobody_owns_is_deleted_when_it_is_outdated_and_not_before() {
    let root = tempfile::tempdir().unwrap();
    let all = root.path().join("datadog");
    leave_a_point(&all, vec![destination("1", ONE)]).await;
    let file = destination("1", ONE).owner().directory(&all).join("spool.redb");
    let other =
        [Destination { addresses: Addresses::of_url("http://localhost"), key: ApiKey::new("") }];
    assert_eq!(inherited(root.path(), &other).len(), 1);
    assert!(file.exists());
    for file in std::fs::read_dir(file.parent().unwrap()).unwrap() {
        let opened = std::fs::File::options().write(true).open(file.unwrap().path()).unwrap();
        let outdated = std::time::SystemTime::now() - OUTDATED - Duration::from_mins(1);
        opened.set_modified(outdated).unwrap();
    }
    let told = inherited(root.path(), &other);
    assert!(told[0].ends_with("was of no receiver, and outdated: it has been deleted"), "{told:?}");
    assert!(!file.parent().unwrap().exists());
    assert_eq!(inherited(root.path(), &other), [""; 0]);
}

async fn until(is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), wait).await.expect("it is so at last");
}

#[tokio::test]
async fn what_a_killed_process_had_is_found_lost_or_refused_each_by_its_kind() {
    let root = tempfile::tempdir().unwrap();
    let made = || Arc::new(intake(root.path(), vec![destination("1", ONE)]));
    let killed = made();
    let options = HubOptions { gather: Duration::from_millis(10), ..HubOptions::default() };
    let hub = Hub::new(vec![killed.clone() as _], options);
    let tags = tag_set(["mount:/"], None);
    let series = [0.5, f64::NAN, 0.7].map(|value| series("disk.used", value, &tags));
    hub.push(Delivery { series: series.into(), ..delivery() });
    until(|| hub.statistics()[0].refused == point()).await;
    // These are gathered when it is killed.
    let gathered = Amount { series: 3, events: 1, logs: 2, ..Amount::default() };
    killed.announce(gathered);
    drop((hub, killed));
    let next = made();
    next.start().unwrap();
    let waiting = Amount { series: 2, ..Amount::default() };
    until(|| next.held().killed == gathered).await;
    let held = next.held();
    assert_eq!((held.restored, held.queued, held.dropped), (waiting, waiting, Amount::default()));
    let Lasting { taken, delivered, refused, dropped, killed, .. } = held.lasting.unwrap();
    assert_eq!((taken, killed, refused), (waiting + gathered + point(), gathered, point()));
    assert_eq!((delivered, dropped), (Amount::default(), Amount::default()));
}

#[test]
fn an_owner_is_told_by_address_and_key_and_shows_neither() {
    let name = |address: &str, key: &str| {
        let path = Owner::new(&[address], [key]).directory(Path::new(""));
        path.to_str().unwrap().to_owned()
    };
    let one = name("https://user:hush@localhost:8428/datadog/?token=t0ken", ONE);
    assert!(one.starts_with("localhost-") && one.len() == "localhost".len() + 18, "{one}");
    for (address, key) in [
        ("https://user:hush@localhost:8428/datadog/?token=t0ken", TWO),
        ("https://user:hush@localhost:8428/datadog/?token=other", ONE),
        ("https://user:other@localhost:8428/datadog/?token=t0ken", ONE),
        ("https://user:hush@localhost:8429/datadog/?token=t0ken", ONE),
    ] {
        assert_ne!(name(address, key), one, "{address}");
    }
    assert!(name("http://[::1]/", "").starts_with("___1_-"));
}
