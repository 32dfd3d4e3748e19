//! How far the times of a grid are apart at which instances may run.
//!
//! To wake up costs more than a run that has little to do, so runs come together: with few instances at whole seconds, as in the
//! Agent, and at more and more times the more there are, so that little begins at one time.

use std::time::Duration;

/// How many runs may begin at one time, on average.
const TOGETHER: f64 = 80.0;

/// From one time to the next, in milliseconds: parts of a second, so that grids of whole seconds meet, and whole steps of the wheel.
const PITCHES: [u64; 8] = [1000, 500, 200, 100, 40, 20, 8, 4];

/// The least time between two of the times that phases are laid on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::run) struct Pitch(Duration);

impl Pitch {
    /// The pitch for instances of these intervals, all of them together.
    pub(in crate::run) fn of(intervals: impl Iterator<Item = Duration>) -> Self {
        let again = intervals.filter(|interval| !interval.is_zero());
        let runs_a_second: f64 = again.map(|interval| interval.as_secs_f64().recip()).sum();
        let pitches = PITCHES.map(Duration::from_millis);
        let [.., finest] = pitches;
        let few = |pitch: &Duration| runs_a_second * pitch.as_secs_f64() <= TOGETHER;
        Self(pitches.into_iter().find(few).unwrap_or(finest))
    }

    /// The last time of the grid that is not after a phase.
    pub(super) fn floor(self, phase: Duration) -> Duration {
        let past = phase.as_nanos() % self.0.as_nanos();
        phase.saturating_sub(Duration::from_nanos(u64::try_from(past).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(count: usize, seconds: u64) -> Duration {
        Pitch::of(std::iter::repeat_n(Duration::from_secs(seconds), count)).0
    }

    #[test]
    fn the_more_runs_the_more_times() {
        assert_eq!(of(1, 15), Duration::from_secs(1));
        assert_eq!(of(1_000, 15), Duration::from_secs(1));
        assert_eq!(of(10_000, 15), Duration::from_millis(100));
        assert_eq!(of(100_000, 15), Duration::from_millis(8));
        assert_eq!(of(100_000, 1), Duration::from_millis(4));
        assert_eq!(of(100_000, 0), Duration::from_secs(1));
    }

    #[test]
    fn a_phase_is_laid_on_the_grid_and_is_never_later() {
        let pitch = Pitch(Duration::from_millis(200));
        assert_eq!(pitch.floor(Duration::from_millis(1_399)), Duration::from_millis(1_200));
        assert_eq!(pitch.floor(Duration::from_millis(1_200)), Duration::from_millis(1_200));
        assert_eq!(pitch.floor(Duration::ZERO), Duration::ZERO);
    }
}
