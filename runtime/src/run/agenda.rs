//! What is due when, and what is due by now and has not begun.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::instance::Instance;
use super::schedule::Wheel;

/// The instances that wait: for their times, and for somebody who runs them.
pub(super) struct Agenda {
    plan: Mutex<Plan>,
    due: Mutex<VecDeque<Arc<Instance>>>,
    runners: Arc<AtomicUsize>,
    /// Something is due before the driver meant to look, or all that was due has begun.
    pub(super) changed: Notify,
}

struct Plan {
    wheel: Wheel<Arc<Instance>>,
    /// When the driver looks next.
    look: Option<Instant>,
}

/// One who begins what is due, for as long as this is held.
#[derive(Debug)]
pub(super) struct Runner(Arc<AtomicUsize>);

impl Drop for Runner {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Agenda {
    pub(super) fn new(now: Instant) -> Self {
        let plan = Plan { wheel: Wheel::new(now), look: None };
        Self {
            plan: Mutex::new(plan),
            due: Mutex::default(),
            runners: Arc::default(),
            changed: Notify::new(),
        }
    }

    /// The first time from `at` on at which is looked for what is due.
    pub(super) fn aligned(&self, at: Instant) -> Instant {
        self.plan().wheel.aligned(at)
    }

    /// Puts an instance down for a time. Tells whether that is before the driver means to look.
    pub(super) fn add(&self, at: Instant, instance: Arc<Instance>) -> bool {
        let mut plan = self.plan();
        plan.wheel.add(at, instance);
        plan.look.is_none_or(|look| at < look)
    }

    /// Moves what is due to the end of the queue, and says when to look next.
    pub(super) fn look(&self, now: Instant) -> Option<Instant> {
        let mut due = Vec::new();
        let mut plan = self.plan();
        plan.wheel.take_due(now, &mut due);
        plan.look = plan.wheel.next();
        let look = plan.look;
        drop(plan);
        if !due.is_empty() {
            self.due().extend(due);
        }
        look
    }

    /// Something is due that has not begun.
    pub(super) fn is_behind(&self) -> bool {
        !self.due().is_empty()
    }

    /// The next one to begin.
    pub(super) fn take(&self) -> Option<Arc<Instance>> {
        self.due().pop_front()
    }

    pub(super) fn runners(&self) -> usize {
        self.runners.load(Ordering::Acquire)
    }

    pub(super) fn runner(&self) -> Runner {
        self.runners.fetch_add(1, Ordering::AcqRel);
        Runner(Arc::clone(&self.runners))
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn due(&self) -> MutexGuard<'_, VecDeque<Arc<Instance>>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
