//! A name server that knows the names of its configuration, and no others.

use std::process::{Command, Stdio};

use crate::process::Server;

/// A running dnsmasq, which asks nobody.
#[derive(Debug)]
pub struct Dnsmasq {
    server: Server,
}

impl Dnsmasq {
    /// Starts a server with these lines of configuration. All of `example` is its own.
    ///
    /// # Panics
    /// dnsmasq is not installed, or does not start.
    pub fn start(lines: &str) -> Self {
        let server = Server::start("dnsmasq-base", |directory, port| {
            let file = directory.join("dnsmasq.conf");
            let own =
                "listen-address=127.0.0.1\nbind-interfaces\nno-resolv\nno-hosts\nlocal=/example/";
            std::fs::write(&file, format!("port={port}\n{own}\n{lines}\n"))
                .expect("cannot write dnsmasq.conf");
            let mut command = Command::new("dnsmasq");
            command.arg("--no-daemon").arg("-C").arg(file).stderr(Stdio::null());
            command
        });
        Self { server }
    }

    /// The port that it listens on.
    pub const fn port(&self) -> u16 {
        self.server.port
    }
}
