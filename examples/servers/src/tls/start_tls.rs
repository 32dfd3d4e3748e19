//! What is said in the clear before TLS: by the protocols that begin without it.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::config::StartTls;

/// A request for TLS of `PostgreSQL`: its length, and a number in place of a version (`SSLRequest`).
const POSTGRES_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// The longest greeting of `MySQL` that is read, in bytes.
const MYSQL_GREETING: usize = 4096;

/// What a client of `MySQL` can do: the protocol since 4.1, TLS, and secure passwords.
const MYSQL_CAPABILITIES: u32 = MYSQL_41 | MYSQL_TLS | MYSQL_PASSWORDS;
const MYSQL_41: u32 = 1 << 9;
const MYSQL_TLS: u32 = 1 << 11;
const MYSQL_PASSWORDS: u32 = 1 << 15;

/// The longest packet that this client would take.
const MYSQL_PACKET: u32 = (1 << 24) - 1;

/// The longest line of mail that is read, in bytes: twice what RFC 5321 allows.
const SMTP_LINE: usize = 1024;

/// How many lines a reply may have.
const SMTP_LINES: usize = 100;

impl StartTls {
    /// Says that TLS is to follow, and hears that it may.
    pub(super) async fn start(
        self,
        stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    ) -> Result<(), String> {
        let started = match self {
            Self::Postgres => postgres(stream).await,
            Self::Mysql => mysql(stream).await,
            Self::Smtp => smtp(stream).await,
        };
        started.map_err(|error| format!("TLS cannot be begun: {error}"))
    }
}

async fn postgres(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
    stream.write_all(&POSTGRES_REQUEST).await?;
    match stream.read_u8().await? {
        b'S' => Ok(()),
        _ => Err(io::Error::other("this PostgreSQL speaks no TLS")),
    }
}

async fn mysql(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
    let [low, middle, high, number] = stream.read_u32().await?.to_be_bytes();
    let length = usize::from(low) | usize::from(middle) << 8 | usize::from(high) << 16;
    if length > MYSQL_GREETING {
        return Err(io::Error::other("this is no greeting of MySQL"));
    }
    let mut greeting = vec![0; length];
    stream.read_exact(&mut greeting).await?;
    let capabilities =
        capabilities(&greeting).ok_or_else(|| io::Error::other("this is no greeting of MySQL"))?;
    if u32::from(capabilities) & MYSQL_TLS == 0 {
        return Err(io::Error::other("this MySQL speaks no TLS"));
    }
    let mut request = vec![32, 0, 0, number.wrapping_add(1)];
    request.extend(MYSQL_CAPABILITIES.to_le_bytes());
    request.extend(MYSQL_PACKET.to_le_bytes());
    // The number of a character set, and what is reserved.
    request.push(8);
    request.extend([0; 23]);
    stream.write_all(&request).await
}

/// The lower half of what a server of `MySQL` can do, from its greeting (protocol 10).
fn capabilities(greeting: &[u8]) -> Option<u16> {
    let rest = greeting.strip_prefix(&[10])?;
    let end_of_version = rest.iter().position(|byte| *byte == 0)?;
    // A number of the thread, the first half of the challenge, and a zero.
    let bytes = rest.get(end_of_version + 1 + 4 + 8 + 1..)?.first_chunk()?;
    Some(u16::from_le_bytes(*bytes))
}

async fn smtp(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
    reply(stream, "220").await?;
    stream.write_all(b"EHLO localhost\r\n").await?;
    let offers = reply(stream, "250").await?;
    if !offers.iter().any(|offer| offer.eq_ignore_ascii_case("STARTTLS")) {
        return Err(io::Error::other("this server of mail offers no STARTTLS"));
    }
    stream.write_all(b"STARTTLS\r\n").await?;
    reply(stream, "220").await.map(|_| ())
}

/// The texts of a reply's lines, if its code is this one.
async fn reply(stream: &mut (impl AsyncRead + Unpin), code: &str) -> io::Result<Vec<String>> {
    let mut texts = Vec::new();
    while texts.len() < SMTP_LINES {
        let line = line(stream).await?;
        let Some(rest) = line.strip_prefix(code) else {
            return Err(io::Error::other(format!("the server of mail says `{line}`")));
        };
        let is_last = !rest.starts_with('-');
        texts.push(rest.get(1..).unwrap_or_default().trim().to_owned());
        if is_last {
            return Ok(texts);
        }
    }
    Err(io::Error::other("the reply has no end"))
}

/// A line, byte by byte: what comes after it is TLS's.
async fn line(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut line = Vec::new();
    while line.len() < SMTP_LINE {
        match stream.read_u8().await? {
            b'\n' => return Ok(String::from_utf8_lossy(&line).trim_end().to_owned()),
            byte => line.push(byte),
        }
    }
    Err(io::Error::other("the line has no end"))
}
