//! A Redis server without a configuration file.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;

use crate::process::Server;

/// A running Redis server, with nothing in it.
#[derive(Debug)]
pub struct Redis {
    server: Server,
}

impl Redis {
    /// Starts a server on a free port, with more options of its command line.
    ///
    /// # Panics
    /// Redis is not installed, or does not start.
    pub fn start(options: &[&str]) -> Self {
        let server = Server::start("redis-server", |directory, port| {
            let mut command = Command::new("redis-server");
            command.args(["--bind", "127.0.0.1", "--save", "", "--port", &port.to_string()]);
            command.arg("--dir").arg(directory).args(options);
            command
        });
        Self { server }
    }

    /// The port that it listens on.
    pub const fn port(&self) -> u16 {
        self.server.port
    }

    /// Runs a command, such as `SET a 1`, and gives the answer.
    ///
    /// # Panics
    /// The server does not answer, or with an error.
    pub fn command(&self, command: &str) -> String {
        let port = self.port().to_string();
        let words = command.split_whitespace();
        let run = Command::new("redis-cli").args(["-e", "-p", &port]).args(words).output();
        let output = run.expect("`redis-cli` cannot be started\nhint: apt-get install redis-tools");
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(output.status.success(), "`{command}` failed: {text}");
        text
    }

    /// Sends a command in bytes that need not be text, and waits until it has been done.
    pub fn send(&self, command: &[u8]) {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port())).expect("it runs");
        stream.write_all(command).expect("it listens");
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).expect("it answers");
        assert_eq!(&answer, b"+OK\r\n");
    }

    /// Ends the server; from now on nobody listens on its port.
    pub fn stop(&mut self) {
        self.server.stop();
    }
}
