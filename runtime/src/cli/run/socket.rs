//! The socket on which a daemon tells its status, to its own user alone: the least of HTTP, so that `curl --unix-socket` will do.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream as BlockingStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

/// How many may ask at once.
const AT_ONCE: usize = 8;

/// How long a question and its answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest question.
const LONGEST: usize = 8192;

/// What is told.
pub(super) type Told = Arc<dyn Fn() -> Value + Send + Sync>;

/// A socket; it is removed when the daemon ends.
#[derive(Debug)]
pub(super) struct Socket {
    path: PathBuf,
}

impl Socket {
    /// Listens at a path. A socket that a daemon left behind that is no more is replaced.
    pub(super) fn listen(path: &Path, told: Told) -> io::Result<Self> {
        if BlockingStream::connect(path).is_ok() {
            return Err(io::Error::new(ErrorKind::AddrInUse, "another process listens there"));
        }
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        let user = fs::metadata(path)?.uid();
        tokio::spawn(serve(listener, Teller { told, turns: Arc::new(Semaphore::new(1)), user }));
        Ok(Self { path: path.to_owned() })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // One that is already gone is as good.
        let _ = fs::remove_file(&self.path);
    }
}

/// Tells what is told, to whom it is told.
#[derive(Clone)]
struct Teller {
    told: Told,
    /// One answer is made at a time.
    turns: Arc<Semaphore>,
    /// Whose daemon it is. Until the socket had its mode, others may have come in.
    user: u32,
}

impl Teller {
    fn may_ask(&self, stream: &UnixStream) -> bool {
        stream.peer_cred().is_ok_and(|peer| peer.uid() == self.user || peer.uid() == 0)
    }

    /// The answer is made on a thread of its own: of many instances it takes long, and runs are not to wait for it.
    async fn tell(&self) -> io::Result<String> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(io::Error::other)?;
        let (told, (made, answer)) = (Arc::clone(&self.told), oneshot::channel());
        let make = move || {
            // Who asked may have gone meanwhile.
            let _ = made.send(told().to_string());
            drop(turn);
        };
        thread::Builder::new().name("status".into()).spawn(make)?;
        answer.await.map_err(io::Error::other)
    }
}

async fn serve(listener: UnixListener, teller: Teller) {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        // The semaphore is never closed.
        let permit = Arc::clone(&permits).acquire_owned().await;
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PATIENCE).await;
            continue;
        };
        if !teller.may_ask(&stream) {
            continue;
        }
        let teller = teller.clone();
        tokio::spawn(async move {
            // Who hangs up has heard enough, or too little.
            let _ = timeout(PATIENCE, answer(&stream, &teller)).await;
            drop(permit);
        });
    }
}

async fn answer(stream: &UnixStream, teller: &Teller) -> io::Result<()> {
    let question = read(stream).await?;
    let error = |text: &str| json!({ "error": text }).to_string();
    let (status, body) = match question.split_whitespace().take(2).collect::<Vec<_>>()[..] {
        ["GET", "/status"] => ("200 OK", teller.tell().await?),
        ["GET", _] => ("404 Not Found", error("ask for `/status`")),
        _ => ("405 Method Not Allowed", error("only `GET` is answered")),
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.0 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    write(stream, answer.as_bytes()).await
}

async fn read(stream: &UnixStream) -> io::Result<String> {
    let mut question = Vec::new();
    while !question.windows(4).any(|end| end == b"\r\n\r\n") && question.len() < LONGEST {
        stream.readable().await?;
        let mut buffer = [0; 1024];
        match stream.try_read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => question.extend_from_slice(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(String::from_utf8_lossy(&question).into_owned())
}

async fn write(stream: &UnixStream, mut rest: &[u8]) -> io::Result<()> {
    while !rest.is_empty() {
        stream.writable().await?;
        match stream.try_write(rest) {
            Ok(length) => rest = &rest[length..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
