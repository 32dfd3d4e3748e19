//! Real servers for tests: started on a free port in a directory of their own, stopped when they go out of scope.

mod nginx;
mod process;
mod redis;

pub use nginx::Nginx;
pub use process::free_port;
pub use redis::Redis;
