//! Sockets for datagrams: full, gone, and there again.

use std::time::{Duration, Instant};

use allwell::output::dogstatsd::{DogStatsd, DogStatsdOptions};
use allwell::output::{Amount, Held, Output, Remedy};

use crate::agent::{Agent, Place, deliver, lines, shared};
use crate::parser::{Line, Metric};
use crate::samples::numbered;

/// The values in packets.
pub(crate) fn values(packets: &[Vec<u8>]) -> Vec<f64> {
    let values = |line| match line {
        Line::Metric(Metric { values, .. }) => values,
        line => panic!("{line:?}"),
    };
    lines(packets).into_iter().flat_map(values).collect()
}

fn all(points: u32) -> Vec<f64> {
    (0..points).map(f64::from).collect()
}

/// The packets that wait in a socket that nobody has read.
pub(crate) fn waiting(socket: &std::os::unix::net::UnixDatagram) -> Vec<Vec<u8>> {
    socket.set_nonblocking(true).unwrap();
    let (mut packets, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
    while let Ok(length) = socket.recv(&mut buffer) {
        packets.push(buffer[..length].to_vec());
    }
    packets
}

#[tokio::test]
async fn who_does_not_read_loses_what_has_no_room_and_it_is_counted() {
    let place = Place::new();
    let socket = place.bind();
    let (output, batch) = (place.output(), shared([numbered(20_000)]));
    let start = Instant::now();
    deliver(&output, &batch).await.unwrap();
    // The first packet without room waits for a second; the hundred others do not wait any more.
    assert!(start.elapsed() < Duration::from_secs(5));
    let got = values(&waiting(&socket));
    let dropped = output.held().dropped;
    assert!(!got.is_empty() && dropped.series > 0);
    assert_eq!(got.len() as u64 + dropped.series, 20_000);
    let told = output.held().last_error.unwrap().1;
    assert_eq!(
        told,
        format!("the queue of `{}` is full: the Agent reads too slowly", place.address())
    );
}

#[tokio::test]
async fn who_reads_slowly_loses_nothing() {
    let place = Place::new();
    let socket = place.bind();
    let reader = std::thread::spawn(move || {
        let (mut packets, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
        socket.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        while let Ok(length) = socket.recv(&mut buffer) {
            packets.push(buffer[..length].to_vec());
            std::thread::sleep(Duration::from_millis(5));
        }
        packets
    });
    let mut options = DogStatsdOptions::new(place.address());
    options.patience = Duration::from_secs(10);
    let output = DogStatsd::new(options);
    deliver(&output, &shared([numbered(10_000)])).await.unwrap();
    assert!(values(&reader.join().unwrap()) == all(10_000));
    assert_eq!(output.held(), Held::default());
}

#[tokio::test]
async fn without_a_socket_it_is_tried_again() {
    let place = Place::new();
    let output = place.output();
    let batch = shared([numbered(1000)]);
    let error = deliver(&output, &batch).await.unwrap_err();
    assert_eq!(error.remedy, Remedy::Retry);
    let expected =
        format!("cannot send to `{}`: No such file or directory (os error 2)", place.address());
    assert_eq!(error.message, expected);
    let left_behind = place.bind();
    drop(left_behind);
    let error = deliver(&output, &batch).await.unwrap_err();
    assert!(error.message.ends_with("Connection refused (os error 111)"), "{error}");
    let agent = Agent::unix(&place);
    deliver(&output, &batch).await.unwrap();
    assert!(values(&agent.stop()) == all(1000));
    assert_eq!(output.held(), Held::default());
}

#[tokio::test]
async fn an_agent_that_was_restarted_in_between_is_found_at_once() {
    let place = Place::new();
    let output = place.output();
    for _ in 0..3 {
        let agent = Agent::unix(&place);
        deliver(&output, &shared([numbered(1000)])).await.unwrap();
        assert!(values(&agent.stop()) == all(1000));
    }
}

#[tokio::test]
async fn what_was_sent_before_the_agent_went_is_not_sent_again() {
    let place = Place::new();
    let mut options = DogStatsdOptions::new(place.address());
    options.patience = Duration::from_secs(10);
    let output = DogStatsd::new(options);
    let batch = shared([numbered(5000), numbered(5000)]);
    let socket = place.bind();
    // It reads some packets, and is gone; what waits in its queue is gone, too.
    let reader = std::thread::spawn(move || {
        let (mut packets, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
        for _ in 0..20 {
            let length = socket.recv(&mut buffer).unwrap();
            packets.push(buffer[..length].to_vec());
        }
        packets
    });
    let error = deliver(&output, &batch).await.unwrap_err();
    assert_eq!(error.remedy, Remedy::Retry);
    let mut got = values(&reader.join().unwrap());
    let before = got.len();
    let agent = Agent::unix(&place);
    deliver(&output, &batch).await.unwrap();
    let after = values(&agent.stop());
    let sent: Vec<f64> = [all(5000), all(5000)].concat();
    assert!(got == sent[..before]);
    assert!(after == sent[10_000 - after.len()..], "the rest, from a packet's beginning on");
    got.extend(&after);
    assert!(got.len() <= 10_000 && !after.is_empty());
    assert_eq!(output.held().dropped, Amount::default());
}
