//! The server: a bounded number of connections, none of which can wait for ever.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::progress::Progress;
use super::service::Service;
use super::tls::Tls;

/// How long the header of a request may take, from the connection or the last answer on.
const HEADER_PATIENCE: Duration = Duration::from_secs(30);

/// How long the handshake of TLS may take.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);

/// The longest header.
const LONGEST_HEADER: usize = 16 * 1024;

/// A listener, and what it answers with.
pub(super) struct Server {
    pub(super) listener: TcpListener,
    pub(super) service: Arc<Service>,
    pub(super) tls: Option<Arc<Tls>>,
    pub(super) most_connections: usize,
}

impl Server {
    /// Listens at an address.
    pub(super) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        TcpListener::from_std(listener)
    }

    /// Answers for ever. All connections end with it.
    pub(super) async fn serve(self) {
        let permits = Arc::new(Semaphore::new(self.most_connections));
        let mut connections = JoinSet::new();
        loop {
            // The semaphore is never closed.
            let permit = Arc::clone(&permits).acquire_owned().await;
            while connections.try_join_next().is_some() {}
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                // Who wanted to be served has gone; the next one is there.
                Err(error) if is_theirs(error.kind()) => continue,
                Err(_) => {
                    // The process has no more files, say; some may be closed by then.
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    continue;
                }
            };
            let (service, tls) = (Arc::clone(&self.service), self.tls.clone());
            connections.spawn(async move {
                welcome(stream, service, tls).await;
                drop(permit);
            });
        }
    }
}

/// The error is of one connection that was to be accepted, and not of the listener.
fn is_theirs(error: io::ErrorKind) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error, ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

async fn welcome(stream: TcpStream, service: Arc<Service>, tls: Option<Arc<Tls>>) {
    // An answer is sent in pieces that are worth a packet.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return converse(stream, service).await };
    if let Ok(Ok(stream)) = timeout(HANDSHAKE_PATIENCE, tls.acceptor().accept(stream)).await {
        converse(stream, service).await;
    }
}

/// Answers the requests of a connection. One that does not read what it is sent is closed.
async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, service: Arc<Service>) {
    let progress = Progress::default();
    let answer = service_fn(|request| {
        let answer = service.answer(&request, &progress);
        async move { Ok::<_, Infallible>(answer) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_PATIENCE)
        .max_buf_size(LONGEST_HEADER)
        .serve_connection(TokioIo::new(stream), answer);
    let (mut connection, mut stalls) = (pin!(connection), pin!(progress.stalls()));
    let over = |cx: &mut Context<'_>| {
        // Who hangs up has heard enough, or too little.
        let is_over = connection.as_mut().poll(cx).is_ready();
        if is_over || stalls.as_mut().poll(cx).is_ready() { Poll::Ready(()) } else { Poll::Pending }
    };
    std::future::poll_fn(over).await;
}
