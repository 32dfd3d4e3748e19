//! AWS's signature of requests, version 4, as AWS's documentation of its signing process gives it.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::header::HeaderValue;
use ring::digest::{SHA256, digest};
use ring::hmac;
use url::Url;

use super::digest::hex;
use super::error::HttpError;
use super::options::HttpOptions;

/// The keys that requests are signed with.
#[derive(Clone)]
struct Keys {
    id: String,
    secret: String,
    session: Option<String>,
}

/// Signs requests of an instance.
#[derive(Clone)]
pub(super) struct Signer {
    host: Option<String>,
    region: String,
    service: String,
    keys: Keys,
}

/// The headers of a signature.
pub(super) type Headers = Vec<(&'static str, HeaderValue)>;

impl Signer {
    pub(super) fn new(options: &HttpOptions) -> Result<Self, HttpError> {
        let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let of_environment = || {
            Some(Keys {
                id: environment("AWS_ACCESS_KEY_ID")?,
                secret: environment("AWS_SECRET_ACCESS_KEY")?,
                session: environment("AWS_SESSION_TOKEN"),
            })
        };
        let of_file = || {
            let home =
                || environment("HOME").map(|home| PathBuf::from(home).join(".aws/credentials"));
            let path =
                environment("AWS_SHARED_CREDENTIALS_FILE").map(PathBuf::from).or_else(home)?;
            let profile = environment("AWS_PROFILE").unwrap_or_else(|| String::from("default"));
            keys_of(&std::fs::read_to_string(path).ok()?, &profile)
        };
        let keys = of_environment().or_else(of_file).ok_or_else(|| {
            HttpError::option(
                "auth_type",
                &"`aws` needs keys: neither `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are set, nor is there a file of credentials with the profile",
            )
        })?;
        Ok(Self {
            host: options.aws_host.clone(),
            region: options.aws_region.clone().unwrap_or_default(),
            service: options.aws_service.clone().unwrap_or_default(),
            keys,
        })
    }

    /// The headers that sign a request.
    pub(super) fn sign(
        &self,
        method: &str,
        url: &Url,
        body: &[u8],
        now: SystemTime,
    ) -> Result<Headers, HttpError> {
        let wrong = |error: &dyn std::fmt::Display| HttpError::option("auth_type", error);
        let time = timestamp(now);
        let host = self.host.clone().unwrap_or_else(|| host_of(url));
        let payload = hex(digest(&SHA256, body).as_ref());
        let authorization = self.authorization(method, url, &host, &time, &payload);
        let value = |text: &str| HeaderValue::try_from(text).map_err(|error| wrong(&error));
        let mut headers = vec![
            ("host", value(&host)?),
            ("x-amz-date", value(&time)?),
            ("x-amz-content-sha256", value(&payload)?),
            ("authorization", value(&authorization)?),
        ];
        if let Some(session) = &self.keys.session {
            headers.push(("x-amz-security-token", value(session)?));
        }
        for (_, value) in &mut headers {
            value.set_sensitive(true);
        }
        Ok(headers)
    }

    fn authorization(
        &self,
        method: &str,
        url: &Url,
        host: &str,
        time: &str,
        payload: &str,
    ) -> String {
        let mut signed =
            vec![("host", host), ("x-amz-content-sha256", payload), ("x-amz-date", time)];
        signed
            .extend(self.keys.session.as_deref().map(|session| ("x-amz-security-token", session)));
        let lines: Vec<_> =
            signed.iter().map(|(name, value)| format!("{name}:{}", value.trim())).collect();
        let lines = lines.join("\n");
        let names = signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let request = format!(
            "{method}\n{}\n{}\n{lines}\n\n{names}\n{payload}",
            path(url, &self.service),
            query(url)
        );
        let date = &time[..8];
        let scope = format!("{date}/{}/{}/aws4_request", self.region, self.service);
        let request = hex(digest(&SHA256, request.as_bytes()).as_ref());
        let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{request}");
        let signature = hex(hmac::sign(&self.key(date), text.as_bytes()).as_ref());
        let id = &self.keys.id;
        format!(
            "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
    }

    fn key(&self, date: &str) -> hmac::Key {
        let key = |bytes: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, bytes);
        let first = key(format!("AWS4{}", self.keys.secret).as_bytes());
        let steps = [date, self.region.as_str(), self.service.as_str(), "aws4_request"];
        steps.iter().fold(first, |known, step| key(hmac::sign(&known, step.as_bytes()).as_ref()))
    }
}

/// The keys of a profile in a file of credentials.
fn keys_of(text: &str, profile: &str) -> Option<Keys> {
    let mut lines = text.lines().map(str::trim);
    lines.by_ref().find(|line| {
        line.strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
            .is_some_and(|name| name.trim() == profile)
    })?;
    let (mut id, mut secret, mut session) = (None, None, None);
    for line in lines.take_while(|line| !line.starts_with('[')) {
        let Some((name, value)) = line.split_once('=') else { continue };
        let value = Some(value.trim().to_owned());
        match name.trim() {
            "aws_access_key_id" => id = value,
            "aws_secret_access_key" => secret = value,
            "aws_session_token" => session = value,
            _ => {}
        }
    }
    Some(Keys { id: id?, secret: secret?, session })
}

/// The host as the `Host` header has it: with a port that is not the scheme's.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The path, encoded once more for every service but S3.
fn path(url: &Url, service: &str) -> String {
    match service {
        "s3" => url.path().to_owned(),
        _ => encoded(url.path(), b"/"),
    }
}

/// Parameters in the order of their encoded names and values.
fn query(url: &Url) -> String {
    let encode = |text: &str| encoded(text, b"");
    let mut pairs: Vec<_> =
        url.query_pairs().map(|(name, value)| (encode(&name), encode(&value))).collect();
    pairs.sort();
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// What is neither a letter, a digit, nor one of `-._~` or these, as `%XX`.
fn encoded(text: &str, also: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            out.push(char::from(byte));
        } else {
            // A string takes everything.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A time as `20150830T123600Z`.
fn timestamp(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// Year, month and day of a number of days since 1970, in years that begin in March, so that a leap day is the last one.
const fn date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn signer(service: &str, session: Option<&str>) -> Signer {
        let keys = Keys {
            id: String::from("AKIDEXAMPLE"),
            secret: String::from("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session: session.map(str::to_owned),
        };
        Signer { host: None, region: String::from("us-east-1"), service: service.to_owned(), keys }
    }

    /// The key that AWS's documentation derives step by step: 30 August 2015, `iam`.
    #[test]
    fn the_key_is_that_of_the_documentation() {
        let text = hmac::sign(&signer("iam", None).key("20150830"), b"AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\nf536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
        assert_eq!(
            hex(text.as_ref()),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        );
    }

    #[test]
    fn a_request_is_written_in_one_way_whatever_the_order_of_its_parameters() {
        let signer = signer("es", Some("SESSION"));
        let time = UNIX_EPOCH + Duration::from_mins(24_015_636);
        assert_eq!(timestamp(time), "20150830T123600Z");
        let sign = |address: &str| {
            let url = Url::parse(address).expect("an address");
            let headers = signer.sign("GET", &url, b"", time).expect("headers");
            let of = |name: &str| {
                headers
                    .iter()
                    .find(|(one, _)| *one == name)
                    .map(|(_, value)| value.to_str().expect("text").to_owned())
            };
            (of("authorization").expect("signed"), of("host"), of("x-amz-security-token"))
        };
        let one = sign("https://es.example.com:9200/_cluster/health?level=shards&a=b%20c");
        let other = sign("https://es.example.com:9200/_cluster/health?a=b+c&level=shards");
        assert_eq!(one, other);
        assert_eq!(one.1.as_deref(), Some("es.example.com:9200"));
        assert_eq!(one.2.as_deref(), Some("SESSION"));
        assert!(one.0.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/es/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature="), "{}", one.0);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (days, expected) in [
            (0, (1970, 1, 1)),
            (11_016, (2000, 2, 29)),
            (19_782, (2024, 2, 29)),
            (20_819, (2027, 1, 1)),
            (47_540, (2100, 2, 28)),
            (47_541, (2100, 3, 1)),
        ] {
            assert_eq!(date(days), expected);
        }
    }

    #[test]
    fn a_profile_of_the_file_of_credentials_is_found() {
        let text = "[default]\naws_access_key_id = A\n[ops]\naws_access_key_id = B\naws_secret_access_key=S=\n# x\n[z]\n";
        let keys = keys_of(text, "ops").expect("keys");
        assert_eq!((keys.id.as_str(), keys.secret.as_str(), keys.session), ("B", "S=", None));
        assert!(keys_of(text, "default").is_none(), "a key without its secret");
        assert!(keys_of(text, "none").is_none());
    }
}
