//! The driver looks for what is due, and runners begin it: one run after another, and none behind one that keeps its thread.
//!
//! A run that waits for nothing never becomes a task; one that waits gets a task of its own. While a check computes instead of
//! waiting, its runner goes no further; the queue is shared, so others do.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::{coop, yield_now};
use tokio::time::{Instant, timeout_at};

use super::agenda::Runner;
use super::engine::Shared;
use super::instance::Next;
use super::notice::Notice;
use super::turn::turn;

/// How long what is due may wait before one more runner is sent.
const PATIENCE: Duration = Duration::from_millis(2);

/// How long a runner goes on before the other tasks of its thread have a turn.
const STRETCH: Duration = Duration::from_millis(1);

/// How many runners are sent at once, so that one goes on if the other is kept. The second one also has another thread awake,
/// which looks after the runtime's timers meanwhile.
const AT_ONCE: usize = 2;

/// Sees to it that what is due is begun, for ever.
pub(super) async fn drive(shared: Arc<Shared>) {
    let threads = Handle::current().metrics().num_workers();
    let mut was_behind = false;
    loop {
        let mut until = shared.agenda.look(Instant::now());
        let is_behind = shared.agenda.is_behind();
        if is_behind {
            let runners = shared.agenda.runners();
            let wanted = if was_behind { runners + 1 } else { AT_ONCE };
            (runners..wanted.min(threads)).for_each(|_| send_runner(&shared));
            let again = Instant::now() + PATIENCE;
            until = Some(until.map_or(again, |look| look.min(again)));
        }
        was_behind = is_behind;
        let changed = shared.agenda.changed.notified();
        match until {
            Some(until) => drop(timeout_at(until, changed).await),
            None => changed.await,
        }
    }
}

fn send_runner(shared: &Arc<Shared>) {
    let runner = shared.agenda.runner();
    shared.tasks.spawn(begin_what_is_due(Arc::clone(shared), runner));
}

async fn begin_what_is_due(shared: Arc<Shared>, runner: Runner) {
    let mut since = Instant::now();
    let mut place = None;
    while let Some(instance) = shared.agenda.take() {
        let now = Instant::now();
        let has_woken = match instance.due(now) {
            Next::Run => begin(&shared, turn(Arc::clone(&shared), instance), &mut place).await,
            Next::Later(due, skip) => {
                shared.observer.notice(&instance.id, Notice::Skipped(skip));
                shared.schedule(due.at, instance)
            }
            Next::Nothing => false,
        };
        // What has been woken may be next on this very thread, which the next check may keep.
        if has_woken || now - since > STRETCH || !coop::has_budget_remaining() {
            yield_now().await;
            since = Instant::now();
        }
    }
    drop(runner);
    shared.agenda.changed.notify_one();
}

/// Begins a run, at a place that is used again and again; it goes on as a task if it waits. Tells whether another task was woken.
async fn begin<F>(shared: &Shared, run: F, place: &mut Option<Pin<Box<F>>>) -> bool
where
    F: Future<Output = bool> + Send + 'static,
{
    let mut run = match place.take() {
        Some(mut place) => {
            place.set(run);
            place
        }
        None => Box::pin(run),
    };
    match poll_fn(|cx| Poll::Ready(run.as_mut().poll(cx))).await {
        Poll::Ready(has_woken) => {
            *place = Some(run);
            has_woken
        }
        Poll::Pending => {
            shared.tasks.spawn(async {
                run.await;
            });
            true
        }
    }
}
