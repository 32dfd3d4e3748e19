//! Every production of the grammar.

use allwell::metric::{AlertType, Event, Log, Status};
use allwell::output::Output;
use allwell::output::dogstatsd::{Cardinality, Origin};
use allwell::prelude::*;

use crate::agent::{lines, sent, texts};
use crate::samples::{TIME, delivery, empty, service_check};

#[derive(Metrics)]
#[metrics(namespace = "web")]
struct Page {
    #[tag]
    path: &'static str,
    /// Bytes in memory.
    size: Gauge<Byte>,
    /// Requests since the last run.
    requests: Count<Request>,
    /// How long a request takes.
    time: Distribution<Second>,
}

fn page(path: &'static str) -> Page {
    Page { path, size: 1.5.into(), requests: 3.into(), time: 0.25.into() }
}

#[tokio::test]
async fn points_have_their_type_tags_and_time() {
    let (packets, _) = sent(|_| (), [delivery([page("/a")])]).await;
    assert_eq!(
        texts(&packets),
        [
            "web.size:1.5|g|#env:test,path:/a|T1700000000",
            "web.requests:3|c|#env:test,path:/a|T1700000000",
            "web.time:0.25|d|#env:test,path:/a",
        ]
    );
    assert_eq!(lines(&packets).len(), 3);
}
