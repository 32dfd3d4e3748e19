//! Why a scrape failed.

use std::fmt;

use crate::http::HttpError;
use crate::openmetrics::parse::Problem;
use crate::openmetrics::record::Lacks;

/// Why a scrape failed.
#[derive(Debug)]
pub enum ScrapeError {
    /// The endpoint did not answer, or not to the end.
    Http(HttpError),
    /// The answer is in a format that is not read.
    Format(String),
    /// Something is wrong with the payload, and `strict_compat` makes that an error.
    Payload(Problem),
    /// The exposition lacks something that a record must have.
    Lacks(Lacks),
}

impl From<HttpError> for ScrapeError {
    fn from(error: HttpError) -> Self {
        Self::Http(error)
    }
}

impl From<Lacks> for ScrapeError {
    fn from(lacks: Lacks) -> Self {
        Self::Lacks(lacks)
    }
}

impl From<Problem> for ScrapeError {
    fn from(problem: Problem) -> Self {
        Self::Payload(problem)
    }
}

impl fmt::Display for ScrapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(error) => error.fmt(f),
            Self::Lacks(lacks) => lacks.fmt(f),
            Self::Format(format) => f.write_str(format),
            Self::Payload(problem) => write!(f, "the exposition cannot be read: {problem}"),
        }
    }
}

/// The message tells all, so there is no source to print after it.
impl std::error::Error for ScrapeError {}
