//! An instance of the engine: at rest between its runs, away in one, or ended.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::aggregate::Sampler;
use crate::check::{Cancellation, Entry};

use super::notice::{Skip, Skips};
use super::permits::Gate;
use super::schedule::{BackOff, Due, Timetable};
use super::statistics::Statistics;
use super::worker::Worker;

/// An instance, shared by the wheel, the task of its run and whoever asks how it is.
pub(super) struct Instance {
    pub(super) entry: &'static Entry,
    pub(super) id: Arc<str>,
    /// Of the values of its configuration; another one, and the instance is started anew.
    pub(super) fingerprint: u64,
    pub(super) gate: Arc<Gate>,
    state: Mutex<State>,
}

/// What a run takes along.
pub(super) struct Resting {
    pub(super) worker: Worker,
    pub(super) sampler: Sampler,
    pub(super) timetable: Timetable,
    pub(super) back_off: BackOff,
    /// When the next run is due.
    pub(super) due: Instant,
}

struct State {
    phase: Phase,
    resting: Option<Box<Resting>>,
    record: Record,
}

enum Phase {
    /// For what the instance that it takes the place of leaves behind, until then at most; as long as it takes, once that has
    /// begun to deliver.
    Heir(Option<Instant>),
    /// Until the next run.
    Waiting,
    /// For its turn.
    Queued,
    /// In a run.
    Running(Box<Run>),
    /// After the only run.
    Done,
    /// Another one may have taken its place.
    Ended(Option<Arc<Instance>>),
    /// Ended before it had inherited anything: that goes to the one that has taken its place, if one has.
    PassedOver(Option<Arc<Instance>>),
}

/// What is shown of an instance while its run has all the rest.
struct Run {
    since: Instant,
    cancellation: Cancellation,
    shown: Shown,
    /// What it yielded is being handed on.
    delivers: bool,
}

/// What is remembered beside the statistics of the runs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Record {
    pub(super) skips: Skips,
    pub(super) last_lag: Micros,
    pub(super) longest_lag: Micros,
    /// Points that could not be computed, and samples that were not kept.
    pub(super) dropped: u64,
    pub(super) stuck_since: Option<Instant>,
}

impl Record {
    /// Counts the runs that were not: those that were due before the run began are late, and it was in the way of the others.
    /// Gives the reason that most have.
    fn count_missed(&mut self, run: &Resting, began: Instant, missed: u64) -> Option<Skip> {
        let waited = began.saturating_duration_since(run.due).as_nanos();
        let late = waited / run.timetable.interval().as_nanos().max(1);
        let late = u64::try_from(late).unwrap_or(u64::MAX).min(missed);
        let still_running = missed - late;
        self.skips.count(Skip::Late, late);
        self.skips.count(Skip::StillRunning, still_running);
        let reason = if late > still_running { Skip::Late } else { Skip::StillRunning };
        (missed > 0).then_some(reason)
    }
}

/// A time of up to an hour, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Micros(u32);

impl Micros {
    fn of(time: Duration) -> Self {
        Self(u32::try_from(time.as_micros()).unwrap_or(u32::MAX))
    }

    pub(super) fn duration(self) -> Duration {
        Duration::from_micros(u64::from(self.0))
    }
}

/// How an instance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// It waits for its next run.
    Waiting,
    /// Its run is due and waits for others to end.
    Queued,
    /// It runs, for this long.
    Running(Duration),
    /// A thread has been busy, for this long, with a run that was given up.
    Stuck(Duration),
    /// It was to run once, and has.
    Done,
    /// It was taken out of the configuration.
    Ended,
}

/// A copy of what an instance's worker and sampler know.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) source: Arc<str>,
    pub(super) interval: Duration,
    pub(super) statistics: Statistics,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) contexts: usize,
    pub(super) failures_in_a_row: u32,
    pub(super) due: Instant,
}

impl Shown {
    fn of(resting: &Resting) -> Self {
        let Resting { worker, sampler, timetable, back_off, due } = resting;
        Self {
            source: Arc::clone(worker.source()),
            interval: timetable.interval(),
            statistics: worker.statistics().clone(),
            metadata: worker.metadata(),
            contexts: sampler.contexts(),
            failures_in_a_row: back_off.failures(),
            due: *due,
        }
    }
}

/// What is added up of all instances of a check.
#[derive(Clone, Copy)]
pub(super) struct Tally<'i> {
    pub(super) statistics: &'i Statistics,
    pub(super) contexts: usize,
    pub(super) record: &'i Record,
    pub(super) is_stuck: bool,
}

/// What is to be done with an instance that is due.
pub(super) enum Next {
    /// Run it.
    Run,
    /// Not this time; the next one is then.
    Later(Due, Skip),
    /// In a moment.
    Soon(Instant),
    Nothing,
}

/// How often an heir looks whether it has inherited.
const MOMENT: Duration = Duration::from_millis(20);

impl Instance {
    pub(super) fn new(resting: Resting, gate: Arc<Gate>, id: Arc<str>, fingerprint: u64) -> Self {
        let entry = resting.worker.entry();
        let (phase, record) = (Phase::Waiting, Record::default());
        let state = State { phase, resting: Some(Box::new(resting)), record };
        Self { entry, id, fingerprint, gate, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides about a run that is due.
    pub(super) fn due(&self, now: Instant) -> Next {
        let mut state = self.state();
        let State { phase, resting, record } = &mut *state;
        match phase {
            Phase::Heir(until) if until.is_none_or(|until| now < until) => {
                return Next::Soon(now + MOMENT);
            }
            Phase::Heir(_) | Phase::Waiting => {}
            _ => return Next::Nothing,
        }
        let Some(resting) = resting else { return Next::Nothing };
        let skip = if resting.worker.is_stuck() {
            Skip::Stuck
        } else if resting.back_off.leaves_out() {
            Skip::BackedOff
        } else {
            *phase = Phase::Queued;
            return Next::Run;
        };
        record.skips.count(skip, 1);
        let Some(due) = resting.timetable.next(resting.due, now) else {
            return Next::Nothing;
        };
        record.skips.count(Skip::Late, due.missed);
        resting.due = due.at;
        Next::Later(due, skip)
    }

    /// Gives away what a run takes along, unless the instance has ended meanwhile.
    pub(super) fn begin(&self, now: Instant) -> Option<Box<Resting>> {
        let mut state = self.state();
        let State { phase, resting, record } = &mut *state;
        if !matches!(phase, Phase::Queued) {
            return None;
        }
        let resting = resting.take()?;
        let cancellation = resting.worker.cancellation();
        let shown = Shown::of(&resting);
        *phase = Phase::Running(Box::new(Run { since: now, cancellation, shown, delivers: false }));
        record.last_lag = Micros::of(now.saturating_duration_since(resting.due));
        record.longest_lag = record.longest_lag.max(record.last_lag);
        record.stuck_since = None;
        Some(resting)
    }

    /// Takes back what a run took along, and says when the next one is due, and why those before it are left out. If the
    /// instance has ended meanwhile, gives it back to be stopped.
    pub(super) fn rest(
        &self,
        mut resting: Box<Resting>,
        ended: Ended,
    ) -> Result<Option<(Due, Option<Skip>)>, Box<Resting>> {
        let mut state = self.state();
        let State { phase, resting: place, record } = &mut *state;
        let Phase::Running(run) = &*phase else { return Err(resting) };
        let began = run.since;
        record.dropped += ended.dropped;
        record.stuck_since = resting.worker.is_stuck().then_some(began);
        let next = resting.timetable.next(resting.due, ended.at);
        let next = next.map(|due| (due, record.count_missed(&resting, began, due.missed)));
        *phase = Phase::Done;
        if let Some((due, _)) = next {
            resting.due = due.at;
            *phase = Phase::Waiting;
        }
        *place = Some(resting);
        Ok(next)
    }

    /// Ends the instance, after a last look at what is added up. What it is made of is given back to be stopped; while it runs,
    /// the run is told, and has it.
    pub(super) fn end(
        &self,
        heir: Option<Arc<Self>>,
        look: impl FnOnce(Tally<'_>),
    ) -> Option<Box<Resting>> {
        let mut state = self.state();
        state.tally().map(look);
        let (inherits, delivers) = match &state.phase {
            Phase::Heir(until) => (true, until.is_none()),
            Phase::Running(run) => {
                run.cancellation.cancel();
                (false, run.delivers)
            }
            _ => (false, false),
        };
        if delivers && let Some(heir) = &heir {
            heir.state().phase = Phase::Heir(None);
        }
        state.phase = if inherits { Phase::PassedOver(heir) } else { Phase::Ended(heir) };
        state.resting.take()
    }

    /// Waits for what another instance leaves behind, until a time at most, before it runs.
    pub(super) fn await_legacy(&self, until: Instant) {
        self.state().phase = Phase::Heir(Some(until));
    }

    /// Whether what a run has yielded is to be delivered: not if the instance has ended and its heir, tired of waiting, has begun to
    /// count the same. From now on, an heir waits for as long as the delivery takes.
    pub(super) fn delivers(&self) -> bool {
        let mut state = self.state();
        let heir = match &mut state.phase {
            Phase::Running(run) => {
                run.delivers = true;
                return true;
            }
            Phase::Ended(heir) => heir.clone(),
            _ => None,
        };
        drop(state);
        let Some(heir) = heir else { return true };
        heir.last_heir(|phase, _| match phase {
            Phase::Heir(until) => {
                *until = None;
                true
            }
            // Nobody has taken the place of the last one.
            phase => matches!(phase, Phase::PassedOver(None)),
        })
    }

    /// Leaves its series and texts to the instance that has taken its place, if one has, so that what grew meanwhile is counted
    /// by it, and once.
    pub(super) fn leave(&self, resting: &mut Resting) {
        let heir = match &mut self.state().phase {
            Phase::Ended(heir) => heir.take(),
            _ => None,
        };
        let Some(heir) = heir else { return };
        heir.last_heir(|phase, place| {
            if let (Phase::Heir(_), Some(place)) = (&*phase, place) {
                place.sampler = std::mem::take(&mut resting.sampler);
                place.worker.cache().adopt(resting.worker.cache());
                *phase = Phase::Waiting;
            }
        });
    }

    /// Acts on this heir or, if it was replaced before it had inherited, on the one that has taken its place.
    fn last_heir<R>(
        self: Arc<Self>,
        act: impl FnOnce(&mut Phase, &mut Option<Box<Resting>>) -> R,
    ) -> R {
        let mut heir = self;
        loop {
            let mut state = heir.state();
            let State { phase, resting, .. } = &mut *state;
            let Phase::PassedOver(Some(next)) = phase else { return act(phase, resting) };
            let next = Arc::clone(next);
            drop(state);
            heir = next;
        }
    }

    /// Looks at what is added up, without a copy; at nothing once it has ended.
    pub(super) fn tally(&self, look: impl FnOnce(Tally<'_>)) {
        self.state().tally().map(look);
    }

    /// What is known of it; nothing once it has ended.
    pub(super) fn look(&self, now: Instant) -> Option<(Shown, Record, Activity)> {
        let state = self.state();
        let activity = match &state.phase {
            Phase::Running(run) => Activity::Running(now.saturating_duration_since(run.since)),
            _ if let Some(since) = state.stuck_since() => {
                Activity::Stuck(now.saturating_duration_since(since))
            }
            Phase::Waiting | Phase::Heir(_) => Activity::Waiting,
            Phase::Queued => Activity::Queued,
            Phase::Done => Activity::Done,
            Phase::Ended(_) | Phase::PassedOver(_) => Activity::Ended,
        };
        let shown = match (&state.phase, &state.resting) {
            (Phase::Running(run), _) => run.shown.clone(),
            (_, Some(resting)) => Shown::of(resting),
            _ => return None,
        };
        Some((shown, state.record, activity))
    }
}

impl State {
    fn tally(&self) -> Option<Tally<'_>> {
        let (statistics, contexts) = match (&self.phase, &self.resting) {
            (Phase::Running(run), _) => (&run.shown.statistics, run.shown.contexts),
            (_, Some(resting)) => (resting.worker.statistics(), resting.sampler.contexts()),
            _ => return None,
        };
        let is_stuck = self.stuck_since().is_some();
        Some(Tally { statistics, contexts, record: &self.record, is_stuck })
    }

    fn stuck_since(&self) -> Option<Instant> {
        let resting = self.resting.as_ref()?;
        self.record.stuck_since.filter(|_| resting.worker.is_stuck())
    }
}

/// How a run ended, as far as the instance is concerned.
#[derive(Clone, Copy)]
pub(super) struct Ended {
    pub(super) at: Instant,
    /// Samples that were not kept and points that could not be computed.
    pub(super) dropped: u64,
}
