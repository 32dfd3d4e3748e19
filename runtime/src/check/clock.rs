//! The time of day as checks see it.

use std::time::SystemTime;

use tokio::time::Instant;

/// Where the time of day comes from: the system, or a fixed beginning and the runtime's own (perhaps virtual) time.
#[derive(Debug, Clone, Copy, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// A time of day at an instant, and from there on the runtime's time.
    From(SystemTime, Instant),
}

impl Clock {
    /// A clock that shows this time of day now and goes on with the runtime's time, which a test can pause and advance.
    pub fn starting_at(time: SystemTime) -> Self {
        Self::From(time, Instant::now())
    }

    /// The time of day.
    pub fn now(&self) -> SystemTime {
        match self {
            Self::System => SystemTime::now(),
            Self::From(time, instant) => *time + instant.elapsed(),
        }
    }
}
