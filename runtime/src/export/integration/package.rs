//! What makes a Python package of an integration's folder. All but the version is the author's once it is there.

use super::asset::{Asset, AssetKind};
use super::facts::Facts;
use super::template::{INIT, PYPROJECT, fill};
use super::wheel::{self, Wheel};

const CHANGELOG: &str =
    "# CHANGELOG - {display_name}\n\n## {version}\n\n***Added***:\n\n* Initial release.\n";
const HATCH: &str =
    "[env.collectors.datadog-checks]\n\n[[envs.default.matrix]]\npython = [\"3.13\"]\n";
const ABOUT: &str = "__version__ = \"{version}\"\n";
const TESTS: &str = include_str!("package/test_assets.py");

/// The files of the package.
pub(super) fn assets(facts: &Facts, wheel: Option<&Wheel>) -> Vec<Asset> {
    let filled = |template: &str| fill(template, facts);
    let python = format!("datadog_checks/{}", facts.name());
    let mut assets = vec![
        Asset::begun("CHANGELOG.md", filled(CHANGELOG)),
        Asset::begun("hatch.toml", HATCH),
        Asset::generated(AssetKind::Package, format!("{python}/__about__.py"), filled(ABOUT)),
        Asset::begun("tests/__init__.py", ""),
        Asset::begun("tests/test_assets.py", filled(TESTS)),
    ];
    match wheel {
        Some(wheel) => assets.extend(wheel::assets(facts, wheel)),
        None => assets.extend([
            Asset::begun("pyproject.toml", filled(PYPROJECT)),
            Asset::begun(format!("{python}/__init__.py"), INIT),
        ]),
    }
    assets
}
