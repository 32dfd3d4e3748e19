//! The engine: keeps the instances that are configured running, each at its times.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::aggregate::Sampler;
use crate::check::{Cache, Host, InstanceSpec};
use crate::output::Hub;

use super::agenda::Agenda;
use super::batches::Batches;
use super::drive::drive;
use super::instance::{Instance, Resting, Tally};
use super::instances::Instances;
use super::keeper::Keeper;
use super::notice::Observer;
use super::past::{Counts, Past};
use super::permits::{Concurrency, Permits};
use super::schedule::{BackOff, Pitch, Timetable};
use super::spread::Spread;
use super::tasks::Tasks;
use super::turn::{GRACE, stop};
use super::worker::{Worker, interval};

/// How long an instance may wait for what its predecessor leaves behind; a run that was told to end takes half of that at most.
const LEGACY: Duration = GRACE.saturating_mul(2);

/// How long all runs together may take to end: one that was told to, and then its instance's goodbye, and a little more.
const ENDING: Duration = GRACE.saturating_mul(3);

/// Runs instances until it is shut down.
///
/// An instance at rest is a small struct; the due ones are found by a timing wheel, and a task exists only as long as a run
/// waits. No lock is held while anything waits.
pub struct Engine {
    shared: Arc<Shared>,
    instances: Mutex<Instances>,
    driver: JoinHandle<()>,
}

/// What the runs share.
pub(super) struct Shared {
    pub(super) host: Arc<Host>,
    pub(super) hub: Arc<Hub>,
    pub(super) keeper: Option<Arc<Keeper>>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) batches: Batches,
    pub(super) lag: Spread,
    pub(super) past: Past,
    pub(super) agenda: Agenda,
    pub(super) tasks: Tasks,
    permits: Permits,
}

/// What an engine works with.
pub struct Surroundings {
    /// How many runs may go on at once.
    pub limits: Concurrency,
    /// Takes what the runs yield.
    pub hub: Arc<Hub>,
    /// Keeps what instances need after a restart; its [`before`](Keeper::before) is to be the hub's.
    pub keeper: Option<Arc<Keeper>>,
    /// Is told of everything.
    pub observer: Arc<dyn Observer>,
}

/// What became of the instances when others were configured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// New ones.
    pub started: usize,
    /// The same as before, with other values of their secrets or variables.
    pub restarted: usize,
    /// Gone.
    pub stopped: usize,
    /// The same as before.
    pub kept: usize,
    /// Configured twice, and running once.
    pub repeated: usize,
}

impl Change {
    /// All instances are as before.
    pub const fn is_none(&self) -> bool {
        self.started + self.restarted + self.stopped == 0
    }
}

impl Engine {
    /// An engine without instances. To be called within a runtime.
    pub fn new(host: Host, surroundings: Surroundings) -> Self {
        let Surroundings { limits, hub, keeper, observer } = surroundings;
        let shared = Arc::new(Shared {
            host: Arc::new(host),
            hub,
            keeper,
            observer,
            batches: Batches::default(),
            lag: Spread::default(),
            past: Past::default(),
            agenda: Agenda::new(Instant::now()),
            tasks: Tasks::default(),
            permits: Permits::new(limits),
        });
        let driver = tokio::spawn(drive(Arc::clone(&shared)));
        Self { shared, instances: Mutex::default(), driver }
    }

    /// Makes these the instances that run: starts the new ones, ends those that are not among them, and leaves the others as they
    /// are, in a run or between two.
    pub fn apply(&self, specs: Vec<InstanceSpec>) -> Change {
        let times = (Instant::now(), self.now());
        let pitch = Pitch::of(specs.iter().map(interval));
        let mut change = Change::default();
        let mut instances = self.instances();
        let mut former = std::mem::take(&mut *instances);
        for spec in specs {
            if instances.contains(&spec.id) {
                change.repeated += 1;
                continue;
            }
            match former.remove(&spec.id) {
                Some(known) if known.fingerprint == spec.fingerprint => {
                    change.kept += 1;
                    instances.insert(known);
                }
                Some(changed) => {
                    change.restarted += 1;
                    instances.insert(self.replace(&changed, spec, (times, pitch)));
                }
                None => {
                    change.started += 1;
                    let (instance, due) = self.make(spec, (times, pitch));
                    self.shared.schedule(due, Arc::clone(&instance));
                    instances.insert(instance);
                }
            }
        }
        change.stopped = former.len();
        former.iter().for_each(|gone| self.end(gone, None));
        change
    }

    /// Ends all instances, lets the runs that go on come to their end, and delivers what is left, all within a time.
    /// Gives what could not be delivered.
    pub async fn shut_down(&self, within: Duration) -> crate::output::Closed {
        let deadline = Instant::now() + within;
        self.driver.abort();
        self.instances().iter().for_each(|instance| self.end(instance, None));
        // What does not end in time ends with the runtime; the rest of the time is for what has been gathered.
        let runs = deadline.min(Instant::now() + ENDING);
        let _ = tokio::time::timeout_at(runs, self.shared.tasks.all_done()).await;
        self.shared.hub.close(deadline.saturating_duration_since(Instant::now())).await
    }

    /// The host's time of day.
    pub(super) fn now(&self) -> SystemTime {
        self.shared.host.clock.now()
    }

    /// What is counted of instances that are gone, by check.
    pub(super) fn past(&self) -> BTreeMap<&'static str, Counts> {
        self.shared.past.all()
    }

    /// How many times state could not be kept; nothing if none is kept.
    pub(super) fn state_errors(&self) -> Option<u64> {
        self.shared.keeper.as_ref().map(|keeper| keeper.trouble().errors)
    }

    /// The host's name.
    pub(super) fn hostname(&self) -> Arc<str> {
        Arc::clone(&self.shared.host.hostname)
    }

    /// How late runs began, since the start.
    pub fn lag(&self) -> &Spread {
        &self.shared.lag
    }

    /// The engine goes on: what is due is looked for.
    pub fn is_alive(&self) -> bool {
        !self.driver.is_finished()
    }

    /// How many instances there are.
    pub fn len(&self) -> usize {
        self.instances().len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn instances(&self) -> MutexGuard<'_, Instances> {
        self.instances.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes an instance, and says when it first runs.
    fn make(
        &self,
        spec: InstanceSpec,
        (times, pitch): ((Instant, SystemTime), Pitch),
    ) -> (Arc<Instance>, Instant) {
        let shared = &self.shared;
        let (id, fingerprint) = (Arc::clone(&spec.id), spec.fingerprint);
        let gate = shared.permits.gate(spec.entry);
        let saved = shared.keeper.as_ref().and_then(|keeper| keeper.get(&id)).unwrap_or_default();
        let worker = Worker::with_cache(spec, &shared.host, Cache::restored(saved.cache));
        let aligned = |at| shared.agenda.aligned(at);
        let (timetable, due) = Timetable::new(&id, (worker.interval(), pitch), times, aligned);
        let (back_off, sampler) = (BackOff::default(), Sampler::restored(&saved.baselines));
        let resting = Resting { worker, sampler, timetable, back_off, due };
        (Arc::new(Instance::new(resting, gate, id, fingerprint)), due)
    }

    /// Ends an instance and puts another one in its place, which goes on with its series and texts: at once, or after the run
    /// that has them.
    fn replace(
        &self,
        former: &Arc<Instance>,
        spec: InstanceSpec,
        times: ((Instant, SystemTime), Pitch),
    ) -> Arc<Instance> {
        let (heir, due) = self.make(spec, times);
        heir.await_legacy(times.0.0 + LEGACY);
        self.end(former, Some(Arc::clone(&heir)));
        self.shared.schedule(due, Arc::clone(&heir));
        heir
    }

    fn end(&self, instance: &Arc<Instance>, heir: Option<Arc<Instance>>) {
        let check = instance.entry.meta.name;
        let count = |tally: Tally<'_>| self.shared.past.add(check, Counts::of(&tally));
        let Some(mut resting) = instance.end(heir, count) else { return };
        instance.leave(&mut resting);
        let (shared, id) = (Arc::clone(&self.shared), Arc::clone(&instance.id));
        self.shared.tasks.spawn(async move { stop(&shared, &id, resting).await });
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Shared {
    /// Puts an instance down for a time. Tells whether that woke the driver.
    pub(super) fn schedule(&self, at: Instant, instance: Arc<Instance>) -> bool {
        let is_sooner = self.agenda.add(at, instance);
        if is_sooner {
            self.agenda.changed.notify_one();
        }
        is_sooner
    }
}
