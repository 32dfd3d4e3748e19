//! One run, from the host's call to its end: finds or makes the instance, runs it, hands over what it yielded.

use std::ffi::CStr;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use crate::check::Entry;
use crate::metric::Drops;
use crate::run::{RunReport, Worker};

use super::configure::{Configured, configure, decode};
use super::instance::{About, Busy, Ended, Shared, Told};
use super::instances::Former;
use super::library::Library;
use super::panics;
use super::receiver::{Level, Receiver};
use super::submit::submit;

/// What the host wants to be run.
pub(super) struct Call<'c> {
    pub(super) id: &'c CStr,
    pub(super) init_config: &'c [u8],
    pub(super) instance: &'c [u8],
}

/// Runs an instance once. The error is for the host to show. The receiver comes back unless it was lost in a panic.
pub(super) fn run<R: Receiver + Send + 'static>(
    library: &'static Library,
    call: &Call<'_>,
    receiver: R,
) -> (Result<(), String>, Option<R>) {
    let lent = Lent(Arc::new(Mutex::new(None)));
    let begun = begin(library, call, receiver, &lent);
    let told = begun.and_then(|(instance, limit)| match instance.wait(limit) {
        Ended::InTime(worker, told) => {
            library.end(instance.rest(worker));
            told
        }
        Ended::Late(limit) => {
            let told = format!(
                "the run did not end within {limit:?}, and cannot be ended from outside\n\
                 hint: an async check must not block its thread; one that has to is no `async fn`"
            );
            lent.with(|receiver| instance.say_critical(&told, receiver));
            Err(told)
        }
        Ended::Lost => {
            library.instances.remove(call.id.to_bytes(), &instance);
            Err("the run ended with a panic".to_owned())
        }
    });
    (told, lent.take())
}

/// A receiver where both threads find it: the host's, and that of the run, which takes it while it hands over.
struct Lent<R>(Arc<Mutex<Option<R>>>);

impl<R> Lent<R> {
    fn put(&self, receiver: R) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(receiver);
    }

    /// Lets it be used, if it is here.
    fn with(&self, used: impl FnOnce(&R)) {
        if let Some(receiver) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            used(receiver);
        }
    }

    fn take(&self) -> Option<R> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Begins a run of the instance that the host means.
fn begin<R: Receiver + Send + 'static>(
    library: &'static Library,
    call: &Call<'_>,
    receiver: R,
    lent: &Lent<R>,
) -> Result<(Shared, Duration), String> {
    let found = find(library, call, &receiver);
    lent.put(receiver);
    let (instance, worker) = found?;
    let limit = worker.timeout();
    let run = {
        let (instance, lent) = (Shared::clone(&instance), Lent(Arc::clone(&lent.0)));
        move || library.end(run_here(library, &instance, worker, &lent))
    };
    start(library, &instance, run)?;
    Ok((instance, limit))
}

fn find(
    library: &'static Library,
    call: &Call<'_>,
    receiver: &impl Receiver,
) -> Result<(Shared, Box<Worker>), String> {
    let entry = library.check_of(call.id)?;
    let texts = decode(call.init_config, call.instance)?;
    borrow(library, entry, (call.id, texts), receiver)
}

/// The instance that the host means, and its worker.
fn borrow(
    library: &'static Library,
    entry: &'static Entry,
    (id, texts): (&CStr, [&str; 2]),
    receiver: &impl Receiver,
) -> Result<(Shared, Box<Worker>), String> {
    if let Some(known) = library.instances.get(id.to_bytes(), texts) {
        match known.borrow(Instant::now()) {
            Err(Busy::Lost) => library.instances.remove(id.to_bytes(), &known),
            Ok(worker) => return Ok((known, worker)),
            Err(busy) => {
                let told = busy.told();
                if busy != Busy::Running {
                    known.say_critical(&told, receiver);
                }
                return Err(told);
            }
        }
    }
    let new = make(library, entry, (id, texts), receiver)?;
    let worker = new.borrow(Instant::now()).map_err(Busy::told)?;
    Ok((new, worker))
}

/// Makes an instance, or reports all that is wrong with its configuration.
pub(super) fn make(
    library: &'static Library,
    entry: &'static Entry,
    (id, texts): (&CStr, [&str; 2]),
    receiver: &impl Receiver,
) -> Result<Shared, String> {
    let mut configured = configure(entry, texts)?;
    if receiver.honours_common_options() {
        configured.leave_to_host();
    } else {
        configured.tell_what_is_without_effect();
    }
    let Configured { spec, warnings } = configured;
    for warning in warnings {
        receiver.warn(&warning);
    }
    let (id, host) = (id.to_bytes(), Arc::new(library.host().clone()));
    let worker = Worker::with_cache(spec, &host, library.caches.of(id));
    let about = About::new(id, &worker, receiver.closes_instances());
    let (new, former) = library.instances.add(about, texts, worker);
    library.end(former.and_then(Former::end));
    Ok(new)
}

/// Begins a run on a thread of the pool.
fn start(
    library: &'static Library,
    instance: &Shared,
    run: impl FnOnce() + Send + 'static,
) -> Result<(), String> {
    let started = library.runtime().and_then(|runtime| {
        // It panics where the system has no more threads.
        panics::guard(|| drop(runtime.spawn_blocking(run)))
    });
    match started {
        // What was queued before that may have begun all the same.
        Err(_) if !instance.lose_unless_over() => Ok(()),
        started => started,
    }
}

/// Runs on this thread, and gives the worker if nobody wants it any more.
fn run_here<R: Receiver>(
    library: &Library,
    instance: &Shared,
    mut worker: Box<Worker>,
    lent: &Lent<R>,
) -> Option<Box<Worker>> {
    if !instance.is_awaited() {
        return instance.rest(worker);
    }
    let ran = panics::guard(move || {
        let report = Handle::current().block_on(worker.run());
        (worker, report)
    });
    let Ok((worker, report)) = ran else {
        instance.lose();
        return None;
    };
    if !instance.begin_to_hand_over() {
        return instance.rest(worker);
    }
    let told = panics::guard(|| {
        let receiver = lent.take().ok_or("the run has nobody to hand over to")?;
        let told = hand_over(instance, &worker, &report, &receiver);
        if let Some(entries) = worker.cache().changed() {
            receiver.cache(&entries);
            library.caches.keep(&instance.about.id, entries, Instant::now());
        }
        lent.put(receiver);
        told
    });
    instance.bring_back(worker, told.unwrap_or_else(Err));
    None
}

/// Gives the receiver what the run yielded.
///
/// The Agent's loader commits samples only after a run without an error. So a run that failed with samples is no error for it: what they
/// say is kept, and the error is told in its log. Service checks and events need no commit.
fn hand_over(
    instance: &Shared,
    worker: &Worker,
    report: &RunReport,
    receiver: &impl Receiver,
) -> Result<(), String> {
    worker.output(|batch, metadata| {
        submit(batch, worker.entry().name(), &mut instance.growths(), receiver);
        for (name, value) in metadata {
            receiver.metadata(name, value);
        }
    });
    receiver.beyond_limit(report.drops.over_limit);
    let error = (!report.outcome.is_ok()).then(|| report.outcome.to_string());
    let told = Told { drops: report.drops, error: error.clone().unwrap_or_default() };
    let before = instance.tell(told.clone());
    for warning in &report.warnings {
        receiver.warn(warning);
    }
    if let Some(text) = dropped(&told.drops).filter(|_| told.drops != before.drops) {
        receiver.warn(&text);
    }
    match error {
        Some(error) if report.samples == 0 || receiver.keeps_failed_runs() => Err(error),
        Some(error) => {
            let is_new = before.error != error;
            tell_error(worker, &error, is_new, receiver);
            Ok(())
        }
        None => Ok(()),
    }
}

/// Tells an error that the host does not hear of as one. Without a log to write to, it goes to where the host's own output goes, once.
fn tell_error(worker: &Worker, error: &str, is_new: bool, receiver: &impl Receiver) {
    let text = format!("the run failed after it had submitted samples, which are kept: {error}");
    if !receiver.log(Level::Error, &text) && is_new {
        // If that cannot be written, nobody is left to be told.
        let _ = writeln!(std::io::stderr(), "{}: {text}", worker.entry().name());
    }
}

fn dropped(drops: &Drops) -> Option<String> {
    let Drops { not_finite, over_limit, filtered: _ } = drops;
    let kinds =
        [(not_finite, "that are no finite numbers"), (over_limit, "beyond `max_returned_metrics`")];
    let lost: Vec<_> = kinds
        .iter()
        .filter(|(count, _)| **count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    (!lost.is_empty()).then(|| format!("samples were not kept: {}", lost.join(", ")))
}

impl Busy {
    fn told(self) -> String {
        match self {
            Self::Running => "the instance is in a run already".to_owned(),
            Self::GivenUp(time) => format!(
                "the run that began {} s ago was given up and has not ended; there is no other one until it has",
                time.as_secs()
            ),
            Self::Stuck => "a thread still works for a run that was given up; there is no other one until it has ended".to_owned(),
            Self::Lost => "the last run ended with a panic".to_owned(),
        }
    }
}
