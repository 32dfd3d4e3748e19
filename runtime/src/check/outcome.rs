//! What a check function may return: records, or a `Result` of records.

use crate::metric::Metrics;

use super::{Error, Result};

/// The return type of a check function: anything that implements [`Metrics`], or a `Result` of it.
#[diagnostic::on_unimplemented(
    message = "a check cannot return `{Self}`",
    label = "not metrics",
    note = "hint: return a record (`#[derive(Metrics)]`), `()`, an `Option`, `Vec` or tuple of records, or a `Result` of any of these"
)]
pub trait Outcome {
    /// The records.
    type Metrics: Metrics;

    /// The records or the error.
    fn into_result(self) -> Result<Self::Metrics>;
}

impl<M: Metrics> Outcome for M {
    type Metrics = M;

    fn into_result(self) -> Result<M> {
        Ok(self)
    }
}

impl<M: Metrics, E: Into<Error>> Outcome for Result<M, E> {
    type Metrics = M;

    fn into_result(self) -> Result<M> {
        self.map_err(Into::into)
    }
}
