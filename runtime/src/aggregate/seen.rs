//! When a context was last seen, or until when it is waited for, in four bytes: there may be a million contexts.

/// How many seconds a stateful context (a rate, a monotonic count) waits for its next sample.
pub(super) const STATEFUL_SECONDS_KEPT: u32 = 25 * 3600;

/// After how many commits without a sample a context is forgotten, or begins to wait for it if it is stateful.
const COMMITS_KEPT: u32 = 2;

/// Set if the rest is a time: whole seconds since the birth of the sampler, of which 68 years have room. Otherwise it is the
/// number of commits before the last sample, which may wrap around.
const WAITS: u32 = 1 << 31;

/// What a context remembers of its last sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen(u32);

impl Seen {
    /// A sample came after so many commits.
    #[inline]
    pub(super) const fn after(commits: u32) -> Self {
        Self(commits & !WAITS)
    }

    /// A sample came so lately that the context is wanted whatever it is.
    #[inline]
    pub(super) const fn is_recent(self, now: Now) -> bool {
        self.deadline().is_none() && now.commits.wrapping_sub(self.0) & !WAITS < COMMITS_KEPT
    }

    /// Whether the context is still wanted at the end of a commit. One that has had no sample for long begins to wait if it is
    /// stateful.
    pub(super) fn is_wanted(&mut self, now: Now, is_stateful: bool) -> bool {
        if let Some(deadline) = self.deadline() {
            return deadline >= now.seconds;
        }
        if self.is_recent(now) {
            return true;
        }
        self.0 = WAITS | (now.seconds + STATEFUL_SECONDS_KEPT).min(!WAITS);
        is_stateful
    }

    /// For how many seconds there has been no sample, as far as it is known.
    pub(super) fn unseen_for(self, now: Now) -> u32 {
        let since = self.deadline().map(|deadline| deadline.saturating_sub(STATEFUL_SECONDS_KEPT));
        since.map_or(0, |since| now.seconds.saturating_sub(since))
    }

    const fn deadline(self) -> Option<u32> {
        if self.0 & WAITS == 0 { None } else { Some(self.0 & !WAITS) }
    }
}

/// The time of a sampler.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    commits: u32,
    seconds: u32,
}

/// Counts commits and seconds.
#[derive(Debug, Default)]
pub(super) struct Clock {
    commits: u32,
    birth: Option<f64>,
}

impl Clock {
    pub(super) const fn commits(&self) -> u32 {
        self.commits
    }

    /// The time as contexts keep it. A clock that was set to before the sampler's birth stands still there.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
    pub(super) fn at(&self, time: f64) -> Now {
        let seconds = (time - self.birth.unwrap_or(time)).clamp(0.0, f64::from(!WAITS));
        Now { commits: self.commits, seconds: seconds as u32 }
    }

    /// A commit at `time` begins; the first is the sampler's birth.
    pub(super) fn begin(&mut self, time: f64) -> Now {
        self.birth.get_or_insert(time);
        self.at(time)
    }

    pub(super) const fn end(&mut self) {
        self.commits = self.commits.wrapping_add(1);
    }
}
