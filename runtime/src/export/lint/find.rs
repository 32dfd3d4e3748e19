//! What a path names: a file, the folder of an integration, or a repository of such folders.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::file::FileKind;

/// What a path names.
pub(super) enum Found {
    File(PathBuf),
    Folder(PathBuf),
    Repository(Vec<PathBuf>),
    Nothing,
    Unreadable(io::Error),
}

/// How many directories lie between an asset and the folder of its integration, at most.
const DEPTH: usize = 3;

pub(super) fn find(path: &Path) -> Found {
    if !path.is_dir() {
        let folder = path.parent().filter(|_| path.ends_with("manifest.json"));
        return folder
            .map_or_else(|| Found::File(path.into()), |folder| Found::Folder(in_full(folder)));
    }
    if is_integration(path) {
        return Found::Folder(path.into());
    }
    match folders(path) {
        Ok(folders) if folders.is_empty() => Found::Nothing,
        Ok(folders) => Found::Repository(folders),
        Err(error) => Found::Unreadable(error),
    }
}

/// The folder of the integration that a file belongs to.
pub(super) fn folder_of(file: &Path) -> Option<PathBuf> {
    let mut ancestors = file.ancestors().skip(1).map(in_full).take(DEPTH);
    ancestors.find(|folder| folder.join("manifest.json").is_file())
}

/// The name of a folder, also where the path does not tell it (`.`).
pub(super) fn name_of(folder: &Path) -> String {
    let full = folder.file_name().is_none().then(|| folder.canonicalize().ok()).flatten();
    let name = full.as_deref().unwrap_or(folder).file_name();
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The directory that a folder stands in.
pub(super) fn parent_of(folder: &Path) -> PathBuf {
    match folder.parent().filter(|_| folder.file_name().is_some()) {
        Some(parent) => in_full(parent),
        None => folder.join(".."),
    }
}

/// What a file is, by its name or else by how it begins.
pub(super) fn kind_of(path: &Path, text: &str) -> FileKind {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => FileKind::Metadata,
        Some("json") => FileKind::ServiceChecks,
        _ if text.trim_start().starts_with(['[', '{']) => FileKind::ServiceChecks,
        _ => FileKind::Metadata,
    }
}

fn is_integration(folder: &Path) -> bool {
    let assets = ["manifest.json", "metadata.csv", "assets/service_checks.json"];
    assets.iter().any(|asset| folder.join(asset).is_file())
}

/// The folders of integrations in a directory, sorted.
fn folders(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if !name_of(&path).starts_with("datadog_checks_") && is_integration(&path) {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// The path of the current directory is empty where it is a parent.
fn in_full(path: &Path) -> PathBuf {
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.into() }
}
