//! The instances of the library, by the ids that the host gives them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::run::Worker;

use super::instance::{About, Instance, Shared};

/// All instances that have run and are not forgotten.
#[derive(Default)]
pub(super) struct Instances {
    by_id: Mutex<Option<HashMap<Box<[u8]>, Shared>>>,
}

impl Instances {
    pub(super) const fn new() -> Self {
        Self { by_id: Mutex::new(None) }
    }

    /// The instance of an id, if it was configured with these texts.
    pub(super) fn get(&self, id: &[u8], texts: [&str; 2]) -> Option<Shared> {
        self.lock().as_ref()?.get(id).filter(|known| known.is_of(texts)).cloned()
    }

    /// Adds an instance, unless another thread was first. The one that it takes the place of is given back to be ended.
    pub(super) fn add(
        &self,
        about: About,
        texts: [&str; 2],
        worker: Worker,
    ) -> (Shared, Option<Former>) {
        let id = about.id.clone();
        let mut guard = self.lock();
        let by_id = guard.get_or_insert_default();
        if let Some(known) = by_id.get(&id).filter(|known| known.is_of(texts)) {
            return (Arc::clone(known), Some(Former::Worker(Box::new(worker))));
        }
        let new = Arc::new(Instance::new(about, worker, texts, Instant::now()));
        let former = by_id.insert(id, Arc::clone(&new));
        (new, former.map(Former::Instance))
    }

    /// Takes out the instance of an id, whatever it was configured with.
    pub(super) fn take(&self, id: &[u8]) -> Option<Shared> {
        self.lock().as_mut()?.remove(id)
    }

    /// Takes an instance out.
    pub(super) fn remove(&self, id: &[u8], instance: &Shared) {
        let mut guard = self.lock();
        let Some(by_id) = guard.as_mut() else { return };
        if by_id.get(id).is_some_and(|known| Arc::ptr_eq(known, instance)) {
            by_id.remove(id);
        }
    }

    /// Takes out those that have not run for long.
    pub(super) fn take_idle(&self, now: Instant) -> Vec<Shared> {
        let mut guard = self.lock();
        let Some(by_id) = guard.as_mut() else { return Vec::new() };
        by_id.extract_if(|_, instance| instance.is_idle(now)).map(|(_, idle)| idle).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Option<HashMap<Box<[u8]>, Shared>>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is no longer wanted.
pub(super) enum Former {
    Instance(Shared),
    Worker(Box<Worker>),
}

impl Former {
    /// Its worker, unless a run has it.
    pub(super) fn end(self) -> Option<Box<Worker>> {
        match self {
            Self::Instance(instance) => instance.end(),
            Self::Worker(worker) => Some(worker),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::check::{Context, Definition, Entry, Host, Location, Meta, Package, load_default};

    struct Idle;

    impl Definition for Idle {
        const META: Meta = Meta {
            name: "idle",
            display_name: "Idle",
            description: "Does nothing.",
            interval: Duration::from_mins(5),
            timeout: None,
            enabled_by_default: true,
            blocking: false,
            can_connect: None,
            location: Location { file: "", line: 0, column: 0 },
            package: Package {
                name: "",
                version: "",
                authors: "",
                homepage: "",
                repository: "",
                licence: "",
            },
        };
        type Config = ();
        type Stream = ();
        type Outcome = ();
        type State = ();

        async fn start((): (), _cx: &Context) -> crate::Result<()> {
            Ok(())
        }

        async fn run((): &mut (), _cx: &Context) -> crate::Result<()> {
            Ok(())
        }
    }

    fn worker() -> Worker {
        let spec = load_default(Entry::of::<Idle>()).instances.remove(0);
        Worker::new(spec, &Host::new("here"))
    }

    fn add(instances: &Instances, id: &[u8], texts: [&str; 2]) -> (Shared, Option<Former>) {
        let worker = worker();
        // One whose name begins so stays until it is closed.
        let about = About::new(id, &worker, id.starts_with(b"stays"));
        instances.add(about, texts, worker)
    }

    #[test]
    fn an_instance_is_known_by_its_id_and_its_texts() {
        let instances = Instances::new();
        let (first, former) = add(&instances, b"a", ["", ""]);
        assert!(former.is_none());
        assert!(instances.get(b"a", ["", ""]).is_some_and(|known| Arc::ptr_eq(&known, &first)));
        assert!(instances.get(b"a", ["", "x: 1"]).is_none());
        assert!(instances.get(b"b", ["", ""]).is_none());
        // Another thread was first: its instance is taken, and the worker goes.
        let (second, former) = add(&instances, b"a", ["", ""]);
        assert!(Arc::ptr_eq(&first, &second));
        assert!(matches!(former, Some(Former::Worker(_))));
        let (_, former) = add(&instances, b"a", ["", "x: 1"]);
        assert!(matches!(former, Some(Former::Instance(former)) if Arc::ptr_eq(&former, &first)));
    }

    #[test]
    fn what_has_not_run_for_five_intervals_is_taken_out_unless_it_runs() {
        let instances = Instances::new();
        let (rests, _) = add(&instances, b"rests", ["", ""]);
        let (runs, _) = add(&instances, b"runs", ["", ""]);
        let (lost, _) = add(&instances, b"lost", ["", ""]);
        let (stays, _) = add(&instances, b"stays", ["", ""]);
        let now = Instant::now();
        let borrowed = runs.borrow(now).expect("it rests");
        lost.lose();
        assert!(instances.take_idle(now).iter().all(|idle| Arc::ptr_eq(idle, &lost)));
        assert!(instances.get(b"lost", ["", ""]).is_none());
        assert_eq!(instances.take_idle(now + Duration::from_mins(24)).len(), 0);
        let idle = instances.take_idle(now + Duration::from_mins(26));
        assert!(matches!(&*idle, [only] if Arc::ptr_eq(only, &rests)));
        assert!(rests.end().is_some());
        assert!(stays.end().is_some());
        // One that is ended in a run gives its worker back at the end of it.
        assert!(runs.end().is_none());
        assert!(runs.rest(borrowed).is_some());
    }
}
