//! The text as it travels: as it is, or compressed while it is made.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::negotiate::Coding;

/// The level of Zstandard: the fastest, since what is written is read once.
const ZSTD_LEVEL: i32 = 1;

/// Takes text, and gives what is to be sent.
pub(super) enum Encoder {
    Identity(Vec<u8>),
    Gzip(GzEncoder<Vec<u8>>),
    Zstd(Box<zstd::stream::write::Encoder<'static, Vec<u8>>>),
    /// All has been taken out.
    Finished,
}

impl Encoder {
    pub(super) fn new(coding: Coding) -> io::Result<Self> {
        Ok(match coding {
            Coding::Identity => Self::Identity(Vec::new()),
            Coding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), Compression::fast())),
            Coding::Zstd => {
                Self::Zstd(Box::new(zstd::stream::write::Encoder::new(Vec::new(), ZSTD_LEVEL)?))
            }
        })
    }

    pub(super) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        match self {
            Self::Identity(out) => out.write_all(text),
            Self::Gzip(encoder) => encoder.write_all(text),
            Self::Zstd(encoder) => encoder.write_all(text),
            Self::Finished => Ok(()),
        }
    }

    /// What is ready to be sent.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(match self {
            Self::Identity(out) => out,
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Zstd(encoder) => encoder.get_mut(),
            Self::Finished => return Vec::new(),
        })
    }

    /// The rest.
    pub(super) fn finish(&mut self) -> io::Result<Vec<u8>> {
        match std::mem::replace(self, Self::Finished) {
            Self::Identity(out) => Ok(out),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
            Self::Finished => Ok(Vec::new()),
        }
    }
}
