//! The secrets that are known: each handle is asked for once, and again when secrets are refreshed.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::Secret;
use crate::config::resolve::backend::{Asked, Backend};
use crate::config::resolve::{Admitted, Answers, Unknown, Values};

use super::super::printable::printable;
use super::super::screen::Screen;

/// The secrets that are known, and who is asked for others.
#[derive(Debug)]
pub(in crate::cli) struct Secrets {
    backend: Option<Backend>,
    values: Values,
    known: Arc<Answers>,
    log: String,
}

/// What has become of refreshing secrets.
#[derive(Debug, Default)]
pub(in crate::cli) struct Refreshed {
    /// One has another value.
    pub(in crate::cli) changed: bool,
    /// Why one could not be had, and how many others could not; it may be empty.
    pub(in crate::cli) refused: String,
    /// What the backend wrote to stderr.
    pub(in crate::cli) log: String,
}

impl Secrets {
    pub(super) fn new(backend: Option<Backend>, values: Values) -> Self {
        Self { backend, values, known: Arc::default(), log: String::new() }
    }

    /// The host has this name.
    pub(super) fn set_hostname(&mut self, hostname: &str) {
        self.values.set_hostname(hostname);
    }

    /// Says which variables of the environment the files of checks may name.
    pub(super) fn admit(&mut self, admitted: Admitted) {
        self.values.admit(admitted);
    }

    /// What these handles stand for. Those that are not known yet, or were refused, are asked for; others are forgotten.
    ///
    /// It blocks while the backend is asked.
    pub(in crate::cli) fn values(&mut self, handles: &BTreeSet<&str>) -> Values {
        let Some(backend) = &self.backend else { return self.values.clone() };
        let is_known = |handle: &str| self.known.get(handle).is_some_and(Result::is_ok);
        let wanted: BTreeSet<&str> =
            handles.iter().copied().filter(|handle| !is_known(handle)).collect();
        let Asked { answers, log } = backend.ask(&wanted, &self.known);
        self.log.push_str(&log);
        let known = Arc::make_mut(&mut self.known);
        known.retain(|handle, _| handles.contains(handle.as_str()));
        known.extend(answers);
        self.values.clone().with_secrets(Arc::clone(&self.known))
    }

    /// At least one that was asked for is not known.
    pub(in crate::cli) fn are_missing(&self) -> bool {
        self.known.values().any(Result::is_err)
    }

    /// Asks for all of them again. A secret that is not answered for stays as it was.
    ///
    /// It blocks while the backend is asked.
    pub(in crate::cli) fn refresh(&mut self) -> Refreshed {
        let Some(backend) = &self.backend else { return Refreshed::default() };
        let handles: BTreeSet<&str> = self.known.keys().map(String::as_str).collect();
        let Asked { answers, log } = backend.ask(&handles, &self.known);
        let refused = refused(&answers);
        let is_new = |handle: &str, secret: &Secret| {
            self.known.get(handle).is_none_or(|known| known.as_ref() != Ok(secret))
        };
        let news: Answers = answers
            .into_iter()
            .filter(|(handle, answer)| answer.as_ref().is_ok_and(|new| is_new(handle, new)))
            .collect();
        let changed = !news.is_empty();
        Arc::make_mut(&mut self.known).extend(news);
        Refreshed { changed, refused, log }
    }

    /// Tells what the backend has written to stderr.
    pub(in crate::cli) fn tell_log(&mut self, screen: &mut Screen<'_>) -> std::io::Result<()> {
        for line in self.take_log().lines() {
            let line = printable(line);
            screen.tell("note", &format!("the backend of secrets says: {line}"), "")?;
        }
        Ok(())
    }

    /// What the backend has written to stderr since this was asked for.
    pub(in crate::cli) fn take_log(&mut self) -> String {
        std::mem::take(&mut self.log)
    }
}

/// Why the first of the secrets that are not known is not, and how many others there are.
fn refused(answers: &Answers) -> String {
    let mut unknown: Vec<_> = answers
        .iter()
        .filter_map(|(handle, answer)| Some((handle, answer.as_ref().err()?)))
        .collect();
    unknown.sort_by_key(|(handle, _)| *handle);
    let [(handle, Unknown { reason, hint }), others @ ..] = &*unknown else {
        return String::new();
    };
    let others = match others.len() {
        0 => String::new(),
        others => format!(" (and {others} more)"),
    };
    let hint = if hint.is_empty() { String::new() } else { format!("; hint: {hint}") };
    format!("`ENC[{handle}]`{others} is not refreshed and stays as it was: {reason}{hint}")
}
