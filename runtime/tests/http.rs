//! The client that checks are given, against a web server: what it sends, and what it says when something is wrong.
#![cfg(feature = "mock")]

use allwell::prelude::*;
use allwell::testing::{self, http};
use http::matchers::{basic_auth, header, method, path};
use http::{Mock, MockServer, ResponseTemplate};

/// Reads a number from a page.
#[check]
async fn page(config: &Page, cx: &Context) -> Result<Number> {
    let text = cx.http(&config.http)?.text(&config.url).await?;
    Ok(Number { value: text.trim().parse::<u32>()?.into() })
}

/// One page.
#[derive(Config)]
struct Page {
    /// Where it is.
    #[config(example = "http://localhost/")]
    url: Url,
    #[config(flatten)]
    http: HttpOptions,
}

#[derive(Metrics)]
#[metrics(namespace = "page")]
struct Number {
    /// What it says.
    value: Gauge<Item>,
}

async fn serve(mock: http::MockBuilder, response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    mock.respond_with(response).mount(&server).await;
    server
}

#[tokio::test]
async fn reads_a_page_with_what_the_options_say() {
    let mock = Mock::given(method("GET"))
        .and(path("/n"))
        .and(basic_auth("reader", "hush"))
        .and(header("X-Team", "allwell"));
    let server = serve(mock, ResponseTemplate::new(200).set_body_string("42\n")).await;
    let options = format!(
        "url: {}/n\nusername: reader\npassword: hush\nheaders:\n  X-Team: allwell",
        server.uri()
    );
    testing::run::<page>(&options).await.assert_ok().assert_metric("page.value", 42.0, [""; 0]);
}

#[tokio::test]
async fn says_what_status_came() {
    let server = serve(Mock::given(method("GET")), ResponseTemplate::new(503)).await;
    let run = testing::run::<page>(&format!("url: {}/n", server.uri())).await;
    run.assert_failed(&format!("`{}/n` answered 503 Service Unavailable", server.uri()));
}

#[tokio::test]
async fn says_that_it_took_too_long() {
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    let server = serve(Mock::given(method("GET")), slow).await;
    let run = testing::run::<page>(&format!("url: {}/n\ntimeout: 0.05", server.uri())).await;
    run.assert_failed(&format!("`{}/n` did not answer within 50ms", server.uri()));
}

#[tokio::test]
async fn says_that_nobody_listens() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = testing::run::<page>(&format!("url: http://{unused}/")).await;
    run.assert_failed(&format!("`http://{unused}/` cannot be reached: Connection refused"));
}

#[tokio::test]
async fn follows_redirects_unless_told_not_to() {
    let server = MockServer::start().await;
    let there = ResponseTemplate::new(302).insert_header("Location", "/there");
    Mock::given(path("/here")).respond_with(there).mount(&server).await;
    Mock::given(path("/there"))
        .respond_with(ResponseTemplate::new(200).set_body_string("7"))
        .mount(&server)
        .await;
    let options = format!("url: {}/here", server.uri());
    testing::run::<page>(&options).await.assert_metric("page.value", 7.0, [""; 0]);
    let run = testing::run::<page>(&format!("{options}\nallow_redirects: false")).await;
    run.assert_failed("answered 302 Found");
}

#[tokio::test]
async fn a_file_of_authorities_that_is_none_is_named() {
    let run = testing::run::<page>("url: https://localhost/\ntls_ca_cert: /no/such/file").await;
    run.assert_failed("`tls_ca_cert` `/no/such/file` cannot be used: ");
}

#[tokio::test]
async fn goes_through_a_proxy() {
    let proxy =
        serve(Mock::given(path("/n")), ResponseTemplate::new(200).set_body_string("1")).await;
    let options = format!("url: http://far.example/n\nproxy:\n  http: {}", proxy.uri());
    testing::run::<page>(&options).await.assert_ok().assert_metric("page.value", 1.0, [""; 0]);
}

#[test]
fn a_password_without_a_user_is_refused() {
    let problems = testing::problems_of::<page>("url: http://localhost/\npassword: hush");
    assert!(problems.contains("`password` needs a `username`"), "{problems}");
    assert!(!problems.contains("hush"), "{problems}");
}

/// A page whose address is a tag.
#[check]
async fn tagged(config: &Tagged, cx: &Context) -> Result<Number> {
    let text = cx.http(&config.http)?.text(&config.url).await?;
    Ok(Number { value: text.trim().parse::<u32>()?.into() })
}

/// One page.
#[derive(Config)]
struct Tagged {
    /// Where it is.
    #[config(tag, example = "http://localhost/")]
    url: Url,
    #[config(flatten)]
    http: HttpOptions,
}

#[tokio::test]
async fn a_password_in_an_address_is_sent_and_never_shown() {
    let mock = Mock::given(basic_auth("reader", "hush"));
    let server = serve(mock, ResponseTemplate::new(200).set_body_string("5")).await;
    let host = server.address();
    let run = testing::run::<tagged>(&format!("url: http://reader:hush@{host}/n")).await;
    run.assert_ok().assert_metric("page.value", 5.0, [format!("url:http://{host}/n")]);
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = testing::run::<tagged>(&format!("url: http://reader:hush@{unused}/n")).await;
    run.assert_failed(&format!("`http://{unused}/n` cannot be reached: "));
    assert!(!run.to_string().contains("hush"), "{run}");
}
