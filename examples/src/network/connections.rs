//! TCP connections by their state.

use allwell::prelude::*;
use procfs::net::{TcpNetEntry, TcpState};

/// TCP connections by their state.
#[derive(Metrics)]
#[metrics(namespace = "system.net")]
pub struct Connections {
    /// Connections over IPv4 that are being opened.
    #[metric(name = "tcp4.opening")]
    opening4: Gauge<Connection>,
    /// Connections over IPv4 that are open.
    #[metric(name = "tcp4.established")]
    established4: Gauge<Connection>,
    /// Connections over IPv4 that are being closed.
    #[metric(name = "tcp4.closing")]
    closing4: Gauge<Connection>,
    /// Connections over IPv4 that are closed, and whose last packets may still be under way.
    #[metric(name = "tcp4.time_wait")]
    time_wait4: Gauge<Connection>,
    /// Sockets that wait for connections over IPv4.
    #[metric(name = "tcp4.listening")]
    listening4: Gauge<Connection>,
    /// Connections over IPv6 that are being opened.
    #[metric(name = "tcp6.opening")]
    opening6: Gauge<Connection>,
    /// Connections over IPv6 that are open.
    #[metric(name = "tcp6.established")]
    established6: Gauge<Connection>,
    /// Connections over IPv6 that are being closed.
    #[metric(name = "tcp6.closing")]
    closing6: Gauge<Connection>,
    /// Connections over IPv6 that are closed, and whose last packets may still be under way.
    #[metric(name = "tcp6.time_wait")]
    time_wait6: Gauge<Connection>,
    /// Sockets that wait for connections over IPv6.
    #[metric(name = "tcp6.listening")]
    listening6: Gauge<Connection>,
}

impl Connections {
    /// Reads all connections of the host.
    pub(super) fn read() -> Result<Self> {
        let over_ipv4 = States::of(&procfs::net::tcp()?);
        // A host without IPv6 has no such table.
        let over_ipv6 = States::of(&procfs::net::tcp6().unwrap_or_default());
        Ok(Self {
            opening4: over_ipv4.opening.into(),
            established4: over_ipv4.established.into(),
            closing4: over_ipv4.closing.into(),
            time_wait4: over_ipv4.time_wait.into(),
            listening4: over_ipv4.listening.into(),
            opening6: over_ipv6.opening.into(),
            established6: over_ipv6.established.into(),
            closing6: over_ipv6.closing.into(),
            time_wait6: over_ipv6.time_wait.into(),
            listening6: over_ipv6.listening.into(),
        })
    }
}

/// How many connections are in each state.
#[derive(Default)]
struct States {
    opening: u32,
    established: u32,
    closing: u32,
    time_wait: u32,
    listening: u32,
}

impl States {
    fn of(connections: &[TcpNetEntry]) -> Self {
        let mut states = Self::default();
        for connection in connections {
            let count = match connection.state {
                TcpState::SynSent | TcpState::SynRecv | TcpState::NewSynRecv => &mut states.opening,
                TcpState::Established => &mut states.established,
                TcpState::TimeWait => &mut states.time_wait,
                TcpState::Listen => &mut states.listening,
                TcpState::FinWait1
                | TcpState::FinWait2
                | TcpState::Close
                | TcpState::CloseWait
                | TcpState::LastAck
                | TcpState::Closing => &mut states.closing,
            };
            *count += 1;
        }
        states
    }
}
