//! How a request says who it is from.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use ring::rand::{SecureRandom, SystemRandom};
use url::Url;

use super::aws::Signer;
use super::digest::{Asked, Challenge, hex};
use super::error::HttpError;
use super::options::{AuthType, HttpOptions};

/// What an instance's requests say of themselves.
pub(super) enum Auth {
    Nothing,
    Basic(HeaderValue),
    Digest(Digest),
    Aws(Box<Signer>),
}

/// The state of digest authentication.
pub(super) struct Digest {
    username: String,
    password: String,
    challenge: Mutex<Option<Challenge>>,
    count: AtomicU32,
}

impl Auth {
    pub(super) fn new(options: &HttpOptions) -> Result<Self, HttpError> {
        let password = options.password.as_ref().map_or("", |password| password.expose());
        match (options.auth_type, &options.username) {
            (AuthType::Aws, _) => Ok(Self::Aws(Box::new(Signer::new(options)?))),
            (AuthType::Digest, Some(username)) => Ok(Self::Digest(Digest {
                username: username.clone(),
                password: password.to_owned(),
                challenge: Mutex::default(),
                count: AtomicU32::new(0),
            })),
            (AuthType::Basic, Some(username)) => {
                basic(username, password, options.use_legacy_auth_encoding).map(Self::Basic)
            }
            // A combination that the options do not allow says nothing of itself.
            (AuthType::Basic | AuthType::Digest | AuthType::Ntlm | AuthType::Kerberos, _) => {
                Ok(Self::Nothing)
            }
        }
    }

    /// The headers that a request gets.
    pub(super) fn headers(
        &self,
        method: &str,
        url: &Url,
        body: &[u8],
    ) -> Result<Vec<(HeaderName, HeaderValue)>, HttpError> {
        match self {
            Self::Nothing => Ok(Vec::new()),
            Self::Basic(value) => Ok(vec![(AUTHORIZATION, value.clone())]),
            Self::Digest(digest) => Ok(digest
                .header(method, url)?
                .map(|value| (AUTHORIZATION, value))
                .into_iter()
                .collect()),
            Self::Aws(signer) => {
                let headers = signer.sign(method, url, body, SystemTime::now())?;
                Ok(headers
                    .into_iter()
                    .map(|(name, value)| (HeaderName::from_static(name), value))
                    .collect())
            }
        }
    }

    /// Learns from an answer that refuses. It says whether it is worth to ask again.
    pub(super) fn learn(&self, status: u16, headers: &HeaderMap) -> bool {
        let Self::Digest(digest) = self else { return false };
        status == 401 && digest.learn(headers)
    }
}

/// What the requests of an output say of themselves: name and password, or nothing.
///
/// # Errors
/// The options say it in another way, or ask for what an output does not do.
#[cfg(feature = "outputs")]
pub(crate) fn of_output(options: &HttpOptions) -> Result<Option<HeaderValue>, HttpError> {
    let refused = |option: &str, hint: &str| {
        Err(HttpError::option(option, &format_args!("an output does not have it\nhint: {hint}")))
    };
    if options.auth_token.is_some() {
        return refused("auth_token", "write the token into `headers`");
    }
    if options.tls_use_host_header {
        return refused("tls_use_host_header", "write the name into the address");
    }
    if options.auth_type != AuthType::Basic {
        return refused("auth_type", "use `auth_type: basic`, or a proxy of your own that logs in");
    }
    match &options.username {
        Some(username) => {
            let password = options.password.as_ref().map_or("", |password| password.expose());
            basic(username, password, options.use_legacy_auth_encoding).map(Some)
        }
        None => Ok(None),
    }
}

/// Name and password, in Latin-1 where that has all their characters and is asked for.
fn basic(username: &str, password: &str, latin: bool) -> Result<HeaderValue, HttpError> {
    let text = format!("{username}:{password}");
    let in_latin: Option<Vec<u8>> =
        text.chars().map(|one| u8::try_from(u32::from(one)).ok()).collect();
    let bytes = in_latin.filter(|_| latin).unwrap_or_else(|| text.into_bytes());
    let value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(bytes)));
    let mut value = value.map_err(|error| HttpError::option("username", &error))?;
    value.set_sensitive(true);
    Ok(value)
}

impl Digest {
    fn header(&self, method: &str, url: &Url) -> Result<Option<HeaderValue>, HttpError> {
        let challenge = self.challenge.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(challenge) = challenge else { return Ok(None) };
        let uri = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut random = [0; 16];
        let unsafe_to_go_on =
            |_| HttpError::option("auth_type", &"the system gives no random numbers");
        SystemRandom::new().fill(&mut random).map_err(unsafe_to_go_on)?;
        let answer = challenge.answer(&Asked {
            method,
            uri,
            username: &self.username,
            password: &self.password,
            count: self.count.fetch_add(1, Ordering::Relaxed) + 1,
            client_nonce: &hex(&random),
        });
        let mut value =
            HeaderValue::try_from(answer).map_err(|error| HttpError::option("username", &error))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    fn learn(&self, headers: &HeaderMap) -> bool {
        let headers =
            headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let Some(new) = Challenge::find(headers) else { return false };
        let mut known = self.challenge.lock().unwrap_or_else(PoisonError::into_inner);
        // The same challenge again: the password is wrong.
        let is_new = known.as_ref() != Some(&new);
        if is_new {
            self.count.store(0, Ordering::Relaxed);
        }
        *known = Some(new);
        is_new
    }
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Basic(_) => "Basic",
            Self::Digest(_) => "Digest",
            Self::Aws(_) => "Aws",
        })
    }
}
