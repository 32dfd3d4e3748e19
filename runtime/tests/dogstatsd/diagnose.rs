//! What is said of an Agent that cannot be reached.

use std::fs;
use std::net::UdpSocket;

use allwell::output::dogstatsd::{DogStatsd, DogStatsdOptions};
use allwell::output::{Complaint, Diagnosis, Output};

use crate::agent::{Place, reading_stream};

/// What was tried and the outcome, the path left out.
async fn diagnosis(address: &str, place: &Place) -> Vec<(String, Result<String, Complaint>)> {
    let output = DogStatsd::new(DogStatsdOptions::new(address.parse().unwrap()));
    let path = place.path.display().to_string();
    let seen = output.diagnose().await.into_iter();
    seen.map(|Diagnosis { what, outcome }| (what.replace(&path, "/dsd"), outcome)).collect()
}

fn complaint(message: &str, hint: &str) -> Result<String, Complaint> {
    Err(Complaint { message: message.to_owned(), hint: hint.to_owned() })
}

#[tokio::test]
async fn a_socket_that_is_not_there_or_left_or_full_is_told_apart() {
    let place = Place::new();
    let url = format!("unix://{}", place.path.display());
    let the_socket = || "the socket `/dsd`".to_owned();
    assert_eq!(
        diagnosis(&url, &place).await,
        [(
            the_socket(),
            complaint(
                "No such file or directory (os error 2)",
                "see that the Agent runs with `dogstatsd_socket` set to this path, and that its directory is mounted here"
            )
        )]
    );
    fs::write(&place.path, "").unwrap();
    let hint = "name the path of the Agent's `dogstatsd_socket` or `dogstatsd_stream_socket`";
    assert_eq!(diagnosis(&url, &place).await, [(the_socket(), complaint("it is no socket", hint))]);
    let there = || (the_socket(), Ok("it is there".to_owned()));
    let dogstatsd = || "DogStatsD at `unix:///dsd`".to_owned();
    drop(place.bind());
    let hint = "see that the Agent runs: the socket is left from before";
    let refused = complaint("cannot be reached: Connection refused (os error 111)", hint);
    assert_eq!(diagnosis(&url, &place).await, [there(), (dogstatsd(), refused)]);
    let socket = place.bind();
    let room = Ok("connected, and there is room for datagrams".to_owned());
    assert_eq!(diagnosis(&url, &place).await, [there(), (dogstatsd(), room)]);
    let filling = std::os::unix::net::UnixDatagram::unbound().unwrap();
    filling.set_nonblocking(true).unwrap();
    while filling.send_to(b"x", &place.path).is_ok() {}
    let hint = "see whether the Agent still reads, and is not short of processor time";
    let full = complaint("connected, but its queue is full", hint);
    assert_eq!(diagnosis(&url, &place).await, [there(), (dogstatsd(), full)]);
    drop(socket);
}

#[tokio::test]
async fn a_stream_is_told_from_datagrams() {
    let place = Place::new();
    let reader = reading_stream(&place.path);
    let seen = diagnosis(place.path.to_str().unwrap(), &place).await;
    assert_eq!(seen[1].1, Ok("connected, the Agent reads a stream".to_owned()));
    reader.join().unwrap();
    let place = Place::new();
    let _socket = place.bind();
    let seen = diagnosis(&format!("unixstream://{}", place.path.display()), &place).await;
    let hint = "it is a socket of the other sort: write `unix://` and the path";
    let message = "cannot be reached: Protocol wrong type for socket (os error 91)";
    assert_eq!(seen[1].1, complaint(message, hint));
}

#[tokio::test]
async fn udp_says_what_it_knows() {
    let place = Place::new();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let seen = diagnosis(&format!("udp://{address}"), &place).await;
    let known = format!(
        "nothing refuses packets to {address}; UDP does not tell whether anybody takes them"
    );
    assert_eq!(seen, [(format!("DogStatsD at `udp://{address}`"), Ok(known))]);
    drop(socket);
    let seen = diagnosis(&format!("udp://{address}"), &place).await;
    let error = seen[0].1.clone().unwrap_err();
    assert_eq!(
        error.message,
        format!("nobody takes packets to {address}: Connection refused (os error 111)")
    );
    assert!(error.hint.contains("dogstatsd_non_local_traffic"));
}
