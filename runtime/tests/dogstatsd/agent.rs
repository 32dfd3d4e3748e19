//! The end of a socket that an Agent has.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use allwell::output::dogstatsd::{Address, DogStatsd, DogStatsdOptions};
use allwell::output::{Delivery, Output, OutputError};
use tempfile::TempDir;
use tokio::net::UnixDatagram;
use tokio::time::timeout;

use crate::parser::{self, Line};

/// An Agent with a socket for datagrams.
pub(crate) struct Agent {
    pub(crate) path: PathBuf,
    pub(crate) socket: UnixDatagram,
    _directory: TempDir,
}

impl Agent {
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dsd.socket");
        let socket = UnixDatagram::bind(&path).unwrap();
        Self { path, socket, _directory: directory }
    }

    pub(crate) fn address(&self) -> Address {
        format!("unix://{}", self.path.display()).parse().unwrap()
    }

    /// The packets that come until none does for a moment.
    pub(crate) async fn packets(&self) -> Vec<Vec<u8>> {
        let mut packets = Vec::new();
        let mut buffer = vec![0; 1 << 17];
        let moment = Duration::from_millis(100);
        while let Ok(length) = timeout(moment, self.socket.recv(&mut buffer)).await {
            packets.push(buffer[..length.unwrap()].to_vec());
        }
        packets
    }
}

/// What an output made with these options sends of deliveries, packet by packet, and what it says of the rest.
pub(crate) async fn sent(
    change: impl FnOnce(&mut DogStatsdOptions),
    deliveries: impl IntoIterator<Item = Delivery>,
) -> (Vec<Vec<u8>>, DogStatsd) {
    let agent = Agent::start();
    let mut options = DogStatsdOptions::new(agent.address());
    change(&mut options);
    let output = DogStatsd::new(options);
    let deliveries: Vec<_> = deliveries.into_iter().map(Arc::new).collect();
    let (result, packets) = tokio::join!(deliver(&output, &deliveries), agent.packets());
    result.unwrap();
    (packets, output)
}

pub(crate) async fn deliver(
    output: &DogStatsd,
    deliveries: &[Arc<Delivery>],
) -> Result<(), OutputError> {
    output.deliver(deliveries).await
}

/// The lines of packets, as the parser reads them.
pub(crate) fn lines(packets: &[Vec<u8>]) -> Vec<Line> {
    let lines = |packet: &Vec<u8>| parser::packet(packet).expect("a packet by the grammar");
    packets.iter().flat_map(lines).collect()
}

/// The lines of packets as they are.
pub(crate) fn texts(packets: &[Vec<u8>]) -> Vec<String> {
    let text = |packet: &Vec<u8>| String::from_utf8(packet.clone()).unwrap();
    packets
        .iter()
        .map(text)
        .flat_map(|text| text.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}
