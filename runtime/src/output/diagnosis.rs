//! What was seen when an output was tried out.

use std::pin::Pin;

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What was tried, as a fragment of a sentence: "the key of `api.datadoghq.com`".
    pub what: String,
    /// What was seen, or what is wrong.
    pub outcome: Result<String, Complaint>,
}

/// What is wrong with an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What went wrong, as a fragment of a sentence.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// The future of [`Output::diagnose`](super::Output::diagnose).
pub type Diagnosing<'a> = Pin<Box<dyn Future<Output = Vec<Diagnosis>> + Send + 'a>>;
