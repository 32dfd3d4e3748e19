//! What the check makes of the exposition that it was written from, and what it says of an endpoint that is not there.

use allwell::openmetrics::parse::Format;
use allwell::openmetrics::read;
use allwell::prelude::*;
use allwell::testing::run;

use super::exposition::Exposition;
use super::{{check}};

#[test]
fn all_of_the_exposition_has_its_place() {
    let payload = include_bytes!("tests/exposition.txt");
    let filled = read::<Exposition>(Format::{{format}}, payload);
    assert_eq!(filled.expect("an exposition").warnings, [""; 0]);
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_critical() {
    let options = "openmetrics_endpoint: http://127.0.0.1:1/metrics";
    let run = run::<{{check}}>(options).await;
    run.assert_failed("`http://127.0.0.1:1/metrics` cannot be reached");
    let health = run.status("{{check}}.openmetrics.health");
    assert!(matches!(health, Some(Status::Critical(_))), "{health:?}");
}
