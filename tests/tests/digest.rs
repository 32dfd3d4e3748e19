//! Digest authentication against a real lighttpd.

use allwell::HttpOptions;
use allwell::Secret;
use allwell::http::{AuthType, Http};
use allwell_tests::Lighttpd;

fn client(password: &str) -> Http {
    let options = HttpOptions {
        auth_type: AuthType::Digest,
        username: Some(String::from("reader")),
        password: Some(Secret::new(password)),
        ..HttpOptions::default()
    };
    Http::new(&options).expect("a client")
}

#[tokio::test]
async fn the_page_is_shown_to_who_knows_the_password() {
    for algorithm in ["MD5", "SHA-256"] {
        let server = Lighttpd::start(algorithm);
        let http = client("hush");
        // The second one answers the challenge of the first.
        for path in ["/", "/index.html?a=b"] {
            let text = http.text(server.url(path)).await;
            assert_eq!(text.expect("an answer"), "Welcome", "{algorithm}");
        }
        let refused = client("wrong").text(server.url("/")).await;
        assert_eq!(refused.expect_err("no answer").status(), Some(401), "{algorithm}");
    }
}
