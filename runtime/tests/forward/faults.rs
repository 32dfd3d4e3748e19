//! A server that misbehaves in every way that is known, over real sockets: what is accepted there is what is counted here.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use allwell::config::Secret;
use allwell::http::HttpOptions;
use allwell::output::Amount;
use allwell::output::forward::{
    Backoff, ForwardOptions, ForwardStatistics, Forwarder, HttpEndpoint, Loss, Notice, Payload,
};

use crate::server::{Server, Way};
use crate::support::{Told, conserved, payload, points, spooled};

/// Waits that are a hundred times shorter than the Agent's.
fn options() -> ForwardOptions {
    let backoff = Backoff {
        base: Duration::from_millis(20),
        longest: Duration::from_millis(640),
        ..Backoff::default()
    };
    ForwardOptions {
        backoff,
        hold: Duration::from_millis(100),
        seed: Some(7),
        ..ForwardOptions::default()
    }
}

fn http() -> HttpOptions {
    HttpOptions { timeout: Duration::from_millis(300), ..HttpOptions::default() }
}

fn endpoint(url: &str) -> Arc<HttpEndpoint> {
    Arc::new(HttpEndpoint::new("server", url, &http()).unwrap())
}

/// Pushes the payloads 1 to 5, waits until nothing waits any more, and gives the numbers.
async fn forward(url: &str, options: ForwardOptions) -> ForwardStatistics {
    let forwarder = Forwarder::new(endpoint(url), options);
    (1..=5).for_each(|number| forwarder.push(payload("/api/v2/series", number)));
    let settled = async {
        while conserved(&forwarder).queued.total() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), settled).await.unwrap();
    conserved(&forwarder)
}

/// All five were accepted, each once and in order, after so many errors.
fn assert_all(server: &Server, counts: &ForwardStatistics, errors: u64) {
    assert_eq!(server.accepted(), [1, 2, 3, 4, 5]);
    assert_eq!((counts.delivered, counts.errors), (points(15), errors));
    assert_eq!(server.requests().len() as u64, 5 + errors, "no request but these");
}

fn last_error(counts: &ForwardStatistics) -> &str {
    &counts.last_error.as_ref().unwrap().1
}

#[tokio::test]
async fn a_request_says_what_the_payload_is() {
    let server = Server::start([]).await;
    let mut http = http();
    http.headers.insert("DD-Api-Key".to_owned(), Secret::new("0123456789abcdef"));
    (http.username, http.password) = (Some("me".to_owned()), Some(Secret::new("hush")));
    let url = format!("{}/below/?token=s3cr3t", server.url());
    let endpoint = Arc::new(HttpEndpoint::new("server", &url, &http).unwrap());
    let forwarder = Forwarder::new(endpoint, options());
    let sent = Payload {
        content_type: "application/x-protobuf".into(),
        content_encoding: Some("zstd".into()),
        ..payload("/api/v2/series?source=test", 42)
    };
    forwarder.push(sent);
    forwarder.finish(Duration::from_secs(2)).await;
    assert_eq!(conserved(&forwarder).delivered, points(42));
    let request = &server.requests()[0];
    let head = request.head.to_lowercase();
    let mut lines = head.lines();
    assert_eq!(lines.next(), Some("post /below/api/v2/series?token=s3cr3t&source=test http/1.1"));
    for line in [
        "content-type: application/x-protobuf",
        "content-encoding: zstd",
        "content-length: 2",
        "dd-api-key: 0123456789abcdef",
        "authorization: basic bwu6ahvzaa==",
        concat!("user-agent: allwell/", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(head.lines().any(|there| there == line), "`{line}` in {head}");
    }
    assert_eq!(request.body, b"42");
}

#[tokio::test]
async fn nobody_listens() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let told = Told::default();
    let counts = tokio::spawn(async move {
        forward(&format!("http://{address}"), told.observe(options())).await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let server = Server::listen(address, []).await;
    let counts = counts.await.unwrap();
    assert!((2..=5).contains(&counts.errors), "{counts:?}");
    let expected = format!(
        "`http://{address}/api/v2/series` cannot be reached: Connection refused (os error 111)"
    );
    assert_eq!(last_error(&counts), expected);
    assert_eq!((server.accepted(), server.requests().len()), (vec![1, 2, 3, 4, 5], 5));
}

#[tokio::test]
async fn a_black_hole() {
    let server = Server::start([Way::BlackHole, Way::Accept, Way::BlackHole]).await;
    let counts = forward(&server.url(), options()).await;
    assert_all(&server, &counts, 2);
    let expected = format!("`{}/api/v2/series` did not answer within 300ms", server.url());
    assert_eq!(last_error(&counts), expected);
}

#[tokio::test]
async fn an_answer_that_drips() {
    let server = Server::start([Way::Drip]).await;
    let counts = forward(&server.url(), options()).await;
    assert_all(&server, &counts, 1);
    assert!(last_error(&counts).ends_with("did not answer within 300ms"));
}

#[tokio::test]
async fn a_connection_that_ends_in_the_middle() {
    let server = Server::start([Way::CutStatus, Way::Accept, Way::CutStatus]).await;
    let counts = forward(&server.url(), options()).await;
    assert_all(&server, &counts, 2);
}

#[tokio::test]
async fn an_answer_of_which_the_status_is_known_has_been_given() {
    let server = Server::start([Way::CutBody, Way::CutBody]).await;
    let counts = forward(&server.url(), options()).await;
    assert_all(&server, &counts, 0);
}

#[tokio::test]
async fn connections_that_are_closed_after_every_answer() {
    let server = Server::start([]).await;
    server.then(Way::AcceptAndClose);
    let counts = forward(&server.url(), options()).await;
    assert_all(&server, &counts, 0);
}

/// Nobody can know whether it was accepted: this is the one way, besides a process that is killed, to send something twice.
#[tokio::test]
async fn an_answer_that_is_lost() {
    let server = Server::start([Way::Accept, Way::LoseAnswer]).await;
    let counts = forward(&server.url(), options()).await;
    assert_eq!(server.accepted(), [1, 2, 2, 3, 4, 5]);
    assert_eq!((counts.delivered, counts.errors), (points(15), 1));
}

#[tokio::test]
async fn statuses_that_may_be_another_one_later() {
    for status in [
        "404 Not Found",
        "408 Request Timeout",
        "409 Conflict",
        "425 Too Early",
        "429 Too Many Requests",
        "500 Internal Server Error",
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Timeout",
        "302 Found",
    ] {
        let answer =
            format!("HTTP/1.1 {status}\nLocation: http://127.0.0.1:1/\nContent-Length: 0\n\n");
        let server = Server::start([Way::Accept, Way::Answer(answer.leak())]).await;
        let counts = forward(&server.url(), options()).await;
        assert_all(&server, &counts, 1);
        let expected = format!("`{}/api/v2/series` answered {status}", server.url());
        assert_eq!(last_error(&counts), expected);
    }
}

#[tokio::test]
async fn a_storm_of_500() {
    let storm = Way::Answer("HTTP/1.1 500 Internal Server Error\nContent-Length: 5\n\nsorry");
    let server = Server::start(std::iter::repeat_n(storm, 7)).await;
    let counts = forward(&server.url(), options()).await;
    assert_all(&server, &counts, 7);
    assert!(last_error(&counts).ends_with("answered 500 Internal Server Error: sorry"));
}

#[tokio::test]
async fn statuses_that_say_never() {
    for (status, reason) in [
        ("413 Payload Too Large", "too large"),
        ("400 Bad Request", "not a payload"),
        ("415 Unsupported Media Type", "what is it?"),
        ("422 Unprocessable Entity", "no"),
    ] {
        let length = reason.len();
        let answer = format!("HTTP/1.1 {status}\nContent-Length: {length}\n\n{reason}").leak();
        let server = Server::start([Way::Accept, Way::Answer(answer), Way::Answer(answer)]).await;
        let told = Told::default();
        let counts = forward(&server.url(), told.observe(options())).await;
        assert_eq!(server.accepted(), [1, 4, 5]);
        assert_eq!((counts.delivered, counts.refused), (points(10), points(5)));
        assert_eq!((counts.errors, server.requests().len()), (2, 5));
        let message = format!("`{}/api/v2/series` answered {status}: {reason}", server.url());
        let lost = Notice::Lost { loss: Loss::Refused, amount: points(5), message };
        tokio::time::sleep(Duration::from_millis(20)).await;
        let notices = told.take();
        let sum = notices.iter().fold(Amount::default(), |sum, notice| match notice {
            Notice::Lost { loss: Loss::Refused, amount, .. } => sum + *amount,
            other => panic!("{other:?}"),
        });
        assert_eq!(sum, points(5));
        let (Notice::Lost { message, .. }, Notice::Lost { message: expected, .. }) =
            (&notices[0], &lost)
        else {
            panic!("{notices:?}")
        };
        assert_eq!(message, expected);
    }
}

#[tokio::test]
async fn retry_after_in_seconds_and_as_a_date() {
    let date = |seconds: u64| {
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    };
    let clock = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    for (after, least, most) in [
        ("1".to_owned(), 1.0, 1.4),
        // By our clock.
        (date(clock + 4), 0.5, 4.4),
        // By theirs, which is wrong.
        (format!("{}\nDate: {}", date(1_000_001), date(1_000_000)), 1.0, 1.4),
        ("soon".to_owned(), 0.0, 0.4),
    ] {
        let answer =
            format!("HTTP/1.1 429 Too Many Requests\nRetry-After: {after}\nContent-Length: 0\n\n");
        let server = Server::start([Way::Answer(answer.leak())]).await;
        let counts = forward(&server.url(), options()).await;
        assert_all(&server, &counts, 1);
        let requests = server.requests();
        let waited = (requests[1].at - requests[0].at).as_secs_f64();
        assert!((least..most).contains(&waited), "`{after}`: {waited} s");
    }
}

#[tokio::test]
async fn a_wrong_key_keeps_everything_until_there_is_a_good_one() {
    for status in ["401 Unauthorized", "403 Forbidden"] {
        let dir = crate::support::directory();
        let answer = format!("HTTP/1.1 {status}\nContent-Length: 9\n\nForbidden").leak();
        let server = Server::start([]).await;
        server.then(Way::Answer(answer));
        let with_spool = ForwardOptions { spool: spooled(dir.path()).spool, ..options() };
        let told = Told::default();
        let first = Forwarder::new(endpoint(&server.url()), told.observe(with_spool.clone()));
        (1..=3).for_each(|number| first.push(payload("/a", number)));
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!((4..=8).contains(&server.requests().len()), "it is tried seldom");
        let message = format!("`{}/a` answered {status}: Forbidden", server.url());
        assert_eq!(told.take()[0], Notice::Retrying { message, held: true });
        first.finish(Duration::from_secs(2)).await;
        let counts = conserved(&first);
        assert_eq!((counts.stored, counts.refused), (points(6), points(0)));
        // Another forwarder, with another key.
        server.then(Way::Accept);
        let second = Forwarder::new(endpoint(&server.url()), with_spool);
        (4..=5).for_each(|number| second.push(payload("/a", number)));
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(server.accepted(), [1, 2, 3, 4, 5]);
        assert_eq!(conserved(&second).delivered, points(15));
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls() {
    let server = Server::start([]).await;
    let url = server.url().replace("http:", "https:");
    let forwarder = Forwarder::new(endpoint(&url), options());
    forwarder.push(payload("/a", 3));
    tokio::time::sleep(Duration::from_millis(600)).await;
    let counts = conserved(&forwarder);
    assert_eq!((counts.queued, counts.retrying), (points(3), true));
    let error = last_error(&counts);
    assert!(error.starts_with(&format!("`{url}/a` ")), "{error}");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn no_secret_is_told_or_written() {
    let dir = crate::support::directory();
    let (key, password, token) = ("0123456789abcdef0123", "hush-hush", "t0ken-in-the-query");
    let extra = "another-key";
    let echo = format!("you said {key}{extra} and {token}, {password}!");
    let answer = format!("HTTP/1.1 403 Forbidden\nContent-Length: {}\n\n{echo}", echo.len());
    let server = Server::start([Way::BlackHole, Way::CutStatus]).await;
    server.then(Way::Answer(answer.leak()));
    let url = format!("http://user:{password}@{}/x?api_key={token}", server.address);
    let mut http = http();
    http.headers.insert("DD-Api-Key".to_owned(), Secret::new(key));
    http.extra_headers.insert("X-Key".to_owned(), Secret::new(extra));
    let endpoint = Arc::new(HttpEndpoint::new("server", &url, &http).unwrap());
    let told = Told::default();
    let with_spool = ForwardOptions { spool: spooled(dir.path()).spool, ..options() };
    let mut texts = vec![format!("{endpoint:?}")];
    let forwarder = Forwarder::new(endpoint, told.observe(with_spool));
    texts.push(format!("{forwarder:?}"));
    forwarder.push(payload("/a", 1));
    for _ in 0..80 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        texts.push(format!(
            "{:?} {:?} {:?}",
            forwarder.statistics(),
            forwarder.held(),
            told.take()
        ));
    }
    forwarder.finish(Duration::from_secs(1)).await;
    assert_eq!(conserved(&forwarder).stored, points(1));
    let said = texts.join("\n");
    for expected in [
        format!("`http://{}/x/a` did not answer within 300ms", server.address),
        format!("`http://{}/x/a` cannot be reached", server.address),
        format!(
            "`http://{}/x/a` answered 403 Forbidden: you said **************** and ********, ********!",
            server.address
        ),
    ] {
        assert!(said.contains(&expected), "`{expected}` in {said}");
    }
    let written = std::fs::read(dir.path().join("spool.redb")).unwrap();
    for secret in [key, password, token, extra] {
        assert!(!said.contains(secret), "{said}");
        assert!(!written.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
    let error =
        HttpEndpoint::new("server", &format!("http//{password}@x?{token}"), &http).unwrap_err();
    assert!(!error.to_string().contains(password), "{error}");
}
