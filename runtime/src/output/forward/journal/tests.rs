//! A journal that ends anywhere, or is damaged anywhere: what is before is read, and nothing else.

use std::time::SystemTime;

use super::*;

const BOUNDS: Bounds = Bounds { most_bytes: 1 << 20, most_of_free: 1.0 };

fn payload(number: u8) -> Payload {
    Payload {
        route: "/a".into(),
        content_type: "text/plain".into(),
        content_encoding: None,
        body: vec![number; 10 * usize::from(number)].into(),
        amount: points(number.into()),
        made: SystemTime::UNIX_EPOCH,
    }
}

fn points(series: u64) -> Amount {
    Amount { series, ..Amount::default() }
}

/// A journal of payloads 1 to 5: the first was delivered, the second is on the disk, the third is being sent, and so is the sixth, which
/// came from the disk.
fn write(directory: &Path) -> Vec<u8> {
    let mut journal = Journal::begin(
        directory,
        BOUNDS,
        Base { journal: 7, ..Base::default() },
        [],
        BTreeSet::new(),
    )
    .expect("the directory can be written to");
    for number in 1..=5 {
        journal.make(number.into(), &payload(number));
    }
    journal.start(1, None);
    let delivered = Settled { delivered: points(1), ..Settled::default() };
    assert!(journal.settle(1, delivered, false));
    journal.store(2);
    journal.start(3, None);
    journal.wait(3);
    journal.start(3, Some(points(3)));
    journal.start(6, None);
    fs::read(directory.join(FILE)).expect("it is there")
}

fn read(directory: &Path, bytes: &[u8]) -> Option<Left> {
    fs::write(directory.join(FILE), bytes).expect("the directory can be written to");
    Left::read(directory).expect("it can be read")
}

#[test]
fn the_whole_of_it_says_what_waits_and_what_is_being_sent() {
    let directory = tempfile::tempdir().expect("a directory");
    let bytes = write(directory.path());
    let left = read(directory.path(), &bytes).expect("a journal");
    assert!(left.waiting.keys().eq(&[3, 4, 5]) && left.under_way.iter().eq(&[3, 6]));
    assert!(left.gone.iter().eq(&[1]));
    assert_eq!((left.cut_off, left.last, left.base.journal), (0, Some(6), 7));
    assert_eq!((left.base.settled.delivered, left.base.again), (points(1), points(3)));
    assert_eq!(left.waiting[&4], payload(4));
}

#[test]
fn wherever_it_ends_what_is_before_is_read() {
    let directory = tempfile::tempdir().expect("a directory");
    let bytes = write(directory.path());
    let mut most = 0;
    for end in 0..bytes.len() {
        let Some(left) = read(directory.path(), &bytes[..end]) else {
            assert_eq!(most, 0, "the beginning is there");
            continue;
        };
        let known = left.last.unwrap_or_default();
        assert!(known >= most && left.waiting.values().all(|one| payloads().contains(one)));
        most = known;
    }
    assert_eq!(most, 5, "the last record, of the sixth, is cut off");
}

#[test]
fn wherever_it_is_damaged_nothing_is_read_that_was_not_written() {
    let directory = tempfile::tempdir().expect("a directory");
    let bytes = write(directory.path());
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x41;
        let Some(left) = read(directory.path(), &damaged) else { continue };
        assert!(left.cut_off > 0, "the damage at {place} is seen");
        assert!(left.waiting.values().all(|one| payloads().contains(one)));
    }
}

#[test]
fn written_anew_it_says_the_same() {
    let directory = tempfile::tempdir().expect("a directory");
    let bytes = write(directory.path());
    let left = read(directory.path(), &bytes).expect("a journal");
    let waiting = left.waiting.iter().map(|(id, payload)| (*id, payload));
    let mut journal =
        Journal::begin(directory.path(), BOUNDS, left.base, waiting, BTreeSet::from([7]))
            .expect("it can");
    journal.start(4, None);
    journal.settle(9, Settled { dropped: points(9), ..Settled::default() }, true);
    journal.rewrite().expect("it can be written");
    journal.settle(5, Settled { refused: points(5), ..Settled::default() }, false);
    let left = Left::read(directory.path()).expect("it can be read").expect("a journal");
    assert!(left.waiting.keys().eq(&[3, 4]) && left.under_way.iter().eq(&[4]));
    assert!(left.gone.iter().eq(&[5, 7, 9]), "what may still be on the disk");
    let Settled { delivered, refused, dropped } = left.base.settled;
    assert_eq!((delivered, refused, dropped), (points(1), points(5), points(9)));
    assert_eq!((left.base.again, left.cut_off), (points(3), 0));
}

fn payloads() -> [Payload; 5] {
    [1, 2, 3, 4, 5].map(payload)
}
