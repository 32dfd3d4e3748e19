//! A receiver of Datadog's series that remembers what it has accepted, and is as well or ill as it is told to be. It takes metrics by OTLP, too,
//! and does not look into them.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// How series are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// They are accepted.
    Accepted,
    /// They are accepted, and the answer comes so much later.
    AcceptedLate(Duration),
    /// They are accepted, and the connection is closed before the answer.
    AcceptedSilently,
    /// They are not accepted: the receiver has an outage.
    Unavailable,
}

/// Points by their metric, their tags in order, and their value: how many times each was accepted.
type Points = HashMap<(String, String, u64), u64>;

/// A receiver on a port of this machine, for as long as the process lives.
#[derive(Debug)]
pub struct Sink {
    port: u16,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug)]
struct Shared {
    answers: Answers,
    accepted: Points,
}

impl Sink {
    /// Starts a receiver.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let shared = Shared { answers: Answers::Accepted, accepted: Points::default() };
        let shared = Arc::new(Mutex::new(shared));
        let of_clients = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&of_clients);
                // A client that is killed goes in the middle of anything.
                thread::spawn(move || while serve(&client, &shared).is_some() {});
            }
        });
        Self { port, shared }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Answers so from now on.
    pub fn answer(&self, answers: Answers) {
        lock(&self.shared).answers = answers;
    }

    /// What it has accepted so far.
    pub fn accepted(&self) -> Points {
        lock(&self.shared).accepted.clone()
    }
}

/// Answers a request; nothing if there is no other.
fn serve(client: &TcpStream, shared: &Mutex<Shared>) -> Option<()> {
    let (path, body) = request(client)?;
    let answers = match path.as_str() {
        "/api/v1/series" => accept(&body, shared),
        "/v1/metrics" => lock(shared).answers,
        _ => Answers::Accepted,
    };
    if let Answers::AcceptedLate(time) = answers {
        thread::sleep(time);
    }
    let status = match answers {
        Answers::AcceptedSilently => {
            // The client may have gone first.
            let _ = client.shutdown(Shutdown::Both);
            return None;
        }
        Answers::Unavailable => "503 Service Unavailable",
        _ => "200 OK",
    };
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
    let mut client = client;
    client.write_all(answer.as_bytes()).ok()
}

fn accept(body: &[u8], shared: &Mutex<Shared>) -> Answers {
    let mut shared = lock(shared);
    if shared.answers == Answers::Unavailable {
        return shared.answers;
    }
    let body: Value = serde_json::from_slice(body).expect("JSON, without compression");
    for series in body["series"].as_array().expect("series") {
        for point in series["points"].as_array().expect("points") {
            let tags = series["tags"].as_array().into_iter().flatten();
            let mut tags: Vec<_> = tags.filter_map(Value::as_str).collect();
            tags.sort_unstable();
            let metric = series["metric"].as_str().expect("a name").to_owned();
            let value = point[1].as_f64().expect("a number").to_bits();
            *shared.accepted.entry((metric, tags.join(","), value)).or_default() += 1;
        }
    }
    shared.answers
}

/// The path and body of a request.
fn request(client: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(client);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut size = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            size = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; size];
    reader.read_exact(&mut body).ok()?;
    Some((path, body))
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
