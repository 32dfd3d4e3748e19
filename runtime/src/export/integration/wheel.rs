//! What makes a wheel of an integration's folder that the Agent takes: a class of Python's that calls the library of the check.

use super::asset::{Asset, AssetError, AssetKind, Contents};
use super::facts::{Facts, Known};
use super::template::{INIT, PYPROJECT, fill};

const CHECK: &str = include_str!("wheel/check.py");
const LIBRARY: &str = include_str!("wheel/library.py");
const CONFIGURATION: &str = include_str!("wheel/configuration.py");
const BUILD: &str = include_str!("wheel/hatch_build.py");
const INIT_WITH_CLASS: &str = "from .__about__ import __version__\nfrom .check import {class}\n\n__all__ = [\"__version__\", \"{class}\"]\n";
/// What has `hatch_build.py` run when a wheel is built, or the archive of sources that wheels are built of.
const HOOK: &str = "[tool.hatch.build.hooks.custom]";

/// A library of checks that goes into wheels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wheel {
    /// What the wheels are tagged with: the platform that the library is for, such as `manylinux_2_34_x86_64`.
    pub platform: String,
}

impl Wheel {
    /// Where the library of a check belongs below the folder, with `/` between the parts.
    pub fn place(check: &str) -> String {
        format!("datadog_checks/{check}/{}", file(check))
    }
}

fn file(check: &str) -> String {
    format!("lib{check}.so")
}

/// The files of a package that has the library, but the library itself.
pub(super) fn assets(facts: &Facts, wheel: &Wheel) -> Vec<Asset> {
    let python = format!("datadog_checks/{}", facts.name());
    let generated = |path: String, template: &str| {
        let text = filled(template, facts).replace("{platform}", &wheel.platform);
        Asset::generated(AssetKind::Package, path, text)
    };
    let merged =
        |path: String, merge| Asset::merged(AssetKind::Package, path, facts.clone(), merge);
    vec![
        merged("pyproject.toml".to_owned(), pyproject),
        generated("hatch_build.py".to_owned(), BUILD),
        merged(format!("{python}/__init__.py"), init),
        generated(format!("{python}/check.py"), CHECK),
        generated(format!("{python}/library.py"), LIBRARY),
        generated(format!("{python}/configuration.py"), CONFIGURATION),
    ]
}

fn filled(template: &str, facts: &Known) -> String {
    fill(template, facts)
        .replace("{class}", &class(facts.name()))
        .replace("{file}", &file(facts.name()))
}

/// The name of a check's class: `HttpCheck` for `http_check`, `RedisCheck` for `redis`.
fn class(check: &str) -> String {
    let words = check.strip_suffix("_check").unwrap_or(check).split('_');
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    words.filter(|word| !word.is_empty()).map(capital).chain(["Check".to_owned()]).collect()
}

/// The author's once it is there, but for the section without which the wheel would be said to be for every platform.
#[expect(clippy::unnecessary_wraps, reason = "it is one of several ways of merging")]
fn pyproject(facts: &Facts, existing: Option<&str>) -> Result<Contents, AssetError> {
    let begun = existing.map_or_else(|| fill(PYPROJECT, facts), str::to_owned);
    if begun.contains(HOOK) {
        return Ok(begun.into());
    }
    Ok(format!("{}\n\n{HOOK}\npath = \"hatch_build.py\"\n", begun.trim_end()).into())
}

/// The author's once it is there and not the one of a package without a library.
#[expect(clippy::unnecessary_wraps, reason = "it is one of several ways of merging")]
fn init(facts: &Facts, existing: Option<&str>) -> Result<Contents, AssetError> {
    let Some(kept) = existing.filter(|text| *text != INIT) else {
        return Ok(filled(INIT_WITH_CLASS, facts).into());
    };
    let class = class(facts.name());
    let note = (!kept.contains(&class)).then(|| {
        format!(
            "the Agent finds a check by its class: add `from .check import {class}` to this file"
        )
    });
    Ok(Contents { text: kept.to_owned(), note })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_named_after_its_check() {
        let names = [
            ("redis", "RedisCheck"),
            ("http_check", "HttpCheck"),
            ("acme_queue", "AcmeQueueCheck"),
            ("a__b2_", "AB2Check"),
            ("check", "CheckCheck"),
        ];
        for (check, named) in names {
            assert_eq!(class(check), named);
        }
    }
}
