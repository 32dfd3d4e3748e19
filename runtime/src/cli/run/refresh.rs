//! Tells what becomes of refreshing secrets: once, as long as it is the same, and at most once a minute.

use std::time::{Duration, Instant};

use tracing::{info, warn};

use super::super::settings::Refreshed;

/// How long nothing new is told.
const PAUSE: Duration = Duration::from_mins(1);

/// What was told last.
#[derive(Debug, Default)]
pub(super) struct Refreshing {
    refused: String,
    log: String,
    told: Option<Instant>,
}

impl Refreshing {
    /// Logs what has become of refreshing secrets, if that is news.
    pub(super) fn tell(&mut self, refreshed: &Refreshed) {
        let Refreshed { refused, log, .. } = refreshed;
        if !self.is_news(refused, log, Instant::now()) {
            return;
        }
        if !log.is_empty() {
            info!("the backend of secrets says: {}", log.trim_end());
        }
        if !refused.is_empty() {
            warn!("{refused}");
        }
    }

    fn is_news(&mut self, refused: &str, log: &str, now: Instant) -> bool {
        if refused == self.refused && log == self.log {
            return false;
        }
        let is_nothing = refused.is_empty() && log.is_empty();
        if !is_nothing && self.told.is_some_and(|told| now < told + PAUSE) {
            return false;
        }
        (self.refused, self.log) = (refused.to_owned(), log.to_owned());
        if !is_nothing {
            self.told = Some(now);
        }
        !is_nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_told_once_and_at_most_once_a_minute() {
        let (mut refreshing, begun) = (Refreshing::default(), Instant::now());
        let mut news = |second: u64, refused: &str, log: &str| {
            refreshing.is_news(refused, log, begun + Duration::from_secs(second))
        };
        assert!(!news(0, "", ""));
        assert!(news(1, "sealed", ""));
        assert!(!news(100, "sealed", ""), "it is the same");
        assert!(news(200, "sealed", "at 200"));
        assert!(!news(201, "sealed", "at 201"), "something was told a second ago");
        assert!(news(260, "sealed", "at 260"));
        assert!(!news(300, "", ""), "all is well");
        assert!(!news(301, "sealed", ""), "something was told less than a minute ago");
        assert!(news(330, "sealed", ""));
    }
}
