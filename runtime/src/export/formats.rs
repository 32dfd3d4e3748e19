//! The formats of texts that [`Shape::Text`](crate::config::Shape) names, as others know them.

/// A format.
pub(super) struct Format {
    name: &'static str,
    /// Its name in JSON Schema, or those of the formats of which it is one.
    pub(super) standard: &'static [&'static str],
    /// A pattern that each such text matches, for validators that do not look at formats.
    pub(super) pattern: Option<&'static str>,
}

/// The format of this name, unless it is empty.
pub(super) fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

const FORMATS: &[Format] = &[
    Format { name: "uri", standard: &["uri"], pattern: Some("^[A-Za-z][A-Za-z0-9+.-]*:.") },
    Format {
        name: "ipv4",
        standard: &["ipv4"],
        pattern: Some(
            r"^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$",
        ),
    },
    Format { name: "ipv6", standard: &["ipv6"], pattern: Some("^[0-9A-Fa-f:.]+$") },
    Format { name: "ip", standard: &["ipv4", "ipv6"], pattern: Some("^[0-9A-Fa-f:.]+$") },
    Format {
        name: "socket-address",
        standard: &[],
        pattern: Some(
            r"^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|\[[0-9A-Fa-f:.]+(%\d+)?\]):\d{1,5}$",
        ),
    },
    Format { name: "regex", standard: &["regex"], pattern: None },
    Format { name: "character", standard: &[], pattern: Some(r"^[\s\S]$") },
    Format { name: "tag", standard: &[], pattern: Some(r"\S") },
];
