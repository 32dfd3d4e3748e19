//! Asking: by UDP, again after a while, and by TCP where the answer is too long for it (RFC 1035, 7766).

use std::fmt::Write as _;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, SimpleDnsError, TYPE, header_buffer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::answer::Answer;

/// How long one attempt may take: a packet may be lost.
const PATIENCE: Duration = Duration::from_secs(2);

/// The longest packet of UDP that is read, in bytes; longer ones are not sent to who does not say that it takes them.
const PACKET: usize = 4096;

/// The length of the head of a packet, in bytes.
const HEAD: usize = 12;

/// A question, as it is sent.
#[derive(Debug)]
pub(super) struct Query {
    id: u16,
    name: String,
    kind: TYPE,
    bytes: Vec<u8>,
}

impl Query {
    pub(super) fn new(name: &str, kind: TYPE) -> Result<Self, SimpleDnsError> {
        let id = fastrand::u16(..);
        let mut packet = Packet::new_query(id);
        packet.set_flags(PacketFlag::RECURSION_DESIRED);
        let asked = Question::new(Name::new(name)?, kind.into(), CLASS::IN.into(), false);
        packet.questions.push(asked);
        Ok(Self { id, name: name.to_owned(), kind, bytes: packet.build_bytes_vec()? })
    }

    /// Whether a packet is an answer to this question, as far as its head tells.
    fn begins(&self, packet: &[u8]) -> bool {
        packet.len() >= HEAD
            && header_buffer::id(packet) == Ok(self.id)
            && header_buffer::has_flags(packet, PacketFlag::RESPONSE) == Ok(true)
    }

    /// The answer in a packet, if it is one to this question.
    fn answer(&self, packet: &[u8]) -> Option<Result<Answer, String>> {
        let packet = Packet::parse(packet).ok().filter(|_| self.begins(packet))?;
        let question = match &packet.questions[..] {
            [question] => question,
            // Who could not read the question, or would not, need not repeat it.
            [] => return Answer::of(&packet).err().map(Err),
            _ => return None,
        };
        let is_same = question.qtype == self.kind.into()
            && question.qclass == CLASS::IN.into()
            && question.qname.to_string().eq_ignore_ascii_case(&self.name);
        is_same.then(|| Answer::of(&packet))
    }
}

/// Asks the servers, one after the other and again, until one answers.
pub(super) async fn ask(
    query: &Query,
    servers: &[SocketAddr],
    limit: Duration,
) -> Result<Answer, String> {
    let mut passed_over = 0;
    let answered = timeout(limit, ask_in_turn(query, servers, &mut passed_over)).await;
    answered.unwrap_or_else(|_| {
        let mut message = format!("no answer within {limit:?}");
        if passed_over > 0 {
            let _ = write!(message, "; {passed_over} packets that do not fit were passed over");
        }
        Err(message)
    })
}

/// A server that fails is not asked again; one that is silent is.
async fn ask_in_turn(
    query: &Query,
    servers: &[SocketAddr],
    passed_over: &mut u32,
) -> Result<Answer, String> {
    let mut left = servers.to_vec();
    let mut failure = "there is nobody to ask".to_owned();
    let mut turn = 0;
    while !left.is_empty() {
        let server = left[turn % left.len()];
        match timeout(PATIENCE, ask_one(query, server, passed_over)).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => {
                failure = format!("`{server}`: {error}");
                left.retain(|other| *other != server);
            }
            Err(_) => turn += 1,
        }
    }
    Err(failure)
}

async fn ask_one(
    query: &Query,
    server: SocketAddr,
    passed_over: &mut u32,
) -> Result<Answer, String> {
    let unreachable = |error: io::Error| format!("it cannot be reached: {error}");
    let socket = connected(server).await.map_err(unreachable)?;
    socket.send(&query.bytes).await.map_err(unreachable)?;
    let mut buffer = vec![0; PACKET];
    loop {
        let length = socket.recv(&mut buffer).await.map_err(unreachable)?;
        let packet = &buffer[..length];
        // What is cut off may not be readable.
        let is_cut = query.begins(packet)
            && header_buffer::has_flags(packet, PacketFlag::TRUNCATION) == Ok(true);
        if is_cut {
            return ask_by_tcp(query, server).await;
        }
        match query.answer(packet) {
            Some(answer) => return answer,
            None => *passed_over += 1,
        }
    }
}

/// A socket that hears nobody but the server.
async fn connected(server: SocketAddr) -> io::Result<UdpSocket> {
    let any = match server {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = UdpSocket::bind(any).await?;
    socket.connect(server).await?;
    Ok(socket)
}

async fn ask_by_tcp(query: &Query, server: SocketAddr) -> Result<Answer, String> {
    let packet = exchange(query, server).await.map_err(|error| {
        format!("the answer is too long for UDP, and cannot be had by TCP: {error}")
    })?;
    let answer = query.answer(&packet);
    answer.unwrap_or_else(|| Err("its answer by TCP does not fit the question".to_owned()))
}

async fn exchange(query: &Query, server: SocketAddr) -> io::Result<Vec<u8>> {
    let length = u16::try_from(query.bytes.len()).map_err(io::Error::other)?;
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&[&length.to_be_bytes()[..], &query.bytes].concat()).await?;
    let mut packet = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut packet).await?;
    Ok(packet)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An answer with an alias and two records of other types.
    fn good(query: &Query) -> Vec<u8> {
        let mut packet = query.bytes.clone();
        packet[2..4].copy_from_slice(&[0x81, 0x80]);
        packet[7] = 3;
        packet.extend(b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x02\xc0\x0e");
        packet.extend(b"\xc0\x0e\0\x0f\0\x01\0\0\0\x3c\0\x04\0\x0a\xc0\x0c");
        packet.extend(b"\xc0\x0e\0\x10\0\x01\0\0\0\x3c\0\x06\x05hello");
        packet
    }

    #[test]
    fn a_good_answer_is_read() {
        let query = Query::new("a.example", TYPE::MX).unwrap();
        let answer = query.answer(&good(&query)).unwrap().unwrap();
        assert_eq!(answer.values("a.example", TYPE::MX), ["10 a.example"]);
        assert_eq!(answer.values("A.EXAMPLE", TYPE::CNAME), ["example"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Whatever a server sends is an answer or none.
        #[test]
        fn no_packet_is_too_strange(
            changes in prop::collection::vec((0_usize..100, any::<u8>()), 0..8),
            length in 0_usize..100,
        ) {
            let query = Query::new("a.example", TYPE::MX).unwrap();
            let mut packet = good(&query);
            for (place, byte) in changes {
                let place = place % packet.len();
                packet[place] = byte;
            }
            packet.truncate(length.max(HEAD));
            if let Some(Ok(answer)) = query.answer(&packet) {
                answer.values("a.example", TYPE::MX);
            }
        }
    }
}
