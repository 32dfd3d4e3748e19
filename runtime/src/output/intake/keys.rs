//! API keys: kept secret, and asked after.

use std::fmt;
use std::time::Duration;

use crate::config::Secret;
use crate::http::Http;

/// How often it is asked whether a key is valid, as the Agent does.
pub(super) const EVERY: Duration = Duration::from_hours(1);

/// How soon it is asked again if there was no answer.
pub(super) const AGAIN: Duration = Duration::from_mins(1);

/// Where it is asked.
const ROUTE: &str = "/api/v1/validate";

/// So many characters of a key are shown at most, as the Agent does, so that it can be told from others.
const SHOWN: usize = 5;

/// An API key. Of one that is long enough, messages show the last five characters.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(Secret);

impl ApiKey {
    /// A key. Blanks around it are none of it.
    pub fn new(key: &str) -> Self {
        Self(Secret::new(key.trim()))
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.0.expose().is_empty()
    }

    pub(super) fn secret(&self) -> Secret {
        self.0.clone()
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.0.expose();
        let end = key.char_indices().rev().nth(SHOWN - 1).map_or(0, |(at, _)| at);
        // A short text is no key, and five characters of it would be most of it.
        let end = if key.len() < 4 * SHOWN { "" } else { &key[end..] };
        write!(f, "***{end}")
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Valid,
    Invalid,
    /// Nobody answered, or not as expected; the key is used all the same.
    Unknown(String),
}

/// Asks whether the key that a client sends along is valid.
pub(super) async fn validate(client: &Http, api: &str) -> Verdict {
    let address = format!("{api}{ROUTE}");
    let answer = match client.get(&address).await {
        Ok(answer) => answer,
        Err(error) => return Verdict::Unknown(error.to_string()),
    };
    match answer.status {
        // Of receivers that are not Datadog's some say nothing, and accept everything.
        200..300 if says_no(&answer.body) => Verdict::Invalid,
        200..300 => Verdict::Valid,
        401 | 403 => Verdict::Invalid,
        status => Verdict::Unknown(format!("`{}` answered {status}", super::site::host(api))),
    }
}

/// An answer `{"valid": false}`.
fn says_no(body: &[u8]) -> bool {
    let answer: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    answer.is_some_and(|answer| answer["valid"] == false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_key_five_characters_are_shown_at_most() {
        let key = ApiKey::new(" 0123456789abcdef0123456789abcdef\n");
        assert_eq!(format!("{key} {key:?}"), "***bcdef ***bcdef");
        assert_eq!(key.secret().expose(), "0123456789abcdef0123456789abcdef");
        assert_eq!(ApiKey::new("0123456789").to_string(), "***");
        assert_eq!(ApiKey::new("éééééééééééé").to_string(), "***ééééé");
        assert!(ApiKey::new(" ").is_empty());
    }
}
