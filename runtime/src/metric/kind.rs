//! The kinds of metric, each a value of a unit: `Gauge<Byte>`, `MonotonicCount<Request>`.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::unit::{TimeUnit, Unit};

/// How the samples of a metric become points.
///
/// The meanings are those of the Datadog Agent's check sampler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The last value of a run.
    Gauge,
    /// The sum of a run's values: how many more there were since the last run.
    Count,
    /// A total that only grows; what is reported is its growth since the last run.
    MonotonicCount,
    /// A total whose growth per second is reported.
    Rate,
    /// Values whose maximum, median, average, count and 95th percentile are reported.
    Histogram,
    /// Values that become a sketch, so that percentiles can be taken over many hosts.
    Distribution,
}

impl Kind {
    /// The kind's name in Datadog's terms, such as `monotonic_count`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Count => "count",
            Self::MonotonicCount => "monotonic_count",
            Self::Rate => "rate",
            Self::Histogram => "histogram",
            Self::Distribution => "distribution",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident)*) => {$(
        $(#[$doc])*
        ///
        /// Made from any number with `.into()`, and from a [`Duration`] if its unit is a time. Deserialises from a number,
        /// and from text that is one where the format has nothing but text (as in [`reply`](crate::reply)).
        pub struct $kind<U> {
            value: f64,
            unit: PhantomData<fn() -> U>,
        }

        impl<U: Unit> $kind<U> {
            /// The metric with this value, in its unit.
            pub const fn new(value: f64) -> Self {
                Self { value, unit: PhantomData }
            }

            /// The value, in the metric's unit.
            pub const fn value(&self) -> f64 {
                self.value
            }
        }

        impl<U> Clone for $kind<U> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<U> Copy for $kind<U> {}

        impl<U> PartialEq for $kind<U> {
            fn eq(&self, other: &Self) -> bool {
                self.value == other.value
            }
        }

        impl<U> PartialOrd for $kind<U> {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                self.value.partial_cmp(&other.value)
            }
        }

        impl<U> Default for $kind<U> {
            fn default() -> Self {
                Self { value: 0.0, unit: PhantomData }
            }
        }

        impl<U: Unit> fmt::Debug for $kind<U> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({}", stringify!($kind), self.value)?;
                match super::unit::UnitName::of::<U>() {
                    unit if unit.name.is_empty() => f.write_str(")"),
                    unit => write!(f, " {unit})"),
                }
            }
        }

        impl<U: TimeUnit> From<Duration> for $kind<U> {
            fn from(duration: Duration) -> Self {
                Self::new(duration.as_secs_f64() / U::SECONDS)
            }
        }

        impl<'de, U: Unit> Deserialize<'de> for $kind<U> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_f64(Number).map(Self::new)
            }
        }

        impl<U: Unit> serde::Serialize for $kind<U> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_f64(self.value)
            }
        }

        impl<U: Unit> From<bool> for $kind<U> {
            fn from(flag: bool) -> Self {
                Self::new(if flag { 1.0 } else { 0.0 })
            }
        }

        from_numbers!($kind: u8 u16 u32 i8 i16 i32 f32; u64 i64 u128 i128 usize isize f64);
    )*};
}

macro_rules! from_numbers {
    ($kind:ident: $($lossless:ident)*; $($number:ident)*) => {
        $(impl<U: Unit> From<$lossless> for $kind<U> {
            fn from(number: $lossless) -> Self {
                Self::new(f64::from(number))
            }
        })*
        $(impl<U: Unit> From<$number> for $kind<U> {
            fn from(number: $number) -> Self {
                Self::new(number as f64)
            }
        })*
    };
}

kinds! {
    /// A value as it is now: the last one of a run is reported.
    Gauge
    /// How many there were since the last run.
    Count
    /// A total that only grows (since the server's start, say); its growth since the last run is reported.
    MonotonicCount
    /// A total that only grows; its growth per second is reported.
    Rate
    /// One of many values (a latency, say) that are summarised on this host.
    Histogram
    /// One of many values that are summarised over all hosts.
    Distribution
}

/// Reads a number, or text that is a number.
struct Number;

impl Visitor<'_> for Number {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_f64<E>(self, number: f64) -> Result<f64, E> {
        Ok(number)
    }

    fn visit_i64<E>(self, number: i64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_u64<E>(self, number: u64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<f64, E> {
        Ok(if flag { 1.0 } else { 0.0 })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
        text.trim().parse().map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}
