//! A stream of packets, each after its length: who does not read keeps the sender waiting.

use std::io;
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::time::timeout;

use super::Unsent;

/// An Agent that reads nothing for so long is left.
const STALLED: Duration = Duration::from_secs(30);

/// Writes a packet with its length. After an error the stream is of no use: a part of the packet may be on it.
pub(super) async fn send(stream: &UnixStream, frame: &[u8]) -> Result<(), Unsent> {
    let mut left = frame;
    while !left.is_empty() {
        match stream.try_write(left) {
            Ok(written) => left = &left[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => room(stream).await?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Unsent::Unreachable(error)),
        }
    }
    Ok(())
}

async fn room(stream: &UnixStream) -> Result<(), Unsent> {
    let stalled = || io::Error::new(io::ErrorKind::TimedOut, "it has stopped reading");
    let ready = timeout(STALLED, stream.writable()).await.unwrap_or_else(|_| Err(stalled()));
    ready.map_err(Unsent::Unreachable)
}
