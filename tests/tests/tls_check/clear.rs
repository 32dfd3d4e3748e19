//! Protocols that begin in the clear: what is said before TLS, byte by byte, and then a real server.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use allwell::testing::run;
use allwell_server_checks::tls::Tls;
use allwell_tests::{Authority, Nginx, pass_on};

use crate::{assert_days_left, january, status};

/// What a server says, and what it must hear before it says more.
enum Step {
    Says(&'static [u8]),
    Hears(&'static [u8]),
}

use Step::{Hears, Says};

/// A greeting of `MySQL` 8: protocol 10, a version, a thread, a challenge, and what it can do. The last says whether that is TLS, too.
const MYSQL: &[u8] = b"\x1d\0\0\0\x0a8.0.36\0\x01\0\0\0abcdefgh\0\xff\xff\xff\x02\0\xff\xc7\0";
const MYSQL_WITHOUT: &[u8] =
    b"\x1d\0\0\0\x0a8.0.36\0\x01\0\0\0abcdefgh\0\xff\xf7\xff\x02\0\xff\xc7\0";

/// A request for TLS of `MySQL`: 32 bytes, the second packet.
const MYSQL_REQUEST: &[u8] =
    b"\x20\0\0\x01\0\x8a\0\0\xff\xff\xff\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// A server that follows the steps, and from then on is another one.
fn preamble(steps: &'static [Step], server: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // One that hears something else hangs up, and the check tells.
            if follow(&client, steps).is_ok() {
                let _ = TcpStream::connect(("127.0.0.1", server))
                    .and_then(|server| pass_on(&client, &server));
            }
        }
    });
    port
}

fn follow(mut client: &TcpStream, steps: &[Step]) -> io::Result<()> {
    for step in steps {
        match step {
            Says(bytes) => client.write_all(bytes)?,
            Hears(expected) => {
                let mut heard = vec![0; expected.len()];
                client.read_exact(&mut heard)?;
                if heard != *expected {
                    return Err(io::Error::other("something else was said"));
                }
            }
        }
    }
    Ok(())
}

async fn look(
    nginx: &Nginx,
    authority: &Authority,
    protocol: &str,
    steps: &'static [Step],
) -> allwell::testing::Run {
    let port = preamble(steps, nginx.port());
    let trust = authority.certificate();
    run::<Tls>(&format!(
        "server: 127.0.0.1\nport: {port}\nstart_tls: {protocol}\ntls_ca_cert: {}\ntimeout: 5",
        trust.display()
    ))
    .await
}

#[tokio::test]
async fn a_protocol_is_asked_for_tls_in_its_own_way() {
    let authority = Authority::new();
    let nginx = january(&authority, "");
    let cases: [(&str, &'static [Step]); 3] = [
        ("postgres", &[Hears(b"\0\0\0\x08\x04\xd2\x16\x2f"), Says(b"S")]),
        ("mysql", &[Says(MYSQL), Hears(MYSQL_REQUEST)]),
        (
            "smtp",
            &[
                Says(b"220-mail.example\r\n220 ready\r\n"),
                Hears(b"EHLO localhost\r\n"),
                Says(
                    b"250-mail.example greets you\r\n250-SIZE 1000\r\n250-starttls\r\n250 HELP\r\n",
                ),
                Hears(b"STARTTLS\r\n"),
                Says(b"220 go ahead\r\n"),
            ],
        ),
    ];
    for (protocol, steps) in cases {
        let run = look(&nginx, &authority, protocol, steps).await;
        run.assert_ok();
        assert_eq!(status(&run, "can_connect"), "OK", "{protocol}");
        assert_eq!(status(&run, "cert_validation"), "OK", "{protocol}");
        assert_days_left(&run, 30.0);
    }
}

#[tokio::test]
async fn a_protocol_that_refuses_cannot_be_connected_to() {
    let authority = Authority::new();
    let nginx = january(&authority, "");
    let cases: [(&str, &'static [Step], &str); 8] = [
        (
            "postgres",
            &[Hears(b"\0\0\0\x08\x04\xd2\x16\x2f"), Says(b"N")],
            "this PostgreSQL speaks no TLS",
        ),
        ("mysql", &[Says(MYSQL_WITHOUT)], "this MySQL speaks no TLS"),
        ("mysql", &[Says(b"\x05\0\0\0\xff\x10\x04no")], "this is no greeting of MySQL"),
        ("mysql", &[Says(b"220 mail.example\r\n")], "this is no greeting of MySQL"),
        ("mysql", &[Says(b"\x05\0\0\0\x0a8.0.")], "this is no greeting of MySQL"),
        ("smtp", &[Says(b"554 no\r\n")], "the server of mail says `554 no`"),
        (
            "smtp",
            &[Says(b"220 a\r\n"), Hears(b"EHLO localhost\r\n"), Says(b"250 a\r\n")],
            "this server of mail offers no STARTTLS",
        ),
        (
            "smtp",
            &[
                Says(b"220 a\r\n"),
                Hears(b"EHLO localhost\r\n"),
                Says(b"250-a\r\n250 STARTTLS\r\n"),
                Hears(b"STARTTLS\r\n"),
                Says(b"454 not now\r\n"),
            ],
            "the server of mail says `454 not now`",
        ),
    ];
    for (protocol, steps, expected) in cases {
        let run = look(&nginx, &authority, protocol, steps).await;
        let reason = format!("CRITICAL TLS cannot be begun: {expected}");
        assert_eq!(status(&run, "can_connect"), reason, "{protocol}");
        assert_eq!(status(&run, "cert_validation"), "");
    }
}

#[tokio::test]
async fn a_line_without_an_end_is_not_read_for_ever() {
    const LONG: &[u8] = &[b'2'; 4096];
    let authority = Authority::new();
    let nginx = january(&authority, "");
    let run = look(&nginx, &authority, "smtp", &[Says(LONG)]).await;
    let reason = "CRITICAL TLS cannot be begun: the line has no end";
    assert_eq!(status(&run, "can_connect"), reason);
}
