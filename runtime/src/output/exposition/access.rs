//! Who may scrape: anyone, or those who show a token or a password.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;
use subtle::ConstantTimeEq;

use crate::config::Secret;

/// What a scraper must show; anything of it will do. Anyone may scrape if there is nothing.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// The value of `Authorization: Bearer …`.
    pub bearer_token: Option<Secret>,
    /// The user and password of `Authorization: Basic …`.
    pub user: Option<(String, Secret)>,
}

impl Access {
    /// Those headers are of somebody who may. How long it takes does not tell how much of a secret was right.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        let expected: Vec<_> = self.expected().collect();
        if expected.is_empty() {
            return true;
        }
        let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some((scheme, shown)) = shown.and_then(|shown| shown.split_once(' ')) else {
            return false;
        };
        let fits = |(known, secret): &(&str, Secret)| {
            known.eq_ignore_ascii_case(scheme)
                && bool::from(secret.expose().as_bytes().ct_eq(shown.trim().as_bytes()))
        };
        expected.iter().any(fits)
    }

    /// What `Authorization` may hold: schemes and what follows them.
    pub(super) fn expected(&self) -> impl Iterator<Item = (&'static str, Secret)> {
        let basic = self.user.as_ref().map(|(user, password)| {
            let text = STANDARD.encode(format!("{user}:{}", password.expose()));
            ("Basic", Secret::new(text))
        });
        self.bearer_token.clone().map(|token| ("Bearer", token)).into_iter().chain(basic)
    }

    /// The value of `WWW-Authenticate`.
    pub(super) fn challenge(&self) -> &'static str {
        match self.bearer_token {
            Some(_) => "Bearer realm=\"metrics\"",
            None => "Basic realm=\"metrics\", charset=\"UTF-8\"",
        }
    }
}
