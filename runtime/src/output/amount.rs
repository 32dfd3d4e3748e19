//! How much of everything: what deliveries hold, and what became of it.

use std::ops::{AddAssign, SubAssign};

/// Numbers of points, service checks, events and log lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// Points of series.
    pub series: u64,
    /// Sketches.
    pub sketches: u64,
    /// Service checks.
    pub service_checks: u64,
    /// Events.
    pub events: u64,
    /// Log lines.
    pub logs: u64,
}

impl Amount {
    /// All of them together.
    pub const fn total(&self) -> u64 {
        self.series + self.sketches + self.service_checks + self.events + self.logs
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.series += other.series;
        self.sketches += other.sketches;
        self.service_checks += other.service_checks;
        self.events += other.events;
        self.logs += other.logs;
    }
}

impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Self) {
        self.series -= other.series;
        self.sketches -= other.sketches;
        self.service_checks -= other.service_checks;
        self.events -= other.events;
        self.logs -= other.logs;
    }
}
