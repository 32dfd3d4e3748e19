//! Tries out whether an Agent can be reached, without sending it anything that counts.

use std::fs;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::time::Duration;

use rustix::io::Errno;
use tokio::time::{sleep, timeout};

use super::super::diagnosis::{Complaint, Diagnosis};
use super::address::Address;
use super::transport::{Connection, Transport, is};

/// How long an answer is waited for: a refusal, or room in a queue.
const WAIT: Duration = Duration::from_millis(200);

pub(super) async fn diagnose(address: &Address) -> Vec<Diagnosis> {
    let mut seen = Vec::new();
    if let Address::Unix { path, .. } = address {
        let outcome = socket(path);
        let is_there = outcome.is_ok();
        seen.push(Diagnosis { what: format!("the socket `{}`", path.display()), outcome });
        if !is_there {
            return seen;
        }
    }
    let connected = Transport::new(address.clone(), WAIT).connect().await;
    let outcome = match connected {
        Ok(connection) => answer(address, &connection).await,
        Err(error) => Err(unreachable(address, &error)),
    };
    seen.push(Diagnosis { what: format!("DogStatsD at `{address}`"), outcome });
    seen
}

fn socket(path: &Path) -> Result<String, Complaint> {
    let complaint = |message: String, hint: &str| Complaint { message, hint: hint.to_owned() };
    match fs::metadata(path) {
        Ok(file) if file.file_type().is_socket() => Ok("it is there".to_owned()),
        Ok(_) => Err(complaint(
            "it is no socket".to_owned(),
            "name the path of the Agent's `dogstatsd_socket` or `dogstatsd_stream_socket`",
        )),
        Err(error) => Err(complaint(
            error.to_string(),
            "see that the Agent runs with `dogstatsd_socket` set to this path, and that its directory is mounted here",
        )),
    }
}

fn unreachable(address: &Address, error: &io::Error) -> Complaint {
    let hint = match address {
        Address::Udp { .. } => "see that the name of the host is right",
        Address::Unix { .. } if error.kind() == io::ErrorKind::PermissionDenied => {
            "the socket must be writable for this user: the Agent gives it the mode 0722"
        }
        Address::Unix { .. } if is(error, Errno::PROTOTYPE) => {
            "it is a socket of the other sort: write `unix://` and the path"
        }
        Address::Unix { .. } => "see that the Agent runs: the socket is left from before",
    };
    Complaint { message: format!("cannot be reached: {error}"), hint: hint.to_owned() }
}

async fn answer(address: &Address, connection: &Connection) -> Result<String, Complaint> {
    match connection {
        Connection::Stream(_) => Ok("connected, the Agent reads a stream".to_owned()),
        Connection::Datagram(socket) => match timeout(WAIT, socket.writable()).await {
            Ok(Ok(())) => Ok("connected, and there is room for datagrams".to_owned()),
            Ok(Err(error)) => Err(unreachable(address, &error)),
            Err(_) => Err(Complaint {
                message: "connected, but its queue is full".to_owned(),
                hint: "see whether the Agent still reads, and is not short of processor time"
                    .to_owned(),
            }),
        },
        Connection::Udp(udp) => {
            // A datagram without a line in it.
            let sent = udp.socket.send(&[]).await;
            sleep(WAIT).await;
            match sent.map(|_| ()).and_then(|()| udp.socket.take_error()?.map_or(Ok(()), Err)) {
                Ok(()) => Ok(format!(
                    "nothing refuses packets to {}; UDP does not tell whether anybody takes them",
                    udp.peer
                )),
                Err(error) => Err(Complaint {
                    message: format!("nobody takes packets to {}: {error}", udp.peer),
                    hint: "see that the Agent runs, and that `dogstatsd_port` is this port; from another host or container, it needs `dogstatsd_non_local_traffic: true`".to_owned(),
                }),
            }
        }
    }
}
