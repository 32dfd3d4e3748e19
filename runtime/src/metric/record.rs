//! Types that can be submitted: records, and groups of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::descriptor::Declaration;
use super::emitter::Emitter;
use super::tag::TagValue;

/// What a run yields: a record (`#[derive(Metrics)]`), or a group of records.
///
/// Implemented for `()`, and for `Option`, `Vec`, arrays and tuples of what implements it, so that a signature tells what a
/// check reports.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a record of metrics",
    label = "no metrics are declared here",
    note = "hint: put `#[derive(Metrics)]` on the struct; `()`, `Option`, `Vec`, arrays and tuples of records are fine, too"
)]
pub trait Metrics {
    /// Everything that can be submitted, known without running anything.
    const DECLARATION: Declaration;

    /// Submits the values.
    fn emit(&self, out: &mut Emitter<'_>);
}

impl Metrics for () {
    const DECLARATION: Declaration = Declaration::NOTHING;

    fn emit(&self, _out: &mut Emitter<'_>) {}
}

macro_rules! wrappers {
    ($($wrapper:ident)*) => {$(
        impl<M: Metrics> Metrics for $wrapper<M> {
            const DECLARATION: Declaration = M::DECLARATION;

            fn emit(&self, out: &mut Emitter<'_>) {
                (**self).emit(out);
            }
        }
    )*};
}

wrappers!(Box Arc);

impl<M: Metrics> Metrics for Option<M> {
    const DECLARATION: Declaration = M::DECLARATION;

    fn emit(&self, out: &mut Emitter<'_>) {
        if let Some(metrics) = self {
            metrics.emit(out);
        }
    }
}

impl<M: Metrics> Metrics for [M] {
    const DECLARATION: Declaration = M::DECLARATION;

    fn emit(&self, out: &mut Emitter<'_>) {
        for metrics in self {
            metrics.emit(out);
        }
    }
}

impl<M: Metrics> Metrics for Vec<M> {
    const DECLARATION: Declaration = M::DECLARATION;

    fn emit(&self, out: &mut Emitter<'_>) {
        self.as_slice().emit(out);
    }
}

impl<M: Metrics, const N: usize> Metrics for [M; N] {
    const DECLARATION: Declaration = M::DECLARATION;

    fn emit(&self, out: &mut Emitter<'_>) {
        self.as_slice().emit(out);
    }
}

macro_rules! tuples {
    ($(($($member:ident $index:tt),+))*) => {$(
        impl<$($member: Metrics),+> Metrics for ($($member,)+) {
            const DECLARATION: Declaration = Declaration::All(&[$($member::DECLARATION),+]);

            fn emit(&self, out: &mut Emitter<'_>) {
                $(self.$index.emit(out);)+
            }
        }
    )*};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}

/// Records that are told apart by a key, which becomes a tag: `#[metrics(each = "db")]`.
///
/// Implemented for maps and lists of pairs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a map of records",
    label = "no keys and records",
    note = "hint: `#[metrics(each = \"…\")]` takes a `BTreeMap`, a `HashMap` or a `Vec` of pairs, whose keys are tag values and whose values are records"
)]
pub trait Keyed {
    /// The value of the tag.
    type Key: TagValue;
    /// The record under a key.
    type Record: Metrics;

    /// The pairs.
    fn pairs(&self) -> impl Iterator<Item = (&Self::Key, &Self::Record)>;

    /// Submits each record under the tag of its key.
    #[doc(hidden)]
    fn emit_each(&self, key: &'static str, out: &mut Emitter<'_>) {
        for (value, metrics) in self.pairs() {
            let mut record = out.record();
            record.tag(key, value);
            metrics.emit(&mut record.samples());
        }
    }
}

impl<K: TagValue, M: Metrics> Keyed for BTreeMap<K, M> {
    type Key = K;
    type Record = M;

    fn pairs(&self) -> impl Iterator<Item = (&K, &M)> {
        self.iter()
    }
}

impl<K: TagValue, M: Metrics, S> Keyed for HashMap<K, M, S> {
    type Key = K;
    type Record = M;

    fn pairs(&self) -> impl Iterator<Item = (&K, &M)> {
        self.iter()
    }
}

impl<K: TagValue, M: Metrics> Keyed for Vec<(K, M)> {
    type Key = K;
    type Record = M;

    fn pairs(&self) -> impl Iterator<Item = (&K, &M)> {
        self.iter().map(|(key, metrics)| (key, metrics))
    }
}

impl<M: Keyed> Keyed for Option<M> {
    type Key = M::Key;
    type Record = M::Record;

    fn pairs(&self) -> impl Iterator<Item = (&M::Key, &M::Record)> {
        self.iter().flat_map(Keyed::pairs)
    }
}
