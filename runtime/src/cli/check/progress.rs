//! The line that tells what is going on while something takes long.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::super::screen::Screen;

/// Before that, nobody has begun to wonder.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many names the line shows.
const NAMES_SHOWN: usize = 3;

/// What runs at the moment.
pub(super) struct Progress {
    since: Instant,
    total: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: Vec<&'static str>,
    done: usize,
}

impl Progress {
    pub(super) fn new(total: usize) -> Self {
        Self { since: Instant::now(), total, state: Mutex::default() }
    }

    pub(super) fn begin(&self, name: &'static str) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).running.push(name);
    }

    pub(super) fn end(&self, name: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = state.running.iter().position(|running| *running == name) {
            state.running.remove(place);
        }
        state.done += 1;
    }

    fn text(&self) -> String {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let names = state.running.iter().take(NAMES_SHOWN).copied().collect::<Vec<_>>().join(", ");
        let more = if state.running.len() > NAMES_SHOWN { ", …" } else { "" };
        let seconds = self.since.elapsed().as_secs();
        format!("running {names}{more} ({} of {} done, {seconds} s)", state.done, self.total)
    }
}

/// The line on the screen, if it is drawn.
#[derive(Default)]
pub(super) struct Line {
    drawn: bool,
}

impl Line {
    pub(super) fn draw(&mut self, progress: &Progress, screen: &mut Screen<'_>) -> io::Result<()> {
        if !screen.is_live() || progress.since.elapsed() < PATIENCE {
            return Ok(());
        }
        self.drawn = true;
        write!(screen.err(), "\r\x1b[K{}", progress.text())?;
        screen.err().flush()
    }

    pub(super) fn erase(&mut self, screen: &mut Screen<'_>) -> io::Result<()> {
        if std::mem::take(&mut self.drawn) {
            write!(screen.err(), "\r\x1b[K")?;
            screen.err().flush()?;
        }
        Ok(())
    }
}
