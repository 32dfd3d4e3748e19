//! The check of ports against a port that takes connections, and one that does not.

use std::net::TcpListener;

use allwell::metric::Status;
use allwell::testing::run;
use allwell_server_checks::tcp_check::tcp_check;
use allwell_tests::free_port;

#[tokio::test]
async fn a_port_that_takes_connections_is_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let options = format!("name: ssh\nhost: 127.0.0.1\nport: {port}\ncollect_response_time: true");
    let run = run::<tcp_check>(&options).await;
    let url = format!("url:127.0.0.1:{port}");
    let tags = ["instance:ssh", "target_host:127.0.0.1", &format!("port:{port}"), &url];
    run.assert_ok()
        .assert_metric("network.tcp.can_connect", 1.0, tags)
        .assert_service_check("tcp.can_connect", Status::Ok)
        .assert_all_covered();
    let [seconds] = run.values("network.tcp.response_time")[..] else { panic!("{run}") };
    assert!(seconds > 0.0 && seconds < 10.0, "{seconds}");
}

#[tokio::test]
async fn a_port_that_does_not_is_critical() {
    let options = format!("name: ssh\nhost: 127.0.0.1\nport: {}", free_port());
    let run = run::<tcp_check>(&options).await;
    assert_eq!(run.values("network.tcp.can_connect"), [0.0]);
    assert!(run.values("network.tcp.response_time").is_empty());
    let message = run.status("tcp.can_connect").map(Status::message).unwrap_or_default();
    assert!(message.contains("refused"), "{message}");
}

#[tokio::test]
async fn every_address_of_a_name_is_tried_if_that_is_wanted() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let options = format!("name: ssh\nhost: localhost\nport: {port}\nmultiple_ips: true");
    let run = run::<tcp_check>(&options).await;
    // The name may have an address of IPv6, too, at which nobody listens.
    let up = run.values("network.tcp.can_connect");
    assert!(!up.is_empty() && up.iter().any(|up| *up > 0.5), "{run}");
    assert!(run.to_string().contains("address:127.0.0.1"), "{run}");
}

#[tokio::test]
async fn a_name_that_nobody_has_is_critical() {
    let run = run::<tcp_check>("name: x\nhost: nobody.invalid\nport: 1\ntimeout: 5").await;
    assert_eq!(run.values("network.tcp.can_connect"), [0.0]);
    let message = run.status("tcp.can_connect").map(Status::message).unwrap_or_default();
    assert!(message.contains("`nobody.invalid`"), "{message}");
}
