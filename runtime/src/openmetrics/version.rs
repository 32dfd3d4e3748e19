//! The version that a label holds, as Datadog's check reads it.

use std::sync::LazyLock;

use regex::Regex;

/// A semantic version, wherever it stands in the text.
static SEMANTIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = "(?:0|[1-9][0-9]*)";
    let identifier = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
    let word = "[0-9a-zA-Z-]+";
    Regex::new(&format!(
        r"v?(?P<major>{number})\.(?P<minor>{number})\.(?P<patch>{number})(?:-(?P<release>{identifier}(?:\.{identifier})*))?(?:\+(?P<build>{word}(?:\.{word})*))?"
    ))
    .ok()
});

/// What is said of a version: all of it, and its parts. Nothing is said of a text in which there is none.
pub(super) fn said(version: &str) -> Vec<(String, String)> {
    let found =
        SEMANTIC.as_ref().and_then(|semantic| Some((semantic, semantic.captures(version)?)));
    let Some((semantic, found)) = found else { return Vec::new() };
    let parts = semantic.capture_names().flatten().filter_map(|name| {
        Some((format!("version.{name}"), found.name(name)?.as_str().to_owned()))
    });
    let whole = [("raw", version), ("scheme", "semver")];
    let whole = whole.map(|(name, value)| (format!("version.{name}"), value.to_owned()));
    parts.chain(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn a_version_is_found_wherever_it_stands() {
        let parts = |version| {
            let mut said = said(version);
            said.sort();
            let value = |(name, value): (String, String)| {
                format!("{} {value}", name.trim_start_matches("version."))
            };
            said.into_iter().map(value).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(
            parts("v1.2.3-rc.4+5"),
            "build 5, major 1, minor 2, patch 3, raw v1.2.3-rc.4+5, release rc.4, scheme semver"
        );
        assert_eq!(parts("go1.21.0"), "major 1, minor 21, patch 0, raw go1.21.0, scheme semver");
        assert_eq!(parts("1.2"), "");
        assert_eq!(parts("unknown"), "");
    }
}
