//! What a daemon waits for: signals, changes of files, times.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::output::Hub;
use crate::run::Change;

use super::configured::Now;
use super::watch::Watch;

/// Something that the daemon acts on.
#[derive(Debug)]
pub(super) enum Event {
    /// It is to end.
    End,
    /// The configuration may have changed.
    Reload,
    /// The configuration has been read and applied.
    Read(Box<Now>, Change),
    /// Secrets are to be asked for again, for they may have changed.
    Refresh,
    /// Secrets are to be asked for again that could not be had.
    Retry,
    /// The service manager wants to know whether all is well.
    Watchdog,
    /// What the engine reports of itself is due.
    Report,
    /// It is to be seen how the outputs fare.
    Outputs,
}

/// Where events come together.
pub(super) struct Events {
    sender: UnboundedSender<Event>,
    receiver: UnboundedReceiver<Event>,
}

impl Events {
    pub(super) fn new() -> Self {
        let (sender, receiver) = unbounded_channel();
        Self { sender, receiver }
    }

    pub(super) async fn next(&mut self) -> Event {
        // It cannot be closed, as long as the sender beside it is there.
        self.receiver.recv().await.unwrap_or(Event::End)
    }

    /// Hands on a configuration that has been read and applied. It says whether anybody listens.
    pub(super) fn reading(&self) -> impl Fn(Now, Change) -> bool + Send + use<> {
        let sender = self.sender.clone();
        move |now, change| sender.send(Event::Read(Box::new(now), change)).is_ok()
    }

    /// Sends an event each time that has passed; never for a time of zero.
    pub(super) fn every(&self, time: Duration, event: fn() -> Event) {
        self.every_after(time, time, event);
    }

    /// Sends an event at a random moment of the first time, and then each time that has passed; never for a time of zero.
    pub(super) fn every_scattered(&self, time: Duration, event: fn() -> Event) {
        self.every_after(time.mul_f64(random_fraction()), time, event);
    }

    fn every_after(&self, first: Duration, time: Duration, event: fn() -> Event) {
        if time.is_zero() {
            return;
        }
        let sender = self.sender.clone();
        tokio::spawn(async move {
            tokio::time::sleep(first).await;
            while sender.send(event()).is_ok() {
                tokio::time::sleep(time).await;
            }
        });
    }

    /// Sends an event each time an output takes nothing any more.
    pub(super) fn outputs(&self, hub: &Arc<Hub>) {
        let (sender, hub) = (self.sender.clone(), Arc::clone(hub));
        tokio::spawn(async move {
            loop {
                hub.output_closed().await;
                if sender.send(Event::Outputs).is_err() {
                    return;
                }
            }
        });
    }

    /// Sends an event when files change.
    pub(super) fn watch(&self, mut watch: Watch) {
        let sender = self.sender.clone();
        tokio::spawn(async move {
            loop {
                watch.changed().await;
                if sender.send(Event::Reload).is_err() {
                    return;
                }
            }
        });
    }

    /// Sends an event once something has happened.
    pub(super) fn once(&self, happens: impl Future<Output = ()> + Send + 'static, event: Event) {
        let sender = self.sender.clone();
        tokio::spawn(async move {
            happens.await;
            // If nobody listens any more, the daemon has ended.
            let _ = sender.send(event);
        });
    }

    /// Sends events for the signals of this process: INT and TERM end it, HUP has it read its configuration again.
    #[cfg(unix)]
    pub(super) fn signals(&self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds: [(_, fn() -> Event); 3] = [
            (SignalKind::interrupt(), || Event::End),
            (SignalKind::terminate(), || Event::End),
            (SignalKind::hangup(), || Event::Reload),
        ];
        for (kind, event) in kinds {
            let (mut signal, sender) = (signal(kind)?, self.sender.clone());
            tokio::spawn(async move {
                while signal.recv().await.is_some() && sender.send(event()).is_ok() {}
            });
        }
        Ok(())
    }

    /// Sends an event when this process is interrupted.
    #[cfg(not(unix))]
    pub(super) fn signals(&self) -> std::io::Result<()> {
        self.once(async { drop(tokio::signal::ctrl_c().await) }, Event::End);
        Ok(())
    }
}

/// A number from 0 to 1.
fn random_fraction() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    random as f64 / u64::MAX as f64
}
