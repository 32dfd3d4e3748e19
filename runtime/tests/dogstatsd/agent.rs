//! The end of a socket that an Agent has.

use std::io::{self, Read};
use std::net::UdpSocket;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use allwell::output::dogstatsd::{Address, DogStatsd, DogStatsdOptions};
use allwell::output::{Delivery, Output, OutputError};
use tempfile::TempDir;

use crate::parser::{self, Line};

/// A directory for a socket.
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    _directory: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self { path: directory.path().join("dsd.socket"), _directory: directory }
    }

    pub(crate) fn address(&self) -> Address {
        self.path.to_str().unwrap().parse().unwrap()
    }

    pub(crate) fn output(&self) -> DogStatsd {
        DogStatsd::new(DogStatsdOptions::new(self.address()))
    }

    /// A socket that nobody reads yet, in the place of one that was there.
    pub(crate) fn bind(&self) -> UnixDatagram {
        let _ = std::fs::remove_file(&self.path);
        UnixDatagram::bind(&self.path).unwrap()
    }
}

/// An Agent that reads datagrams until it is stopped.
pub(crate) struct Agent {
    reader: JoinHandle<Vec<Vec<u8>>>,
    stop: Box<dyn FnOnce()>,
}

impl Agent {
    pub(crate) fn unix(place: &Place) -> Self {
        let (socket, path) = (place.bind(), place.path.clone());
        let stop = move || {
            UnixDatagram::unbound().unwrap().send_to(&[], path).unwrap();
        };
        Self::reading(move |buffer| socket.recv(buffer), stop)
    }

    pub(crate) fn udp(socket: UdpSocket) -> Self {
        let address = socket.local_addr().unwrap();
        let stop = move || {
            let own = UdpSocket::bind((address.ip(), 0)).unwrap();
            own.send_to(&[], address).unwrap();
        };
        Self::reading(move |buffer| socket.recv(buffer), stop)
    }

    fn reading(
        mut receive: impl FnMut(&mut [u8]) -> io::Result<usize> + Send + 'static,
        stop: impl FnOnce() + 'static,
    ) -> Self {
        let reader = thread::spawn(move || {
            let (mut packets, mut buffer) = (Vec::new(), vec![0; 1 << 17]);
            loop {
                match receive(&mut buffer).unwrap() {
                    0 => return packets,
                    length => packets.push(buffer[..length].to_vec()),
                }
            }
        });
        Self { reader, stop: Box::new(stop) }
    }

    /// What it has got, packet by packet.
    pub(crate) fn stop(self) -> Vec<Vec<u8>> {
        (self.stop)();
        self.reader.join().unwrap()
    }
}

/// An Agent that reads one connection of a stream to its end; then tells which frames it read whole, and the bytes behind them.
pub(crate) fn reading_stream(path: &Path) -> JoinHandle<(Vec<Vec<u8>>, Vec<u8>)> {
    let listener = UnixListener::bind(path).unwrap();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        listener.accept().unwrap().0.read_to_end(&mut bytes).unwrap();
        frames(&bytes)
    })
}

/// The frames that bytes begin with, and the rest.
pub(crate) fn frames(mut bytes: &[u8]) -> (Vec<Vec<u8>>, Vec<u8>) {
    let mut frames = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>()
        && let Some((frame, rest)) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)
    {
        frames.push(frame.to_vec());
        bytes = rest;
    }
    (frames, bytes.to_vec())
}

/// Deliveries as the hub hands them on.
pub(crate) fn shared(deliveries: impl IntoIterator<Item = Delivery>) -> Vec<Arc<Delivery>> {
    deliveries.into_iter().map(Arc::new).collect()
}

pub(crate) async fn deliver(
    output: &DogStatsd,
    deliveries: &[Arc<Delivery>],
) -> Result<(), OutputError> {
    output.deliver(deliveries).await
}

/// What an output with these options sends of deliveries, packet by packet, and the output, which tells of the rest.
pub(crate) async fn sent(
    change: impl FnOnce(&mut DogStatsdOptions),
    deliveries: impl IntoIterator<Item = Delivery>,
) -> (Vec<Vec<u8>>, DogStatsd) {
    let place = Place::new();
    let agent = Agent::unix(&place);
    let mut options = DogStatsdOptions::new(place.address());
    change(&mut options);
    let output = DogStatsd::new(options);
    deliver(&output, &shared(deliveries)).await.unwrap();
    (agent.stop(), output)
}

/// The lines of packets, as the parser reads them.
pub(crate) fn lines(packets: &[Vec<u8>]) -> Vec<Line> {
    let lines = |packet: &Vec<u8>| parser::packet(packet).expect("a packet by the grammar");
    packets.iter().flat_map(lines).collect()
}

/// The lines of packets as they are, of which the parser accepts each.
pub(crate) fn texts(packets: &[Vec<u8>]) -> Vec<String> {
    lines(packets);
    let text = |packet: &Vec<u8>| String::from_utf8(packet.clone()).unwrap();
    let texts: Vec<String> = packets.iter().map(text).collect();
    texts.iter().flat_map(|text| text.split('\n')).map(str::to_owned).collect()
}
