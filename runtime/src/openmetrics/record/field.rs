//! What a field of a record may be that a scrape fills, and what is made of the samples for it.

use crate::metric::{Buckets, Field, Gauge, MonotonicCount, Rate, ServiceCheck, Status, Unit};

use super::rows::Cell;
use super::shape::{Source, StateLevel, Takes};

/// A metric that samples of an exposition can fill.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be filled from an exposition",
    label = "no sample is one of these",
    note = "hint: a value as it is now is a `Gauge`; a total that grows is a `MonotonicCount` or a `Rate`; the lines `x_bucket` of a histogram \
            are `Buckets`; an `Option` of one may be absent",
    note = "hint: a service check says which values mean what: `#[metric(from = \"x_up\", ok = 1, critical = 0)]`"
)]
pub trait FromSample: Field + Sized {
    /// What is taken of a sample.
    const TAKES: Takes;
    /// The field may be without a value.
    const OPTIONAL: bool = false;

    /// The field's value, or nothing where it must have one and has none.
    fn of_sample(cell: Cell) -> Option<Self>;
}

macro_rules! numbers {
    ($($kind:ident $takes:ident,)*) => {$(
        impl<U: Unit> FromSample for $kind<U> {
            const TAKES: Takes = Takes::$takes;

            fn of_sample(cell: Cell) -> Option<Self> {
                match cell {
                    Cell::Value(value) => Some(Self::new(value)),
                    Cell::Buckets(_) | Cell::Empty => None,
                }
            }
        }
    )*};
}

numbers! {
    Gauge Value,
    MonotonicCount Total,
    Rate Total,
}

impl<U: Unit> FromSample for Buckets<U> {
    const TAKES: Takes = Takes::Bucket;

    fn of_sample(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Buckets(buckets) => {
                Some(Self::cumulative(buckets.into_iter().map(|(bound, count)| (bound.0, count))))
            }
            Cell::Value(_) | Cell::Empty => None,
        }
    }
}

impl<F: FromSample> FromSample for Option<F> {
    const TAKES: Takes = F::TAKES;
    const OPTIONAL: bool = true;

    fn of_sample(cell: Cell) -> Option<Self> {
        Some(F::of_sample(cell))
    }
}

/// A service check that values of an exposition stand for.
#[diagnostic::on_unimplemented(
    message = "a value stands for no `{Self}`",
    label = "not a service check",
    note = "hint: `ok`, `warning` and `critical` are for a `ServiceCheck`, or an `Option` of one"
)]
pub trait FromState: Field + Sized {
    /// The field may be without a value.
    const OPTIONAL: bool = false;

    /// The field's value, or nothing where it must have one and has none.
    fn of_state(cell: &Cell, source: &Source) -> Option<Self>;
}

impl FromState for ServiceCheck {
    fn of_state(cell: &Cell, source: &Source) -> Option<Self> {
        let Cell::Value(value) = cell else { return None };
        // There is one zero only.
        let is_it = |known: f64| (known + 0.0).total_cmp(&(value + 0.0)).is_eq();
        let known = source.levels.iter().find(|(_, known)| is_it(*known));
        let says = format!("`{}` is {value}", source.metric);
        Some(Self::from(match known.map(|(level, _)| level) {
            Some(StateLevel::Ok) => Status::Ok,
            Some(StateLevel::Warning) => Status::Warning(says),
            Some(StateLevel::Critical) => Status::Critical(says),
            None => Status::Unknown(says),
        }))
    }
}

impl<F: FromState> FromState for Option<F> {
    const OPTIONAL: bool = true;

    fn of_state(cell: &Cell, source: &Source) -> Option<Self> {
        Some(F::of_state(cell, source))
    }
}
