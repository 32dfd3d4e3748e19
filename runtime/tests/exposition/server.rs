//! The server: pages, methods, codings, who may scrape, and clients that misbehave.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use allwell::Secret;
use allwell::output::exposition::{Access, ExpositionOptions};
use tokio::time::sleep;

use crate::client::{Answer, ask, parse, request};
use crate::support::{Endpoint, OPEN, TEXT, gauge, run};

fn options() -> ExpositionOptions {
    ExpositionOptions { address: ([127, 0, 0, 1], 0).into(), ..ExpositionOptions::default() }
}

/// An endpoint that listens, with one gauge.
fn endpoint(options: ExpositionOptions) -> (Endpoint, SocketAddr) {
    let endpoint = Endpoint::new(options);
    endpoint.take([run([gauge("a.b", 1.0, &["c:d"])])]);
    let at = endpoint.exposition.listen().unwrap();
    (endpoint, at)
}

/// An endpoint with some megabytes.
fn large(options: ExpositionOptions) -> (Endpoint, SocketAddr) {
    let (endpoint, at) = endpoint(options);
    let long = "x".repeat(1000);
    let series = (0..20_000)
        .map(|number| gauge("large", f64::from(number), &[&format!("n:{number}{long}")]));
    endpoint.take([run(series)]);
    (endpoint, at)
}

#[tokio::test]
async fn every_page_answers_as_it_should() {
    let (_endpoint, at) = endpoint(options());
    for (line, status) in [
        ("GET /metrics", 200),
        ("GET /metrics?name[]=a", 200),
        ("HEAD /metrics", 200),
        ("GET /", 200),
        ("GET /-/healthy", 200),
        ("HEAD /-/healthy", 200),
        ("GET /metrics/", 404),
        ("POST /nothing", 404),
        ("POST /metrics", 405),
        ("DELETE /", 405),
        ("OPTIONS /-/healthy", 405),
    ] {
        let answer = ask(at, line, &[]).await;
        assert_eq!(answer.status, status, "{line}");
        let allowed = (status == 405).then_some("GET, HEAD");
        assert_eq!(answer.header("allow"), allowed, "{line}");
        assert_eq!(answer.body.is_empty(), line.starts_with("HEAD"), "{line}");
    }
    let page = ask(at, "GET /", &[]).await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.text().contains("<a href=\"/metrics\">"), "{}", page.text());
    assert_eq!(ask(at, "GET /-/healthy", &[]).await.text(), "allwell is healthy\n");
}

#[tokio::test]
async fn the_answer_is_in_the_format_that_is_asked_for() {
    let (endpoint, at) = endpoint(options());
    let plain = ask(at, "GET /metrics", &[]).await;
    assert_eq!(plain.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(plain.header("vary"), Some("Accept, Accept-Encoding"));
    assert_eq!(plain.text(), endpoint.text(TEXT));
    let open = "Accept: application/openmetrics-text";
    let answer = ask(at, "GET /metrics", &[open]).await;
    assert_eq!(answer.text(), endpoint.text(OPEN));
    let head = ask(at, "HEAD /metrics", &[open]).await;
    assert_eq!(head.header("content-type"), answer.header("content-type"));
    let two = ask(at, "GET /metrics", &["Accept: text/plain;q=0.1", open]).await;
    assert_eq!(two.text(), endpoint.text(OPEN), "a header may come in lines");
    for header in ["Accept: application/json", "Accept-Encoding: identity;q=0, br"] {
        let answer = ask(at, "GET /metrics", &[header]).await;
        assert_eq!(answer.status, 406, "{header}");
        assert!(answer.text().ends_with(" can be had\n"), "{}", answer.text());
    }
}

#[tokio::test]
async fn the_answer_is_coded_as_it_is_asked_for() {
    let (endpoint, at) = large(options());
    let text = endpoint.text(TEXT);
    let coded = |coding: &'static str| async move {
        let answer = ask(at, "GET /metrics", &[&format!("Accept-Encoding: {coding}")]).await;
        assert_eq!(answer.header("content-encoding"), Some(coding));
        answer.body
    };
    let (gzip, zstd) = (coded("gzip").await, coded("zstd").await);
    let mut unzipped = String::new();
    flate2::read::GzDecoder::new(&gzip[..]).read_to_string(&mut unzipped).unwrap();
    assert!(unzipped == text && gzip.len() < text.len() / 5, "{} of {}", gzip.len(), text.len());
    let unpacked = zstd::decode_all(&zstd[..]).unwrap();
    assert!(unpacked == text.as_bytes() && zstd.len() < text.len() / 5, "{}", zstd.len());
}

async fn with(at: SocketAddr, authorization: &str) -> Answer {
    ask(at, "GET /metrics", &[&format!("Authorization: {authorization}")]).await
}

#[tokio::test]
async fn only_those_may_scrape_who_show_what_they_must() {
    let token = || Some(Secret::new("right"));
    let user = || Some(("prometheus".to_owned(), Secret::new("pass:word")));
    // The second is `prometheus:pass:word`.
    let (bearer, basic) = ("Bearer right", "basic cHJvbWV0aGV1czpwYXNzOndvcmQ=");
    for (bearer_token, user, right, wrong) in [
        (
            token(),
            None,
            vec![bearer, "bearer right"],
            vec![basic, "Bearer wrong", "Bearer", "right"],
        ),
        (None, user(), vec![basic], vec![bearer, "Basic cHJvbWV0aGV1czp3cm9uZw==", "Basic !"]),
        (token(), user(), vec![bearer, basic], vec!["Bearer right2", "Bearer righ", ""]),
    ] {
        let access = Access { bearer_token, user };
        let (_endpoint, at) = endpoint(ExpositionOptions { access, ..options() });
        for shown in right {
            assert_eq!(with(at, shown).await.status, 200, "{shown}");
        }
        for shown in wrong {
            let answer = with(at, shown).await;
            assert_eq!(answer.status, 401, "{shown}");
            assert!(answer.header("www-authenticate").is_some());
            assert!(!answer.text().contains("a_b"));
        }
        let (none, page) = (ask(at, "GET /metrics", &[]).await, ask(at, "GET /", &[]).await);
        assert_eq!((none.status, page.status), (401, 401));
        assert_eq!(ask(at, "GET /-/healthy", &[]).await.status, 200, "it tells nothing");
    }
}

/// Starts a scrape and reads only its beginning.
async fn begin(at: SocketAddr) -> TcpStream {
    let begun = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.write_all(request("GET /metrics", &[]).as_bytes()).unwrap();
        stream.read_exact(&mut [0; 100]).unwrap();
        stream
    });
    begun.await.unwrap()
}

async fn rest(mut stream: TcpStream) -> usize {
    let read = tokio::task::spawn_blocking(move || {
        let mut all = Vec::new();
        // The connection may have been reset.
        let _ = stream.read_to_end(&mut all);
        all.len()
    });
    read.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_delays_neither_deliveries_nor_other_scrapers() {
    let (endpoint, at) = large(options());
    let text = endpoint.text(TEXT);
    let slow = begin(at).await;
    sleep(Duration::from_millis(200)).await;
    let started = Instant::now();
    endpoint.take([run([gauge("a.b", 2.0, &["c:d"])])]);
    assert!(started.elapsed() < Duration::from_millis(200), "{:?}", started.elapsed());
    let other = ask(at, "GET /metrics", &[]).await;
    assert_eq!(other.body.len(), text.len());
    assert!(rest(slow).await + 100 > text.len(), "and it gets everything when it reads at last");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_for_half_a_minute_is_cut_off() {
    let (endpoint, at) = large(options());
    let length = endpoint.text(TEXT).len();
    let slow = begin(at).await;
    // First the kernel's buffers are filled, in the time of the day; the paused clock stands still for a thread that blocks.
    let filled = tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_secs(1)));
    filled.await.unwrap();
    sleep(Duration::from_secs(62)).await;
    let read = rest(slow).await;
    assert!(read < length, "{read} of {length}");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_end_a_header_is_cut_off() {
    let (_endpoint, at) = endpoint(options());
    let begun = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: ").unwrap();
        stream
    });
    let slow = begun.await.unwrap();
    sleep(Duration::from_secs(31)).await;
    assert_eq!(rest(slow).await, 0);
}

/// More connections than are served at once wait until one is free.
#[tokio::test(flavor = "multi_thread")]
async fn connections_are_bounded() {
    let (_endpoint, at) = endpoint(ExpositionOptions { most_connections: 1, ..options() });
    let first = tokio::task::spawn_blocking(move || TcpStream::connect(at).unwrap());
    let first = first.await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let second = tokio::spawn(ask(at, "GET /-/healthy", &[]));
    sleep(Duration::from_millis(300)).await;
    assert!(!second.is_finished());
    drop(first);
    assert_eq!(second.await.unwrap().status, 200);
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request() {
    let (_endpoint, at) = endpoint(options());
    let both = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.write_all(b"GET /-/healthy HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
        let mut first = vec![0; 1000];
        let length = stream.read(&mut first).unwrap();
        stream.write_all(request("GET /metrics", &[]).as_bytes()).unwrap();
        let mut second = Vec::new();
        stream.read_to_end(&mut second).unwrap();
        (parse(&first[..length]).unwrap(), parse(&second).unwrap())
    });
    let (first, second) = both.await.unwrap();
    assert_eq!((first.status, second.status), (200, 200));
    assert!(second.text().contains("a_b"));
}
