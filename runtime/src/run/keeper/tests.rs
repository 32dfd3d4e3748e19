//! What is known of an instance while changes are written, and when they cannot be.

use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::aggregate::{Baseline, Baselines, Reading};
use crate::check::{Entry, load};
use crate::config::confd::File;
use crate::output::{Hub, HubOptions};
use crate::prelude::*;
use crate::run::{Concurrency, Engine, Host, Notice, Observer, Surroundings};

use super::*;

fn keeper() -> (TempDir, Arc<Keeper>) {
    let dir = tempfile::tempdir().expect("a directory");
    let (store, _) = Store::open(dir.path()).expect("a store");
    (dir, Keeper::new(store))
}

fn change(instance: &str, total: f64, text: Option<&str>) -> Change {
    let reading = Reading { total, time: total };
    let all = vec![Baseline { series: 7, is_rate: false, reading }];
    let cache = text.map(|text| BTreeMap::from([(String::from("text"), String::from(text))]));
    Change { instance: instance.into(), time: total, baselines: Baselines { all }, cache }
}

/// The total and the text that are known of an instance.
fn known(saved: &Saved) -> (f64, Option<&str>) {
    let total = saved.baselines.all.first().map_or(0.0, |baseline| baseline.reading.total);
    (total, saved.cache.get("text").map(String::as_str))
}

impl Keeper {
    fn change(&self, change: Change) {
        lock(&self.changes).add(change);
    }

    fn get(&self, instance: &str) -> Saved {
        self.recall([Arc::from(instance)]);
        self.recalled(instance)
    }
}

#[test]
fn what_is_being_written_is_known() {
    let (_dir, keeper) = keeper();
    for run in 1..3000 {
        let total = f64::from(run);
        keeper.change(change("a:1", total, None));
        thread::scope(|scope| {
            scope.spawn(|| keeper.keep());
            assert_eq!(known(&keeper.get("a:1")), (total, None));
        });
    }
}

#[test]
fn what_changes_after_it_was_read_is_known() {
    let (_dir, keeper) = keeper();
    keeper.change(change("a:1", 1.0, Some("one")));
    keeper.keep();
    keeper.recall(["a:1", "b:1"].map(Arc::from));
    keeper.change(change("a:1", 2.0, None));
    keeper.change(change("b:1", 3.0, None));
    keeper.keep();
    assert_eq!(known(&keeper.recalled("a:1")), (2.0, Some("one")));
    assert_eq!(known(&keeper.recalled("b:1")), (3.0, None));
    keeper.forget_recalled();
    assert_eq!(keeper.recalled("a:1"), Saved::default());
}

#[test]
fn what_could_not_be_written_is_written_with_the_next_changes() {
    let (dir, keeper) = keeper();
    let writable = lock(&keeper.store).deny_writing();
    for (total, text) in [(1.0, Some("one")), (2.0, None), (3.0, None)] {
        keeper.change(change("a:1", total, text));
        keeper.change(change("b:1", total, None));
        keeper.keep();
        assert_eq!(known(&keeper.get("a:1")), (total, Some("one")));
        let waiting = lock(&keeper.changes).take();
        assert_eq!(waiting.len(), 2, "each instance waits once");
        lock(&keeper.changes).put_back(waiting);
    }
    assert_eq!(keeper.trouble().errors, 3);
    lock(&keeper.store).allow_writing(writable);
    keeper.finish();
    assert_eq!(keeper.trouble(), Trouble { errors: 3, last: None });
    drop(keeper);
    let (mut store, _) = Store::open(dir.path()).expect("a store");
    let mut get = |instance| store.get(instance).expect("it can be read").unwrap_or_default();
    assert_eq!(known(&get("a:1")), (3.0, Some("one")));
    assert_eq!(known(&get("b:1")), (3.0, None), "its points were served");
}

/// Looks at a gate.
#[check]
fn gate() {}

struct Nobody;

impl Observer for Nobody {
    fn notice(&self, _instance: &str, _notice: Notice<'_>) {}
}

fn engine(keeper: &Arc<Keeper>) -> Engine {
    let hub = Arc::new(Hub::new(Vec::new(), HubOptions::default()));
    let (limits, observer) = (Concurrency::default(), Arc::new(Nobody));
    let surroundings = Surroundings { limits, hub, keeper: Some(Arc::clone(keeper)), observer };
    Engine::new(Host::new("test-host"), surroundings)
}

fn apply(engine: &Engine, instances: &str) -> Option<Arc<str>> {
    let text = format!("instances: {instances}");
    let file = File::parse("gate", "conf.d/gate.yaml".as_ref(), text.into());
    engine.apply(load(Entry::of::<gate>(), &file).instances);
    engine.status().into_iter().next().map(|status| status.id)
}

#[tokio::test]
async fn an_instance_that_is_taken_out_is_released_until_it_comes_back() {
    let (_dir, keeper) = keeper();
    let engine = engine(&keeper);
    let gone = || lock(&keeper.changes).gone.keys().cloned().collect::<Vec<_>>();
    let id = apply(&engine, "[{}]").expect("an instance");
    assert_eq!(gone().len(), 0);
    apply(&engine, "[]");
    assert_eq!(gone(), [Arc::clone(&id)]);
    assert_eq!(apply(&engine, "[{}]"), Some(id));
    assert_eq!(gone().len(), 0);
}

#[tokio::test]
async fn nobody_but_who_applies_a_configuration_waits_for_a_disk_that_hangs() {
    let (_dir, keeper) = keeper();
    let engine = engine(&keeper);
    apply(&engine, "[{}]");
    let runtime = tokio::runtime::Handle::current();
    thread::scope(|scope| {
        let hangs = lock(&keeper.store);
        let applying = scope.spawn(|| {
            let _within = runtime.enter();
            apply(&engine, "[{min_collection_interval: 7}]")
        });
        thread::sleep(Duration::from_millis(100));
        let (tell, told) = channel();
        scope.spawn(|| tell_number(&engine, tell));
        let number = told.recv_timeout(Duration::from_secs(10));
        drop(hangs);
        assert_eq!(number, Ok(1));
        assert!(applying.join().expect("it ends").is_some());
    });
    assert_eq!(engine.len(), 1);
}

#[expect(clippy::needless_pass_by_value, reason = "it ends with the thread")]
fn tell_number(engine: &Engine, to: Sender<usize>) {
    // If nobody waits any more, the test has failed.
    let _ = to.send(engine.len());
}
