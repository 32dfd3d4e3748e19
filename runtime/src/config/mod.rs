//! Configuration: what options there are, and how a file of them becomes typed values or a report of every problem.

mod common;
pub mod confd;
mod constraint;
#[doc(hidden)]
pub mod derived;
mod node;
mod packed;
mod problem;
mod reader;
pub mod report;
pub mod resolve;
mod scalar;
mod secret;
mod section;
mod serde;
mod spec;
#[cfg(all(feature = "agent", unix))]
mod texts;
mod value;
mod values;
mod words;
pub mod yaml;

use crate::metric;

pub use allwell_macros::Config;
pub use common::{Common, MetricPatterns, Pattern, Tag};
pub use node::{Node, NodeValue, Pair, Span};
pub(crate) use packed::Packed;
pub use problem::{Counts, Problem, Problems, Severity};
pub use reader::Reader;
pub use secret::Secret;
pub use section::Section;
pub(crate) use section::report_unknown;
pub use serde::read_serde;
pub use spec::{Constraints, Item, OptionSpec, Shape, Spec};
#[cfg(all(feature = "agent", unix))]
pub(crate) use texts::Texts;
pub use value::{OptionValue, from_text, read_choice};
#[cfg(feature = "cli")]
pub(crate) use words::nearest;

/// A check's configuration: a struct whose fields are its options. Derived by `#[derive(Config)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a configuration",
    label = "no options are declared here",
    note = "hint: put `#[derive(Config)]` on the struct"
)]
pub trait Config: Sized + Send + Sync + 'static {
    /// The options, in the order of the fields.
    const SPEC: Spec;

    /// Reads the options from a section, reporting every problem, and gives the value if there was no error.
    fn read(section: &mut Section<'_, '_>) -> Option<Self>;

    /// Adds the tags of the options marked `#[config(tag)]`.
    fn tags(&self, out: &mut Vec<String>) {
        let _ = out;
    }

    /// Changes the options that every check has, where this check has another default or takes something out of them.
    fn adjust(&self, common: &mut Common) {
        let _ = common;
    }
}

impl Config for () {
    const SPEC: Spec = Spec { type_name: "()", description: "", template: "", items: &[] };

    fn read(_section: &mut Section<'_, '_>) -> Option<Self> {
        Some(())
    }
}

/// Adds the tag `key:value`, unless the value is absent; what `#[config(tag)]` stands for.
#[doc(hidden)]
pub fn push_tag<T: metric::TagValue + ?Sized>(out: &mut Vec<String>, key: &str, value: &T) {
    out.extend(metric::tag(key, value));
}
