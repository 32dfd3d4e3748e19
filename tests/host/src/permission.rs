//! What the loader looks at before it opens a file: owners and mode, as in the Agent of 7.84.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

/// Why the loader would not open a library, if it would not. `trusted` are the users that it trusts: root and the Agent's.
pub fn refusal(path: &Path, trusted: &[u32]) -> Option<&'static str> {
    let owner = |path: &Path| fs::metadata(path).map(|metadata| metadata.uid()).ok();
    let is_trusted = |path: &Path| owner(path).is_some_and(|owner| trusted.contains(&owner));
    if !path.parent().is_some_and(is_trusted) {
        return Some("shared library directory owner check failed");
    }
    if !is_trusted(path) {
        return Some("file owner is not a trusted user");
    }
    let mode = fs::metadata(path).ok()?.permissions().mode();
    if mode & 0o027 != 0 {
        return Some("'others' have rights on it or 'group' has write permissions on it");
    }
    // A file that nobody may execute is refused to root as well.
    (mode & 0o111 == 0).then_some("the process may not execute it")
}
