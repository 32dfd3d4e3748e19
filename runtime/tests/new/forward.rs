//! A server that hands on what another one says, and remembers it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What is said.
#[derive(Clone)]
pub(crate) enum Source {
    /// Always the same: status and body.
    Fixed(&'static str, String),
    /// Always the same in `OpenMetrics`.
    OpenMetrics(String),
    /// What the server at this address says at `/metrics`.
    Live(SocketAddr),
}

/// A server on loopback.
pub(crate) struct Server {
    pub(crate) url: String,
    said: Arc<Mutex<String>>,
    asked: Arc<Mutex<String>>,
}

impl Server {
    pub(crate) fn new(source: Source) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let said = Arc::new(Mutex::new(String::new()));
        let asked = Arc::new(Mutex::new(String::new()));
        let (remembered, heard) = (Arc::clone(&said), Arc::clone(&asked));
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                let mut lines = BufReader::new(client.try_clone().expect("a second handle"));
                let mut head = String::new();
                while lines.read_line(&mut head).is_ok_and(|length| length > 2) {}
                *heard.lock().expect("nobody panicked") = head;
                let (status, body) = source.say();
                remembered.lock().expect("nobody panicked").clone_from(&body);
                let length = body.len();
                let kind = match source {
                    Source::OpenMetrics(_) => "application/openmetrics-text; version=1.0.0",
                    _ => "text/plain; version=0.0.4",
                };
                // The client may have gone away.
                let _ = write!(
                    client,
                    "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
            }
        });
        Self { url: format!("http://{address}/metrics"), said, asked }
    }

    /// What it was asked last: the line of the request and its headers.
    pub(crate) fn asked(&self) -> String {
        self.asked.lock().expect("nobody panicked").clone()
    }

    /// What was said last.
    pub(crate) fn said(&self) -> String {
        self.said.lock().expect("nobody panicked").clone()
    }
}

impl Source {
    fn say(&self) -> (&'static str, String) {
        match self {
            Self::Fixed(status, body) => (status, body.clone()),
            Self::OpenMetrics(body) => ("200 OK", body.clone()),
            Self::Live(address) => {
                let mut server = TcpStream::connect(address).expect("the server listens");
                write!(server, "GET /metrics HTTP/1.0\r\n\r\n").expect("it is asked");
                let mut answer = String::new();
                server.read_to_string(&mut answer).expect("it answers");
                let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
                ("200 OK", body.to_owned())
            }
        }
    }
}
