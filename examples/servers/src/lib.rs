//! Checks of servers, in a crate of their own that the binary names in `allwell::link!`.

pub mod dns_check;
pub mod exporters;
pub mod http_check;
pub mod nginx;
pub mod redis;
pub mod tcp_check;
pub mod tls;
