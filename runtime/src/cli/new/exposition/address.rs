//! The address of an endpoint: what is secret in it goes into the request and nowhere else.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::config::Secret;
use crate::config::report::tells_secret;
use crate::http::HttpOptions;

/// Parts of the names of parameters that tell a secret, beside those of options.
const TELLING: &[&str] = &["auth", "key", "sig", "code", "session", "jwt"];

/// An address, taken apart.
pub(super) struct Address {
    /// As it is asked.
    asked: String,
    /// As it is written and shown: with placeholders for what is secret.
    pub(super) shown: String,
    /// What stands for the name and the password, if it holds them.
    pub(super) login: Option<Login>,
    /// The query as it is asked and as it is shown, where these differ.
    query: Option<(String, String)>,
    username: Option<String>,
    password: Option<Secret>,
}

/// What of a login an address holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli::new) enum Login {
    Name,
    NameAndPassword,
}

impl Address {
    /// The address that was given. One that cannot be taken apart is asked and shown as it is, and refused then.
    pub(super) fn of(given: &str) -> Self {
        let mut address = Self {
            asked: given.to_owned(),
            shown: given.to_owned(),
            login: None,
            query: None,
            username: None,
            password: None,
        };
        if let Ok(mut url) = Url::parse(given) {
            // It goes nowhere, and should not be shown.
            if url.fragment().is_some() {
                url.set_fragment(None);
                given.split('#').next().unwrap_or_default().clone_into(&mut address.asked);
                address.shown.clone_from(&address.asked);
            }
            address.take_login(&url);
            address.hide_query();
        }
        address
    }

    /// It holds what is written nowhere.
    pub(super) const fn has_secrets(&self) -> bool {
        self.login.is_some() || self.query.is_some()
    }

    fn take_login(&mut self, url: &Url) {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let mut bare = url.clone();
        let is_login = !url.username().is_empty() || url.password().is_some();
        if !is_login || bare.set_username("").is_err() || bare.set_password(None).is_err() {
            return;
        }
        self.username = Some(decoded(url.username()));
        self.password = url.password().map(|password| Secret::new(decoded(password)));
        let has_password = self.password.is_some();
        self.login = Some(if has_password { Login::NameAndPassword } else { Login::Name });
        self.asked = bare.into();
        self.shown.clone_from(&self.asked);
    }

    fn hide_query(&mut self) {
        let Some((before, query)) = self.asked.split_once('?') else { return };
        let shown: String = query.split_inclusive(['&', ';']).map(hidden_with_end).collect();
        if shown != query {
            self.shown = format!("{before}?{shown}");
            self.query = Some((query.to_owned(), shown));
        }
    }

    /// As it is asked.
    pub(super) fn asked(&self) -> &str {
        &self.asked
    }

    /// How it is asked.
    pub(super) fn options(&self) -> HttpOptions {
        let (username, password) = (self.username.clone(), self.password.clone());
        HttpOptions { username, password, ..HttpOptions::default() }
    }

    /// A message without what is secret.
    pub(super) fn scrubbed(&self, message: &str) -> String {
        match &self.query {
            None => message.to_owned(),
            Some((asked, shown)) => {
                let normal = Url::parse(&self.asked).ok();
                let normal = normal.as_ref().and_then(Url::query).unwrap_or(asked);
                message.replace(normal, shown).replace(asked, shown)
            }
        }
    }
}

/// A parameter of a query and what divides it from the next one.
fn hidden_with_end(part: &str) -> String {
    let pair = part.trim_end_matches(['&', ';']);
    hidden(pair) + &part[pair.len()..]
}

/// A parameter of a query, with a placeholder for its value where that is secret.
fn hidden(pair: &str) -> String {
    let Some((name, value)) = pair.split_once('=') else { return pair.to_owned() };
    let lower = name.to_lowercase();
    let is_secret = tells_secret(&lower) || TELLING.iter().any(|part| lower.contains(part));
    if !is_secret || value.is_empty() {
        return pair.to_owned();
    }
    let placeholder = lower.to_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("{name}=<{placeholder}>")
}

#[cfg(test)]
mod tests {
    use super::{Address, Login};

    #[test]
    fn secrets_of_addresses_have_placeholders() {
        let of = |given: &str| {
            let address = Address::of(given);
            (address.shown.clone(), address.login)
        };
        let plain = "http://host:80/metrics?format=prometheus&name[]=a";
        assert_eq!(of(plain), (plain.to_owned(), None));
        assert_eq!(
            of("http://me:s%40cret@host/metrics?token=t&format=x&api-key=k#f"),
            (
                "http://host/metrics?token=<TOKEN>&format=x&api-key=<API_KEY>".to_owned(),
                Some(Login::NameAndPassword)
            )
        );
        assert_eq!(of("https://me@host/"), ("https://host/".to_owned(), Some(Login::Name)));
        assert_eq!(of("no address"), ("no address".to_owned(), None));
        let address = Address::of("http://me:s%40cret@host/?sig=a b");
        let options = address.options();
        let password = options.password.as_ref().map(|password| password.expose().to_owned());
        assert_eq!(
            (options.username.as_deref(), password.as_deref()),
            (Some("me"), Some("s@cret"))
        );
        assert_eq!(
            address.scrubbed("`http://host/?sig=a%20b` is gone"),
            "`http://host/?sig=<SIG>` is gone"
        );
    }
}
