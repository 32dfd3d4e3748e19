//! Whose a spool is: the name of a receiver's directory, which lasts over restarts and upgrades.

use std::path::{Path, PathBuf};

use ring::digest::{Context, SHA256};

use crate::http;

/// Whose a spool is: a receiver's address and the key that things are sent with.
///
/// Of the key, eight digits of a SHA-256 over it are on the disk: 32 bits, which tell a few keys apart, and of which none can be
/// learnt, since as good as any number of keys have them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner {
    host: String,
    address: String,
    key: String,
}

impl Owner {
    /// The owner of what is sent to these addresses, of which the first one names it. What may be secret in them counts as part of
    /// the key.
    pub fn new<'s>(addresses: &[&str], secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let (mut public, mut hidden, mut host) = (Vec::new(), Vec::new(), String::new());
        for address in addresses {
            let Ok(mut url) = http::parse(address) else { continue };
            hidden.push(format!("{}:{}", url.username(), url.password().unwrap_or_default()));
            hidden.push(url.query().unwrap_or_default().to_owned());
            if host.is_empty() {
                url.host_str().unwrap_or_default().clone_into(&mut host);
            }
            url.set_query(None);
            url.set_fragment(None);
            public.push(http::public(&url).trim_end_matches('/').to_owned());
        }
        let secrets = secrets.into_iter().map(str::to_owned);
        Self {
            host: host.replace(|char: char| !is_plain(char), "_"),
            address: digest(public.iter().map(String::as_str)),
            key: digest(hidden.into_iter().chain(secrets).chain(public)),
        }
    }

    /// Its directory, below that of an output.
    pub fn directory(&self, all: &Path) -> PathBuf {
        all.join(format!("{}{}", self.at_address(), self.key))
    }

    /// What the directories of all receivers of this address begin with.
    pub(super) fn at_address(&self) -> String {
        format!("{}-{}-", self.host, self.address)
    }
}

/// The first eight digits of a digest of texts.
fn digest(texts: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut context = Context::new(&SHA256);
    for text in texts {
        let text = text.as_ref();
        context.update(&(text.len() as u64).to_le_bytes());
        context.update(text.as_bytes());
    }
    let first = context.finish().as_ref().first_chunk().copied().unwrap_or_default();
    format!("{:08x}", u32::from_be_bytes(first))
}

fn is_plain(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '.' | '-')
}
