//! What a unit is: a type with a name, and its quotient by another.

use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

/// A unit of measurement, as a type without values.
///
/// Implemented by every type of [`units`](super::units), by [`Per`] and by [`Unitless`]. A unit that Datadog does not
/// know cannot be shown by it, so there is nothing to gain from implementing this trait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a unit",
    label = "not a unit",
    note = "hint: units are the types of `allwell::units`, such as `Byte`, `Second` or `Fraction`; a quotient is `Per<Request, Second>`; \
            `Unitless` says that there is none"
)]
pub trait Unit: 'static {
    /// Datadog's name of the unit, empty for [`Unitless`].
    const NAME: &'static str;
    /// Datadog's name of the unit that this one is divided by, empty if it is not a quotient.
    const PER: &'static str = "";
}

/// A unit that a [`Duration`](std::time::Duration) can be expressed in.
#[diagnostic::on_unimplemented(
    message = "a `Duration` cannot be expressed in `{Self}`",
    label = "not a unit of time",
    note = "hint: the metric's unit must be a time, such as `Second` or `Millisecond`"
)]
pub trait TimeUnit: Unit {
    /// How many seconds one of this unit lasts.
    const SECONDS: f64;
}

/// The unit `A` per `B`: `Per<Request, Second>` is requests per second.
///
/// Two times cannot be divided (`Per<Millisecond, Second>`): Datadog wants [`Fraction`](super::units::Fraction) there, and
/// so does the compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Per<A, B>(PhantomData<(A, B)>);

impl<A: Unit, B: Unit> Unit for Per<A, B> {
    const NAME: &'static str = {
        assert!(
            A::PER.is_empty() && B::PER.is_empty(),
            "`Per` takes two plain units\nhint: `Per<A, Per<B, C>>` is not a unit that Datadog knows"
        );
        assert!(
            !(is_time(A::NAME) && is_time(B::NAME)),
            "a time per time has no unit of its own\nhint: use `Fraction`"
        );
        A::NAME
    };
    const PER: &'static str = B::NAME;
}

/// Says on purpose that a metric has no unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unitless {}

impl Unit for Unitless {
    const NAME: &'static str = "";
}

/// A unit's name as data: what [`Unit`] says as a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnitName {
    /// Datadog's name of the unit, empty if there is none.
    pub name: &'static str,
    /// Datadog's name of the unit it is divided by, empty if there is none.
    pub per: &'static str,
}

impl UnitName {
    /// The name of the unit `U`.
    pub const fn of<U: Unit>() -> Self {
        Self { name: U::NAME, per: U::PER }
    }

    /// The same for as long as the process runs, so that points need not hold it themselves. Its texts are those of types, so
    /// there are as many as a program has units.
    pub fn shared(self) -> &'static Self {
        static ALL: Mutex<Vec<&UnitName>> = Mutex::new(Vec::new());
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.iter().find(|known| ***known == self) {
            return known;
        }
        let shared = Box::leak(Box::new(self));
        all.push(shared);
        shared
    }
}

impl std::fmt::Display for UnitName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.name, self.per) {
            ("", "") => f.write_str("unitless"),
            (name, "") => f.write_str(name),
            (name, per) => write!(f, "{name} per {per}"),
        }
    }
}

/// The names of the units of time.
pub(crate) const TIMES: [&str; 8] =
    ["nanosecond", "microsecond", "millisecond", "second", "minute", "hour", "day", "week"];

const fn is_time(name: &str) -> bool {
    let mut i = 0;
    while i < TIMES.len() {
        if same(TIMES[i], name) {
            return true;
        }
        i += 1;
    }
    false
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
