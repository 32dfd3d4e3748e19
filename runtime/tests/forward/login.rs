//! How an endpoint says who its requests are from, and what it refuses to be asked for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use allwell::config::Secret;
use allwell::http::{
    AuthToken, AuthType, HttpOptions, TokenPlace, TokenReader, TokenSource, TokenWriter,
};
use allwell::output::forward::{ForwardOptions, Forwarder, HttpEndpoint};

use crate::server::Server;
use crate::support::payload;

#[tokio::test]
async fn a_way_to_log_in_that_an_output_does_not_have_is_refused() {
    let basic = HttpOptions {
        username: Some("me".to_owned()),
        password: Some(Secret::new("hush")),
        ..HttpOptions::default()
    };
    let digest = HttpOptions { auth_type: AuthType::Digest, ..basic.clone() };
    let aws = HttpOptions {
        auth_type: AuthType::Aws,
        aws_region: Some("eu-west-1".to_owned()),
        aws_service: Some("es".to_owned()),
        ..HttpOptions::default()
    };
    let file = std::env::current_exe().unwrap();
    let reader = TokenReader {
        kind: TokenSource::File,
        path: Some(file),
        pattern: None,
        url: None,
        client_id: None,
        client_secret: None,
        basic_auth: false,
        options: BTreeMap::new(),
    };
    let writer = TokenWriter {
        kind: TokenPlace::Header,
        name: "Authorization".to_owned(),
        value: "<TOKEN>".to_owned(),
        placeholder: "<TOKEN>".to_owned(),
    };
    let token =
        HttpOptions { auth_token: Some(AuthToken { reader, writer }), ..HttpOptions::default() };
    let host = HttpOptions { tls_use_host_header: true, ..HttpOptions::default() };
    for (options, name) in [
        (digest, "auth_type"),
        (aws, "auth_type"),
        (token, "auth_token"),
        (host, "tls_use_host_header"),
    ] {
        let error = HttpEndpoint::new("server", "http://127.0.0.1:1/", &options).unwrap_err();
        let expected =
            format!("option `{name}` cannot be used: an output does not have it\nhint: ");
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
    assert!(HttpEndpoint::new("server", "http://127.0.0.1:1/", &basic).is_ok());
}

#[tokio::test]
async fn a_name_is_sent_in_latin_1_unless_it_is_to_be_utf_8() {
    for (is_latin, expected) in
        [(true, "authorization: Basic bek6aA=="), (false, "authorization: Basic bcOpOmg=")]
    {
        let server = Server::start([]).await;
        let mut http = HttpOptions::default();
        (http.username, http.password) = (Some("m\u{e9}".to_owned()), Some(Secret::new("h")));
        http.use_legacy_auth_encoding = is_latin;
        let endpoint = Arc::new(HttpEndpoint::new("server", &server.url(), &http).unwrap());
        let forwarder = Forwarder::new(endpoint, ForwardOptions::default());
        forwarder.push(payload("/a", 1));
        forwarder.finish(Duration::from_secs(2)).await;
        let head = server.requests()[0].head.clone();
        assert!(head.lines().any(|line| line == expected), "{head}");
    }
}
