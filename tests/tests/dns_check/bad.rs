//! Servers that are silent, or say what does not fit.

use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::thread;
use std::time::Duration;

use allwell::testing::{Instance, Run, run};
use allwell_server_checks::dns_check::dns_check;
use allwell_tests::free_port;

use crate::{ask, assert_not_resolved, assert_resolved};

/// A server that says to each question what `answers` makes of it.
fn server(answers: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let port = socket.local_addr().expect("an address").port();
    thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((length, client)) = socket.recv_from(&mut buffer) {
            for answer in answers(&buffer[..length]) {
                // Who has heard enough is gone.
                let _ = socket.send_to(&answer, client);
            }
        }
    });
    port
}

/// The answer that the name of the question has an address.
fn good(question: &[u8]) -> Vec<u8> {
    let mut answer = question.to_vec();
    // It is an answer, and has one record, whose name is that of the question.
    answer[2..4].copy_from_slice(&[0x81, 0x80]);
    answer[7] = 1;
    answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
    answer
}

fn changed(packet: &[u8], change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut packet = packet.to_vec();
    change(&mut packet);
    packet
}

async fn look(port: u16, more: &str) -> Run {
    run::<dns_check>(&ask(port, "a.example", more)).await
}

#[tokio::test]
async fn a_good_answer_is_taken() {
    assert_resolved(&look(server(|question| vec![good(question)]), "resolves_as: 192.0.2.1").await);
}

#[tokio::test]
async fn a_silent_server_is_waited_for_as_long_as_the_options_say() {
    let port = server(|_| Vec::new());
    assert_not_resolved(&look(port, "timeout: 0.2").await, "no answer within 200ms");
    let all = "default_timeout: 0.3";
    let mut instance = Instance::with_init_config::<dns_check>(all, &ask(port, "a.example", ""));
    assert_not_resolved(&instance.run().await, "no answer within 300ms");
}

#[tokio::test]
async fn a_server_that_loses_a_packet_is_asked_again() {
    let first = std::sync::atomic::AtomicBool::new(true);
    let port = server(move |question| {
        let is_lost = first.swap(false, std::sync::atomic::Ordering::Relaxed);
        if is_lost { Vec::new() } else { vec![good(question)] }
    });
    let run = look(port, "timeout: 30").await;
    let [seconds] = run.values("dns.response_time")[..] else { panic!("{run}") };
    assert!(seconds >= 2.0, "it has waited before it asked again: {seconds}");
}

#[tokio::test]
async fn nobody_at_the_port_is_told_at_once() {
    let port = free_port();
    let run = look(port, "timeout: 60").await;
    let status = crate::status(&run);
    assert!(
        status.starts_with(&format!("CRITICAL `127.0.0.1:{port}`: it cannot be reached: ")),
        "{status}"
    );
}

#[tokio::test]
async fn what_does_not_fit_the_question_is_passed_over() {
    let noise = |question: &[u8]| {
        let answer = good(question);
        vec![
            changed(&answer, |packet| packet[1] ^= 1),
            question.to_vec(),
            changed(&answer, |packet| packet[13] ^= 1),
            changed(&answer, |packet| packet[5] = 0),
            answer[..20].to_vec(),
            Vec::new(),
            b"garbage".to_vec(),
            vec![0xff; 512],
        ]
    };
    let only_noise = look(server(noise), "timeout: 0.5").await;
    let passed_over = "no answer within 500ms; 8 packets that do not fit were passed over";
    assert_not_resolved(&only_noise, passed_over);
    let port = server(move |question| [noise(question), vec![good(question)]].concat());
    assert_resolved(&look(port, "timeout: 30").await);
}

#[tokio::test]
async fn a_name_that_leads_to_itself_has_an_end() {
    // Within a packet: a name that continues where it begins.
    let endless = |question: &[u8]| {
        let at = u8::try_from(question.len()).expect("it is short");
        vec![changed(&good(question), |packet| packet[usize::from(at) + 1] = at)]
    };
    let passed_over = "no answer within 500ms; 1 packets that do not fit were passed over";
    assert_not_resolved(&look(server(endless), "timeout: 0.5").await, passed_over);
    // And an alias of itself.
    let circle = |question: &[u8]| {
        vec![changed(question, |packet| {
            packet[2..4].copy_from_slice(&[0x81, 0x80]);
            packet[7] = 1;
            packet.extend([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 12]);
        })]
    };
    let without = "`a.example` has no record of the type A";
    assert_not_resolved(&look(server(circle), "").await, without);
}

#[tokio::test]
async fn a_server_that_fails_is_critical() {
    for (code, said) in [
        (2, "it has failed (SERVFAIL)"),
        (5, "it refuses (REFUSED)"),
        (4, "it answers NotImplemented"),
    ] {
        let port = server(move |question| {
            vec![changed(question, |packet| packet[2..4].copy_from_slice(&[0x81, 0x80 | code]))]
        });
        assert_not_resolved(&look(port, "").await, &format!("`127.0.0.1:{port}`: {said}"));
    }
}

#[tokio::test]
async fn a_server_that_fails_need_not_repeat_the_question() {
    for (code, said) in [(1, "it answers FormatError"), (5, "it refuses (REFUSED)")] {
        let port = server(move |question| {
            vec![[&question[..2], &[0x80, code, 0, 0, 0, 0, 0, 0, 0, 0]].concat()]
        });
        let run = look(port, "timeout: 60").await;
        assert_not_resolved(&run, &format!("`127.0.0.1:{port}`: {said}"));
    }
}

/// What says that the answer is to be had by TCP.
fn cut(question: &[u8]) -> Vec<u8> {
    changed(question, |packet| packet[2..4].copy_from_slice(&[0x83, 0x80]))
}

#[tokio::test]
async fn an_answer_that_is_cut_and_not_to_be_had_by_tcp_is_critical() {
    let port = server(|question| vec![cut(question)]);
    let run = look(port, "").await;
    let status = crate::status(&run);
    let reason = "the answer is too long for UDP, and cannot be had by TCP: ";
    assert!(status.starts_with(&format!("CRITICAL `127.0.0.1:{port}`: {reason}")), "{status}");
    // One at which something else answers.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let socket = UdpSocket::bind(("127.0.0.1", port)).expect("the same port");
    thread::spawn(move || {
        let mut buffer = [0; 512];
        let (length, client) = socket.recv_from(&mut buffer).expect("a question");
        socket.send_to(&cut(&buffer[..length]), client).expect("the client waits");
        let (mut stream, _) = listener.accept().expect("the client comes");
        let mut question = [0; 64];
        let _ = stream.read(&mut question).expect("the question again");
        stream.write_all(b"\0\x0cHTTP/1.1 400").expect("the client reads");
        thread::sleep(Duration::from_millis(10));
    });
    let reason = format!("`127.0.0.1:{port}`: its answer by TCP does not fit the question");
    assert_not_resolved(&look(port, "timeout: 10").await, &reason);
}
