//! Where the server is and how to log in.

use allwell::prelude::*;
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo,
};

/// One Redis server.
#[derive(Config)]
pub struct RedisConfig {
    /// Name or address of the server's host.
    #[config(tag = "redis_host", example = "localhost")]
    host: String,
    /// Port of the server.
    #[config(tag = "redis_port", default = 6379)]
    port: u16,
    /// User to log in as; without it, the server's default user.
    #[config(example = "monitor")]
    username: Option<String>,
    /// Password of the user.
    password: Option<Secret>,
    /// How long connecting and each answer may take.
    #[config(default = Duration::from_secs(5))]
    socket_timeout: Duration,
}

impl RedisConfig {
    /// Connects and logs in.
    pub(super) async fn connect(&self) -> Result<MultiplexedConnection> {
        let mut login = RedisConnectionInfo::default();
        if let Some(username) = &self.username {
            login = login.set_username(username);
        }
        if let Some(password) = &self.password {
            login = login.set_password(password.expose());
        }
        let address = ConnectionAddr::Tcp(self.host.clone(), self.port);
        let client = Client::open(address.into_connection_info()?.set_redis_settings(login))?;
        let limits = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.socket_timeout))
            .set_response_timeout(Some(self.socket_timeout));
        let connection = client.get_multiplexed_async_connection_with_config(&limits).await;
        connection.with_context(|| format!("cannot connect to {}:{}", self.host, self.port))
    }
}
