//! When instances run: their times, and how the due ones are found.

mod backoff;
mod pitch;
mod timetable;
mod wheel;

pub(super) use backoff::BackOff;
pub(super) use pitch::Pitch;
pub(super) use timetable::{Due, Timetable};
pub(super) use wheel::Wheel;
