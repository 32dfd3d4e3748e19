//! What is sent in one request.

use std::borrow::Cow;
use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;

use crate::output::Amount;

/// What is sent in one request, encoded and compressed.
///
/// It may be written to the disk, all of it: no key and no password belongs in here.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload {
    /// The path below the endpoint's address, such as `/api/v2/series`. Order is kept within a route.
    pub route: Cow<'static, str>,
    /// What the body is, such as `application/x-protobuf`.
    pub content_type: Cow<'static, str>,
    /// How the body is compressed, such as `zstd`.
    pub content_encoding: Option<Cow<'static, str>>,
    /// The body.
    pub body: Bytes,
    /// How much is in it.
    pub amount: Amount,
    /// When it was made: after ten days nobody wants it.
    pub made: SystemTime,
}

/// What a payload takes in memory besides its body, roughly.
const BESIDES: usize = 256;

impl Payload {
    /// What it takes in memory, in bytes.
    pub(super) fn size(&self) -> usize {
        self.body.len() + BESIDES
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { route, content_type, content_encoding, body, amount, made } = self;
        f.debug_struct("Payload")
            .field("route", route)
            .field("content_type", content_type)
            .field("content_encoding", content_encoding)
            .field("bytes", &body.len())
            .field("amount", amount)
            .field("made", made)
            .finish()
    }
}
