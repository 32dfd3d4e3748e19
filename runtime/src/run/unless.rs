//! A future that another one may put an end to.

use std::pin::pin;
use std::task::Poll;

/// What a future yields, or nothing if `end` comes first.
pub(crate) async fn unless<F: Future>(
    end: impl Future<Output = ()>,
    future: F,
) -> Option<F::Output> {
    let (mut future, mut end) = (pin!(future), pin!(end));
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    })
    .await
}
