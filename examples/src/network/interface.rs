//! Traffic of an interface.

use allwell::prelude::*;
use procfs::net::DeviceStatus;

/// Traffic of an interface.
#[derive(Metrics)]
#[metrics(namespace = "system.net")]
pub struct Interface {
    /// The interface, as `eth0`.
    #[tag]
    device: String,
    /// The same, under the name that other checks tag devices with.
    #[tag]
    device_name: String,
    /// Data received.
    bytes_rcvd: Rate<Per<Byte, Second>>,
    /// Data sent.
    bytes_sent: Rate<Per<Byte, Second>>,
    /// Packets received.
    #[metric(name = "packets_in.count")]
    packets_in: Rate<Per<Packet, Second>>,
    /// Packets that were received and thrown away, for want of room say.
    #[metric(name = "packets_in.drop", orientation = lower_is_better)]
    drops_in: Rate<Per<Packet, Second>>,
    /// Errors of receiving.
    #[metric(name = "packets_in.error", orientation = lower_is_better)]
    errors_in: Rate<Per<Error, Second>>,
    /// Packets sent.
    #[metric(name = "packets_out.count")]
    packets_out: Rate<Per<Packet, Second>>,
    /// Packets that were thrown away instead of being sent.
    #[metric(name = "packets_out.drop", orientation = lower_is_better)]
    drops_out: Rate<Per<Packet, Second>>,
    /// Errors of sending.
    #[metric(name = "packets_out.error", orientation = lower_is_better)]
    errors_out: Rate<Per<Error, Second>>,
}

impl Interface {
    pub(super) fn new(status: DeviceStatus) -> Self {
        Self {
            device: status.name.clone(),
            device_name: status.name,
            bytes_rcvd: status.recv_bytes.into(),
            bytes_sent: status.sent_bytes.into(),
            packets_in: status.recv_packets.into(),
            drops_in: status.recv_drop.into(),
            errors_in: status.recv_errs.into(),
            packets_out: status.sent_packets.into(),
            drops_out: status.sent_drop.into(),
            errors_out: status.sent_errs.into(),
        }
    }
}
