//! The life of a daemon: starts what is configured, follows what changes, ends when it is told to.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::runtime::Handle;
use tracing::{info, warn};

use crate::check::Registry;
use crate::output::{Hub, HubOptions, Output};
use crate::run::{Change, Concurrency, Engine, Keeper, OWN, Own, Surroundings};

use super::super::exit::Exit;
use super::super::failure::Outcome;
use super::super::screen::Screen;
use super::super::settings::{SecretBackend, Setup};
use super::board::Board;
use super::configured::{Configuration, Now};
use super::event::{Event, Events};
use super::log::Logged;
use super::outlook::Outlook;
use super::reader::{Reader, Wish};
use super::socket::Socket;
use super::systemd::{self, Manager};
use super::watch::Watch;
use super::{DRAIN, tell};

/// When secrets that could not be had are asked for again.
const SECRETS_PAUSE: Duration = Duration::from_secs(30);

/// How often it is looked how the outputs fare.
const OUTLOOK: Duration = Duration::from_secs(5);

/// What a daemon is made of.
pub(super) struct Daemon {
    pub(super) setup: Arc<Setup>,
    pub(super) registry: Registry,
    pub(super) keeper: Option<Arc<Keeper>>,
    pub(super) limits: Concurrency,
    /// Tells when files change, if anybody wants to know.
    pub(super) watch: Option<Watch>,
    /// Secrets that could not be had are going to be asked for again.
    pub(super) waits_for_secrets: bool,
    /// They have just been, and nobody else wanted the configuration to be read.
    pub(super) tries_again: bool,
    /// Where the outputs are served.
    pub(super) serving: Handle,
}

impl Daemon {
    /// Runs what is configured until the process is told to end.
    pub(super) async fn run(
        mut self,
        configuration: Configuration,
        mut now: Now,
        outputs: Vec<Arc<dyn Output>>,
        screen: &mut Screen<'_>,
    ) -> Outcome {
        let board = Arc::new(self.board(outputs));
        let mut events = Events::new();
        events.signals()?;
        self.listen(&events, &board.hub);
        let apply = self.applying(&board.engine, events.reading());
        let reader = Reader::start(configuration, self.registry.clone(), apply)?;
        let socket = self.socket(&board);
        let mut outlook = Outlook::default();
        let mut own = Own::new(self.tags());
        let manager = Manager::of_process();
        let instances = std::mem::take(&mut now.instances);
        let change = board.engine.apply(self.setup.with_tags(instances));
        self.applied(&now, change, &board, &events, &manager);
        told("started", change);
        loop {
            match events.next().await {
                Event::Outputs if outlook.look(board.hub.statistics()) => {}
                // Where nothing is taken, nothing needs to run.
                Event::End | Event::Outputs => break,
                Event::Retry => {
                    self.waits_for_secrets = false;
                    self.tries_again = true;
                    reader.ask(Wish::Read);
                }
                Event::Reload => {
                    manager.reloading();
                    self.tries_again = false;
                    reader.ask(Wish::Read);
                }
                Event::Refresh => reader.ask(Wish::Refresh),
                Event::Read(now, change) => {
                    let is_known = std::mem::take(&mut self.tries_again)
                        && board.problems() == now.report(false);
                    if !is_known {
                        // Where nobody listens, the checks run all the same.
                        let _ = tell(&now, self.setup.settings.log_format, screen);
                    }
                    self.applied(&now, change, &board, &events, &manager);
                    if !is_known || !change.is_none() {
                        told("reloaded", change);
                    }
                }
                Event::Report => board.hub.push(own.report(&board.engine, &board.hub.statistics())),
                Event::Watchdog if board.engine.is_alive() => manager.alive(),
                Event::Watchdog => {}
            }
        }
        manager.stopping();
        drop(socket);
        self.end(&board, events).await
    }

    fn board(&self, outputs: Vec<Arc<dyn Output>>) -> Board {
        let host = self.setup.host();
        let hostname = Arc::clone(&host.hostname);
        let before = self.keeper.as_ref().map(Keeper::before);
        let runtime = Some(self.serving.clone());
        let options = HubOptions { before, runtime, ..HubOptions::default() };
        let hub = Arc::new(Hub::new(outputs, options));
        let surroundings = Surroundings {
            limits: self.limits,
            hub: Arc::clone(&hub),
            keeper: self.keeper.clone(),
            observer: Arc::new(Logged::default()),
        };
        let engine = Arc::new(Engine::new(host, surroundings));
        let (keeper, reloads) = (self.keeper.clone(), Mutex::default());
        Board { hostname, started: SystemTime::now(), engine, hub, keeper, reloads }
    }

    /// Listens for those who ask how everything is. If that cannot be, the checks run all the same.
    fn socket(&self, board: &Arc<Board>) -> Option<Socket> {
        let (path, board) = (self.setup.socket(), Arc::clone(board));
        match Socket::listen(&path, Arc::new(move || board.status())) {
            Ok(socket) => Some(socket),
            Err(error) => {
                let path = path.display();
                warn!("no status at `{path}`: {error}; the setting `socket` names another path");
                None
            }
        }
    }

    /// Has events sent for all that may happen.
    fn listen(&mut self, events: &Events, hub: &Arc<Hub>) {
        let settings = &self.setup.settings;
        let SecretBackend { secret_refresh_interval, secret_refresh_scatter, .. } =
            settings.secrets;
        match secret_refresh_scatter {
            true => events.every_scattered(secret_refresh_interval, || Event::Refresh),
            false => events.every(secret_refresh_interval, || Event::Refresh),
        }
        events.every(systemd::watchdog(), || Event::Watchdog);
        if settings.own_metrics {
            events.every(OWN.meta.interval, || Event::Report);
        }
        events.every(OUTLOOK, || Event::Outputs);
        events.outputs(hub);
        if let Some(watch) = self.watch.take() {
            if let Some(problem) = watch.problem() {
                warn!(
                    "the system does not tell when files change: {problem}; they are looked at every 10 seconds"
                );
            }
            events.watch(watch);
        }
    }

    /// What is done with a configuration on the thread that has read it. To apply it takes as long as the disk does: what was kept
    /// of new instances is read.
    fn applying(
        &self,
        engine: &Arc<Engine>,
        tell: impl Fn(Now, Change) -> bool + Send + 'static,
    ) -> impl Fn(Now) -> bool + Send + 'static {
        let (setup, engine) = (Arc::clone(&self.setup), Arc::clone(engine));
        let runtime = Handle::current();
        move |mut now| {
            let _within = runtime.enter();
            let instances = std::mem::take(&mut now.instances);
            let change = engine.apply(setup.with_tags(instances));
            tell(now, change)
        }
    }

    /// A configuration has been applied.
    fn applied(
        &mut self,
        now: &Now,
        change: Change,
        board: &Board,
        events: &Events,
        manager: &Manager,
    ) {
        board.read(change, now.report(false));
        if now.lacks_secrets {
            self.try_secrets_again(events);
        }
        manager.ready(&format!("{} instances", board.engine.len()));
    }

    /// Secrets could not be had: whatever waits for them is tried again after a while.
    fn try_secrets_again(&mut self, events: &Events) {
        if !self.waits_for_secrets {
            self.waits_for_secrets = true;
            events.once(tokio::time::sleep(SECRETS_PAUSE), Event::Retry);
        }
    }

    /// The tags that everything has.
    fn tags(&self) -> Arc<[String]> {
        self.setup.settings.tags.iter().map(|tag| tag.0.clone()).collect()
    }

    async fn end(self, board: &Board, mut events: Events) -> Outcome {
        let ending = board.engine.shut_down(DRAIN);
        let again = async { while !matches!(events.next().await, Event::End) {} };
        let closed = crate::run::unless(again, ending).await;
        if let Some(keeper) = self.keeper {
            keeper.finish();
        }
        let closed = closed.unwrap_or_else(|| board.hub.waiting());
        let lost = closed.undelivered.total();
        if lost > 0 {
            warn!(lost, "{lost} points could not be delivered before the end");
        }
        Ok(Exit::DONE)
    }
}

/// Says what has become of the instances, if anything has.
fn told(what: &str, change: Change) {
    let Change { started, restarted, stopped, kept, repeated: _ } = change;
    let counts =
        [(started, "new"), (restarted, "restarted"), (stopped, "gone"), (kept, "as before")];
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, how)| format!("{count} {how}"))
        .collect();
    let counts = if counts.is_empty() { String::from("none") } else { counts.join(", ") };
    info!("{what}: instances {counts}");
}
