//! Compressed streams in memory, of which it is known at any time how long they can become.

use std::io;

use bytes::Bytes;
use flate2::{Compress, FlushCompress, Status};
use zstd::stream::raw::{Encoder, InBuffer, Operation, OutBuffer};

/// How payloads are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compression {
    /// Zstandard at level 1, as the Agent does.
    #[default]
    Zstd,
    /// The zlib format, for receivers that know no other.
    Deflate,
    /// Not at all.
    None,
}

impl Compression {
    /// What the header `Content-Encoding` says of it.
    pub const fn encoding(self) -> Option<&'static str> {
        match self {
            Self::Zstd => Some("zstd"),
            Self::Deflate => Some("deflate"),
            Self::None => None,
        }
    }
}

/// The level at which payloads are compressed: each higher one costs more time than it saves bytes.
const ZSTD_LEVEL: i32 = 1;

/// So many bytes at most Zstandard keeps back before it writes a block.
const ZSTD_BLOCK: usize = 128 * 1024;

/// Room for what a block becomes at worst.
const ROOM: usize = ZSTD_BLOCK + 1024;

/// A stream, used again for one payload after the other.
pub(super) struct Stream {
    codec: Codec,
    out: Vec<u8>,
    /// How much of what was written may not have come out yet.
    pending: usize,
}

enum Codec {
    Zstd(Encoder<'static>),
    Deflate(Compress),
    Plain,
}

impl Stream {
    pub(super) fn new(compression: Compression) -> io::Result<Self> {
        let codec = match compression {
            Compression::Zstd => Codec::Zstd(Encoder::new(ZSTD_LEVEL)?),
            Compression::Deflate => {
                Codec::Deflate(Compress::new(flate2::Compression::default(), true))
            }
            Compression::None => Codec::Plain,
        };
        Ok(Self { codec, out: Vec::new(), pending: 0 })
    }

    pub(super) fn write(&mut self, input: &[u8]) -> io::Result<()> {
        match &mut self.codec {
            Codec::Zstd(encoder) => {
                let mut input = InBuffer::around(input);
                while input.pos() < input.src.len() {
                    encoder.run(&mut input, &mut behind(&mut self.out))?;
                }
                self.pending = (self.pending + input.src.len()).min(ZSTD_BLOCK);
            }
            Codec::Deflate(compress) => {
                deflate(compress, input, &mut self.out)?;
                self.pending += input.len();
            }
            Codec::Plain => self.out.extend_from_slice(input),
        }
        Ok(())
    }

    /// Lets all come out that was written.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        match &mut self.codec {
            Codec::Zstd(encoder) => while encoder.flush(&mut behind(&mut self.out))? > 0 {},
            Codec::Deflate(compress) => loop {
                self.out.reserve(ROOM);
                compress.compress_vec(&[], &mut self.out, FlushCompress::Sync)?;
                if self.out.len() < self.out.capacity() {
                    break;
                }
            },
            Codec::Plain => {}
        }
        self.pending = 0;
        Ok(())
    }

    /// Ends the stream; the next one can begin.
    pub(super) fn finish(&mut self) -> io::Result<Bytes> {
        match &mut self.codec {
            Codec::Zstd(encoder) => while encoder.finish(&mut behind(&mut self.out), true)? > 0 {},
            Codec::Deflate(compress) => loop {
                self.out.reserve(ROOM);
                if compress.compress_vec(&[], &mut self.out, FlushCompress::Finish)?
                    == Status::StreamEnd
                {
                    break;
                }
            },
            Codec::Plain => {}
        }
        let whole = Bytes::copy_from_slice(&self.out);
        self.discard()?;
        Ok(whole)
    }

    /// Forgets what was written; the next stream can begin.
    pub(super) fn discard(&mut self) -> io::Result<()> {
        self.out.clear();
        self.pending = 0;
        match &mut self.codec {
            Codec::Zstd(encoder) => encoder.reinit()?,
            Codec::Deflate(compress) => compress.reset(),
            Codec::Plain => {}
        }
        Ok(())
    }

    /// How long it is so far; exact after [`flush`](Self::flush).
    pub(super) const fn len(&self) -> usize {
        self.out.len()
    }

    /// How long it is at most when it is ended after so many more bytes.
    pub(super) const fn bound(&self, more: usize) -> usize {
        let input = self.pending + more;
        let output = match self.codec {
            Codec::Zstd(_) => input + input / 128 + 128,
            Codec::Deflate(_) => input + input / 8 + 256,
            Codec::Plain => input,
        };
        self.out.len() + output
    }
}

/// What Zstandard writes to: the end of the text, with room for a block.
fn behind(out: &mut Vec<u8>) -> OutBuffer<'_, Vec<u8>> {
    out.reserve(ROOM);
    let end = out.len();
    OutBuffer::around_pos(out, end)
}

fn deflate(compress: &mut Compress, mut input: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    while !input.is_empty() {
        out.reserve(ROOM);
        let before = compress.total_in();
        compress.compress_vec(input, out, FlushCompress::None)?;
        let taken = usize::try_from(compress.total_in() - before).unwrap_or(usize::MAX);
        input = input.get(taken..).unwrap_or_default();
    }
    Ok(())
}
