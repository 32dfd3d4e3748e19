//! Datagrams: each is taken whole or not at all, and a queue that is full is waited for a moment only.

use std::io;
use std::time::Duration;

use rustix::io::Errno;
use tokio::net::{UdpSocket, UnixDatagram};
use tokio::time::{sleep, timeout};

use super::{Unsent, is};

/// Nothing tells when the kernel has memory again, so it is tried from time to time.
const PAUSE: Duration = Duration::from_millis(1);

/// A socket that is connected.
pub(super) enum Socket<'s> {
    Udp(&'s UdpSocket),
    Unix(&'s UnixDatagram),
}

impl Socket<'_> {
    async fn send(&self, datagram: &[u8]) -> io::Result<usize> {
        match self {
            Self::Udp(socket) => socket.send(datagram).await,
            Self::Unix(socket) => socket.send(datagram).await,
        }
    }
}

/// Sends a datagram; it waits for room only so long.
pub(super) async fn send(
    socket: Socket<'_>,
    datagram: &[u8],
    patience: Duration,
) -> Result<(), Unsent> {
    if let Ok(sent) = timeout(patience, wait_and_send(socket, datagram)).await {
        return sent;
    }
    // Whoever makes room may need this thread.
    tokio::task::yield_now().await;
    Err(Unsent::NoRoom)
}

async fn wait_and_send(socket: Socket<'_>, datagram: &[u8]) -> Result<(), Unsent> {
    loop {
        match socket.send(datagram).await {
            Ok(_) => return Ok(()),
            Err(error) if is(&error, Errno::NOBUFS) || is(&error, Errno::NOMEM) => {
                sleep(PAUSE).await;
            }
            Err(error) if is(&error, Errno::MSGSIZE) => return Err(Unsent::TooLarge),
            Err(error) => return Err(Unsent::Unreachable(error)),
        }
    }
}
