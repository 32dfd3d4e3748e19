//! Where a new crate finds `allwell`: the checkout that this binary was built from, or the registry.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;

/// The line of Cargo.toml: for what was asked for, or else for what this binary was built from.
pub(super) fn of(given: Option<&str>) -> Result<String, Failure> {
    let Some(given) = given else {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        let usable = is_kept(source) && is_allwell(source);
        return Ok(if usable { path(source) } else { version(env!("CARGO_PKG_VERSION")) });
    };
    if given.starts_with(|c: char| c.is_ascii_digit() || "^~=<>*".contains(c)) {
        return Ok(version(given));
    }
    let here = Path::new(given);
    match [here.to_owned(), here.join("runtime")].into_iter().find(|path| is_allwell(path)) {
        Some(found) => Ok(path(&fs::canonicalize(&found).unwrap_or(found))),
        None => Err(Failure::usage(
            format!(
                "`{given}` is neither a version nor a directory that holds the crate `allwell`"
            ),
            "name a version such as `0.1`, or a checkout of Allwell",
        )),
    }
}

fn version(version: &str) -> String {
    format!("allwell = {version:?}")
}

fn path(directory: &Path) -> String {
    let directory = directory.to_string_lossy();
    format!(
        "# A checkout on this machine; others take a version.\nallwell = {{ path = {directory:?} }}"
    )
}

/// Whether a directory is the user's own: cargo unpacks crates where it may take them away again.
fn is_kept(directory: &Path) -> bool {
    let parts: Vec<_> = directory.iter().collect();
    !parts.windows(2).any(|pair| pair == ["registry", "src"] || pair == ["git", "checkouts"])
}

fn is_allwell(directory: &Path) -> bool {
    let manifest: PathBuf = directory.join("Cargo.toml");
    let text = fs::read_to_string(manifest).unwrap_or_default();
    text.lines().any(|line| line.trim() == "name = \"allwell\"")
}
