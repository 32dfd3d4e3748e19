//! The life of a daemon: starts what is configured, follows what changes, ends when it is told to.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tracing::{info, warn};

use crate::check::{InstanceSpec, Registry};
use crate::output::{Hub, HubOptions, Output};
use crate::run::{Change, Concurrency, Engine, Keeper, OWN, Own, Surroundings};

use super::super::exit::Exit;
use super::super::failure::Outcome;
use super::super::screen::Screen;
use super::super::settings::Setup;
use super::board::Board;
use super::configured::{Configuration, Now};
use super::event::{Event, Events};
use super::log::Logged;
use super::socket::Socket;
use super::systemd::{self, Manager};
use super::watch::Watch;
use super::{DRAIN, tell};

/// When secrets that could not be had are asked for again.
const SECRETS_PAUSE: Duration = Duration::from_secs(30);

/// What a daemon is made of.
pub(super) struct Daemon<'r> {
    pub(super) setup: Setup,
    pub(super) configuration: Configuration,
    pub(super) registry: &'r Registry,
    pub(super) keeper: Option<Arc<Keeper>>,
    pub(super) limits: Concurrency,
    /// Secrets that could not be had are going to be asked for again.
    pub(super) waits_for_secrets: bool,
}

impl Daemon<'_> {
    /// Runs what is configured until the process is told to end.
    pub(super) async fn run(
        mut self,
        now: Now,
        outputs: Vec<Arc<dyn Output>>,
        screen: &mut Screen<'_>,
    ) -> Outcome {
        let board = Arc::new(self.board(outputs));
        let mut events = Events::new();
        events.signals()?;
        self.listen(&events, &board.hub);
        let socket = self.socket(&board);
        let mut own = Own::new(self.tags());
        let manager = Manager::of_process();
        self.apply(now, &board, &events, &manager, "started");
        loop {
            match events.next().await {
                Event::End | Event::OutputClosed => break,
                Event::Retry => {
                    self.waits_for_secrets = false;
                    self.reload(&board, &events, &manager, screen);
                }
                Event::Reload => self.reload(&board, &events, &manager, screen),
                Event::Refresh if self.configuration.refresh_secrets() => {
                    self.reload(&board, &events, &manager, screen);
                }
                Event::Report => board.hub.push(own.report(&board.engine, &board.hub.statistics())),
                Event::Watchdog if board.engine.is_alive() => manager.alive(),
                Event::Refresh | Event::Watchdog => {}
            }
        }
        manager.stopping();
        drop(socket);
        self.end(&board.engine, events).await
    }

    fn board(&self, outputs: Vec<Arc<dyn Output>>) -> Board {
        let host = self.setup.host();
        let hostname = Arc::clone(&host.hostname);
        let before = self.keeper.as_ref().map(Keeper::before);
        let options = HubOptions { before, ..HubOptions::default() };
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
    fn listen(&self, events: &Events, hub: &Arc<Hub>) {
        let settings = &self.setup.settings;
        events.every(settings.secrets.secret_refresh_interval, Event::Refresh);
        events.every(systemd::watchdog(), Event::Watchdog);
        if settings.own_metrics {
            events.every(OWN.meta.interval, Event::Report);
        }
        let hub = Arc::clone(hub);
        events.once(async move { hub.output_closed().await }, Event::OutputClosed);
        if settings.watch {
            let watch = Watch::new(self.configuration.directory(), self.setup.file.as_deref());
            if let Some(problem) = watch.problem() {
                warn!(
                    "the system does not tell when files change: {problem}; they are looked at every 10 seconds"
                );
            }
            events.watch(watch);
        }
    }

    /// Reads the configuration again and runs what it says now.
    fn reload(
        &mut self,
        board: &Board,
        events: &Events,
        manager: &Manager,
        screen: &mut Screen<'_>,
    ) {
        manager.reloading();
        let now = self.configuration.read(self.registry);
        // Where nobody listens, the checks run all the same.
        let _ = tell(&now, self.setup.settings.log_format, screen);
        self.apply(now, board, events, manager, "reloaded");
    }

    fn apply(&mut self, now: Now, board: &Board, events: &Events, manager: &Manager, what: &str) {
        let problems = now.report(false);
        let change = board.engine.apply(self.with_tags(now.instances));
        board.read(change, problems);
        self.try_secrets_again(events);
        manager.ready(&format!("{} instances", board.engine.len()));
        told(what, change);
    }

    /// If secrets could not be had, whatever waits for them is tried again after a while.
    fn try_secrets_again(&mut self, events: &Events) {
        if self.configuration.lacks_secrets() && !self.waits_for_secrets {
            self.waits_for_secrets = true;
            events.once(tokio::time::sleep(SECRETS_PAUSE), Event::Retry);
        }
    }

    /// The tags that everything has.
    fn tags(&self) -> Arc<[String]> {
        self.setup.settings.tags.iter().map(|tag| tag.0.clone()).collect()
    }

    /// Adds the tags that everything has.
    fn with_tags(&self, mut instances: Vec<InstanceSpec>) -> Vec<InstanceSpec> {
        let everywhere = &self.setup.settings.tags;
        if everywhere.is_empty() {
            return instances;
        }
        for instance in &mut instances {
            let own = instance.tags.iter().cloned();
            instance.tags = own.chain(everywhere.iter().map(|tag| tag.0.clone())).collect();
        }
        instances
    }

    async fn end(self, engine: &Engine, mut events: Events) -> Outcome {
        let ending = engine.shut_down(DRAIN);
        let again = async { while events.next().await != Event::End {} };
        let closed = crate::run::unless(again, ending).await.unwrap_or_default();
        if let Some(keeper) = self.keeper {
            keeper.finish();
        }
        let lost = closed.undelivered.total();
        if lost > 0 {
            warn!(lost, "{lost} points could not be delivered in {DRAIN:?}");
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
