//! Lines one after another in packets that are filled up to their limit and never beyond.

use std::sync::Arc;

use crate::aggregate::Series;

use super::super::amount::Amount;
use super::super::delivery::Delivery;
use super::distribution::{Weighted, weighted};
use super::encode::{Effort, Encoder, Room};

/// The bytes before the lines: on a stream, their length.
const HEADER: usize = 4;

/// Lines that are sent at once.
#[derive(Debug)]
pub(super) struct Packet {
    bytes: Vec<u8>,
    /// What is in it. A sketch is counted where its last line is.
    pub(super) amount: Amount,
}

impl Default for Packet {
    fn default() -> Self {
        Self { bytes: vec![0; HEADER], amount: Amount::default() }
    }
}

impl Packet {
    /// The lines.
    pub(super) fn lines(&self) -> &[u8] {
        &self.bytes[HEADER..]
    }

    /// The lines after their length, as on a stream.
    pub(super) fn frame(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.len() == HEADER
    }

    fn clear(&mut self) {
        self.bytes.truncate(HEADER);
        self.amount = Amount::default();
    }

    /// Writes a line if there is room for it.
    fn line<T>(
        &mut self,
        limit: usize,
        effort: Effort,
        write: impl FnOnce(&mut Vec<u8>, Room) -> Option<T>,
    ) -> Option<T> {
        let start = self.bytes.len();
        if !self.is_empty() {
            self.bytes.push(b'\n');
        }
        let taken = self.bytes.len() - HEADER;
        let room = Room { bytes: limit.saturating_sub(taken), effort };
        let written = write(&mut self.bytes, room);
        if written.is_none() {
            self.bytes.truncate(start);
        }
        written
    }

    fn close(&mut self) {
        let length = u32::try_from(self.bytes.len() - HEADER).unwrap_or(u32::MAX);
        self.bytes[..HEADER].copy_from_slice(&length.to_le_bytes());
    }
}

/// What is written next.
#[derive(Debug, Clone, Copy)]
struct Item {
    delivery: u32,
    index: u32,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Series,
    Sketch,
    ServiceCheck,
    Event,
}

/// Makes packets of deliveries.
pub(super) struct Packer {
    encoder: Encoder,
    limit: usize,
    items: Vec<Item>,
    next: usize,
    /// What is left of the sketch that is next.
    values: Vec<Weighted>,
    /// What can never be sent.
    pub(super) refused: Amount,
}

/// What became of the next item.
enum Added {
    /// So many items are in the packet.
    Items(usize),
    /// There is no room for it, or for the rest of it.
    Nothing,
}

impl Packer {
    pub(super) fn new(encoder: Encoder, limit: usize) -> Self {
        Self {
            encoder,
            limit,
            items: Vec::new(),
            next: 0,
            values: Vec::new(),
            refused: Amount::default(),
        }
    }

    /// The most bytes of a packet.
    pub(super) const fn limit(&self) -> usize {
        self.limit
    }

    /// How many things the deliveries hold.
    pub(super) const fn items(&self) -> usize {
        self.items.len()
    }

    /// Begins with these deliveries. What DogStatsD has no line for is refused.
    pub(super) fn begin(&mut self, deliveries: &[Arc<Delivery>]) {
        self.items.clear();
        // A backlog does not come again soon.
        self.items.shrink_to(20_000);
        (self.next, self.values) = (0, Vec::new());
        for (number, delivery) in (0..).zip(deliveries) {
            let item = move |what| move |index| Item { delivery: number, index, what };
            let points = (0..).zip(&delivery.series).filter(|(_, point)| point.value.is_finite());
            let before = self.items.len();
            self.items.extend(points.map(|(index, _)| item(What::Series)(index)));
            let finite = self.items.len() - before;
            self.refused.series += (delivery.series.len() - finite) as u64;
            self.items.extend(indices(delivery.sketches.len()).map(item(What::Sketch)));
            self.items.extend(indices(delivery.service_checks.len()).map(item(What::ServiceCheck)));
            self.items.extend(indices(delivery.events.len()).map(item(What::Event)));
            self.refused.logs += delivery.logs.len() as u64;
        }
        if !self.encoder.sends_timestamps() {
            self.bring_together(deliveries);
        }
    }

    /// Without times, the points of one context can share a line, in their order.
    fn bring_together(&mut self, deliveries: &[Arc<Delivery>]) {
        let key = |item: &Item| match series(deliveries, item) {
            Some((delivery, series)) => {
                let host = delivery.host.as_deref();
                let tags = Arc::as_ptr(&series.tags);
                (0, Some((tags, &*series.name, series.kind, host)))
            }
            None => (1, None),
        };
        self.items.sort_by(|one, other| key(one).cmp(&key(other)));
    }

    /// Fills a packet with what comes next. It stays empty if nothing is left.
    pub(super) fn fill(&mut self, deliveries: &[Arc<Delivery>], packet: &mut Packet) {
        packet.clear();
        while let Some(&item) = self.items.get(self.next) {
            let mut added = self.add(deliveries, item, packet, Effort::Whole);
            if matches!(added, Added::Nothing) && packet.is_empty() {
                added = self.add(deliveries, item, packet, Effort::Shortened);
            }
            match added {
                Added::Items(count) => {
                    packet.amount += amount(item.what, count);
                    self.next += count;
                }
                Added::Nothing if packet.is_empty() => {
                    self.refused += amount(item.what, 1);
                    self.values.clear();
                    self.next += 1;
                }
                Added::Nothing => break,
            }
        }
        if self.next >= self.items.len() {
            self.encoder.forget();
        }
        packet.close();
    }

    fn add(
        &mut self,
        deliveries: &[Arc<Delivery>],
        item: Item,
        packet: &mut Packet,
        effort: Effort,
    ) -> Added {
        let Some(delivery) = deliveries.get(item.delivery as usize) else { return Added::Items(1) };
        let (index, limit) = (item.index as usize, self.limit);
        let done = match item.what {
            What::Series => return self.add_series(deliveries, packet, effort),
            What::Sketch => return self.add_sketch(delivery, index, packet, effort),
            What::ServiceCheck => packet.line(limit, effort, |out, room| {
                let check = delivery.service_checks.get(index)?;
                self.encoder.service_check(out, room, delivery, check).then_some(())
            }),
            What::Event => packet.line(limit, effort, |out, room| {
                let event = delivery.events.get(index)?;
                self.encoder.event(out, room, delivery, event).then_some(())
            }),
        };
        done.map_or(Added::Nothing, |()| Added::Items(1))
    }

    fn add_series(
        &mut self,
        deliveries: &[Arc<Delivery>],
        packet: &mut Packet,
        effort: Effort,
    ) -> Added {
        let items = &self.items[self.next..];
        let Some(first) = items.first().and_then(|item| series(deliveries, item)) else {
            return Added::Nothing;
        };
        let together = self.items_together(deliveries, first);
        let points = items[..together].iter().filter_map(|item| series(deliveries, item));
        let values = points.map(|(_, point)| point.value);
        let limit = self.limit;
        let encoder = &mut self.encoder;
        let written = packet.line(limit, effort, |out, room| {
            Some(encoder.series(out, room, first, values)).filter(|written| *written > 0)
        });
        written.map_or(Added::Nothing, Added::Items)
    }

    /// How many of the next points are of the same context, and have no times that tell them apart.
    fn items_together(&self, deliveries: &[Arc<Delivery>], first: (&Delivery, &Series)) -> usize {
        if self.encoder.sends_timestamps() {
            return 1;
        }
        let same = |item: &&Item| {
            series(deliveries, item).is_some_and(|(delivery, point)| {
                Arc::ptr_eq(&point.tags, &first.1.tags)
                    && point.name == first.1.name
                    && point.kind == first.1.kind
                    && delivery.host == first.0.host
            })
        };
        self.items[self.next..].iter().take_while(same).count().max(1)
    }

    fn add_sketch(
        &mut self,
        delivery: &Delivery,
        index: usize,
        packet: &mut Packet,
        effort: Effort,
    ) -> Added {
        let Some(one) = delivery.sketches.get(index) else { return Added::Nothing };
        if self.values.is_empty() {
            weighted(&one.sketch, &mut self.values);
        }
        let (limit, encoder) = (self.limit, &mut self.encoder);
        while let Some(&Weighted { power, .. }) = self.values.first() {
            let same = self.values.iter().take_while(|next| next.power == power);
            let values = (power, same.map(|next| next.value));
            let written = packet.line(limit, effort, |out, room| {
                let context = (delivery, &*one.name, &one.tags);
                let written = encoder.distribution(out, room, context, values);
                Some(written).filter(|written| *written > 0)
            });
            let Some(written) = written else { return Added::Nothing };
            self.values.drain(..written);
        }
        Added::Items(1)
    }
}

/// The point that an item is, if it is one.
fn series<'d>(deliveries: &'d [Arc<Delivery>], item: &Item) -> Option<(&'d Delivery, &'d Series)> {
    let delivery = deliveries.get(item.delivery as usize)?;
    let point = delivery.series.get(item.index as usize)?;
    (item.what == What::Series).then_some((&**delivery, point))
}

fn indices(length: usize) -> std::ops::Range<u32> {
    0..u32::try_from(length).unwrap_or(u32::MAX)
}

fn amount(what: What, count: usize) -> Amount {
    let count = count as u64;
    match what {
        What::Series => Amount { series: count, ..Amount::default() },
        What::Sketch => Amount { sketches: count, ..Amount::default() },
        What::ServiceCheck => Amount { service_checks: count, ..Amount::default() },
        What::Event => Amount { events: count, ..Amount::default() },
    }
}
