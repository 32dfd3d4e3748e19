//! A relay between a check and a server: it keeps what the server answers, and gives the same answers once more.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A relay to one server.
#[derive(Debug)]
pub struct Relay {
    port: u16,
    answers: Arc<Mutex<Answers>>,
}

/// What the server has answered.
#[derive(Debug, Default)]
struct Answers {
    kept: Vec<Vec<u8>>,
    /// The place of the next one that is given once more; nothing while the server itself answers.
    again: Option<usize>,
}

impl Relay {
    /// Starts a relay to a port of this machine; it lives as long as the process.
    ///
    /// # Panics
    /// No port is free.
    pub fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let answers = Arc::<Mutex<Answers>>::default();
        let shared = Arc::clone(&answers);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away early is its own affair.
                let _ = relay(&stream, server, &shared);
            }
        });
        Self { port, answers }
    }

    /// The address of the server's metrics.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/metrics", self.port)
    }

    /// Gives from now on, in their order, the answers that the server has given so far.
    pub fn again(&self) {
        self.lock().again = Some(0);
    }

    /// The answers that the server has given, as they went over the wire.
    pub fn answers(&self) -> Vec<Vec<u8>> {
        self.lock().kept.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn relay(client: &TcpStream, server: u16, answers: &Mutex<Answers>) -> std::io::Result<()> {
    let head = head(client, server)?;
    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
    let answer = if let Some(next) = &mut answers.again {
        let place = *next;
        *next += 1;
        answers.kept.get(place).cloned().unwrap_or_default()
    } else {
        let answer = ask(&head, server)?;
        answers.kept.push(answer.clone());
        answer
    };
    let mut client = client;
    client.write_all(&answer)
}

/// The head of a request, as it goes on to the server, which is to end the connection with its answer.
fn head(client: &TcpStream, server: u16) -> std::io::Result<String> {
    let mut lines = BufReader::new(client);
    let mut head = String::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "\r\n" | "" => break,
            "host" => {
                head.push_str("Host: 127.0.0.1:");
                head.push_str(&server.to_string());
                head.push_str("\r\n");
            }
            "connection" => {}
            _ => head.push_str(&line),
        }
    }
    head.push_str("Connection: close\r\n\r\n");
    Ok(head)
}

fn ask(head: &str, server: u16) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", server))?;
    stream.write_all(head.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}
