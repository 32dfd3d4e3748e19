//! What a process that is killed leaves behind, what it has lost, and what it may have sent: a forwarder that is dropped leaves as much.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use allwell::output::Lasting;
use allwell::output::forward::{ForwardOptions, Forwarder, Loss, Notice, Refusal, SpoolOptions};

use crate::support::{
    Scripted, Told, conserved, directory, large, pause, payload, points, spooled,
};

fn refusing() -> Arc<Scripted> {
    let endpoint = Scripted::new([]);
    endpoint.judge(|_, _| Some(Refusal::retry("no")));
    endpoint
}

/// Kills it: it has no time for anything.
async fn kill(forwarder: Forwarder) {
    drop(forwarder);
    // What is being done with the disk ends, as a call of the system does.
    std::thread::sleep(Duration::from_millis(20));
    pause(0.1).await;
}

/// What became of everything adds up, over all processes.
fn lasting(forwarder: &Forwarder) -> Lasting {
    let lasting = forwarder.lasting().unwrap();
    let Lasting { taken, delivered, refused, dropped, killed, .. } = lasting;
    assert_eq!(taken, delivered + refused + dropped + killed + conserved(forwarder).queued);
    lasting
}

#[tokio::test(start_paused = true)]
async fn what_waits_in_memory_is_sent_by_the_next_process_first_and_in_order() {
    let dir = directory();
    let endpoint = refusing();
    for run in 0..3 {
        let forwarder = Forwarder::new(endpoint.clone(), spooled(dir.path()));
        for number in 1..=20 {
            forwarder.push(payload(if number % 2 == 0 { "/a" } else { "/b" }, run * 20 + number));
            // Some go to the disk, some do not.
            pause(0.3).await;
        }
        let counts = conserved(&forwarder);
        assert_eq!(counts.restored, points((1..=run * 20).sum()));
        assert!(counts.stored.series > 0 && counts.stored.series < counts.queued.series);
        kill(forwarder).await;
    }
    endpoint.accept_all();
    let forwarder = Forwarder::new(endpoint.clone(), spooled(dir.path()));
    forwarder.push(payload("/a", 61));
    pause(10.0).await;
    assert!(endpoint.numbers_of("/a").into_iter().eq((2..=60).step_by(2).chain([61])));
    assert!(endpoint.numbers_of("/b").into_iter().eq((1..60).step_by(2)));
    let all = points((1..=61).sum());
    let none = points(0);
    assert_eq!(conserved(&forwarder).killed, none);
    let Lasting { taken, delivered, killed, again, .. } = lasting(&forwarder);
    assert_eq!((taken, delivered, killed, again), (all, all, none, none));
}

#[tokio::test(start_paused = true)]
async fn what_was_announced_and_never_came_is_lost_and_counted() {
    let dir = directory();
    let (told, endpoint) = (Told::default(), Scripted::new([]));
    let forwarder = Forwarder::new(endpoint.clone(), spooled(dir.path()));
    forwarder.announce(points(100));
    forwarder.push(payload("/a", 10));
    forwarder.withdraw(points(20), true);
    forwarder.withdraw(points(5), false);
    pause(1.0).await;
    kill(forwarder).await;
    for expected in [points(65), points(0)] {
        let forwarder = Forwarder::new(endpoint.clone(), told.observe(spooled(dir.path())));
        pause(1.0).await;
        assert_eq!(conserved(&forwarder).killed, expected, "it is counted once");
        let Lasting { taken, delivered, refused, dropped, killed, .. } = lasting(&forwarder);
        assert_eq!((taken, delivered, refused), (points(100), points(10), points(20)));
        assert_eq!((dropped, killed), (points(5), points(65)));
        kill(forwarder).await;
    }
    let message =
        "it was in the memory of the process before, which was killed or had no time at its end"
            .to_owned();
    let lost = Notice::Lost { loss: Loss::Killed, amount: points(65), message };
    assert_eq!(told.take(), [lost]);
}

#[tokio::test(start_paused = true)]
async fn what_was_being_sent_is_sent_again_and_counted() {
    let dir = directory();
    let told = Told::default();
    let slow = || Scripted::slow(Duration::from_secs(20));
    let forwarder = Forwarder::new(slow(), spooled(dir.path()));
    (1..=3).for_each(|number| forwarder.push(payload("/a", number)));
    // One waits for its answer, and the others go to the disk.
    pause(10.0).await;
    assert_eq!(conserved(&forwarder).stored, points(5));
    kill(forwarder).await;
    let forwarder = Forwarder::new(slow(), told.observe(spooled(dir.path())));
    pause(10.0).await;
    assert_eq!(conserved(&forwarder).again, points(1));
    assert_eq!(told.take(), [Notice::Again { amount: points(1) }]);
    // The first is answered, and the second, which is on the disk, is not.
    pause(15.0).await;
    assert_eq!(conserved(&forwarder).delivered, points(1));
    kill(forwarder).await;
    let endpoint = slow();
    let forwarder = Forwarder::new(endpoint.clone(), spooled(dir.path()));
    pause(100.0).await;
    assert_eq!(endpoint.numbers(), [2, 3]);
    assert_eq!(conserved(&forwarder).again, points(2));
    assert_eq!(lasting(&forwarder).again, points(3));
}

#[tokio::test(start_paused = true)]
async fn what_was_answered_is_not_sent_again() {
    let dir = directory();
    let endpoint = Scripted::new([Refusal::retry("no")]);
    let forwarder = Forwarder::new(endpoint.clone(), spooled(dir.path()));
    for number in 1..=100 {
        forwarder.push(payload("/a", number));
    }
    pause(10.0).await;
    kill(forwarder).await;
    let forwarder = Forwarder::new(endpoint.clone(), spooled(dir.path()));
    pause(1.0).await;
    let counts = conserved(&forwarder);
    assert_eq!((counts.restored, counts.killed, counts.again), Default::default());
    assert_eq!(endpoint.numbers().len(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_journal_whose_end_is_cut_off_or_damaged_gives_what_is_before() {
    for (damage, expected) in [(0, 10), (1, 9), (2, 0), (3, 0)] {
        let dir = directory();
        let endpoint = refusing();
        let options = || {
            let spool = Some(SpoolOptions {
                after: Duration::from_hours(1),
                ..SpoolOptions::new(dir.path())
            });
            ForwardOptions { spool, ..spooled(dir.path()) }
        };
        let forwarder = Forwarder::new(endpoint.clone(), options());
        (0..10).for_each(|number| forwarder.push(large("/a", number, 1000)));
        pause(0.5).await;
        kill(forwarder).await;
        let path = dir.path().join("journal");
        let mut bytes = fs::read(&path).unwrap();
        match damage {
            // Zeros, as a file system leaves them.
            0 => bytes.extend([0; 100]),
            1 => bytes.truncate(bytes.len() - 200),
            2 => bytes.truncate(500),
            _ => bytes[20] ^= 1,
        }
        fs::write(&path, &bytes).unwrap();
        let told = Told::default();
        let forwarder = Forwarder::new(endpoint.clone(), told.observe(options()));
        endpoint.accept_all();
        pause(10.0).await;
        assert!(endpoint.numbers().into_iter().eq(0..expected), "{damage}");
        let known = damage < 3;
        let lost = if known { 10 - expected } else { 0 };
        assert_eq!(conserved(&forwarder).killed, points(lost), "{damage}");
        let said = told.take().into_iter().find_map(|notice| match notice {
            Notice::Spool { message } => Some(message),
            _ => None,
        });
        let said = said.unwrap();
        assert!(said.contains(if known { "are cut off" } else { "is not known" }), "{said}");
        lasting(&forwarder);
        // It goes on.
        forwarder.push(payload("/a", 77));
        pause(1.0).await;
        assert_eq!(endpoint.numbers().last(), Some(&77));
    }
}

#[tokio::test(start_paused = true)]
async fn a_journal_stays_small_and_keeps_what_waits() {
    let dir = directory();
    let endpoint = Scripted::new([]);
    endpoint.judge(|route, _| (route == "/b").then(|| Refusal::retry("no")));
    let mut options = spooled(dir.path());
    options.spool.as_mut().unwrap().after = Duration::from_hours(1);
    let forwarder = Forwarder::new(endpoint.clone(), options.clone());
    for number in 0..2000 {
        forwarder.push(large(if number % 100 == 0 { "/b" } else { "/a" }, number, 10_000));
        pause(0.01).await;
        let size = fs::metadata(dir.path().join("journal")).map_or(0, |file| file.len());
        assert!(size < 3 << 20, "{size} bytes after {number}");
    }
    kill(forwarder).await;
    let forwarder = Forwarder::new(refusing(), options);
    pause(1.0).await;
    let counts = conserved(&forwarder);
    assert_eq!((counts.queued, counts.killed, counts.again.series), (points(20), points(0), 0));
    assert_eq!(lasting(&forwarder).taken, points(2000));
}
