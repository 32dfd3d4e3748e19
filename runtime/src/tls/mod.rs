//! TLS as checks need it: who is trusted and what is shown, for HTTP and for any other connection, and who is at its other end.

mod certificate;
mod client;
mod error;
mod files;
mod handshake;
mod key;
mod options;
mod verifier;

pub use certificate::Certificate;
#[cfg(feature = "http")]
pub(crate) use client::{Wanted, client_config};
pub use error::TlsError;
#[cfg(feature = "http")]
pub(crate) use error::is_expiry;
pub use files::Chain;
pub use handshake::{Peer, Tls};
pub use options::TlsOptions;
