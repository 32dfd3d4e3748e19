//! What a scraper asks for: the format by `Accept`, the coding by `Accept-Encoding`.

use super::text::{Format, Syntax};

/// A format, and how it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// How metrics are written.
    pub format: Format,
    /// The version of the text's type.
    version: &'static str,
}

/// What can be had. Where a scraper does not care, it gets the first, which all of them read.
const OFFERS: [(Syntax, &str); 4] = [
    (Syntax::Text, "0.0.4"),
    (Syntax::OpenMetrics, "1.0.0"),
    (Syntax::OpenMetrics, "0.0.1"),
    (Syntax::Text, "1.0.0"),
];

/// A media range of `Accept`.
struct Range<'a> {
    kind: &'a str,
    version: Option<&'a str>,
    /// Names are wanted as they are.
    utf8: Option<bool>,
    quality: f32,
}

impl Offer {
    /// The best offer for an `Accept` header, or for none. Nothing if none of them is acceptable.
    ///
    /// As in RFC 9110, a more specific range wins over a wider one, and the quality decides between offers. Where that leaves a choice, the
    /// range that is named first does. Names as they are (`escaping=allow-utf-8`) are given only where they may be.
    pub fn best(accept: Option<&str>, utf8_names: bool) -> Option<Self> {
        let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
            return Some(Self::new(OFFERS[0], false));
        };
        let ranges: Vec<_> = items(accept).filter_map(Range::parse).collect();
        let mut best: Option<(f32, usize, Self)> = None;
        for offer in OFFERS {
            let fits = ranges
                .iter()
                .enumerate()
                .filter_map(|(at, range)| Some((range.specificity(offer)?, std::cmp::Reverse(at))));
            let Some((_, std::cmp::Reverse(at))) = fits.max() else { continue };
            let Range { quality, utf8, .. } = ranges[at];
            let better = best
                .as_ref()
                .is_none_or(|(q, place, _)| quality > *q || (quality >= *q && at < *place));
            if quality > 0.0 && better {
                let utf8 = utf8_names && utf8 == Some(true) && offer.1 == "1.0.0";
                best = Some((quality, at, Self::new(offer, utf8)));
            }
        }
        best.map(|(.., offer)| offer)
    }

    fn new((syntax, version): (Syntax, &'static str), utf8_names: bool) -> Self {
        Self { format: Format { syntax, utf8_names }, version }
    }

    /// The value of `Content-Type`.
    pub fn content_type(&self) -> String {
        let kind = match self.format.syntax {
            Syntax::Text => "text/plain",
            Syntax::OpenMetrics => "application/openmetrics-text",
        };
        let escaping = match (self.version, self.format.utf8_names) {
            (_, true) => "; escaping=allow-utf-8",
            ("1.0.0", false) => "; escaping=underscores",
            _ => "",
        };
        format!("{kind}; version={}; charset=utf-8{escaping}", self.version)
    }
}

impl<'a> Range<'a> {
    fn parse(item: &'a str) -> Option<Self> {
        let mut parts = item.split(';').map(str::trim);
        let kind = parts.next()?;
        let mut range = Self { kind, version: None, utf8: None, quality: 1.0 };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => range.quality = quality(value)?,
                "version" => range.version = Some(value),
                "escaping" => range.utf8 = Some(value.eq_ignore_ascii_case("allow-utf-8")),
                _ => {}
            }
        }
        Some(range)
    }

    /// How closely the range fits an offer, if it does.
    fn specificity(&self, (syntax, version): (Syntax, &str)) -> Option<u8> {
        let (main, sub) = match syntax {
            Syntax::Text => ("text", "plain"),
            Syntax::OpenMetrics => ("application", "openmetrics-text"),
        };
        let (wanted, wanted_sub) = self.kind.split_once('/')?;
        if wanted == "*" && wanted_sub == "*" {
            return Some(0);
        }
        if !wanted.eq_ignore_ascii_case(main) {
            return None;
        }
        match (wanted_sub, self.version) {
            ("*", _) => Some(1),
            (wanted, None) if wanted.eq_ignore_ascii_case(sub) => Some(2),
            (wanted, Some(same)) if wanted.eq_ignore_ascii_case(sub) && same == version => Some(3),
            _ => None,
        }
    }
}

/// How the text is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Identity,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Coding {
    /// The best coding for an `Accept-Encoding` header, or for none. Nothing if none is acceptable.
    pub fn best(accept: Option<&str>) -> Option<Self> {
        let Some(accept) = accept else { return Some(Self::Identity) };
        let codings: Vec<_> = items(accept).filter_map(coding).collect();
        let quality = |name: &str| {
            let of = |name: &str| {
                codings.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, q)| *q)
            };
            of(name).or_else(|| of("*"))
        };
        // Any answer may come as it is, unless that is ruled out.
        let identity = quality("identity").unwrap_or(f32::MIN_POSITIVE);
        let offers = [
            (Self::Zstd, quality("zstd").unwrap_or(0.0)),
            (Self::Gzip, quality("gzip").or_else(|| quality("x-gzip")).unwrap_or(0.0)),
            (Self::Identity, identity),
        ];
        let acceptable = offers.into_iter().filter(|(_, quality)| *quality > 0.0);
        // The first one of the best.
        let best = acceptable.reduce(|best, other| if other.1 > best.1 { other } else { best });
        best.map(|(coding, _)| coding)
    }

    /// The value of `Content-Encoding`.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
        }
    }
}

fn coding(item: &str) -> Option<(&str, f32)> {
    let (name, rest) = item.split_once(';').unwrap_or((item, ""));
    let value = rest.trim().strip_prefix("q=").or_else(|| rest.trim().strip_prefix("Q="));
    Some((name.trim(), value.map_or(Some(1.0), quality)?))
}

fn items(header: &str) -> impl Iterator<Item = &str> {
    header.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn quality(text: &str) -> Option<f32> {
    let quality: f32 = text.trim().parse().ok()?;
    (0.0..=1.0).contains(&quality).then_some(quality)
}
