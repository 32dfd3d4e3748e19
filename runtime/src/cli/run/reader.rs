//! Reads the configuration on a thread of its own: that blocks, and longest while a backend of secrets is asked.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tracing::error;

use crate::check::Registry;

use super::configured::{Configuration, Now};
use super::refresh::Refreshing;

/// What is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// All files, as they are now.
    Read,
    /// The secrets; and all files, if one of them has changed.
    Refresh,
}

/// Who reads the configuration.
#[derive(Debug)]
pub(super) struct Reader {
    wishes: Sender<Wish>,
}

impl Reader {
    /// A thread that reads when it is asked to, and then does something with what it has read. It ends when nobody can ask, or wants to know, any more.
    pub(super) fn start(
        configuration: Configuration,
        registry: Registry,
        tell: impl Fn(Now) -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let (wishes, asked) = channel();
        let serve = move || serve(configuration, &registry, &asked, tell);
        thread::Builder::new().name(String::from("configuration")).spawn(serve)?;
        Ok(Self { wishes })
    }

    /// Asks for something. What is asked for while something else is read is read after it, once.
    pub(super) fn ask(&self, wish: Wish) {
        if self.wishes.send(wish).is_err() {
            error!("the thread that reads the configuration has panicked: changes have no effect");
        }
    }
}

fn serve(
    mut configuration: Configuration,
    registry: &Registry,
    asked: &Receiver<Wish>,
    tell: impl Fn(Now) -> bool,
) {
    let mut refreshing = Refreshing::default();
    while let Ok(first) = asked.recv() {
        let wishes: Vec<_> = [first].into_iter().chain(asked.try_iter()).collect();
        let changed = wishes.contains(&Wish::Refresh) && {
            let refreshed = configuration.refresh_secrets();
            refreshing.tell(&refreshed);
            refreshed.changed
        };
        let reads = changed || wishes.contains(&Wish::Read);
        if reads && !tell(configuration.read(registry)) {
            return;
        }
    }
}
