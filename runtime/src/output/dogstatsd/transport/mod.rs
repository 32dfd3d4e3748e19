//! The way to the Agent: a connection that is made when it is needed and given up when it fails.

mod datagram;
mod stream;
mod udp;

use std::io::{self, ErrorKind};
use std::time::Duration;

use rustix::io::Errno;
use tokio::net::{UnixDatagram, UnixStream};

use super::address::{Address, UnixSocket};
use super::packet::Packet;
use datagram::Socket;
use udp::Udp;

/// Sends packets to an address.
pub(super) struct Transport {
    address: Address,
    /// How long a datagram waits for room in a queue.
    patience: Duration,
    connection: Option<Connection>,
    /// A datagram found no room: the next ones do not wait for it until one does.
    full: bool,
    /// How often it failed: of the addresses that a name has, another one each time.
    failures: usize,
}

/// What packets are sent through.
pub(super) enum Connection {
    Udp(Udp),
    Datagram(UnixDatagram),
    Stream(UnixStream),
}

/// Why a packet was not sent.
#[derive(Debug)]
pub(super) enum Unsent {
    /// There is nobody to take it, now.
    Unreachable(io::Error),
    /// Nobody took it, nor what was sent before.
    Refused(io::Error),
    /// There was no room for it.
    NoRoom,
    /// No packet of its size goes through.
    TooLarge,
}

impl Transport {
    pub(super) const fn new(address: Address, patience: Duration) -> Self {
        Self { address, patience, connection: None, full: false, failures: 0 }
    }

    /// A packet that was sent may yet turn out not to have been taken.
    pub(super) const fn is_udp(&self) -> bool {
        matches!(self.address, Address::Udp { .. })
    }

    /// Sends a packet. A connection to an Agent that is no longer there is made anew, once.
    ///
    /// The connection is given up while a packet is on its way: if that is not seen to its end, the next one finds a new one.
    pub(super) async fn send(&mut self, packet: &Packet) -> Result<(), Unsent> {
        let was_open = self.connection.is_some();
        match self.send_once(packet).await {
            Err(Unsent::Unreachable(error)) if was_open && error.kind() != ErrorKind::TimedOut => {
                self.send_once(packet).await
            }
            sent => sent,
        }
    }

    async fn send_once(&mut self, packet: &Packet) -> Result<(), Unsent> {
        let open = self.connection.take().filter(Connection::is_fresh);
        let connection = match open {
            Some(connection) => connection,
            None => self.connect().await.map_err(Unsent::Unreachable)?,
        };
        let patience = if self.full { Duration::ZERO } else { self.patience };
        let sent = connection.send(packet, patience).await;
        self.full = matches!(sent, Err(Unsent::NoRoom));
        match sent {
            Err(Unsent::Unreachable(_) | Unsent::Refused(_)) => self.failures += 1,
            Ok(()) | Err(Unsent::NoRoom | Unsent::TooLarge) => self.connection = Some(connection),
        }
        sent
    }

    /// What has become known of packets that were sent: on this host, at once whether there is a socket that takes them.
    pub(super) fn complaint(&mut self) -> Option<io::Error> {
        let Some(Connection::Udp(udp)) = &self.connection else { return None };
        let error = udp.socket.take_error().ok().flatten()?;
        self.connection = None;
        self.failures += 1;
        Some(error)
    }

    pub(super) async fn connect(&self) -> io::Result<Connection> {
        match &self.address {
            Address::Udp { host, port } => {
                Ok(Connection::Udp(Udp::connect(host, *port, self.failures).await?))
            }
            Address::Unix { path, socket: UnixSocket::Stream } => {
                Ok(Connection::Stream(UnixStream::connect(path).await?))
            }
            Address::Unix { path, socket } => {
                let datagram = UnixDatagram::unbound()?;
                match datagram.connect(path) {
                    Ok(()) => Ok(Connection::Datagram(datagram)),
                    Err(error) if *socket == UnixSocket::Either && is(&error, Errno::PROTOTYPE) => {
                        Ok(Connection::Stream(UnixStream::connect(path).await?))
                    }
                    Err(error) => Err(error),
                }
            }
        }
    }
}

impl Connection {
    async fn send(&self, packet: &Packet, patience: Duration) -> Result<(), Unsent> {
        match self {
            Self::Stream(stream) => stream::send(stream, packet.frame()).await,
            Self::Datagram(socket) => {
                datagram::send(Socket::Unix(socket), packet.lines(), patience).await
            }
            Self::Udp(udp) => {
                match datagram::send(Socket::Udp(&udp.socket), packet.lines(), patience).await {
                    Err(Unsent::Unreachable(error))
                        if error.kind() == ErrorKind::ConnectionRefused =>
                    {
                        Err(Unsent::Refused(error))
                    }
                    sent => sent,
                }
            }
        }
    }

    /// It need not be made anew yet.
    fn is_fresh(&self) -> bool {
        match self {
            Self::Udp(udp) => udp.is_fresh(),
            Self::Datagram(_) | Self::Stream(_) => true,
        }
    }
}

/// The system's own error is this one.
pub(super) fn is(error: &io::Error, errno: Errno) -> bool {
    error.raw_os_error() == Some(errno.raw_os_error())
}
