//! A door to a server: nobody answers at its port until it is opened, as in an outage.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use crate::process::free_port;

/// A port of this machine that leads to a server once it is open.
#[derive(Debug)]
pub struct Door {
    /// The port.
    pub port: u16,
}

impl Door {
    /// A door that is closed: its port refuses connections.
    pub fn closed() -> Self {
        Self { port: free_port() }
    }

    /// Opens it to a server's port, for as long as the process lives.
    ///
    /// # Panics
    /// Somebody else has taken its port meanwhile.
    pub fn open(&self, server: u16) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).expect("the port is free");
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // If the server is gone, so is the connection.
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                let _ = pass_on(&client, &server);
            }
        });
    }
}

/// Passes on what two connections say to each other, until they end.
///
/// # Errors
/// A connection that is gone already.
pub fn pass_on(client: &TcpStream, server: &TcpStream) -> io::Result<()> {
    for (from, to) in [(client, server), (server, client)] {
        let (mut from, mut to) = (from.try_clone()?, to.try_clone()?);
        thread::spawn(move || {
            // However it ends, the other side is to know.
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    }
    Ok(())
}
