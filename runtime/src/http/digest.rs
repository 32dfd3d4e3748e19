//! Digest authentication (RFC 7616): the answer to a server's challenge.

use std::collections::HashMap;
use std::fmt::Write;

use md5::{Digest, Md5};
use ring::digest::{SHA256, digest};

/// A server's challenge, which later requests to it answer, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    algorithm: Algorithm,
    /// What the server calls it: it wants that back.
    algorithm_name: Option<String>,
    has_qop: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Md5,
    Md5Session,
    Sha256,
    Sha256Session,
}

/// What a request answers for.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    /// The path with the query.
    pub(super) uri: &'a str,
    pub(super) username: &'a str,
    pub(super) password: &'a str,
    /// How many requests have answered this challenge, this one included.
    pub(super) count: u32,
    /// A number that nobody can guess.
    pub(super) client_nonce: &'a str,
}

impl Challenge {
    /// The best challenge of an answer's `WWW-Authenticate` headers that is understood.
    pub(super) fn find<'h>(headers: impl Iterator<Item = &'h str>) -> Option<Self> {
        headers.flat_map(challenges).max_by_key(|challenge| challenge.algorithm.is_strong())
    }

    fn of(parameters: &HashMap<String, String>) -> Option<Self> {
        let get = |name: &str| parameters.get(name).cloned();
        let algorithm = match get("algorithm").map(|name| name.to_ascii_uppercase()).as_deref() {
            None | Some("MD5") => Algorithm::Md5,
            Some("MD5-SESS") => Algorithm::Md5Session,
            Some("SHA-256") => Algorithm::Sha256,
            Some("SHA-256-SESS") => Algorithm::Sha256Session,
            Some(_) => return None,
        };
        let qop = get("qop");
        let has_qop = qop.is_some();
        if qop.is_some_and(|qop| !qop.split(',').any(|one| one.trim() == "auth")) {
            return None;
        }
        Some(Self {
            realm: get("realm")?,
            nonce: get("nonce")?,
            opaque: get("opaque"),
            algorithm,
            algorithm_name: get("algorithm"),
            has_qop,
        })
    }

    /// The `Authorization` header of a request.
    pub(super) fn answer(&self, asked: &Asked<'_>) -> String {
        let Asked { method, uri, username, password, count, client_nonce } = asked;
        let hash = |text: String| self.algorithm.hash(&text);
        let mut secret = hash(format!("{username}:{}:{password}", self.realm));
        if self.algorithm.is_session() {
            secret = hash(format!("{secret}:{}:{client_nonce}", self.nonce));
        }
        let request = hash(format!("{method}:{uri}"));
        let count = format!("{count:08x}");
        let nonce = &self.nonce;
        let response = match self.has_qop {
            true => hash(format!("{secret}:{nonce}:{count}:{client_nonce}:auth:{request}")),
            false => hash(format!("{secret}:{nonce}:{request}")),
        };
        let mut header = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\"",
            quoted(username),
            quoted(&self.realm),
            quoted(nonce),
            quoted(uri),
        );
        let mut add = |text: std::fmt::Arguments<'_>| {
            // A string takes everything.
            let _ = header.write_fmt(text);
        };
        if let Some(name) = &self.algorithm_name {
            add(format_args!(", algorithm={name}"));
        }
        if let Some(opaque) = &self.opaque {
            add(format_args!(", opaque={}", quoted(opaque)));
        }
        if self.has_qop {
            add(format_args!(", qop=auth, nc={count}, cnonce=\"{client_nonce}\""));
        }
        header
    }
}

impl Algorithm {
    const fn is_session(self) -> bool {
        matches!(self, Self::Md5Session | Self::Sha256Session)
    }

    const fn is_strong(self) -> bool {
        matches!(self, Self::Sha256 | Self::Sha256Session)
    }

    fn hash(self, text: &str) -> String {
        match self {
            Self::Md5 | Self::Md5Session => hex(&Md5::digest(text)),
            Self::Sha256 | Self::Sha256Session => hex(digest(&SHA256, text.as_bytes()).as_ref()),
        }
    }
}

/// Bytes as lower-case digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // A string takes everything.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The challenges of one header that are of this scheme: it may hold those of others, too.
fn challenges(header: &str) -> Vec<Challenge> {
    let mut found = Vec::new();
    let mut parameters: Option<HashMap<String, String>> = None;
    let finish = |parameters: &mut Option<HashMap<String, String>>, found: &mut Vec<Challenge>| {
        found.extend(parameters.take().as_ref().and_then(Challenge::of));
    };
    for part in parts(header) {
        let (scheme, rest) = match part.split_once(char::is_whitespace) {
            Some((scheme, rest)) if !scheme.contains('=') => (Some(scheme), rest.trim()),
            _ => (None, part),
        };
        if let Some(scheme) = scheme {
            finish(&mut parameters, &mut found);
            parameters = scheme.eq_ignore_ascii_case("digest").then(HashMap::new);
        }
        if let (Some(parameters), Some((name, value))) = (&mut parameters, rest.split_once('=')) {
            parameters.insert(name.trim().to_ascii_lowercase(), unquoted(value.trim()));
        }
    }
    finish(&mut parameters, &mut found);
    found
}

/// What stands between commas that are in no quotes.
fn parts(header: &str) -> Vec<&str> {
    let (mut parts, mut start, mut in_quotes, mut escaped) = (Vec::new(), 0, false, false);
    for (at, character) in header.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            ',' if !in_quotes => {
                parts.push(header[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(header[start..].trim());
    parts
}

fn unquoted(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.extend(characters.next()),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two answers that RFC 7616, 3.9.1 gives for one request.
    #[test]
    fn the_examples_of_the_standard() {
        let rest = "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
                    nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
                    opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let header = format!("Basic realm=\"x\", Digest {rest}, algorithm={algorithm}");
            let challenge = Challenge::find([header.as_str()].into_iter()).expect("a challenge");
            let answer = challenge.answer(&Asked {
                method: "GET",
                uri: "/dir/index.html",
                username: "Mufasa",
                password: "Circle of Life",
                count: 1,
                client_nonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            });
            assert!(answer.contains(&format!("response=\"{response}\"")), "{answer}");
            assert!(answer.contains("nc=00000001"), "{answer}");
        }
    }

    #[test]
    fn the_stronger_challenge_is_answered_and_others_are_passed_over() {
        let header = "Digest realm=\"a, \\\"b\\\"\", nonce=\"1\", algorithm=MD5, \
                      Negotiate, Digest realm=\"r\", nonce=\"2\", algorithm=SHA-256, \
                      Digest realm=\"r\", nonce=\"3\", algorithm=SHA-512-256";
        let challenge = Challenge::find([header].into_iter()).expect("a challenge");
        assert_eq!((challenge.nonce.as_str(), challenge.algorithm), ("2", Algorithm::Sha256));
        let first = &challenges(header)[0];
        assert_eq!(first.realm, "a, \"b\"");
        assert_eq!(Challenge::find(["Basic realm=\"x\"", "Bearer"].into_iter()), None);
        let only_integrity = "Digest realm=\"r\", nonce=\"1\", qop=\"auth-int\"";
        assert_eq!(Challenge::find([only_integrity].into_iter()), None);
    }
}
