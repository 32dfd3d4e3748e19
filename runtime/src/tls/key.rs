//! The key of a certificate that is shown, in the clear or encrypted by a password (PKCS #8, RFC 5958).

use std::fmt::Display;
use std::fs;
use std::path::Path;

use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

use crate::config::Secret;

use super::error::TlsError;

const BEGINNING: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";

/// How OpenSSL marked an encrypted key before there was PKCS #8.
const OLD: &str = "Proc-Type: 4,ENCRYPTED";

/// What makes a key of the kind that can be read.
const REMEDY: &str =
    "hint: `openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.key -out new.key` writes it anew";

pub(super) fn private_key(
    file: &Path,
    password: Option<&Secret>,
) -> Result<PrivateKeyDer<'static>, TlsError> {
    let wrong = |error: &dyn Display| TlsError::file("tls_private_key", file, error);
    let content = fs::read(file).map_err(|error| wrong(&error))?;
    let text = String::from_utf8_lossy(&content);
    if let Some(section) = encrypted(&text) {
        let Some(password) = password else {
            return Err(wrong(&"it is encrypted, and there is no `tls_private_key_password`"));
        };
        return decrypted(section, password).map_err(|error| wrong(&error));
    }
    if text.contains(OLD) {
        return Err(wrong(&format_args!("it is encrypted in an old way\n{REMEDY}")));
    }
    PrivateKeyDer::from_pem_slice(&content).map_err(|error| wrong(&error))
}

/// The part of a file that is an encrypted key.
fn encrypted(text: &str) -> Option<&str> {
    let begins = text.find(BEGINNING)?;
    let ends = begins + text[begins..].find(END)? + END.len();
    Some(&text[begins..ends])
}

#[cfg(feature = "encrypted-keys")]
fn decrypted(section: &str, password: &Secret) -> Result<PrivateKeyDer<'static>, String> {
    use pkcs8::{EncryptedPrivateKeyInfoRef, SecretDocument};
    use rustls::pki_types::PrivatePkcs8KeyDer;

    let unreadable = |error: &dyn Display| format!("{error}\n{REMEDY}");
    let (_, document) = SecretDocument::from_pem(section).map_err(|error| unreadable(&error))?;
    let info = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes())
        .map_err(|error| unreadable(&error))?;
    let key = info.decrypt(password.expose());
    let key =
        key.map_err(|error| format!("`tls_private_key_password` does not open it: {error}"))?;
    Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into())
}

#[cfg(not(feature = "encrypted-keys"))]
fn decrypted(_: &str, _: &Secret) -> Result<PrivateKeyDer<'static>, String> {
    Err("it is encrypted, and this program is built without the feature `encrypted-keys`\n\
         hint: `openssl pkey -in old.key -out new.key` writes it in the clear"
        .to_owned())
}
