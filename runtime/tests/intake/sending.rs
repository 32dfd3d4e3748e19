//! The whole output against a web server: what arrives where, what is told of errors, and that no key ever shows.

use std::sync::Arc;
use std::time::Duration;

use allwell::HttpOptions;
use allwell::metric::{Event, Log, Status};
use allwell::output::forward::ForwardOptions;
use allwell::output::intake::{
    Addresses, ApiKey, Destination, Form, Intake, IntakeOptions, SeriesVersion,
};
use allwell::output::{Amount, Complaint, Delivery, Diagnosis, Output, ServiceCheckPoint};
use allwell::testing::http::matchers::{any, body_bytes, header, method, path};
use allwell::testing::http::{Mock, MockServer, Request, ResponseTemplate};
use serde_json::json;

use crate::support::{delivery, series, sketch, tag_set};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const OTHER_KEY: &str = "fedcba9876543210fedcba9876543210";

fn destination(server: &MockServer, key: &str) -> Destination {
    Destination { addresses: Addresses::of_url(&server.uri()), key: ApiKey::new(key) }
}

fn options(destinations: Vec<Destination>) -> IntakeOptions {
    IntakeOptions {
        name: "datadog".to_owned(),
        destinations,
        form: Form::default(),
        logs: true,
        http: HttpOptions { timeout: Duration::from_secs(5), ..HttpOptions::default() },
        forward: ForwardOptions { concurrency: 4, ..ForwardOptions::default() },
    }
}

fn intake(destinations: Vec<Destination>) -> Intake {
    Intake::new(options(destinations)).unwrap()
}

/// One of everything.
fn everything() -> Arc<Delivery> {
    let tags = tag_set(["mount:/"], None);
    let check = ServiceCheckPoint {
        name: "disk.can_read".into(),
        status: Status::critical("no \"disk\""),
        tags: vec!["mount:/".to_owned()],
        host: None,
        timestamp: 1_800_000_000,
    };
    let mut log = Log::new("a line");
    log.tags.push("service:web".to_owned());
    Arc::new(Delivery {
        series: vec![series("disk.used", 0.5, &tags)],
        sketches: vec![sketch("disk.wait", &[1.0], &tags)],
        service_checks: vec![check],
        events: vec![Event::new("full", "text").tag("mount", "/")],
        logs: vec![log],
        ..delivery()
    })
}

/// A server that says yes to everything.
async fn accepting() -> MockServer {
    let server = MockServer::start().await;
    let valid = ResponseTemplate::new(200).set_body_json(json!({ "valid": true }));
    Mock::given(path("/api/v1/validate")).respond_with(valid).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(202)).mount(&server).await;
    server
}

/// What was posted, by route.
async fn posted(server: &MockServer) -> Vec<Request> {
    let all = server.received_requests().await.unwrap();
    let mut posts: Vec<_> =
        all.into_iter().filter(|request| request.method.as_str() == "POST").collect();
    posts.sort_by(|one, other| one.url.path().cmp(other.url.path()));
    posts
}

fn header_of<'r>(request: &'r Request, name: &str) -> &'r str {
    request.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

async fn until(what: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to pass");
}

fn amount(series: u64, logs: u64) -> Amount {
    Amount { series, logs, ..Amount::default() }
}

#[tokio::test]
async fn everything_arrives_at_its_route_once_with_each_key() {
    let server = accepting().await;
    let intake = intake(vec![destination(&server, KEY), destination(&server, OTHER_KEY)]);
    intake.deliver(&[everything()]).await.unwrap();
    until(|| intake.held().queued.total() == 0).await;
    let posts = posted(&server).await;
    let zstd = "application/x-protobuf zstd";
    let forms = [
        ("/api/beta/sketches", zstd),
        ("/api/v1/check_run", "application/json zstd"),
        ("/api/v2/logs", "application/json deflate"),
        ("/api/v2/series", zstd),
        ("/intake/", "application/json zstd"),
    ];
    assert_eq!(posts.len(), 2 * forms.len());
    for (pair, (route, form)) in posts.chunks(2).zip(forms) {
        let mut keys: Vec<_> = pair.iter().map(|post| header_of(post, "DD-API-KEY")).collect();
        keys.sort_unstable();
        assert_eq!(keys, [KEY, OTHER_KEY]);
        assert_eq!(pair[0].body, pair[1].body);
        for post in pair {
            assert_eq!(post.url.path(), route);
            let encoding = header_of(post, "Content-Encoding");
            assert_eq!(format!("{} {encoding}", header_of(post, "Content-Type")), form);
            assert!(header_of(post, "User-Agent").starts_with("allwell/"));
            assert_eq!(header_of(post, "DD-Agent-Payload"), "4.87.0");
        }
    }
}

#[tokio::test]
async fn what_is_json_has_the_agents_fields() {
    let server = accepting().await;
    let form = Form { compression: allwell::output::intake::Compression::None, ..Form::default() };
    let options = IntakeOptions { form, ..options(vec![destination(&server, KEY)]) };
    let intake = Intake::new(options).unwrap();
    intake.deliver(&[everything()]).await.unwrap();
    until(|| intake.held().queued.total() == 0).await;
    let posts = posted(&server).await;
    let json = |route: &str| -> serde_json::Value {
        let post = posts.iter().find(|post| post.url.path() == route).unwrap();
        serde_json::from_slice(&post.body).unwrap()
    };
    assert_eq!(
        json("/api/v1/check_run"),
        json!([{
            "check": "disk.can_read", "host_name": "web-1", "timestamp": 1_800_000_000,
            "status": 2, "message": "no \"disk\"", "tags": ["mount:/"],
        }])
    );
    let event = json!({
        "msg_title": "full", "msg_text": "text", "timestamp": 1_800_000_000,
        "priority": "normal", "host": "web-1", "tags": ["env:prod", "mount:/"],
        "alert_type": "info", "source_type_name": "disk",
    });
    assert_eq!(
        json("/intake/"),
        json!({ "apiKey": "", "events": { "disk": [event] }, "internalHostname": "web-1" })
    );
    assert_eq!(
        json("/api/v2/logs"),
        json!([{
            "message": "a line", "status": "info", "timestamp": 1_800_000_000_250_i64,
            "hostname": "web-1", "service": "web", "ddsource": "disk",
            "ddtags": "service:web,env:prod",
        }])
    );
}

#[tokio::test]
async fn what_has_not_arrived_everywhere_is_not_delivered() {
    let (good, bad) = (accepting().await, MockServer::start().await);
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(500)).mount(&bad).await;
    let intake = intake(vec![destination(&good, KEY), destination(&bad, KEY)]);
    let delivery = everything();
    intake.deliver(std::slice::from_ref(&delivery)).await.unwrap();
    until(|| intake.held().errors == 5).await;
    let held = intake.held();
    assert_eq!(held.queued, delivery.amount());
    assert!(held.retrying && held.refused.total() == 0 && held.dropped.total() == 0);
    let mut patience = 1_000;
    while posted(&good).await.len() < 5 && patience > 0 {
        patience -= 1;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(posted(&good).await.len(), 5);
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_and_said() {
    let server = accepting().await;
    let options = IntakeOptions { logs: false, ..options(vec![destination(&server, KEY)]) };
    let intake = Intake::new(options).unwrap();
    let tags = tag_set([], None);
    let all = vec![series("good", 1.0, &tags), series("bad", f64::NAN, &tags)];
    let mixed = Arc::new(Delivery { series: all, logs: vec![Log::new("a line")], ..delivery() });
    intake.deliver(&[mixed]).await.unwrap();
    until(|| intake.held().queued.total() == 0).await;
    let held = intake.held();
    assert_eq!((held.refused, held.errors), (amount(1, 1), 1));
    let (_, message) = held.last_error.unwrap();
    assert_eq!(message, "`bad` has a value that is no finite number");
    assert_eq!(posted(&server).await.len(), 1);
}

#[tokio::test]
async fn no_key_is_ever_shown() {
    let server = MockServer::start().await;
    let echo = |request: &Request| {
        ResponseTemplate::new(403).set_body_string(format!("{:?} {KEY}", request.headers))
    };
    Mock::given(method("POST")).respond_with(echo).mount(&server).await;
    Mock::given(method("GET")).respond_with(echo).mount(&server).await;
    let options = options(vec![destination(&server, KEY)]);
    let shown = format!("{options:?}");
    let intake = Intake::new(options).unwrap();
    intake.deliver(&[everything()]).await.unwrap();
    until(|| intake.held().errors >= 6).await;
    let seen = intake.diagnose().await;
    let all = format!("{shown} {intake:?} {:?} {seen:?}", intake.held());
    assert!(!all.contains(KEY) && !all.contains("abcdef0"), "{all}");
    assert!(all.contains("***bcdef"), "{all}");
}

#[tokio::test]
async fn a_key_that_is_not_valid_is_said_at_once_and_again_and_nothing_is_held_back() {
    let server = MockServer::start().await;
    let no = ResponseTemplate::new(403);
    Mock::given(path("/api/v1/validate")).respond_with(no).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(202)).mount(&server).await;
    let intake = intake(vec![destination(&server, KEY)]);
    tokio::time::pause();
    // As long as a thread is at work, paused time stands still.
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let thread = tokio::task::spawn_blocking(move || wait.recv());
    intake.deliver(&[everything()]).await.unwrap();
    let asked = async |times: u64| {
        let settled = || intake.held().errors == times && intake.held().queued.total() == 0;
        while !settled() {
            std::thread::sleep(Duration::from_millis(1));
            tokio::task::yield_now().await;
        }
    };
    asked(1).await;
    let held = intake.held();
    let message = "the key `***bcdef` is not valid at `127.0.0.1`";
    assert_eq!(held.last_error.map(|(_, message)| message).as_deref(), Some(message));
    assert_eq!(held.queued.total() + held.refused.total() + held.dropped.total(), 0);
    tokio::time::advance(Duration::from_mins(59)).await;
    assert_eq!(intake.held().errors, 1);
    tokio::time::advance(Duration::from_mins(2)).await;
    asked(2).await;
    drop(go);
    thread.await.unwrap().unwrap_err();
}

#[tokio::test]
async fn a_redirect_does_not_take_the_key_elsewhere() {
    let (server, elsewhere) = (MockServer::start().await, accepting().await);
    let there = ResponseTemplate::new(307).insert_header("Location", elsewhere.uri());
    Mock::given(any()).respond_with(there).mount(&server).await;
    let seen = seen(&intake(vec![destination(&server, KEY)])).await;
    assert!(seen.iter().all(|(_, outcome)| outcome.is_err()), "{seen:?}");
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

async fn seen(intake: &Intake) -> Vec<(String, Result<String, String>)> {
    let of = |Diagnosis { what, outcome }: Diagnosis| {
        (what, outcome.map_err(|Complaint { message, hint }| format!("{message}; {hint}")))
    };
    intake.diagnose().await.into_iter().map(of).collect()
}

#[tokio::test]
async fn a_trial_finds_all_well() {
    let server = accepting().await;
    let intake = intake(vec![destination(&server, KEY)]);
    let said = |what: &str, seen: &str| (what.to_owned(), Ok(seen.to_owned()));
    assert_eq!(
        seen(&intake).await,
        [
            said("the key `***bcdef` at `127.0.0.1`", "valid"),
            said("series at `127.0.0.1/api/v2/series`", "an empty payload was accepted"),
            said("log lines at `127.0.0.1/api/v2/logs`", "an empty payload was accepted"),
        ]
    );
    assert!(intake.held() == allwell::output::Held::default(), "a trial sends nothing");
}

#[tokio::test]
async fn a_trial_says_what_to_do() {
    let server = MockServer::start().await;
    let invalid = ResponseTemplate::new(200).set_body_json(json!({ "valid": false }));
    Mock::given(path("/api/v1/validate")).respond_with(invalid).mount(&server).await;
    let unknown = ResponseTemplate::new(415);
    Mock::given(path("/api/v2/series")).respond_with(unknown).mount(&server).await;
    let (series, logs) = {
        let seen = seen(&intake(vec![destination(&server, KEY)])).await;
        let [(_, key), (_, series), (_, logs)] = <[_; 3]>::try_from(seen).unwrap();
        assert_eq!(
            key.unwrap_err(),
            "the key `***bcdef` is not valid at `127.0.0.1`; take an API key (not an application key) of the \
             organisation, and the `site` that it is of: every site has its own keys"
        );
        (series.unwrap_err(), logs.unwrap_err())
    };
    let address = server.uri();
    assert_eq!(
        series,
        format!(
            "`{address}/api/v2/series` answered 415 Unsupported Media Type; see that the path of the address is \
             complete; receivers other than Datadog's may need `series_version: v1` and `compression: deflate`"
        )
    );
    assert_eq!(
        logs,
        format!(
            "`{address}/api/v2/logs` answered 404 Not Found; set `logs_enabled: false` if no check sends log lines, \
             or `logs_dd_url` to where they belong"
        )
    );
}

#[tokio::test]
async fn a_trial_says_that_nobody_is_there() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let addresses = Addresses::of_url(&format!("http://{unused}"));
    let intake = intake(vec![Destination { addresses, key: ApiKey::new(KEY) }]);
    for (what, outcome) in seen(&intake).await {
        let error = outcome.unwrap_err();
        let hint = "Connection refused (os error 111); see whether this host may connect to it; `site`, `dd_url` and \
                    `proxy` say where and how";
        assert!(error.ends_with(hint), "{what}: {error}");
    }
}

#[tokio::test]
async fn an_empty_payload_of_version_1_is_an_empty_list() {
    let server = MockServer::start().await;
    let empty = Mock::given(path("/api/v1/series")).and(body_bytes(b"{\"series\":[]}".as_slice()));
    let empty = empty.and(header("DD-API-KEY", KEY));
    empty.respond_with(ResponseTemplate::new(202)).expect(1).mount(&server).await;
    let form =
        Form { compression: allwell::output::intake::Compression::None, series: SeriesVersion::V1 };
    let options = IntakeOptions { form, ..options(vec![destination(&server, KEY)]) };
    let tried = seen(&Intake::new(options).unwrap()).await;
    assert_eq!(tried[1].1.as_deref(), Ok("an empty payload was accepted"));
}
