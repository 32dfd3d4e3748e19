//! Traffic of network interfaces, and of TCP and UDP as a whole.

mod connections;
mod interface;
mod protocols;

use allwell::prelude::*;
use procfs::net::DeviceStatus;

pub use connections::Connections;
pub use interface::Interface;
pub use protocols::{Tcp, Udp};

/// Traffic of network interfaces, and of TCP and UDP as a whole.
#[check(enabled_by_default)]
pub fn network(config: &Network, cx: &Context) -> Result<Found> {
    let interfaces = procfs::net::dev_status()?.into_values();
    let interfaces = interfaces.filter(|status| config.covers(status)).map(Interface::new);
    // Not every user may read these totals.
    let totals = procfs::net::snmp().inspect_err(|error| cx.warn(error)).ok();
    let (tcp, udp) = (totals.as_ref().map(Tcp::new), totals.as_ref().map(Udp::new));
    let connections = config.collect_connection_state.then(Connections::read).transpose()?;
    Ok((interfaces.collect(), tcp, udp, connections))
}

type Found = (Vec<Interface>, Option<Tcp>, Option<Udp>, Option<Connections>);

/// What to look at.
#[derive(Config)]
pub struct Network {
    /// Interfaces to leave out.
    #[config(default = [], example = ["lo"])]
    excluded_interfaces: Vec<String>,
    /// Counts TCP connections by their state, which takes its time where there are many.
    #[config(default = false)]
    collect_connection_state: bool,
}

impl Network {
    /// Interfaces that have seen no traffic at all are left out.
    fn covers(&self, status: &DeviceStatus) -> bool {
        status.recv_bytes + status.sent_bytes > 0
            && !self.excluded_interfaces.contains(&status.name)
    }
}
