//! The store of what survives a restart: what is put in comes out, whatever happens to the process or the file in between.
#![forbid(unsafe_code)]
#![allow(clippy::float_cmp, reason = "what comes out is what was put in, to the bit")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use allwell::aggregate::{Baseline, Baselines, Reading};
use allwell::state::{Change, Saved, StateError, Store};
use proptest::prelude::*;

fn change(instance: &str, time: f64, total: f64, cache: Option<&[(&str, &str)]>) -> Change {
    let reading = Reading { total, time };
    let all = vec![Baseline { series: 7, is_rate: false, reading }];
    let texts = |texts: &[(&str, &str)]| {
        texts.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    };
    Change {
        instance: Arc::from(instance),
        time,
        baselines: Baselines { all },
        cache: cache.map(texts),
    }
}

fn open(dir: &Path) -> Store {
    let (store, opened) = Store::open(dir).unwrap();
    assert_eq!(opened.set_aside, None);
    store
}

fn total(saved: &Saved) -> f64 {
    saved.baselines.all[0].reading.total
}

fn texts(saved: &Saved) -> Vec<(&str, &str)> {
    saved.cache.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

#[test]
fn what_is_put_in_comes_out_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store
        .put(&[change("a:1", 10.0, 1.0, Some(&[("cursor", "7")])), change("b:1", 11.0, 2.0, None)])
        .unwrap();
    store.put(&[change("a:1", 12.0, 3.0, None)]).unwrap();
    for _ in 0..2 {
        drop(store);
        store = open(dir.path());
        let saved = store.get("a:1").unwrap().unwrap();
        assert_eq!((saved.time, total(&saved), texts(&saved)), (12.0, 3.0, vec![("cursor", "7")]));
        let saved = store.get("b:1").unwrap().unwrap();
        assert_eq!((saved.time, total(&saved), texts(&saved)), (11.0, 2.0, vec![]));
        assert_eq!(store.get("c:1").unwrap(), None);
    }
}

#[test]
fn two_processes_do_not_share_a_directory() {
    let dir = tempfile::tempdir().unwrap();
    let _first = open(dir.path());
    let error = Store::open(dir.path()).unwrap_err();
    assert!(matches!(error, StateError::InUse(_)), "{error}");
    assert_eq!(
        error.to_string(),
        format!("`{}` is in use by another process", dir.path().display())
    );
}

#[test]
fn the_file_does_not_grow_with_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store.put(&[change("idle:1", 1.0, 5.0, Some(&[("kept", "yes")]))]).unwrap();
    for run in 0..400 {
        let time = 100.0 + f64::from(run);
        let changes: Vec<_> =
            (0..100).map(|n| change(&format!("busy:{n}"), time, time, None)).collect();
        store.put(&changes).unwrap();
    }
    assert!(fs::metadata(dir.path().join("state")).unwrap().len() < 2 << 20);
    drop(store);
    let mut store = open(dir.path());
    assert_eq!(total(&store.get("busy:99").unwrap().unwrap()), 499.0);
    assert_eq!(texts(&store.get("idle:1").unwrap().unwrap()), [("kept", "yes")]);
}

#[test]
fn what_nobody_asked_for_in_thirty_days_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store.put(&[change("gone:1", 1.0, 5.0, None), change("here:1", 1.0, 5.0, None)]).unwrap();
    drop(store);
    let mut store = open(dir.path());
    store.get("here:1").unwrap();
    let later = 40.0 * 86_400.0;
    for _ in 0..400 {
        let changes: Vec<_> =
            (0..100).map(|n| change(&format!("busy:{n}"), later, 1.0, None)).collect();
        store.put(&changes).unwrap();
    }
    assert_eq!(store.get("gone:1").unwrap(), None);
    assert!(
        store.get("here:1").unwrap().is_some(),
        "it is running, although nothing of it has changed"
    );
}

const DAY: f64 = 86_400.0;

/// Has the file written anew at a time.
fn rewrite(store: &mut Store, time: f64) {
    for _ in 0..400 {
        let changes: Vec<_> =
            (0..100).map(|n| change(&format!("busy:{n}"), time, 1.0, None)).collect();
        store.put(&changes).unwrap();
    }
}

#[test]
fn an_instance_that_is_gone_is_forgotten_thirty_days_after_it_last_ran() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store.put(&[change("gone:1", DAY, 5.0, None), change("back:1", DAY, 5.0, None)]).unwrap();
    store.release("gone:1", 40.0 * DAY);
    store.release("back:1", 40.0 * DAY);
    // Its last run was still going on.
    store.put(&[change("gone:1", 40.0 * DAY, 6.0, None)]).unwrap();
    store.get("back:1").unwrap();
    rewrite(&mut store, 69.0 * DAY);
    drop(store);
    assert!(open(dir.path()).get("gone:1").unwrap().is_some(), "it ran 29 days ago");
    let mut store = open(dir.path());
    rewrite(&mut store, 71.0 * DAY);
    assert_eq!(store.get("gone:1").unwrap(), None);
    assert!(store.get("back:1").unwrap().is_some(), "it ran two days ago");
}

#[test]
fn an_instance_that_is_gone_is_forgotten_while_the_store_is_open() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store.put(&[change("gone:1", DAY, 5.0, None), change("here:1", DAY, 5.0, None)]).unwrap();
    store.release("gone:1", 2.0 * DAY);
    rewrite(&mut store, 31.0 * DAY);
    rewrite(&mut store, 33.0 * DAY);
    assert_eq!(store.get("gone:1").unwrap(), None);
    assert!(store.get("here:1").unwrap().is_some());
}

#[test]
fn a_record_that_has_gone_bad_costs_no_other_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state");
    let mut store = open(dir.path());
    store.put(&[change("bad:1", DAY, 5.0, None), change("good:1", DAY, 6.0, None)]).unwrap();
    let place = fs::read(&path).unwrap().windows(5).position(|five| five == b"bad:1").unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.write_all_at(b"x", place as u64).unwrap();
    rewrite(&mut store, DAY);
    assert!(fs::metadata(&path).unwrap().len() < 2 << 20, "it was written anew");
    let told = store.take_lapse().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(told, "what was kept of `bad:1` has changed since it was written, and is lost");
    assert!(store.take_lapse().is_none(), "it is told once");
    assert_eq!(store.get("bad:1").unwrap(), None);
    assert_eq!(total(&store.get("good:1").unwrap().unwrap()), 6.0);
}

#[test]
fn a_file_that_cannot_be_written_anew_is_tried_again_when_it_has_grown_by_half() {
    let dir = tempfile::tempdir().unwrap();
    let (path, in_the_way) = (dir.path().join("state"), dir.path().join("state.new"));
    let mut store = open(dir.path());
    fs::create_dir(&in_the_way).unwrap();
    let mut tries = Vec::new();
    for run in 0..1000 {
        let all: Vec<_> = (0..100).map(|n| change(&format!("a:{n}"), DAY, 1.0, None)).collect();
        store.put(&all).unwrap();
        let size = fs::metadata(&path).unwrap().len();
        if store.take_lapse().is_some() {
            tries.push(size);
        }
        if run == 800 {
            fs::remove_dir(&in_the_way).unwrap();
        }
    }
    assert!(tries.len() >= 2, "{tries:?}");
    assert!(tries.windows(2).all(|pair| pair[1] >= pair[0] / 2 * 3), "{tries:?}");
    rewrite(&mut store, DAY);
    assert!(fs::metadata(&path).unwrap().len() < 2 << 20, "there is room again");
}

/// The file after so many batches, and what is in it.
fn written(batches: u32) -> (Vec<u8>, Vec<u64>) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let path = dir.path().join("state");
    let mut ends = vec![fs::metadata(&path).unwrap().len()];
    for batch in 0..batches {
        let cache = [("n", batch.to_string())];
        let cache = cache.iter().map(|(k, v)| (*k, v.as_str())).collect::<Vec<_>>();
        store.put(&[change("a:1", f64::from(batch), f64::from(batch), Some(&cache))]).unwrap();
        ends.push(fs::metadata(&path).unwrap().len());
    }
    (fs::read(&path).unwrap(), ends)
}

#[test]
fn a_process_killed_anywhere_leaves_what_it_had_written_before() {
    let (bytes, ends) = written(30);
    let mut points = 0;
    for length in 0..=bytes.len() {
        points += 1;
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("state"), &bytes[..length]).unwrap();
        let mut store = open(dir.path());
        let whole = ends.iter().filter(|end| **end <= length as u64).count();
        let saved = store.get("a:1").unwrap();
        assert_eq!(
            saved.as_ref().map(total),
            whole.checked_sub(2).map(|last| last as f64),
            "cut at {length}"
        );
        store.put(&[change("a:1", 100.0, 100.0, None)]).unwrap();
        drop(store);
        assert_eq!(total(&open(dir.path()).get("a:1").unwrap().unwrap()), 100.0, "cut at {length}");
    }
    assert!(points > 1000, "{points}");
}

#[test]
fn a_damaged_file_is_set_aside_and_what_can_be_read_of_it_counts() {
    let (bytes, ends) = written(10);
    for place in (0..bytes.len()).step_by(3) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x55;
        fs::write(&path, &damaged).unwrap();
        let (mut store, opened) = Store::open(dir.path()).unwrap();
        let found = store.get("a:1").unwrap();
        if (8..16).contains(&place) {
            assert_eq!(
                found.map(|saved| saved.baselines.all.len()),
                Some(0),
                "series are hashed otherwise"
            );
            continue;
        }
        let whole = ends.iter().filter(|end| **end <= place as u64).count();
        assert_eq!(
            found.as_ref().map(total),
            whole.checked_sub(2).map(|last| last as f64),
            "at {place}"
        );
        assert_eq!(
            fs::read(opened.set_aside.expect("it was seen")).unwrap(),
            damaged,
            "at {place}"
        );
        drop(store);
        assert_eq!(
            Store::open(dir.path()).unwrap().1.set_aside,
            None,
            "the good part is a good file"
        );
    }
}

#[test]
fn a_file_of_another_version_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    let (mut bytes, _) = written(3);
    bytes[7] = 99;
    for number in 1..=2 {
        fs::write(dir.path().join("state"), &bytes).unwrap();
        let (mut store, opened) = Store::open(dir.path()).unwrap();
        assert_eq!(opened.set_aside, Some(dir.path().join(format!("state.damaged-{number}"))));
        assert_eq!(store.get("a:1").unwrap(), None);
    }
}

#[test]
fn a_directory_that_cannot_be_made_is_an_error_with_its_path() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let error = Store::open(&dir.path().join("file/state")).unwrap_err();
    assert!(
        error.to_string().starts_with(&format!("cannot keep state in `{}", dir.path().display())),
        "{error}"
    );
    assert!(!error.hint().is_empty());
}

proptest! {
    #[test]
    fn whatever_was_last_put_in_comes_out(
        batches in prop::collection::vec(
            prop::collection::vec((0..5_u8, any::<f64>(), prop::option::of(("\\PC{0,8}", "\\PC{0,40}"))), 1..4),
            1..30,
        )
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut expected: BTreeMap<String, (u64, BTreeMap<String, String>)> = BTreeMap::new();
        let mut store = open(dir.path());
        for (number, batch) in batches.iter().enumerate() {
            let changes: Vec<_> = batch.iter().map(|(id, total, text)| {
                let mut change = change(&format!("check:{id}"), number as f64, *total, None);
                change.cache = text.clone().map(|(key, value)| BTreeMap::from([(key, value)]));
                change
            }).collect();
            store.put(&changes).unwrap();
            for Change { instance, baselines, cache, .. } in changes {
                let known = expected.entry(instance.to_string()).or_default();
                known.0 = baselines.all[0].reading.total.to_bits();
                if let Some(cache) = cache {
                    known.1 = cache;
                }
            }
            if number % 7 == 3 {
                drop(store);
                store = open(dir.path());
            }
        }
        for (id, (total_bits, cache)) in expected {
            let saved = store.get(&id).unwrap().unwrap();
            prop_assert_eq!((total(&saved).to_bits(), &saved.cache), (total_bits, &cache));
        }
    }
}
