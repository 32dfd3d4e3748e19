//! A server's process, from its start until it answers, and its end.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a server is started, on another port each time.
const ATTEMPTS: u32 = 3;

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
    pub(crate) fn start(package: &str, arrange: impl Fn(&Path, u16) -> Command) -> Self {
        let attempt = |_| {
            let directory = TempDir::new().expect("no directory for the server");
            let port = free_port();
            let child = spawn(package, arrange(directory.path(), port));
            let mut server = Self { child, _directory: directory, port };
            server.comes_to_answer().then_some(server)
        };
        // Somebody else may have taken the port before the server did.
        (0..ATTEMPTS).find_map(attempt).expect("the server ends at its start")
    }

    /// Waits until the server answers, or has ended.
    fn comes_to_answer(&mut self) -> bool {
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return false;
            }
            assert!(started.elapsed() < PATIENCE, "the server does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
        true
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

fn spawn(package: &str, mut command: Command) -> Child {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    child.unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound => panic!(
            "`{}` is not installed, and this test needs it\nhint: apt-get install {package}",
            command.get_program().display()
        ),
        _ => panic!("{command:?} cannot be started: {error}"),
    })
}
