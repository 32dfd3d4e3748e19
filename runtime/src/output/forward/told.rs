//! What a receiver says, as it may be told: the beginning, on one line, without secrets.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use url::Url;

use crate::config::Secret;
use crate::config::resolve::Scrubber;
use crate::http;

/// So much of what a receiver says is told, in characters.
const MOST_TOLD: usize = 200;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The secrets that a receiver is sent, and might send back.
#[derive(Debug, Default)]
pub(in crate::output) struct Told(Scrubber);

impl Told {
    /// Adds the values of headers: each one whole, without the scheme that it may begin with (`Bearer TOKEN`), and the password
    /// of `Basic`.
    pub(in crate::output) fn add_headers<'s>(
        &mut self,
        values: impl IntoIterator<Item = &'s Secret>,
    ) {
        for value in values {
            let value = value.expose();
            self.0.add(value);
            let Some((scheme, rest)) = value.trim().split_once(' ') else { continue };
            self.0.add(rest.trim());
            if scheme.eq_ignore_ascii_case("basic") {
                self.add_user(rest.trim());
            }
        }
    }

    /// Adds the user and password that the credentials of `Basic` are made of.
    fn add_user(&mut self, credentials: &str) {
        let decoded = BASE64.decode(credentials).ok().and_then(|text| String::from_utf8(text).ok());
        let Some(pair) = decoded else { return };
        self.0.add(&pair);
        if let Some((_, password)) = pair.split_once(':') {
            self.0.add(password);
        }
    }

    /// Adds a password.
    pub(in crate::output) fn add_password(&mut self, password: Option<&Secret>) {
        if let Some(password) = password {
            self.0.add(password.expose());
        }
    }

    /// Adds what may be secret in an address: its password, and the values of its query.
    pub(in crate::output) fn add_address(&mut self, url: &Url) {
        url.password().into_iter().for_each(|password| self.0.add_encoded(password));
        url.query_pairs().for_each(|(_, value)| self.0.add(&value));
    }

    /// What a receiver says, if it says something, behind a colon.
    pub(in crate::output) fn told(&self, text: &str) -> String {
        let text = self.0.scrub(text);
        let words = text.split(|char: char| char.is_control() || char.is_whitespace());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        match words.join(" ") {
            text if text.is_empty() => text,
            text => format!(": {}", text.chars().take(MOST_TOLD).collect::<String>()),
        }
    }
}

/// An address as messages show it: without user, password, query and fragment.
pub(in crate::output) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    http::public(&url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_header_nor_what_it_is_made_of_is_told() {
        let mut told = Told::default();
        // Of `user:hush-hush`, with and without padding.
        let headers =
            ["Bearer abc123", "Basic dXNlcjpodXNoLWh1c2g=", "basic dTpwYXNz", "plain-key"];
        told.add_headers(&headers.map(Secret::new));
        let text = "invalid token abc123 of Bearer abc123, hushed hush-hush,\n\
            dXNlcjpodXNoLWh1c2g=, pass and plain-key";
        let mask = "********";
        assert_eq!(
            told.told(text),
            format!(": invalid token {mask} of {mask}, hushed {mask}, {mask}, {mask} and {mask}")
        );
        assert_eq!(told.told(" \n"), "");
    }
}
