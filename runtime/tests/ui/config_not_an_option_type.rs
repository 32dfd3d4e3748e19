use allwell::prelude::*;

/// One server.
#[derive(Config)]
struct Server {
    /// Its socket.
    #[config(example = "x")]
    socket: std::net::TcpStream,
}

fn main() {}
