//! What goes to the disk and comes from there: order, bounds, restarts, damage, a disk that fails.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use allwell::output::Amount;
use allwell::output::forward::{
    ForwardOptions, Forwarder, Loss, Notice, Payload, Refusal, SpoolOptions,
};

use crate::support::{Scripted, Told, conserved, large, pause, payload, points, spooled};

fn refusing() -> std::sync::Arc<Scripted> {
    let endpoint = Scripted::new([]);
    endpoint.judge(|_, _| Some(Refusal::retry("no")));
    endpoint
}

#[tokio::test(start_paused = true)]
async fn nothing_is_on_the_disk_as_long_as_all_is_well() {
    let dir = crate::support::directory();
    let spool = dir.path().join("a/b");
    let endpoint = Scripted::new([]);
    let forwarder = Forwarder::new(endpoint.clone(), spooled(&spool));
    for number in 1..=100 {
        forwarder.push(payload("/a", number));
        pause(0.5).await;
        assert!(!spool.join("spool.redb").exists());
    }
    forwarder.finish(Duration::from_secs(2)).await;
    assert_eq!(conserved(&forwarder).delivered, points(5050));
    assert_eq!(fs::read_dir(&spool).unwrap().count(), 0, "neither is a ledger, nor a journal");
}

#[tokio::test(start_paused = true)]
async fn what_waits_goes_to_the_disk_and_comes_back_in_order() {
    let dir = crate::support::directory();
    let endpoint = refusing();
    let forwarder = Forwarder::new(endpoint.clone(), spooled(dir.path()));
    for number in 1..=100 {
        forwarder.push(payload(if number % 3 == 0 { "/a" } else { "/b" }, number));
        pause(0.3).await;
    }
    let counts = conserved(&forwarder);
    assert_eq!(counts.queued, points(5050));
    // What came in the last two seconds, and the payloads that may be under way, are not there yet.
    assert!(counts.stored.series > 5050 - 8 * 100, "{counts:?}");
    let mode = fs::metadata(dir.path().join("spool.redb")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    endpoint.accept_all();
    pause(200.0).await;
    assert!(endpoint.numbers_of("/a").into_iter().eq((3..=99).step_by(3)));
    assert!(endpoint.numbers_of("/b").into_iter().eq((1..=100).filter(|number| number % 3 != 0)));
    let counts = conserved(&forwarder);
    assert_eq!((counts.delivered, counts.stored_bytes), (points(5050), 0));
    assert!(!dir.path().join("spool.redb").exists(), "the room is given back");
}

#[tokio::test(start_paused = true)]
async fn a_restart_in_an_outage_loses_nothing_and_keeps_the_order() {
    let dir = crate::support::directory();
    let endpoint = refusing();
    for run in 0..3 {
        let forwarder = Forwarder::new(endpoint.clone(), spooled(dir.path()));
        for number in 1..=20 {
            forwarder.push(payload("/a", run * 20 + number));
            pause(0.5).await;
        }
        forwarder.finish(Duration::from_secs(2)).await;
        let counts = conserved(&forwarder);
        let before = (1..=run * 20).sum();
        assert_eq!((counts.restored, counts.delivered), (points(before), points(0)));
        assert_eq!(counts.stored, points((1..=run * 20 + 20).sum()));
        assert_eq!(counts.queued, counts.stored);
    }
    endpoint.accept_all();
    let forwarder = Forwarder::new(endpoint.clone(), spooled(dir.path()));
    (61..=70).for_each(|number| forwarder.push(payload("/a", number)));
    pause(10.0).await;
    assert_eq!(endpoint.numbers(), (1..=70).collect::<Vec<_>>(), "the old ones first");
    assert_eq!(conserved(&forwarder).delivered, points(70 * 71 / 2));
}

/// The acceptance of the whole: half an hour without an endpoint, a restart in the middle, and then every point once.
#[tokio::test(start_paused = true)]
async fn over_an_outage_of_half_an_hour_and_a_restart_every_point_is_accepted_once() {
    let dir = crate::support::directory();
    let endpoint = Scripted::new([]);
    let routes = ["/api/v2/series", "/api/beta/sketches", "/api/v1/check_run"];
    let (mut number, mut delivered) = (0, 0);
    for (run, expected) in [(0, points(0)), (1, points(540))] {
        let forwarder = Forwarder::new(endpoint.clone(), spooled(dir.path()));
        // Twenty minutes, and a flush every five seconds; the outage begins after five minutes and ends after 35.
        for flush in run * 240..(run + 1) * 240 {
            match flush {
                60 => endpoint.judge(|_, _| Some(Refusal::retry("Connection refused"))),
                420 => endpoint.accept_all(),
                _ => {}
            }
            for route in routes {
                forwarder.push(large(route, number, 2000));
                number += 1;
            }
            pause(5.0).await;
            conserved(&forwarder);
        }
        forwarder.finish(Duration::from_secs(2)).await;
        let counts = conserved(&forwarder);
        assert_eq!((counts.dropped(), counts.refused), (Amount::default(), Amount::default()));
        assert_eq!((counts.restored, counts.memory_bytes), (expected, 0));
        delivered += counts.delivered.series;
        let waits = if run == 0 { points(540) } else { points(0) };
        assert_eq!((counts.queued, counts.stored), (waits, waits));
    }
    assert_eq!((number, delivered), (1440, 1440));
    for (index, route) in (0..).zip(routes) {
        let expected = (0..480).map(|flush| flush * 3 + index);
        assert!(endpoint.numbers_of(route).into_iter().eq(expected), "{route} in order");
    }
    let mut numbers = endpoint.numbers();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..1440), "each exactly once");
}

#[tokio::test(start_paused = true)]
async fn memory_that_is_half_full_goes_to_the_disk() {
    let dir = crate::support::directory();
    let mut options = spooled(dir.path());
    options.most_bytes = 1 << 20;
    options.spool.as_mut().unwrap().after = Duration::from_hours(1);
    let endpoint = refusing();
    let forwarder = Forwarder::new(endpoint.clone(), options);
    for number in 0..1000 {
        forwarder.push(large("/a", number, 10_000));
        let counts = conserved(&forwarder);
        assert!(counts.memory_bytes <= 1 << 20);
        pause(0.01).await;
    }
    let counts = conserved(&forwarder);
    assert_eq!((counts.queued, counts.no_room), (points(1000), points(0)));
    assert!(counts.stored.series >= 947, "{counts:?}");
    endpoint.accept_all();
    pause(100.0).await;
    assert_eq!(endpoint.numbers(), (0..1000).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn the_disk_is_bounded_and_the_oldest_make_room() {
    // Few at a time, and as many as go to the disk at once.
    for (most_bytes, size, at_once) in [(4 << 20, 30_000, 1), (12 << 20, 70_000, 30)] {
        let dir = crate::support::directory();
        let (told, endpoint) = (Told::default(), refusing());
        let spool = Some(SpoolOptions { most_bytes, ..SpoolOptions::new(dir.path()) });
        let options = ForwardOptions { spool, ..spooled(dir.path()) };
        let forwarder = Forwarder::new(endpoint.clone(), told.observe(options));
        for number in 0..300 {
            forwarder.push(large("/a", number, size));
            if number % at_once == 0 {
                pause(0.5).await;
            }
            assert!(on_disk(dir.path()) <= most_bytes, "after {number}");
            conserved(&forwarder);
        }
        pause(3.0).await;
        let counts = conserved(&forwarder);
        let most = most_bytes / (size as u64).next_power_of_two();
        let kept = 300 - counts.no_room.series;
        assert!((most / 2..most).contains(&kept), "{kept} of {most}");
        endpoint.accept_all();
        pause(200.0).await;
        let numbers = endpoint.numbers();
        assert!(numbers.iter().copied().eq(300 - kept..300), "the newest: {numbers:?}");
        assert_eq!(conserved(&forwarder).delivered, points(kept));
        let dropped = told.take().iter().fold(0, |sum, notice| match notice {
            Notice::Lost { loss: Loss::NoRoom, amount, .. } => sum + amount.series,
            _ => sum,
        });
        assert_eq!(dropped, counts.no_room.series);
    }
}

#[tokio::test(start_paused = true)]
async fn a_payload_that_the_disk_has_no_room_for_keeps_no_other_from_it() {
    let dir = crate::support::directory();
    let (told, endpoint) = (Told::default(), refusing());
    let spool = Some(SpoolOptions { most_bytes: 2 << 20, ..SpoolOptions::new(dir.path()) });
    let options = ForwardOptions { spool, ..spooled(dir.path()) };
    let forwarder = Forwarder::new(endpoint.clone(), told.observe(options));
    forwarder.push(large("/a", 0, 1_500_000));
    (1..5).for_each(|number| forwarder.push(large("/a", number, 1000)));
    // This one would go to the disk together with those.
    forwarder.push(large("/a", 5, 700_000));
    pause(10.0).await;
    let counts = conserved(&forwarder);
    assert_eq!((counts.queued, counts.stored), (points(6), points(4)));
    let said = |notice: &Notice| match notice {
        Notice::Spool { message } => Some(message.clone()),
        _ => None,
    };
    let said: Vec<_> = told.take().iter().filter_map(said).collect();
    let expected = "there is no room on the disk for 1 large payloads: they stay in memory";
    assert_eq!(said, [expected, expected]);
    forwarder.push(large("/b", 6, 1000));
    pause(10.0).await;
    assert_eq!(conserved(&forwarder).stored, points(5));
    endpoint.accept_all();
    pause(200.0).await;
    assert_eq!(endpoint.numbers_of("/a"), [0, 1, 2, 3, 4, 5]);
    assert_eq!(conserved(&forwarder).delivered, points(7));
}

/// What the spool takes on the disk, in bytes.
fn on_disk(directory: &std::path::Path) -> u64 {
    fs::metadata(directory.join("spool.redb"))
        .map_or(0, |file| std::os::unix::fs::MetadataExt::blocks(&file) * 512)
}

#[tokio::test(start_paused = true)]
async fn what_is_outdated_on_the_disk_is_dropped() {
    let dir = crate::support::directory();
    let endpoint = refusing();
    let options = ForwardOptions { outdated: Duration::from_hours(1), ..spooled(dir.path()) };
    let forwarder = Forwarder::new(endpoint.clone(), options.clone());
    for (number, minutes) in [(1, 59), (2, 10), (3, 10)] {
        let made = SystemTime::now() - Duration::from_mins(minutes);
        forwarder.push(Payload { made, ..payload("/a", number) });
    }
    forwarder.finish(Duration::from_secs(2)).await;
    assert_eq!(conserved(&forwarder).stored, points(6));
    endpoint.accept_all();
    let options = ForwardOptions { outdated: Duration::from_mins(30), ..options };
    let forwarder = Forwarder::new(endpoint.clone(), options);
    pause(1.0).await;
    assert_eq!(endpoint.numbers(), [2, 3]);
    let counts = conserved(&forwarder);
    assert_eq!(
        (counts.restored, counts.outdated, counts.stored),
        (points(6), points(1), points(0))
    );
}

#[tokio::test(start_paused = true)]
async fn a_payload_comes_back_as_it_was() {
    let dir = crate::support::directory();
    let endpoint = refusing();
    let body: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let sent = Payload {
        route: "/api/v2/series".into(),
        content_type: "application/x-protobuf".into(),
        content_encoding: Some("zstd".into()),
        body: body.into(),
        amount: Amount { series: 1, sketches: 2, service_checks: 3, events: 4, logs: 5 },
        made: SystemTime::UNIX_EPOCH + Duration::from_millis(1_900_000_000_123),
    };
    let forwarder = Forwarder::new(
        std::sync::Arc::new(Comparing(sent.clone(), std::sync::Mutex::new(false))),
        spooled(dir.path()),
    );
    forwarder.push(sent.clone());
    forwarder.finish(Duration::from_secs(2)).await;
    assert_eq!(conserved(&forwarder).stored, sent.amount);
    let comparing = Comparing(sent.clone(), std::sync::Mutex::new(true));
    let forwarder = Forwarder::new(std::sync::Arc::new(comparing), spooled(dir.path()));
    pause(1.0).await;
    assert_eq!(conserved(&forwarder).delivered, sent.amount);
    drop(endpoint);
}

/// Accepts one payload, if it accepts anything.
struct Comparing(Payload, std::sync::Mutex<bool>);

impl allwell::output::forward::Endpoint for Comparing {
    fn name(&self) -> &'static str {
        "comparing"
    }

    fn send<'a>(&'a self, payload: &'a Payload) -> allwell::output::forward::Sending<'a> {
        Box::pin(async move {
            match *self.1.lock().unwrap() {
                true if *payload == self.0 => Ok(()),
                true => Err(Refusal::drop("another one")),
                false => Err(Refusal::retry("not yet")),
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_cannot_be_used_is_told_and_memory_goes_on() {
    let dir = crate::support::directory();
    // A file where the directory should be: so it fails for everybody, root as well.
    let not_a_directory = dir.path().join("file");
    fs::write(&not_a_directory, "").unwrap();
    let (told, endpoint) = (Told::default(), refusing());
    let options = ForwardOptions { most_bytes: 60_000, ..spooled(&not_a_directory) };
    let forwarder = Forwarder::new(endpoint.clone(), told.observe(options));
    for number in 0..100 {
        forwarder.push(large("/a", number, 1000));
        pause(1.0).await;
        conserved(&forwarder);
    }
    let counts = conserved(&forwarder);
    assert_eq!((counts.queued, counts.no_room), (points(47), points(53)));
    let said = told.take().into_iter().any(|notice| match notice {
        Notice::Spool { message } => message.contains("Not a directory"),
        _ => false,
    });
    assert!(said);
    // When it can be used, it is.
    fs::remove_file(&not_a_directory).unwrap();
    pause(100.0).await;
    assert!(conserved(&forwarder).stored.series >= 46);
    endpoint.accept_all();
    pause(100.0).await;
    assert_eq!(conserved(&forwarder).delivered, points(47));
    assert!(endpoint.numbers().is_sorted());
}

#[tokio::test(start_paused = true)]
async fn the_next_forwarder_waits_for_the_spool_of_the_last_one() {
    let dir = crate::support::directory();
    let endpoint = refusing();
    let first = Forwarder::new(endpoint.clone(), spooled(dir.path()));
    (1..=3).for_each(|number| first.push(payload("/a", number)));
    pause(5.0).await;
    let second = Forwarder::new(endpoint.clone(), spooled(dir.path()));
    second.push(payload("/a", 4));
    pause(0.5).await;
    first.finish(Duration::from_secs(1)).await;
    assert_eq!(conserved(&first).stored, points(6));
    endpoint.accept_all();
    pause(1.0).await;
    assert_eq!(endpoint.numbers(), [1, 2, 3, 4]);
    let counts = conserved(&second);
    assert_eq!((counts.restored, counts.delivered, counts.errors), (points(6), points(10), 0));
}

#[tokio::test(start_paused = true)]
async fn what_another_process_has_is_not_touched() {
    let dir = crate::support::directory();
    let endpoint = refusing();
    let first = Forwarder::new(endpoint.clone(), spooled(dir.path()));
    first.push(payload("/a", 1));
    pause(10.0).await;
    let told = Told::default();
    let second = Forwarder::new(endpoint.clone(), told.observe(spooled(dir.path())));
    second.push(payload("/a", 2));
    pause(100.0).await;
    let counts = conserved(&second);
    assert_eq!((counts.restored, counts.queued, counts.stored), (points(0), points(2), points(0)));
    let path = dir.path().join("spool.redb");
    let message =
        format!("the spool `{}` cannot be read: another process is using it", path.display());
    assert!(told.take().contains(&Notice::Spool { message }));
    first.finish(Duration::from_secs(1)).await;
    endpoint.accept_all();
    pause(200.0).await;
    let mut numbers = endpoint.numbers();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2]);
    let counts = conserved(&second);
    assert_eq!((counts.restored, counts.delivered), (points(1), points(3)));
}
