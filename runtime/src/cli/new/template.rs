//! The files of a new crate.

use super::names::Names;

/// Paths and texts; the names in double braces are filled in.
const FILES: [(&str, &str); 8] = [
    ("Cargo.toml", include_str!("template/Cargo.toml.txt")),
    ("src/main.rs", include_str!("template/main.rs")),
    ("src/{{check}}.rs", include_str!("template/check.rs")),
    ("src/{{check}}/tests.rs", include_str!("template/tests.rs")),
    ("conf.d/{{check}}.d/conf.yaml", include_str!("template/conf.yaml")),
    ("README.md", include_str!("template/README.md")),
    (".gitignore", include_str!("template/gitignore")),
    (".github/workflows/ci.yml", include_str!("template/ci.yml")),
];

/// What keeps cargo from looking for the crate among the members of the workspace around it.
const WORKSPACE: &str =
    "\n# It stands in the directory of another workspace, of which it is no member.\n[workspace]\n";

/// The files of a crate, by their paths within it.
pub(super) fn files(
    names: &Names,
    dependency: &str,
    within_workspace: bool,
) -> Vec<(String, String)> {
    let Names { krate, check } = names;
    let workspace = if within_workspace { WORKSPACE } else { "" };
    let filled = |text: &str| {
        text.replace("\n{{workspace}}\n", &format!("\n{workspace}"))
            .replace("{{dependency}}", dependency)
            .replace("{{rust}}", env!("CARGO_PKG_RUST_VERSION"))
            .replace("{{crate}}", krate)
            .replace("{{check}}", check)
    };
    FILES.iter().map(|(path, text)| (filled(path), filled(text))).collect()
}
