//! How requests say who they are from, against a web server that a test scripts.
#![cfg(feature = "mock")]

use std::fs;

use allwell::http::{Http, Request};
use allwell::prelude::*;
use allwell::testing::{self, http};
use http::matchers::{body_string, header, header_exists, method, path};
use http::{Mock, MockServer, ResponseTemplate};

/// Asks for a page.
#[check]
async fn page(config: &Page, cx: &Context) -> Result<()> {
    cx.http(&config.http)?.text(&config.url).await?;
    Ok(())
}

/// One page.
#[derive(Config)]
struct Page {
    /// Where it is.
    #[config(example = "http://localhost/")]
    url: String,
    #[config(flatten)]
    http: HttpOptions,
}

async fn ask(server: &MockServer, options: &str) -> testing::Run {
    testing::run::<page>(&format!("url: {}/n?a=b\n{options}", server.uri())).await
}

#[tokio::test]
async fn a_name_is_sent_in_latin_1_unless_it_is_to_be_utf_8_or_cannot_be() {
    for (options, expected) in [
        ("username: jürgen\npassword: a", "Basic avxyZ2VuOmE="),
        ("username: jürgen\npassword: a\nuse_legacy_auth_encoding: false", "Basic asO8cmdlbjph"),
        ("username: €\npassword: a", "Basic 4oKsOmE="),
        ("username: only", "Basic b25seTo="),
    ] {
        let server = MockServer::start().await;
        let mock = Mock::given(header("Authorization", expected));
        mock.respond_with(ResponseTemplate::new(200)).mount(&server).await;
        ask(&server, options).await.assert_ok();
    }
}

#[tokio::test]
async fn a_challenge_is_answered_once_and_a_wrong_password_is_not_tried_for_ever() {
    let server = MockServer::start().await;
    let challenge = "Digest realm=\"all\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256";
    let refused = ResponseTemplate::new(401).insert_header("WWW-Authenticate", challenge);
    Mock::given(header_exists("Authorization"))
        .respond_with(|request: &http::Request| {
            let answer = request.headers["Authorization"].to_str().unwrap_or_default();
            let is_good = answer.starts_with(
                "Digest username=\"reader\", realm=\"all\", nonce=\"n1\", uri=\"/n?a=b\"",
            );
            ResponseTemplate::new(if is_good { 200 } else { 403 })
        })
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(method("GET")).respond_with(refused.clone()).mount(&server).await;
    ask(&server, "auth_type: digest\nusername: reader\npassword: hush").await.assert_ok();
    assert_eq!(server.received_requests().await.unwrap_or_default().len(), 2);

    let strict = MockServer::start().await;
    Mock::given(method("GET")).respond_with(refused).mount(&strict).await;
    let run = ask(&strict, "auth_type: digest\nusername: reader\npassword: wrong").await;
    run.assert_failed("answered 401 Unauthorized");
    assert_eq!(strict.received_requests().await.unwrap_or_default().len(), 2);
}

#[tokio::test]
async fn a_token_of_a_file_is_read_again_when_it_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("token");
    fs::write(&file, "token = old;\n").expect("a file");
    let server = MockServer::start().await;
    let path = file.clone();
    Mock::given(method("GET"))
        .respond_with(move |request: &http::Request| {
            if request.headers["X-Token"] == "Bearer new" {
                return ResponseTemplate::new(200);
            }
            fs::write(&path, "token = new;\n").expect("a file");
            ResponseTemplate::new(401)
        })
        .mount(&server)
        .await;
    let options = format!(
        "auth_token:\n  reader: {{type: file, path: {}, pattern: 'token = (\\w+)'}}\n  \
         writer: {{type: header, name: X-Token, value: Bearer <TOKEN>}}",
        file.display()
    );
    ask(&server, &options).await.assert_ok();
    assert_eq!(server.received_requests().await.unwrap_or_default().len(), 2);
}

#[tokio::test]
async fn a_token_is_asked_for_with_the_credentials_of_the_client() {
    let server = MockServer::start().await;
    let token =
        serde_json::json!({ "access_token": "t0", "expires_in": 60, "token_type": "bearer" });
    let asked = "grant_type=client_credentials&client_id=me&client_secret=hush%26&scope=read";
    Mock::given(path("/token"))
        .and(body_string(asked))
        .respond_with(ResponseTemplate::new(200).set_body_json(token))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(path("/n"))
        .and(header("Authorization", "Bearer t0"))
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let options = format!(
        "auth_token:\n  reader:\n    type: oauth\n    url: {}/token\n    client_id: me\n    client_secret: hush&\n    \
         options: {{scope: read}}\n  writer: {{type: header, name: Authorization, value: Bearer <TOKEN>}}",
        server.uri()
    );
    ask(&server, &options).await.assert_ok();
}

#[tokio::test]
async fn why_there_is_no_token_is_said_without_the_secret() {
    let server = MockServer::start().await;
    let refused = serde_json::json!({ "error": "invalid_client", "error_description": "who?" });
    Mock::given(path("/token"))
        .respond_with(ResponseTemplate::new(401).set_body_json(refused))
        .mount(&server)
        .await;
    let options = format!(
        "auth_token:\n  reader: {{type: oauth, url: '{}/token', client_id: me, client_secret: hush, basic_auth: true}}\n  \
         writer: {{type: header, name: Authorization}}",
        server.uri()
    );
    let run = ask(&server, &options).await;
    run.assert_failed(&format!("no token from `{}/token`: 401 Unauthorized who?", server.uri()));
    assert!(!run.to_string().contains("hush"), "{run}");
}

#[tokio::test]
async fn extra_headers_come_on_top_and_a_request_brings_its_own() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(header("X-A", "1"))
        .and(header("X-B", "2"))
        .and(header("X-C", "3"))
        .and(body_string("body"))
        .respond_with(ResponseTemplate::new(201).set_body_string("made"))
        .mount(&server)
        .await;
    let secret = |text: &str| Secret::new(text);
    let options = HttpOptions {
        headers: [(String::from("X-A"), secret("1"))].into(),
        extra_headers: [(String::from("X-B"), secret("2"))].into(),
        ..HttpOptions::default()
    };
    let http = Http::new(&options).expect("a client");
    let request = Request::new("POST", server.uri()).and_then(|request| request.header("X-C", "3"));
    let answer = http.open(&request.expect("a request").body("body")).await.expect("an answer");
    assert_eq!(answer.status, 201);
    assert_eq!(answer.read().await.expect("a body").body, b"made");
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_of_this_machine_is_an_address() {
    use std::io::{BufRead, BufReader, Write};

    let directory = tempfile::tempdir().expect("a directory");
    let socket = directory.path().join("app.sock");
    let listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    let served = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("somebody comes");
        let mut first = String::new();
        BufReader::new(&stream).read_line(&mut first).expect("a request");
        (&stream).write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").expect("an answer");
        first
    });
    let options = format!("url: unix://{}/health?deep=1", socket.display());
    testing::run::<page>(&options).await.assert_ok();
    assert_eq!(served.join().expect("it ends"), "GET /health?deep=1 HTTP/1.1\r\n");
    drop(directory);
    let run = testing::run::<page>(&options).await;
    run.assert_failed(&format!("`unix://{}/health` cannot be reached: ", socket.display()));
}

#[test]
fn what_is_not_built_in_or_not_whole_is_told_when_the_configuration_is_read() {
    for (options, expected) in [
        ("auth_type: ntlm", "`auth_type: ntlm` is not built in"),
        ("auth_type: kerberos", "`auth_type: kerberos` is not built in"),
        ("auth_type: digest\nusername: a", "needs a `username` and a `password`"),
        ("auth_type: aws", "needs an `aws_region` and an `aws_service`"),
        ("tls_private_key: x", "`tls_private_key` needs a `tls_cert`"),
        (
            "kerberos_principal: me",
            "`kerberos_principal` is of a way to log in that is not built in; use `auth_type: basic`",
        ),
        (
            "auth_type: kerberos\nkerberos_auth: required\nkerberos_keytab: /k\nkerberos_delegate: true",
            "`kerberos_auth`, `kerberos_delegate`, `kerberos_keytab` are of a way to log in",
        ),
        ("ntlm_domain: here", "`ntlm_domain` is of a way to log in"),
        (
            "tls_use_host_header: true\nproxy: {https: http://a/}",
            "`tls_use_host_header` cannot be used with a `proxy`",
        ),
        (
            "auth_token: {reader: {type: oauth}, writer: {type: header, name: A}}",
            "needs a `url`, a `client_id` and a `client_secret`",
        ),
        (
            "auth_token: {reader: {type: dcos_auth}, writer: {type: header, name: A}}",
            "`type: dcos_auth` is not built in",
        ),
    ] {
        let problems = testing::problems_of::<page>(&format!("url: http://localhost/\n{options}"));
        assert!(problems.contains(expected), "{options}: {problems}");
    }
}

/// As the Agent's example has them.
#[test]
fn what_is_not_built_in_may_be_turned_off() {
    let options = "kerberos_auth: disabled\nkerberos_delegate: false\nkerberos_force_initiate: false\nlog_requests: false";
    let problems = testing::problems_of::<page>(&format!("url: http://localhost/\n{options}"));
    assert_eq!(problems, "");
}

#[tokio::test]
async fn what_no_server_could_take_is_told_at_the_first_run() {
    for (options, expected) in [
        (
            "tls_protocols_allowed: [TLSv1.1]",
            "option `tls_protocols_allowed` cannot be used: it names neither",
        ),
        ("tls_ciphers: [RC4-MD5]", "option `tls_ciphers` cannot be used: it names no cipher suite"),
        ("tls_cert: /no/such", "`tls_cert` `/no/such` cannot be used: "),
        (
            "auth_token: {reader: {type: file, path: /no/such}, writer: {type: header, name: A}}",
            "option `auth_token` cannot be used: `/no/such`: No such file",
        ),
    ] {
        let run = testing::run::<page>(&format!("url: http://localhost:1/\n{options}")).await;
        run.assert_failed(expected);
    }
}
