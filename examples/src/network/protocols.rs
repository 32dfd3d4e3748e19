//! Traffic of TCP and UDP as a whole.

use allwell::prelude::*;
use procfs::net::Snmp;

/// TCP over IPv4 and IPv6.
#[derive(Metrics)]
#[metrics(namespace = "system.net.tcp")]
pub struct Tcp {
    /// Segments received.
    in_segs: Rate<Per<Segment, Second>>,
    /// Segments received, as a count.
    #[metric(name = "in_segs.count")]
    in_segs_count: MonotonicCount<Segment>,
    /// Segments sent, without those that were sent again.
    out_segs: Rate<Per<Segment, Second>>,
    /// Segments sent, without those that were sent again, as a count.
    #[metric(name = "out_segs.count")]
    out_segs_count: MonotonicCount<Segment>,
    /// Segments sent again because no answer came.
    #[metric(orientation = lower_is_better)]
    retrans_segs: Rate<Per<Segment, Second>>,
    /// Segments sent again because no answer came, as a count.
    #[metric(name = "retrans_segs.count", orientation = lower_is_better)]
    retrans_segs_count: MonotonicCount<Segment>,
    /// Connections opened from here, as a count.
    #[metric(name = "active_opens.count")]
    active_opens: MonotonicCount<Connection>,
    /// Connections opened from elsewhere, as a count.
    #[metric(name = "passive_opens.count")]
    passive_opens: MonotonicCount<Connection>,
    /// Connections that could not be opened, as a count.
    #[metric(name = "attempt_fails.count", orientation = lower_is_better)]
    attempt_fails: MonotonicCount<Connection>,
    /// Open connections that were broken off, as a count.
    #[metric(name = "established_resets.count", orientation = lower_is_better)]
    established_resets: MonotonicCount<Connection>,
    /// Connections that are open.
    current_established: Gauge<Connection>,
}

impl Tcp {
    pub(super) fn new(snmp: &Snmp) -> Self {
        Self {
            in_segs: snmp.tcp_in_segs.into(),
            in_segs_count: snmp.tcp_in_segs.into(),
            out_segs: snmp.tcp_out_segs.into(),
            out_segs_count: snmp.tcp_out_segs.into(),
            retrans_segs: snmp.tcp_retrans_segs.into(),
            retrans_segs_count: snmp.tcp_retrans_segs.into(),
            active_opens: snmp.tcp_active_opens.into(),
            passive_opens: snmp.tcp_passive_opens.into(),
            attempt_fails: snmp.tcp_attempt_fails.into(),
            established_resets: snmp.tcp_estab_resets.into(),
            current_established: snmp.tcp_curr_estab.into(),
        }
    }
}

/// UDP over IPv4.
#[derive(Metrics)]
#[metrics(namespace = "system.net.udp")]
pub struct Udp {
    /// Datagrams delivered to programs.
    in_datagrams: Rate<Per<Datagram, Second>>,
    /// Datagrams delivered to programs, as a count.
    #[metric(name = "in_datagrams.count")]
    in_datagrams_count: MonotonicCount<Datagram>,
    /// Datagrams sent.
    out_datagrams: Rate<Per<Datagram, Second>>,
    /// Datagrams sent, as a count.
    #[metric(name = "out_datagrams.count")]
    out_datagrams_count: MonotonicCount<Datagram>,
    /// Datagrams to ports that nobody listens on.
    #[metric(orientation = lower_is_better)]
    no_ports: Rate<Per<Datagram, Second>>,
    /// Datagrams that could not be delivered for another reason than their port.
    #[metric(orientation = lower_is_better)]
    in_errors: Rate<Per<Datagram, Second>>,
    /// Datagrams lost because the receiver's buffer was full.
    #[metric(orientation = lower_is_better)]
    rcv_buf_errors: Rate<Per<Error, Second>>,
    /// Datagrams lost because the sender's buffer was full.
    #[metric(orientation = lower_is_better)]
    snd_buf_errors: Rate<Per<Error, Second>>,
    /// Datagrams with a wrong checksum, as a count.
    #[metric(name = "in_csum_errors.count", orientation = lower_is_better)]
    in_csum_errors: MonotonicCount<Datagram>,
}

impl Udp {
    pub(super) fn new(snmp: &Snmp) -> Self {
        Self {
            in_datagrams: snmp.udp_in_datagrams.into(),
            in_datagrams_count: snmp.udp_in_datagrams.into(),
            out_datagrams: snmp.udp_out_datagrams.into(),
            out_datagrams_count: snmp.udp_out_datagrams.into(),
            no_ports: snmp.udp_no_ports.into(),
            in_errors: snmp.udp_in_errors.into(),
            rcv_buf_errors: snmp.udp_rcvbuf_errors.into(),
            snd_buf_errors: snmp.udp_sndbuf_errors.into(),
            in_csum_errors: snmp.udp_in_csum_errors.into(),
        }
    }
}
