//! `diagnose` where somebody else listens at the address.

use allwell::Secret;
use allwell::output::Output;
use allwell::output::exposition::{Access, ExpositionOptions};
use allwell::testing::http::matchers::any;
use allwell::testing::http::{Mock, MockServer, ResponseTemplate};

use crate::support::Endpoint;

/// Whoever comes first to the port may say that he is well.
#[tokio::test(flavor = "multi_thread")]
async fn another_process_is_shown_no_token() {
    let server = MockServer::start().await;
    let well = ResponseTemplate::new(200).set_body_string("allwell is healthy\n");
    Mock::given(any()).respond_with(well).mount(&server).await;
    let access = Access { bearer_token: Some(Secret::new("right")), user: None };
    let options =
        ExpositionOptions { address: *server.address(), access, ..ExpositionOptions::default() };
    let seen = Endpoint::new(options).exposition.diagnose().await;
    let complaint = seen[1].outcome.as_ref().unwrap_err();
    assert_eq!(complaint.message, "it answers without a token or password");
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert!(!request.headers.contains_key("authorization"), "{request:?}");
    }
}
