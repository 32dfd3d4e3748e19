/// One server.
#[derive(Config)]
#[config(validate = check_server)]
struct Server {
    /// Its address.
    #[config(tag = "server_url", example = "http://localhost/", shared)]
    url: Url,
    /// Its port.
    #[config(default = 80, range = 1..=65535, validate = even)]
    port: u16,
    /// How long to wait.
    #[config(default = "10s", deprecated = "use `read_timeout`")]
    timeout: Duration,
    /// Its password.
    #[config(non_empty, hidden)]
    r#type: Option<Secret>,
    /// More of it.
    #[config(default, serde, name = "limits")]
    limit: Limits,
    #[config(flatten)]
    http: HttpOptions,
}
