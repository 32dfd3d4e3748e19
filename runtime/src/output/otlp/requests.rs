//! Requests that are no bigger than their receiver takes.

use crate::output::Amount;

use crate::output::wire::{Open, Wire};

/// What the lengths of the messages that are still open may add: up to four bytes more than were left for each.
const CLOSING: usize = 4 * MAX_DEPTH;

/// Messages around a point: of its resource, its scope, its metric, and the metric's data.
const MAX_DEPTH: usize = 4;

/// How big a request may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// Bytes, before compression.
    pub(super) bytes: usize,
    /// Points or log records.
    pub(super) items: u64,
}

/// A message to be sent, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// An `ExportMetricsServiceRequest` or `ExportLogsServiceRequest`.
    pub body: Vec<u8>,
    /// How many points or log records are in it.
    pub amount: Amount,
}

/// Where an item belongs: to which resource, scope and metric, as numbers that tell them apart.
pub(super) type Path = [u32; 3];

/// Begins a message around items: of a resource, a scope, a metric, by its place in the path.
pub(super) type Begin<'b> = &'b dyn Fn(&mut Vec<u8>, usize, Path) -> Opened;

/// The messages that were begun: one or two.
pub(super) struct Opened(pub(super) Open, pub(super) Option<Open>);

/// Puts items into requests, and begins a new one where the next item would make it too big.
pub(super) struct Requests<'b> {
    limits: Limits,
    /// How deep the messages around items are.
    depth: usize,
    begin: Begin<'b>,
    writer: Vec<u8>,
    /// The messages that are open, and of which path.
    open: Vec<Opened>,
    path: Path,
    amount: Amount,
    finished: Vec<Request>,
    /// Items that are too big for a request of their own.
    pub(super) refused: Amount,
}

impl<'b> Requests<'b> {
    pub(super) fn new(limits: Limits, depth: usize, begin: Begin<'b>) -> Self {
        Self {
            limits,
            depth,
            begin,
            writer: Vec::new(),
            open: Vec::with_capacity(depth),
            path: Path::default(),
            amount: Amount::default(),
            finished: Vec::new(),
            refused: Amount::default(),
        }
    }

    /// Puts in an item, which `write` writes.
    pub(super) fn add(&mut self, path: Path, amount: Amount, write: impl Fn(&mut Vec<u8>)) {
        if self.amount.total() >= self.limits.items {
            self.finish();
        }
        if self.fits(path, &write) {
            self.amount += amount;
            return;
        }
        self.finish();
        if self.fits(path, &write) {
            self.amount += amount;
        } else {
            self.refused += amount;
        }
    }

    /// Writes an item; takes it back if it is too much.
    fn fits(&mut self, path: Path, write: &impl Fn(&mut Vec<u8>)) -> bool {
        let same = (0..self.open.len()).take_while(|level| self.path[*level] == path[*level]);
        let same = same.count();
        self.close(same);
        let before = self.writer.len();
        for level in same..self.depth {
            self.open.push((self.begin)(&mut self.writer, level, path));
        }
        self.path = path;
        write(&mut self.writer);
        if self.writer.len() + CLOSING <= self.limits.bytes {
            return true;
        }
        self.writer.truncate(before);
        self.open.truncate(same);
        false
    }

    /// Closes all messages but the outermost ones.
    fn close(&mut self, kept: usize) {
        for Opened(outer, inner) in self.open.drain(kept..).rev() {
            if let Some(inner) = inner {
                self.writer.close(inner);
            }
            self.writer.close(outer);
        }
    }

    fn finish(&mut self) {
        self.close(0);
        let (body, amount) = (std::mem::take(&mut self.writer), std::mem::take(&mut self.amount));
        if amount.total() > 0 {
            self.finished.push(Request { body, amount });
        }
    }

    /// All requests, in the order of the items.
    pub(super) fn into_requests(mut self) -> (Vec<Request>, Amount) {
        self.finish();
        (self.finished, self.refused)
    }
}
