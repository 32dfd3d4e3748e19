//! An instance that lives between runs: its worker rests here, and is lent to one run at a time.
//!
//! A run works on a thread of our own pool, so that the Agent's thread comes back at the end of the timeout whatever the check does:
//! one that blocks where it should wait, one whose destructor hangs. What comes back late finds nobody who waits for it.
//!
//! What the run yielded is handed over on that thread, too, while the Agent's still waits: it is in the memory of the core that wrote it, and on
//! its way to another one it would cost as much again as all the rest.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::metric::{Batch, Descriptor, Drops, Limits, Status};
use crate::run::Worker;

use super::growth::Growths;
use super::receiver::Receiver;
use super::submit::submit;

/// How long a run may go on after its timeout until it is no longer waited for, as in the Agent.
const GRACE: Duration = Duration::from_millis(500);

/// After how many of its intervals without a run an instance is forgotten, and after what time at the least.
const INTERVALS_KEPT: u32 = 5;
const LEAST_KEPT: Duration = Duration::from_mins(10);

/// An instance between the runs of the host.
pub(super) struct Instance {
    pub(super) about: About,
    /// What it was configured with: other texts, and it is another instance.
    texts: [Box<str>; 2],
    state: Mutex<State>,
    back: Condvar,
    /// What its buckets were; used by one run at a time.
    growths: Mutex<Growths>,
}

/// What is known of an instance even while a run has its worker.
pub(super) struct About {
    pub(super) id: Box<[u8]>,
    check: &'static str,
    /// The service check that tells how a run went, if the check has one.
    can_connect: Option<&'static Descriptor>,
    tags: Arc<[String]>,
    /// It stays until the host closes it.
    stays: bool,
}

impl About {
    pub(super) fn new(id: &[u8], worker: &Worker, stays: bool) -> Self {
        let meta = &worker.entry().meta;
        let tags = Arc::clone(worker.tags());
        Self { id: id.into(), check: meta.name, can_connect: meta.can_connect, tags, stays }
    }
}

struct State {
    phase: Phase,
    /// Nobody wants it any more.
    ended: bool,
    interval: Duration,
    last_used: Instant,
    /// What was told of the last run, so that the same is not told at every run.
    told: Told,
}

enum Phase {
    Resting(Box<Worker>),
    /// In a run that is waited for.
    Away(Instant),
    /// The run has ended, and hands over what it yielded, which is waited for however long it takes.
    HandingOver,
    /// All is handed over.
    Back(Box<Worker>, Result<(), String>),
    /// In a run that is no longer waited for.
    GivenUp(Instant),
    /// Lost in a panic.
    Lost,
}

/// What was told of an instance.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Told {
    pub(super) drops: Drops,
    pub(super) error: String,
}

/// Why there is no run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Busy {
    /// Another thread of the host is in a run of it.
    Running,
    /// A run that was given up has not ended, for this long.
    GivenUp(Duration),
    /// A thread still works for a run that was given up.
    Stuck,
    /// It ended with a panic outside any run.
    Lost,
}

/// How waiting for a run has ended.
pub(super) enum Ended {
    /// With what the host is to be told.
    InTime(Box<Worker>, Result<(), String>),
    /// Not within this time.
    Late(Duration),
    /// With a panic that no run could catch.
    Lost,
}

impl Instance {
    pub(super) fn new(about: About, worker: Worker, texts: [&str; 2], now: Instant) -> Self {
        let state = State {
            ended: false,
            interval: worker.interval(),
            last_used: now,
            told: Told::default(),
            phase: Phase::Resting(Box::new(worker)),
        };
        let growths = Mutex::default();
        Self {
            about,
            texts: texts.map(Box::from),
            state: Mutex::new(state),
            back: Condvar::new(),
            growths,
        }
    }

    /// It was configured with these texts.
    pub(super) fn is_of(&self, texts: [&str; 2]) -> bool {
        self.texts.iter().map(|text| &**text).eq(texts)
    }

    /// Takes the worker for a run.
    pub(super) fn borrow(&self, now: Instant) -> Result<Box<Worker>, Busy> {
        let mut state = self.state();
        match &state.phase {
            Phase::Resting(worker) if worker.is_stuck() => return Err(Busy::Stuck),
            Phase::Resting(_) => {}
            Phase::Away(_) | Phase::HandingOver | Phase::Back(..) => return Err(Busy::Running),
            Phase::GivenUp(since) => return Err(Busy::GivenUp(now.duration_since(*since))),
            Phase::Lost => return Err(Busy::Lost),
        }
        state.last_used = now;
        match std::mem::replace(&mut state.phase, Phase::Away(now)) {
            Phase::Resting(worker) => Ok(worker),
            _ => Err(Busy::Lost),
        }
    }

    /// The run is still waited for.
    pub(super) fn is_awaited(&self) -> bool {
        matches!(self.state().phase, Phase::Away(_))
    }

    /// The run has ended. Tells whether it is still waited for, and is to be handed over.
    pub(super) fn begin_to_hand_over(&self) -> bool {
        let mut state = self.state();
        let is_awaited = matches!(state.phase, Phase::Away(_));
        if is_awaited {
            state.phase = Phase::HandingOver;
        }
        is_awaited
    }

    /// All is handed over.
    pub(super) fn bring_back(&self, worker: Box<Worker>, told: Result<(), String>) {
        self.state().phase = Phase::Back(worker, told);
        self.back.notify_all();
    }

    /// The run could not be begun. Tells whether that is so: if it hands over, or has, it has begun all the same.
    pub(super) fn lose_unless_over(&self) -> bool {
        let mut state = self.state();
        let is_lost = !matches!(state.phase, Phase::HandingOver | Phase::Back(..));
        if is_lost {
            state.phase = Phase::Lost;
        }
        is_lost
    }

    /// The run has ended with the worker.
    pub(super) fn lose(&self) {
        self.state().phase = Phase::Lost;
        self.back.notify_all();
    }

    /// Waits for the end of a run, and until it has handed over what it yielded.
    pub(super) fn wait(&self, limit: Duration) -> Ended {
        let (state, limit) = (self.state(), limit + GRACE);
        let is_away = |state: &mut State| matches!(state.phase, Phase::Away(_));
        let waited = self.back.wait_timeout_while(state, limit, is_away);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let hands_over = |state: &mut State| matches!(state.phase, Phase::HandingOver);
        let waited = self.back.wait_while(state, hands_over);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let since = state.last_used;
        match std::mem::replace(&mut state.phase, Phase::Lost) {
            Phase::Back(worker, told) => {
                state.phase = Phase::Away(since);
                Ended::InTime(worker, told)
            }
            Phase::Away(since) => {
                state.phase = Phase::GivenUp(since);
                Ended::Late(limit)
            }
            _ => Ended::Lost,
        }
    }

    /// The run is over and handed over. Gives the worker back if it is not needed any more.
    pub(super) fn rest(&self, worker: Box<Worker>) -> Option<Box<Worker>> {
        self.state().rest(worker)
    }

    /// What its buckets were in the last run.
    pub(super) fn growths(&self) -> MutexGuard<'_, Growths> {
        self.growths.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says for a run that cannot say it itself that it went wrong.
    pub(super) fn say_critical(&self, error: &str, receiver: &impl Receiver) {
        let About { check, can_connect: Some(can_connect), tags, .. } = &self.about else { return };
        let mut batch = Batch::new(&**tags, Limits::default());
        batch.emitter().service_check(can_connect, Status::critical(error));
        submit(&batch, check, &mut Growths::default(), receiver);
    }

    /// Exchanges what was last told for what is to be told now.
    pub(super) fn tell(&self, told: Told) -> Told {
        std::mem::replace(&mut self.state().told, told)
    }

    /// It has not run for long, and does not run now.
    pub(super) fn is_idle(&self, now: Instant) -> bool {
        let state = self.state();
        let kept = (state.interval.saturating_mul(INTERVALS_KEPT)).max(LEAST_KEPT);
        match state.phase {
            Phase::Resting(_) if self.about.stays => false,
            Phase::Resting(_) => now.saturating_duration_since(state.last_used) > kept,
            Phase::Lost => true,
            _ => false,
        }
    }

    /// Nobody wants it any more. Gives the worker, unless a run has it, which then gives it back.
    pub(super) fn end(&self) -> Option<Box<Worker>> {
        let mut state = self.state();
        state.ended = true;
        match std::mem::replace(&mut state.phase, Phase::Lost) {
            Phase::Resting(worker) => Some(worker),
            other => {
                state.phase = other;
                None
            }
        }
    }

    /// What is in there is whole at any time, so a panic while it was locked does not matter.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn rest(&mut self, worker: Box<Worker>) -> Option<Box<Worker>> {
        if self.ended {
            self.phase = Phase::Lost;
            return Some(worker);
        }
        self.phase = Phase::Resting(worker);
        None
    }
}

/// An instance that others hold, too.
pub(super) type Shared = Arc<Instance>;
