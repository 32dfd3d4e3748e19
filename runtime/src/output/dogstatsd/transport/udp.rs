//! UDP: a name is looked up again after a minute, and whenever something is wrong.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{UdpSocket, lookup_host};
use tokio::time::Instant;

/// How long what a name stood for is believed. Nobody would tell that the host has another address now.
const BELIEVED: Duration = Duration::from_mins(1);

/// A socket that sends to one address.
pub(in super::super) struct Udp {
    pub(in super::super) socket: UdpSocket,
    pub(in super::super) peer: SocketAddr,
    /// When a name is to be looked up again.
    until: Option<Instant>,
}

impl Udp {
    /// A socket for a host. Of several addresses, the number says which one; those of IPv4 come first, as the Agent listens there.
    pub(super) async fn connect(host: &str, port: u16, number: usize) -> io::Result<Self> {
        let mut peers: Vec<SocketAddr> = lookup_host((host, port)).await?.collect();
        peers.sort_by_key(SocketAddr::is_ipv6);
        let Some(&peer) = peers.get(number % peers.len().max(1)) else {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                format!("`{host}` has no address"),
            ));
        };
        let any: IpAddr = match peer {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0)).await?;
        socket.connect(peer).await?;
        let is_name = host.parse::<IpAddr>().is_err();
        let until = is_name.then(|| Instant::now() + BELIEVED);
        Ok(Self { socket, peer, until })
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() < until)
    }
}
