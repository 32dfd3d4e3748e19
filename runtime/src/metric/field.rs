//! What a field of a record may be: a metric, a service check, or an optional or repeated one.

use super::descriptor::{Declared, Descriptor};
use super::emitter::Emitter;
use super::kind::{Count, Distribution, Gauge, Histogram, Kind, MonotonicCount, Rate};
use super::status::ServiceCheck;
use super::unit::{Unit, UnitName};

/// A field of a record that is submitted: one of the kinds, a [`ServiceCheck`], or an `Option` or `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric",
    label = "neither a metric nor a service check",
    note = "hint: a metric is a `Gauge`, `Count`, `MonotonicCount`, `Rate`, `Histogram` or `Distribution` of a unit, such as `Gauge<Byte>`, or an `Option` of one",
    note = "hint: mark a tag with `#[tag]`, a record within the record with `#[metrics(flatten)]`"
)]
pub trait Field {
    /// Kind and unit, or that it is a service check.
    const DECLARED: Declared;

    /// Submits the field's value under its descriptor.
    fn emit(&self, descriptor: &'static Descriptor, out: &mut Emitter<'_>);
}

macro_rules! metric_fields {
    ($($kind:ident)*) => {$(
        impl<U: Unit> Field for $kind<U> {
            const DECLARED: Declared =
                Declared::Metric { kind: Kind::$kind, unit: UnitName::of::<U>() };

            #[inline]
            fn emit(&self, descriptor: &'static Descriptor, out: &mut Emitter<'_>) {
                out.sample(descriptor, self.value());
            }
        }
    )*};
}

metric_fields!(Gauge Count MonotonicCount Rate Histogram Distribution);

/// A metric that arrives as one series of points under its own name, so that `in_app` can say how Datadog shows it.
#[diagnostic::on_unimplemented(
    message = "`in_app` says nothing about `{Self}`",
    label = "not one series of points",
    note = "hint: leave `in_app` out: a histogram arrives as its aggregates, each of a type of its own, a distribution is \
            always shown as one, and a service check is no metric"
)]
pub trait OneSeries: Field {}

impl<U: Unit> OneSeries for Gauge<U> {}
impl<U: Unit> OneSeries for Count<U> {}
impl<U: Unit> OneSeries for MonotonicCount<U> {}
impl<U: Unit> OneSeries for Rate<U> {}
impl<F: OneSeries> OneSeries for Option<F> {}
impl<F: OneSeries> OneSeries for Vec<F> {}

impl Field for ServiceCheck {
    const DECLARED: Declared = Declared::ServiceCheck;

    fn emit(&self, descriptor: &'static Descriptor, out: &mut Emitter<'_>) {
        out.service_check(descriptor, self.status().clone());
    }
}

impl<F: Field> Field for Option<F> {
    const DECLARED: Declared = F::DECLARED;

    #[inline]
    fn emit(&self, descriptor: &'static Descriptor, out: &mut Emitter<'_>) {
        if let Some(field) = self {
            field.emit(descriptor, out);
        }
    }
}

impl<F: Field> Field for Vec<F> {
    const DECLARED: Declared = F::DECLARED;

    fn emit(&self, descriptor: &'static Descriptor, out: &mut Emitter<'_>) {
        for field in self {
            field.emit(descriptor, out);
        }
    }
}
