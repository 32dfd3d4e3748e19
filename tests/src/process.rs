//! A server's process, from its start until it answers, and its end.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(10);

/// A port of this host that nobody listens on.
///
/// # Panics
/// There is none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("no port is free");
    listener.local_addr().expect("a listener has an address").port()
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Removed when the server goes.
    _directory: TempDir,
    pub(crate) port: u16,
}

impl Server {
    /// Starts a server and waits until it answers on its port.
    ///
    /// `arrange` is given the server's directory and port, and makes of them how to start it.
    pub(crate) fn start(package: &str, arrange: impl FnOnce(&Path, u16) -> Command) -> Self {
        let directory = TempDir::new().expect("no directory for the server");
        let port = free_port();
        let mut command = arrange(directory.path(), port);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|error| match error.kind() {
            ErrorKind::NotFound => panic!(
                "{command:?} is not installed, and this test needs it\nhint: apt-get install {package}"
            ),
            _ => panic!("{command:?} cannot be started: {error}"),
        });
        let mut server = Self { child, _directory: directory, port };
        server.wait_until_it_answers();
        server
    }

    fn wait_until_it_answers(&mut self) {
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the server ended at its start: {status}");
            }
            assert!(started.elapsed() < PATIENCE, "the server does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends the server, and keeps its directory.
    pub(crate) fn stop(&mut self) {
        // The only way to fail is to have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
