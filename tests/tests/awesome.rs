//! The awesome check against pages that the test writes.

use allwell::metric::Status;
use allwell::testing::http::matchers::{method, path};
use allwell::testing::http::{Mock, MockServer, ResponseTemplate};
use allwell::testing::{problems_of, run};
use allwell_examples::awesome::awesome;
use allwell_tests::free_port;

async fn page(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET")).and(path("/page")).respond_with(answer).mount(&server).await;
    server
}

fn watch(server: &MockServer) -> String {
    format!("url: {}/page\nsearch_string: Welcome", server.uri())
}

#[tokio::test]
async fn ok_if_the_text_is_on_the_page() {
    let server = page(ResponseTemplate::new(200).set_body_string("<h1>Welcome</h1>")).await;
    let run = run::<awesome>(&watch(&server)).await;
    run.assert_ok().assert_service_check("awesome.search", Status::Ok).assert_all_covered();
    assert_eq!(run.service_checks[0].tags, [format!("url:{}/page", server.uri())]);
}

#[tokio::test]
async fn warning_if_the_text_is_not_on_the_page() {
    let server = page(ResponseTemplate::new(200).set_body_string("<h1>Goodbye</h1>")).await;
    let run = run::<awesome>(&watch(&server)).await;
    let missing = Status::warning("the text is not on the page");
    run.assert_ok().assert_service_check("awesome.search", missing);
}

#[tokio::test]
async fn critical_if_the_page_cannot_be_reached() {
    let port = free_port();
    let down = run::<awesome>(&format!("url: http://127.0.0.1:{port}/\nsearch_string: a")).await;
    let server = page(ResponseTemplate::new(500).set_body_string("Welcome")).await;
    let broken = run::<awesome>(&watch(&server)).await;
    for (run, reason) in [(down, "refused"), (broken, "500")] {
        let Some(Status::Critical(message)) = run.assert_ok().status("awesome.search") else {
            panic!("the service check is not critical: {run}");
        };
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn both_options_are_required() {
    let problems = problems_of::<awesome>("timeout: 3");
    for option in ["`url` is missing", "`search_string` is missing"] {
        assert!(problems.contains(option), "{problems}");
    }
}
