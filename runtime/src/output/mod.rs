//! Where the points go: deliveries, the outputs that take them, and the hub between runs and outputs.

mod ahead;
mod amount;
mod catalogue;
mod console;
mod delivery;
mod diagnosis;
#[cfg(feature = "outputs")]
pub mod dogstatsd;
#[cfg(feature = "outputs")]
pub mod exposition;
#[cfg(feature = "outputs")]
pub mod forward;
mod held;
mod hub;
mod inbox;
#[cfg(feature = "outputs")]
pub mod intake;
pub(crate) mod json;
mod lane;
mod lasting;
mod memory;
#[cfg(feature = "outputs")]
pub mod otlp;
mod statistics;
#[cfg(feature = "outputs")]
mod wire;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

pub use amount::Amount;
pub use catalogue::Catalogue;
pub use console::{Console, Style};
pub use delivery::{Delivery, ServiceCheckPoint};
pub use diagnosis::{Complaint, Diagnosing, Diagnosis};
pub use held::Held;
pub use hub::{Before, Closed, Hub, HubOptions};
pub use lasting::Lasting;
pub use memory::Memory;
pub use statistics::{OutputState, OutputStatistics};

/// A place that deliveries are sent to: a console, an Agent, an intake.
///
/// ```
/// use std::pin::Pin;
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// use allwell::output::{Delivery, Output, OutputError};
///
/// /// Counts points.
/// struct Counter(AtomicUsize);
///
/// impl Output for Counter {
///     fn name(&self) -> &str {
///         "counter"
///     }
///
///     fn deliver<'a>(
///         &'a self,
///         deliveries: &'a [Arc<Delivery>],
///     ) -> Pin<Box<dyn Future<Output = Result<(), OutputError>> + Send + 'a>> {
///         Box::pin(async move {
///             let points: u64 = deliveries.iter().map(|delivery| delivery.amount().total()).sum();
///             self.0.fetch_add(points as usize, Ordering::Relaxed);
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait Output: Send + Sync + 'static {
    /// What it is called in the status and in logs.
    fn name(&self) -> &str;

    /// Begins what goes on without deliveries: to listen, to send what an earlier process has left. The hub calls it once, before
    /// it delivers anything; [`deliver`](Self::deliver) may be called without it.
    ///
    /// # Errors
    /// It is not well. It is delivered to all the same.
    fn start(&self) -> Result<(), OutputError> {
        Ok(())
    }

    /// Is told that so much will be delivered, before anything else becomes of it. The hub tells it at the end of each run, for
    /// those who write down what they were to take: it must not take long. [`deliver`](Self::deliver) may be called without it.
    fn announce(&self, amount: Amount) {
        let _ = amount;
    }

    /// Is told that of what was announced so much will not be delivered: it had to make room, or was refused when it was delivered.
    fn withdraw(&self, amount: Amount) {
        let _ = amount;
    }

    /// Takes deliveries, in the order of the runs that made them. What was taken when it returns an error that is to be tried
    /// again is offered again.
    fn deliver<'a>(&'a self, deliveries: &'a [Arc<Delivery>]) -> Delivering<'a>;

    /// What it has taken and still holds, and what became of the rest. An output that passes on what it takes holds nothing.
    fn held(&self) -> Held {
        Held::default()
    }

    /// Sends what it holds, or puts it where it survives: no more will be delivered. The hub calls it once, when it is closed.
    fn finish(&self) -> Delivering<'_> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Tries the output out, for those who set it up: can it be reached, does it accept what it is given? An output that
    /// nothing can be wrong with tries nothing.
    fn diagnose(&self) -> Diagnosing<'_> {
        Box::pin(std::future::ready(Vec::new()))
    }
}

/// The future of [`Output::deliver`].
pub type Delivering<'a> = Pin<Box<dyn Future<Output = Result<(), OutputError>> + Send + 'a>>;

/// Why deliveries were not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputError {
    /// What went wrong, as a fragment of a sentence.
    pub message: String,
    /// What is to be done about it.
    pub remedy: Remedy,
}

/// What is to be done with deliveries that were not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// They are offered again, later and later.
    Retry,
    /// These will never be taken; the next ones may be.
    Discard,
    /// Nothing will be taken any more.
    Close,
}

impl OutputError {
    /// An error after which the same deliveries are offered again.
    pub fn retry(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), remedy: Remedy::Retry }
    }

    /// An error of these deliveries alone.
    pub fn discard(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), remedy: Remedy::Discard }
    }

    /// The end of the output.
    pub fn close(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), remedy: Remedy::Close }
    }
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for OutputError {}

/// Deliveries as they travel: every output has the same ones.
type Deliveries = std::collections::VecDeque<Arc<Delivery>>;
