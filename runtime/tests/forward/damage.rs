//! A spool that is not what was written: what can be read is sent, what cannot is counted and put aside, and nothing stops.

use std::fs;
use std::path::Path;

use allwell::output::forward::{ForwardStatistics, Forwarder, Notice, Refusal};

use crate::support::{Scripted, Told, conserved, large, pause, points, spooled};

const PAYLOADS: u64 = 30;

/// A spool with thirty payloads of 5000 bytes, as a file.
async fn written(directory: &Path) -> Vec<u8> {
    let endpoint = Scripted::new([]);
    endpoint.judge(|_, _| Some(Refusal::retry("no")));
    let forwarder = Forwarder::new(endpoint, spooled(directory));
    (0..PAYLOADS).for_each(|number| forwarder.push(large("/a", number, 5000)));
    forwarder.finish(std::time::Duration::from_secs(2)).await;
    assert_eq!(conserved(&forwarder).stored, points(PAYLOADS));
    fs::read(directory.join("spool.redb")).unwrap()
}

/// Starts with a file as the spool, pushes one more payload, and tells what became of everything.
async fn start(directory: &Path, file: &[u8]) -> (ForwardStatistics, Vec<u64>, Vec<Notice>) {
    fs::write(directory.join("spool.redb"), file).unwrap();
    let (told, endpoint) = (Told::default(), Scripted::new([]));
    let forwarder = Forwarder::new(endpoint.clone(), told.observe(spooled(directory)));
    forwarder.push(large("/a", PAYLOADS, 5000));
    pause(30.0).await;
    let counts = conserved(&forwarder);
    forwarder.finish(std::time::Duration::from_secs(2)).await;
    (counts, endpoint.numbers(), told.take())
}

fn said(notices: &[Notice], text: &str) -> bool {
    notices
        .iter()
        .any(|notice| matches!(notice, Notice::Spool { message } if message.contains(text)))
}

#[tokio::test(start_paused = true)]
async fn what_is_no_spool_is_put_aside() {
    let dir = crate::support::directory();
    let good = written(dir.path()).await;
    let cut = &good[..good.len() / 2];
    for bad in [b"nonsense, and more of it".repeat(1000).as_slice(), cut] {
        let (counts, numbers, notices) = start(dir.path(), bad).await;
        assert_eq!(numbers, [PAYLOADS]);
        assert_eq!((counts.restored, counts.delivered), (points(0), points(1)));
        assert!(said(&notices, "a damaged spool is now `"), "{notices:?}");
        assert_eq!(fs::read(dir.path().join("spool.damaged")).unwrap().len(), bad.len());
        assert!(!dir.path().join("spool.redb").exists());
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_file_is_an_empty_spool() {
    let dir = crate::support::directory();
    let (counts, numbers, _) = start(dir.path(), b"").await;
    assert_eq!((numbers, counts.errors), (vec![PAYLOADS], 0));
}

/// A byte that has changed anywhere costs what it belongs to, or the file, but nothing wrong is ever sent.
#[tokio::test(start_paused = true)]
async fn a_byte_that_has_changed_anywhere() {
    let dir = crate::support::directory();
    let good = written(dir.path()).await;
    let used = good.iter().rposition(|byte| *byte != 0).unwrap();
    let (mut damaged, mut aside, mut unharmed) = (0, 0, 0);
    for place in (0..used).step_by(used / 100) {
        let mut bad = good.clone();
        bad[place] ^= 0x55;
        let (counts, numbers, _) = start(dir.path(), &bad).await;
        assert_eq!(numbers.last(), Some(&PAYLOADS), "at {place}: {counts:?}");
        assert!(numbers.is_sorted(), "{numbers:?}");
        assert_eq!(numbers.len() as u64, counts.delivered.series, "at {place}");
        assert_eq!(counts.restored + points(1), counts.delivered + counts.damaged, "at {place}");
        let missing = PAYLOADS + 1 - numbers.len() as u64;
        match (missing, counts.damaged.series) {
            (0, 0) => unharmed += 1,
            (_, 0) => aside += 1,
            _ => damaged += 1,
        }
    }
    assert!(damaged > 20 && aside + unharmed > 5, "{damaged} {aside} {unharmed}");
}
