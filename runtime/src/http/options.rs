//! The options of HTTP that Datadog users know, to be flattened into a check's configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::{Config, Secret};
use crate::tls::Wanted;

use super::proxy::Proxy;
use super::refused::NotBuiltIn;
use super::token::AuthToken;

/// How an instance speaks HTTP. Flatten it into the configuration: `#[config(flatten)] http: HttpOptions`.
///
/// Names, defaults and meanings are those of the Python SDK's HTTP client. Addresses may be `unix:///path/to/x.sock/page`, too: the socket is what
/// ends in `.sock`.
#[derive(Debug, Clone, PartialEq, Config)]
#[config(validate = HttpOptions::whole, template = "instances/http")]
#[expect(clippy::struct_excessive_bools, reason = "they are the options that users know")]
pub struct HttpOptions {
    /// How long a request may take, in seconds, from connecting to the last byte of the answer.
    #[config(default = Duration::from_secs(10), shared)]
    pub timeout: Duration,
    /// How long connecting may take, in seconds; `timeout` if not given.
    pub connect_timeout: Option<Duration>,
    /// How long the server may be silent, in seconds; `timeout` if not given.
    pub read_timeout: Option<Duration>,
    /// How a request says who it is from: with `username` and `password` (`basic`, `digest`), or signed for AWS (`aws`).
    #[config(default = "basic")]
    pub auth_type: AuthType,
    /// The user name for basic and digest authentication.
    pub username: Option<String>,
    /// The password for basic and digest authentication.
    #[config(secret)]
    pub password: Option<Secret>,
    /// Whether name and password are sent in Latin-1, as far as they can be, and not in UTF-8.
    #[config(default = true)]
    pub use_legacy_auth_encoding: bool,
    /// A token that a header carries: where it is read from, and how it is written.
    #[config(example = {"reader": {"type": "file", "path": "/run/token"}, "writer": {"type": "header", "name": "Authorization", "value": "Bearer <TOKEN>"}})]
    pub auth_token: Option<AuthToken>,
    /// The host that a request is signed for with `auth_type: aws`; that of the address if not given.
    pub aws_host: Option<String>,
    /// The region that a request is signed for.
    pub aws_region: Option<String>,
    /// The service that a request is signed for, such as `es`.
    pub aws_service: Option<String>,
    /// Headers to send with every request. A header that is named here replaces the default one.
    #[config(default, example = {"X-Header": "value"})]
    pub headers: BTreeMap<String, Secret>,
    /// Headers to send in addition, after those of `headers`.
    #[config(default, example = {"X-Header": "value"})]
    pub extra_headers: BTreeMap<String, Secret>,
    /// Whether to verify the certificate of the server.
    #[config(default = true)]
    pub tls_verify: bool,
    /// Whether the certificate must be for the name of the server.
    #[config(default = true)]
    pub tls_validate_hostname: bool,
    /// A file of certificates (PEM) of the authorities to trust instead of the system's, or a directory of such files.
    pub tls_ca_cert: Option<PathBuf>,
    /// A file with the certificate (PEM) to show to the server; the key may be in it, too.
    pub tls_cert: Option<PathBuf>,
    /// A file with the key (PEM) of `tls_cert`; it may be encrypted (PKCS #8).
    pub tls_private_key: Option<PathBuf>,
    /// The password of the key, if it is encrypted.
    #[config(secret)]
    pub tls_private_key_password: Option<Secret>,
    /// Whether the certificate must be for what the header `Host` of `headers` names, and the server is asked for that, instead of the
    /// name in the address. Such a request goes through no proxy.
    #[config(default = false)]
    pub tls_use_host_header: bool,
    /// The versions of TLS to speak: `TLSv1.2` and `TLSv1.3`. Older ones are not spoken, whether they are named or not.
    #[config(default, example = ["TLSv1.3"])]
    pub tls_protocols_allowed: Vec<String>,
    /// The cipher suites to offer, by the names of IANA or OpenSSL; all if none is given, or `ALL`. Unknown ones are passed over.
    #[config(default, example = ["TLS_AES_256_GCM_SHA384"])]
    pub tls_ciphers: Vec<String>,
    /// The proxy to connect through.
    #[config(shared)]
    pub proxy: Option<Proxy>,
    /// Whether the Agent's proxy is taken where `proxy` is not given: that of `DD_PROXY_HTTP`, `DD_PROXY_HTTPS` and `DD_PROXY_NO_PROXY`, in
    /// the Agent as elsewhere. The Agent's file is not read.
    #[config(default = true, shared)]
    pub use_agent_proxy: bool,
    /// Connect directly, whatever the environment says of proxies.
    #[config(default = false, shared)]
    pub skip_proxy: bool,
    /// Whether to follow redirects.
    #[config(default = true)]
    pub allow_redirects: bool,
    /// Without effect: connections are always kept.
    #[config(default = false, hidden)]
    pub persist_connections: bool,
    /// Without effect: an answer is read as it comes.
    #[config(default = 16, hidden)]
    pub request_size: u32,
    /// Without effect: nobody is warned of a certificate that is not verified on purpose.
    #[config(default = false, hidden, shared)]
    pub tls_ignore_warning: bool,
    /// Without effect: requests are not logged.
    #[config(default = false, hidden, shared)]
    pub log_requests: bool,
    /// What is not built in, and refused.
    #[config(flatten)]
    pub not_built_in: NotBuiltIn,
}

/// How a request says who it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub enum AuthType {
    /// Name and password with every request.
    Basic,
    /// A proof of the password, as the server challenges (RFC 7616; MD5 and SHA-256).
    Digest,
    /// AWS's signature of version 4, with keys from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, or from the shared file of
    /// credentials.
    Aws,
    /// Not built in.
    Ntlm,
    /// Not built in.
    Kerberos,
}

impl HttpOptions {
    fn whole(&self) -> Result<(), &'static str> {
        if self.password.is_some() && self.username.is_none() {
            return Err("`password` needs a `username`");
        }
        if self.timeout.is_zero() {
            return Err("`timeout` must be longer than zero");
        }
        if self.tls_private_key.is_some() && self.tls_cert.is_none() {
            return Err("`tls_private_key` needs a `tls_cert`");
        }
        if self.tls_use_host_header && self.proxy.is_some() && !self.skip_proxy {
            return Err("`tls_use_host_header` cannot be used with a `proxy`");
        }
        match self.auth_type {
            AuthType::Ntlm => Err("`auth_type: ntlm` is not built in; use `basic` or `digest`"),
            AuthType::Kerberos => {
                Err("`auth_type: kerberos` is not built in; use `basic` or `digest`")
            }
            AuthType::Digest if self.username.is_none() || self.password.is_none() => {
                Err("`auth_type: digest` needs a `username` and a `password`")
            }
            AuthType::Aws if self.aws_region.is_none() || self.aws_service.is_none() => {
                Err("`auth_type: aws` needs an `aws_region` and an `aws_service`")
            }
            AuthType::Basic | AuthType::Digest | AuthType::Aws => Ok(()),
        }
    }
}

impl HttpOptions {
    /// The name that a server of TLS is asked for, if it is not the one in the address.
    pub(super) fn name_of_server(&self) -> Option<&str> {
        if !self.tls_use_host_header {
            return None;
        }
        let mut headers = self.extra_headers.iter().chain(&self.headers);
        let host = headers.find(|(name, _)| name.eq_ignore_ascii_case("host"));
        host.map(|(_, value)| value.expose())
    }

    /// The same with the Agent's proxy, if there is one and it is wanted.
    pub(super) fn with_agent_proxy(mut self, variable: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        let is_named = given("DD_PROXY_HTTP").or_else(|| given("DD_PROXY_HTTPS")).is_some();
        if is_named && self.use_agent_proxy && !self.skip_proxy && self.proxy.is_none() {
            self.proxy = Proxy::of_agent(None, given);
        }
        self
    }

    /// What they say of TLS.
    pub(super) fn tls(&self) -> Wanted<'_> {
        Wanted {
            verify: self.tls_verify,
            validate_hostname: self.tls_validate_hostname,
            authorities: self.tls_ca_cert.as_deref(),
            certificate: self.tls_cert.as_deref(),
            private_key: self.tls_private_key.as_deref(),
            password: self.tls_private_key_password.as_ref(),
            versions: &self.tls_protocols_allowed,
            ciphers: &self.tls_ciphers,
        }
    }
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            connect_timeout: None,
            read_timeout: None,
            auth_type: AuthType::Basic,
            username: None,
            password: None,
            use_legacy_auth_encoding: true,
            auth_token: None,
            aws_host: None,
            aws_region: None,
            aws_service: None,
            headers: BTreeMap::new(),
            extra_headers: BTreeMap::new(),
            tls_verify: true,
            tls_validate_hostname: true,
            tls_ca_cert: None,
            tls_cert: None,
            tls_private_key: None,
            tls_private_key_password: None,
            tls_use_host_header: false,
            tls_protocols_allowed: Vec::new(),
            tls_ciphers: Vec::new(),
            proxy: None,
            use_agent_proxy: true,
            skip_proxy: false,
            allow_redirects: true,
            persist_connections: false,
            request_size: 16,
            tls_ignore_warning: false,
            log_requests: false,
            not_built_in: NotBuiltIn::default(),
        }
    }
}
