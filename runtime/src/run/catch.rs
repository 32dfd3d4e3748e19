//! Turns a panic inside a future into a value, so that it fails one run and nothing else.

use std::pin::pin;
use std::task::Poll;

use crate::check::panics::guard;

/// The future's output, or the text of its panic.
///
/// What the future had borrowed may be in a state that nobody meant; the worker drops it after a panic.
pub(super) async fn catch_panic<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| match guard(|| future.as_mut().poll(context)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}
