//! UDP, which does not tell much.

use std::net::UdpSocket;
use std::time::Duration;

use allwell::output::dogstatsd::{DogStatsd, DogStatsdOptions};
use allwell::output::{Held, Output, Remedy};
use tokio::time::Instant;

use crate::agent::{Agent, deliver, shared};
use crate::samples::numbered;
use crate::unix::values;

fn output(host: &str, port: u16) -> DogStatsd {
    DogStatsd::new(DogStatsdOptions::new(format!("udp://{host}:{port}").parse().unwrap()))
}

fn all(points: u32) -> Vec<f64> {
    (0..points).map(f64::from).collect()
}

#[tokio::test]
async fn points_go_by_name_and_by_address() {
    for (local, host) in [("127.0.0.1", "localhost"), ("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")]
    {
        let socket = UdpSocket::bind((local, 0)).unwrap();
        let port = socket.local_addr().unwrap().port();
        let agent = Agent::udp(socket);
        let output = output(host, port);
        for _ in 0..3 {
            deliver(&output, &shared([numbered(500)])).await.unwrap();
        }
        assert_eq!(values(&agent.stop()), [all(500), all(500), all(500)].concat(), "{host}");
        assert_eq!(output.held(), Held::default());
    }
}

#[tokio::test]
async fn on_this_host_nothing_is_lost_while_nobody_listens() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    drop(socket);
    let output = output("127.0.0.1", address.port());
    for points in [1, 1000] {
        let batch = shared([numbered(points)]);
        for _ in 0..3 {
            let error = deliver(&output, &batch).await.unwrap_err();
            assert_eq!(error.remedy, Remedy::Retry);
            assert!(error.message.ends_with("Connection refused (os error 111)"), "{error}");
        }
        let agent = Agent::udp(UdpSocket::bind(address).unwrap());
        deliver(&output, &batch).await.unwrap();
        assert_eq!(values(&agent.stop()), all(points));
    }
    assert_eq!(output.held(), Held::default());
}

#[tokio::test(start_paused = true)]
async fn a_backlog_is_not_sent_faster_than_it_can_be_read() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    let agent = Agent::udp(socket);
    let output = output("127.0.0.1", port);
    let start = Instant::now();
    deliver(&output, &shared([numbered(20_000)])).await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
    deliver(&output, &shared([numbered(20_001)])).await.unwrap();
    let bytes = 20_001 * "web.value:19999|g|#env:test,number:19999|T1700000000\n".len();
    let rests = start.elapsed().as_millis() as usize;
    assert!((bytes / 80_000..=bytes / 65_536).contains(&rests), "{rests} ms for {bytes} bytes");
    agent.stop();
}

/// `localhost` has an address of IPv6, too, where this Agent does not listen.
#[tokio::test(start_paused = true)]
async fn a_name_is_looked_up_again_and_stands_for_the_same() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let output = output("localhost", socket.local_addr().unwrap().port());
    let agent = Agent::udp(socket);
    for _ in 0..3 {
        deliver(&output, &shared([numbered(10)])).await.unwrap();
        tokio::time::advance(Duration::from_secs(61)).await;
    }
    assert_eq!(values(&agent.stop()), [all(10), all(10), all(10)].concat());
}

#[tokio::test]
async fn a_name_that_stands_for_nothing_is_tried_again() {
    let error =
        deliver(&output("no-such-host.invalid", 8125), &shared([numbered(1)])).await.unwrap_err();
    assert_eq!(error.remedy, Remedy::Retry);
    assert!(
        error.message.starts_with("cannot send to `udp://no-such-host.invalid:8125`: "),
        "{error}"
    );
}

#[tokio::test]
async fn a_packet_that_is_too_large_is_refused_and_counted() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = format!("udp://{}", socket.local_addr().unwrap());
    let mut options = DogStatsdOptions::new(address.parse().unwrap());
    options.packet_size = Some(100_000);
    let output = DogStatsd::new(options);
    deliver(&output, &shared([numbered(10_000)])).await.unwrap();
    let held = output.held();
    assert!(held.refused.series > 1000);
    assert!(held.last_error.unwrap().1.ends_with("; hint: lower `packet_size`"));
}
