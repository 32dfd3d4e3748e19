//! A web server that answers every request with what the test says last.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A server of one page.
#[derive(Debug)]
pub struct Exposition {
    port: u16,
    answer: Arc<Mutex<Vec<u8>>>,
}

impl Exposition {
    /// Starts it on a free port; it lives as long as the process.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let answer = Arc::<Mutex<Vec<u8>>>::default();
        let shared = Arc::clone(&answer);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = shared.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // A client that goes away early is its own affair.
                let _ = serve(&stream, &answer);
            }
        });
        Self { port, answer }
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/metrics", self.port)
    }

    /// Answers with this page from now on.
    pub fn serve(&self, content_type: &str, page: &[u8]) {
        let length = page.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        self.raw(&[head.as_bytes(), page].concat());
    }

    /// Answers with these bytes from now on, which need not be HTTP.
    pub fn raw(&self, answer: &[u8]) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer.to_vec();
    }
}

fn serve(stream: &TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    while lines.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut stream = stream;
    stream.write_all(answer)
}

/// A page with every kind of metric in it.
pub const EVERY_KIND: &str = "\
# HELP jobs_waiting How many wait.
# TYPE jobs_waiting gauge
jobs_waiting{queue=\"mail\"} 3
jobs_waiting{queue=\"post \\\"fast\\\"\"} 4.5
# TYPE jobs_total counter
jobs_total{queue=\"mail\"} 1027
# TYPE job_seconds histogram
job_seconds_bucket{le=\"0.1\"} 3
job_seconds_bucket{le=\"1\"} 7
job_seconds_bucket{le=\"+Inf\"} 9
job_seconds_sum 12.5
job_seconds_count 9
# TYPE rpc_seconds summary
rpc_seconds{quantile=\"0.5\"} 0.2
rpc_seconds_sum 17
rpc_seconds_count 40
";
