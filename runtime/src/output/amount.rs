//! How much of everything: what deliveries hold, and what became of it.

use std::ops::{Add, AddAssign, SubAssign};

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

    /// What is left of it without another one; nothing of what there is more of in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self {
            series: self.series.saturating_sub(other.series),
            sketches: self.sketches.saturating_sub(other.sketches),
            service_checks: self.service_checks.saturating_sub(other.service_checks),
            events: self.events.saturating_sub(other.events),
            logs: self.logs.saturating_sub(other.logs),
        }
    }

    /// The greater number of each.
    #[must_use]
    pub fn or_more(self, other: Self) -> Self {
        Self {
            series: self.series.max(other.series),
            sketches: self.sketches.max(other.sketches),
            service_checks: self.service_checks.max(other.service_checks),
            events: self.events.max(other.events),
            logs: self.logs.max(other.logs),
        }
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
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
