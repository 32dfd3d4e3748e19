//! The body of an answer: a text, or a scrape that is made as fast as it is read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::encode::Encoder;
use super::progress::Sending;
use super::scrape::Scrape;

/// What is answered.
pub(super) enum Answer {
    Text(Bytes),
    Scrape(Box<Scraping>),
}

/// A scrape on its way. What has been made and not been read is a few pieces at most: no more are made before the connection
/// asks for them.
pub(super) struct Scraping {
    pub(super) scrape: Scrape,
    pub(super) encoder: Encoder,
    pub(super) sending: Sending,
    /// Kept from piece to piece.
    pub(super) text: Vec<u8>,
    pub(super) complete: bool,
}

impl Answer {
    pub(super) fn text(text: impl Into<Bytes>) -> Self {
        Self::Text(text.into())
    }
}

impl Scraping {
    /// The next bytes to send; none at the end.
    fn next(&mut self) -> io::Result<Vec<u8>> {
        self.sending.goes_on();
        while !self.complete {
            self.text.clear();
            self.complete = !self.scrape.next(&mut self.text);
            self.encoder.write(&self.text)?;
            let ready = self.encoder.take();
            if !ready.is_empty() {
                return Ok(ready);
            }
        }
        self.encoder.finish()
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let next = match &mut *self {
            Self::Text(text) => Ok(std::mem::take(text)),
            Self::Scrape(scraping) => scraping.next().map(Bytes::from),
        };
        Poll::Ready(match next {
            Ok(bytes) if bytes.is_empty() => None,
            other => Some(other.map(Frame::data)),
        })
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Text(text) => SizeHint::with_exact(text.len() as u64),
            Self::Scrape(_) => SizeHint::default(),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}
