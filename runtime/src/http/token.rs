//! A token that a header carries: read from a file or asked for by OAuth, and renewed when a request fails.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use regex_lite::Regex;
use reqwest::Client;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::Value;

use crate::config::{Config, Secret};

use super::error::HttpError;

/// How long a token is good if its giver does not say.
const GOOD_FOR: Duration = Duration::from_mins(5);

/// A token, from where it is read to how it is written.
#[derive(Debug, Clone, PartialEq, Config)]
pub struct AuthToken {
    /// Where it is read from.
    pub reader: TokenReader,
    /// How it is written.
    pub writer: TokenWriter,
}

/// Where a token is read from.
#[derive(Debug, Clone, PartialEq, Config)]
#[config(validate = TokenReader::whole)]
pub struct TokenReader {
    /// What gives it.
    #[config(name = "type")]
    pub kind: TokenSource,
    /// The file that holds it, with `type: file`.
    pub path: Option<PathBuf>,
    /// A regular expression whose one group is the token; the whole file is if not given.
    pub pattern: Option<String>,
    /// Where it is asked for, with `type: oauth`.
    pub url: Option<String>,
    /// The id of the client.
    pub client_id: Option<String>,
    /// The secret of the client.
    #[config(secret)]
    pub client_secret: Option<Secret>,
    /// Whether id and secret are sent as name and password, and not with the other parameters.
    #[config(default = false)]
    pub basic_auth: bool,
    /// Further parameters of the request, such as `scope`.
    #[config(default)]
    pub options: BTreeMap<String, Secret>,
}

/// What gives a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub enum TokenSource {
    /// A file.
    File,
    /// A server, for the client's own credentials (RFC 6749, 4.4).
    Oauth,
    /// Not built in.
    DcosAuth,
}

/// How a token is written.
#[derive(Debug, Clone, PartialEq, Config)]
pub struct TokenWriter {
    /// Where it is written.
    #[config(name = "type")]
    pub kind: TokenPlace,
    /// The name of the header.
    pub name: String,
    /// What the header says.
    #[config(default = "<TOKEN>")]
    pub value: String,
    /// What of that the token takes the place of.
    #[config(default = "<TOKEN>", non_empty)]
    pub placeholder: String,
}

/// Where a token is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub enum TokenPlace {
    /// A header.
    Header,
}

impl TokenReader {
    fn whole(&self) -> Result<(), &'static str> {
        let is_given = |one: &Option<String>| one.as_ref().is_some_and(|text| !text.is_empty());
        match self.kind {
            TokenSource::File if self.path.is_none() => {
                Err("a reader of `type: file` needs a `path`")
            }
            TokenSource::Oauth
                if !is_given(&self.url)
                    || !is_given(&self.client_id)
                    || self.client_secret.is_none() =>
            {
                Err("a reader of `type: oauth` needs a `url`, a `client_id` and a `client_secret`")
            }
            TokenSource::DcosAuth => Err("a reader of `type: dcos_auth` is not built in"),
            TokenSource::File | TokenSource::Oauth => Ok(()),
        }
    }
}

/// The token of an instance, as far as it is known.
#[derive(Debug)]
pub(super) struct Token {
    options: AuthToken,
    name: HeaderName,
    pattern: Option<Regex>,
    known: Mutex<Option<Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    header: HeaderValue,
    /// It is to be asked for again.
    until: Option<Instant>,
}

impl Token {
    pub(super) fn new(options: &AuthToken) -> Result<Self, HttpError> {
        let wrong = |error: &dyn std::fmt::Display| HttpError::option("auth_token", error);
        let name = HeaderName::try_from(&options.writer.name).map_err(|error| wrong(&error))?;
        let pattern = options.reader.pattern.as_deref().map(Regex::new).transpose();
        let pattern = pattern.map_err(|error| wrong(&error))?;
        if pattern.as_ref().is_some_and(|pattern| pattern.captures_len() != 2) {
            return Err(wrong(&"`pattern` must have exactly one group"));
        }
        Ok(Self { options: options.clone(), name, pattern, known: Mutex::default() })
    }

    /// The header, with a token that is good as far as is known.
    pub(super) async fn header(
        &self,
        client: &Client,
    ) -> Result<(HeaderName, HeaderValue), HttpError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) =
            known.filter(|known| known.until.is_none_or(|until| Instant::now() < until))
        {
            return Ok((self.name.clone(), known.header));
        }
        let (token, good_for) = match self.options.reader.kind {
            TokenSource::File => (self.of_file()?, None),
            TokenSource::Oauth | TokenSource::DcosAuth => self.of_server(client).await?,
        };
        let writer = &self.options.writer;
        let text = writer.value.replace(&writer.placeholder, &token);
        let header = HeaderValue::try_from(text);
        let mut header = header.map_err(|error| HttpError::option("auth_token", &error))?;
        header.set_sensitive(true);
        let until = good_for.map(|time| Instant::now() + time);
        let known = Known { header: header.clone(), until };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok((self.name.clone(), header))
    }

    /// The next request needs a new one.
    pub(super) fn forget(&self) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn of_file(&self) -> Result<String, HttpError> {
        let path = self.options.reader.path.as_deref().unwrap_or(Path::new(""));
        let wrong = |error: &dyn std::fmt::Display| {
            HttpError::option("auth_token", &format_args!("`{}`: {error}", path.display()))
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
        let Some(pattern) = &self.pattern else { return Ok(text.trim().to_owned()) };
        let found = pattern.captures(&text).and_then(|groups| groups.get(1));
        found
            .map(|token| token.as_str().to_owned())
            .ok_or_else(|| wrong(&"nothing in it fits `pattern`"))
    }

    async fn of_server(&self, client: &Client) -> Result<(String, Option<Duration>), HttpError> {
        let reader = &self.options.reader;
        let url = reader.url.as_deref().unwrap_or_default();
        let id = reader.client_id.as_deref().unwrap_or_default();
        let secret = reader.client_secret.as_ref().map_or("", Secret::expose);
        let mut form = vec![("grant_type", "client_credentials")];
        let mut request = client.post(super::address::parse(url)?);
        if reader.basic_auth {
            request = request.basic_auth(id, Some(secret));
        } else {
            form.extend([("client_id", id), ("client_secret", secret)]);
        }
        form.extend(reader.options.iter().map(|(name, value)| (name.as_str(), value.expose())));
        let wrong = |error: &dyn std::fmt::Display| {
            HttpError::option(
                "auth_token",
                &format_args!("no token from `{}`: {error}", super::address::public_text(url)),
            )
        };
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request =
            request.header("Content-Type", "application/x-www-form-urlencoded").body(body);
        let answer = request.send().await.map_err(|error| wrong(&error.without_url()))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| wrong(&error.without_url()))?;
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        let token = answer["access_token"].as_str();
        let Some(token) = token.filter(|_| status.is_success()) else {
            let why = answer["error_description"].as_str().or(answer["error"].as_str());
            return Err(wrong(&format_args!("{status} {}", why.unwrap_or_default())));
        };
        let seconds = answer["expires_in"].as_f64().filter(|seconds| *seconds > 0.0);
        let good_for = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Ok((token.to_owned(), Some(good_for.unwrap_or(GOOD_FOR))))
    }
}
