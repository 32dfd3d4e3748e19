//! A server that says what the exporters say whose checks are among the examples.

use allwell::testing::http::{Mock, MockServer, ResponseTemplate, matchers::any};

/// What they say.
pub const SCRAPED: &str = include_str!("scraped.txt");

/// A server that says this, whatever it is asked.
pub async fn exporter(payload: impl Into<Vec<u8>>) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_raw(payload, "text/plain; version=0.0.4");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}
