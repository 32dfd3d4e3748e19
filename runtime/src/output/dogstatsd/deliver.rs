//! Sends deliveries packet by packet, and remembers how far it came: nothing that was sent is sent again.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::sleep;

use super::super::OutputError;
use super::super::delivery::Delivery;
use super::super::held::Held;
use super::DogStatsdOptions;
use super::address::Address;
use super::encode::Encoder;
use super::packet::{Packer, Packet};
use super::transport::{Transport, Unsent};

/// So many points and other things at once have waited: the hub hands on ten thousand at once.
const BACKLOG: usize = 20_000;

/// After so many bytes there is a rest: a socket holds them even if nobody reads it.
const BURST: usize = 1 << 16;

/// Long enough for whoever reads to get to it.
const REST: Duration = Duration::from_millis(1);

/// What is being sent, and how.
pub(super) struct Work {
    address: Address,
    transport: Transport,
    packer: Packer,
    /// The packets that are to be sent next; all else of the deliveries is still to be written.
    unsent: VecDeque<Packet>,
    /// The packet that was sent last, where it may yet turn out that nobody took it.
    last: Option<Packet>,
    /// A packet to be filled again.
    spare: Packet,
    /// The deliveries that were not sent to their end, told by the first of them.
    interrupted: Option<(Arc<Delivery>, usize)>,
    /// How many bytes have gone out at once.
    burst: usize,
    counts: Arc<Mutex<Held>>,
}

impl Work {
    pub(super) fn new(options: DogStatsdOptions, counts: Arc<Mutex<Held>>) -> Self {
        let DogStatsdOptions { address, packet_size, timestamps, name_host, patience, origin } =
            options;
        let limit = packet_size.unwrap_or_else(|| address.packet_size());
        Self {
            transport: Transport::new(address.clone(), patience),
            address,
            packer: Packer::new(Encoder::new(timestamps, name_host, &origin), limit),
            unsent: VecDeque::new(),
            last: None,
            spare: Packet::default(),
            interrupted: None,
            burst: 0,
            counts,
        }
    }

    /// Sends deliveries, or what is left of them if they were begun before.
    pub(super) async fn deliver(
        &mut self,
        deliveries: &[Arc<Delivery>],
    ) -> Result<(), OutputError> {
        if !self.were_begun(deliveries) {
            self.unsent.clear();
            self.packer.begin(deliveries);
            self.interrupted =
                deliveries.first().map(|first| (Arc::clone(first), deliveries.len()));
        }
        while self.make_packet(deliveries) {
            self.send_first().await?;
            self.rest().await;
        }
        if let Some(error) = self.transport.complaint() {
            self.take_back();
            return Err(self.unreachable(&error));
        }
        self.interrupted = None;
        Ok(())
    }

    fn were_begun(&self, deliveries: &[Arc<Delivery>]) -> bool {
        let Some((first, length)) = &self.interrupted else { return false };
        let same = |one: &Arc<Delivery>| Arc::ptr_eq(one, first);
        deliveries.len() == *length && deliveries.first().is_some_and(same)
    }

    /// Makes the next packet if none waits. Tells whether there is one.
    fn make_packet(&mut self, deliveries: &[Arc<Delivery>]) -> bool {
        if self.unsent.is_empty() {
            let mut packet = std::mem::take(&mut self.spare);
            self.packer.fill(deliveries, &mut packet);
            self.count_refused();
            if packet.is_empty() {
                self.spare = packet;
            } else {
                self.unsent.push_back(packet);
            }
        }
        !self.unsent.is_empty()
    }

    async fn send_first(&mut self) -> Result<(), OutputError> {
        let Some(packet) = self.unsent.front() else { return Ok(()) };
        match self.transport.send(packet).await {
            Ok(()) => self.has_sent_first(),
            Err(Unsent::NoRoom) => self.drop_first(),
            Err(Unsent::TooLarge) => self.refuse_first(),
            Err(Unsent::Unreachable(error)) => return Err(self.unreachable(&error)),
            Err(Unsent::Refused(error)) => {
                self.take_back();
                return Err(self.unreachable(&error));
            }
        }
        Ok(())
    }

    /// UDP does not tell that the Agent's buffer is full. Whoever reads is let in from time to time, and what has waited is
    /// not sent faster than it can be read.
    async fn rest(&mut self) {
        if self.burst < BURST || !self.transport.is_udp() {
            return;
        }
        self.burst = 0;
        if self.packer.items() > BACKLOG {
            sleep(REST).await;
        } else {
            // On a busy machine, this decides whether a third of a burst is lost or nothing.
            std::thread::yield_now();
        }
    }

    fn has_sent_first(&mut self) {
        let Some(packet) = self.unsent.pop_front() else { return };
        self.burst += packet.lines().len();
        if self.transport.is_udp() {
            self.spare = self.last.replace(packet).unwrap_or_default();
        } else {
            self.spare = packet;
        }
    }

    /// A datagram that was refused is told of by the next one at the earliest: the last one that was sent is to be sent again.
    fn take_back(&mut self) {
        if let Some(last) = self.last.take() {
            self.unsent.push_front(last);
        }
    }

    fn drop_first(&mut self) {
        let Some(packet) = self.unsent.pop_front() else { return };
        let mut counts = self.counts();
        counts.dropped += packet.amount;
        note(
            &mut counts,
            format_args!("the queue of `{}` is full: the Agent reads too slowly", self.address),
        );
        drop(counts);
        self.spare = packet;
    }

    fn refuse_first(&mut self) {
        let Some(packet) = self.unsent.pop_front() else { return };
        let (size, address) = (packet.lines().len(), &self.address);
        let mut counts = self.counts();
        counts.refused += packet.amount;
        note(
            &mut counts,
            format_args!(
                "no packet of {size} bytes goes to `{address}`; hint: lower `packet_size`"
            ),
        );
        drop(counts);
        self.spare = packet;
    }

    fn count_refused(&mut self) {
        let refused = std::mem::take(&mut self.packer.refused);
        if refused.total() == 0 {
            return;
        }
        let mut counts = self.counts();
        counts.refused += refused;
        if refused.logs > 0 {
            note(&mut counts, format_args!("DogStatsD takes no log lines"));
        }
        if refused.total() > refused.logs {
            let limit = self.packer.limit();
            note(
                &mut counts,
                format_args!("something has no name, no finite value, or more than {limit} bytes"),
            );
        }
    }

    fn unreachable(&self, error: &io::Error) -> OutputError {
        OutputError::retry(format_args!("cannot send to `{}`: {error}", self.address))
    }

    fn counts(&self) -> MutexGuard<'_, Held> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note(counts: &mut Held, message: fmt::Arguments<'_>) {
    counts.errors += 1;
    counts.last_error = Some((SystemTime::now(), message.to_string()));
}
