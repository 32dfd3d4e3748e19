//! An HTTP server that misbehaves as it is told, and remembers what it has accepted.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// What is done with a request.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// It is accepted.
    Accept,
    /// It is answered so.
    Answer(&'static str),
    /// It is never answered.
    BlackHole,
    /// It is answered a byte at a time.
    Drip,
    /// The connection ends in the middle of the status line.
    CutStatus,
    /// It is accepted; the connection ends in the middle of the answer's body.
    CutBody,
    /// It is accepted, and nobody learns of it.
    LoseAnswer,
    /// It is accepted, and the connection is closed without a word of that.
    AcceptAndClose,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    pub(crate) at: Instant,
}

#[derive(Default)]
struct Seen {
    script: VecDeque<Way>,
    then: Option<Way>,
    requests: Vec<Request>,
    accepted: Vec<u64>,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(script: impl IntoIterator<Item = Way>) -> Self {
        Self::listen("127.0.0.1:0".parse().unwrap(), script).await
    }

    pub(crate) async fn listen(address: SocketAddr, script: impl IntoIterator<Item = Way>) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let seen = Seen { script: script.into_iter().collect(), ..Seen::default() };
        let seen = Arc::new(Mutex::new(seen));
        let (address, shared) = (listener.local_addr().unwrap(), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, seen, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What is done when the script has ended.
    pub(crate) fn then(&self, way: Way) {
        self.seen.lock().unwrap().then = Some(way);
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().requests.clone()
    }

    /// The numbers that were accepted, in this order.
    pub(crate) fn accepted(&self) -> Vec<u64> {
        self.seen.lock().unwrap().accepted.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Seen>>) {
    while let Some(request) = read(&mut stream).await {
        let number = crate::support::number(&request.body);
        let way = {
            let mut seen = seen.lock().unwrap();
            seen.requests.push(request);
            let way = seen.script.pop_front().or_else(|| seen.then.clone());
            way.unwrap_or(Way::Accept)
        };
        let accepted =
            matches!(way, Way::Accept | Way::CutBody | Way::LoseAnswer | Way::AcceptAndClose);
        if accepted {
            seen.lock().unwrap().accepted.push(number);
        }
        let good = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}";
        let (answer, goes_on) = match way {
            Way::Accept => (good.to_owned(), true),
            Way::AcceptAndClose => (good.to_owned(), false),
            Way::Answer(answer) => (answer.replace('\n', "\r\n"), true),
            Way::CutStatus => ("HTTP/1.1 20".to_owned(), false),
            Way::CutBody => (good.replace("2\r\n\r\n", "200\r\n\r\n"), false),
            Way::LoseAnswer => (String::new(), false),
            Way::BlackHole => std::future::pending().await,
            Way::Drip => return drip(stream).await,
        };
        if stream.write_all(answer.as_bytes()).await.is_err() || !goes_on {
            return;
        }
    }
}

async fn drip(mut stream: TcpStream) {
    for byte in "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nX-Slow: yes\r\n\r\n".bytes() {
        if stream.write_all(&[byte]).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let (mut bytes, mut chunk) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            let body = bytes.split_off(end + 4);
            if body.len() >= length? {
                return Some(Request { head, body, at: Instant::now() });
            }
            bytes.extend_from_slice(&body);
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}
