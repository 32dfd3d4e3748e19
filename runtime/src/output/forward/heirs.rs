//! What earlier processes have left on the disk: handed on to the receiver that it is meant for, or told.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::owner::Owner;
use super::{journal, ledger, spool, store};

/// The files of a spool, of which it is called by the first one that is there.
const FILES: [&str; 4] = [spool::FILE, journal::FILE, journal::NEW, ledger::FILE];

/// How deep below the directory of all spools a file may be.
const DEEPEST: usize = 4;

/// Puts the directory of all spools in order before anything is sent, and tells what nobody will send. Each owner comes with the
/// directory of its output.
///
/// The only receiver of an address takes over what is there of one that it replaces: a key that was wrong has been set right. If
/// there are several of either, nobody knows whose it is, and it stays where it is, as does what was meant for other addresses. What is older than `outdated`, so
/// that nobody would send it any more, is deleted.
pub fn inherit(spools: &Path, owners: &[(PathBuf, Owner)], outdated: Duration) -> Vec<String> {
    for (all, owner) in owners {
        let directory = owner.directory(all);
        if let Some(left) = predecessor(all, owner, owners) {
            // If it cannot be had it is told below.
            let _ = fs::rename(left, &directory);
        }
        // A directory without a file says that what else is there is another one's. If it cannot be made, that is told when it is needed.
        let _ = fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory);
    }
    let owned = owners.iter().map(|(all, owner)| owner.directory(all)).collect();
    let mut told = Vec::new();
    look_through(spools, &owned, outdated, DEEPEST, &mut told);
    told
}

/// What the only receiver of an address finds there of another one.
fn predecessor(all: &Path, owner: &Owner, owners: &[(PathBuf, Owner)]) -> Option<PathBuf> {
    let same = |(below, other): &&(PathBuf, Owner)| {
        below == all && other.at_address() == owner.at_address()
    };
    if owner.directory(all).exists() || owners.iter().filter(same).count() > 1 {
        return None;
    }
    let begins = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(&owner.at_address()))
    };
    let mut left = entries(all).into_iter().filter(begins);
    left.next().filter(|_| left.next().is_none())
}

fn look_through(
    directory: &Path,
    owned: &BTreeSet<PathBuf>,
    outdated: Duration,
    deepest: usize,
    told: &mut Vec<String>,
) {
    for path in entries(directory) {
        if owned.contains(&path) || deepest == 0 {
            continue;
        }
        if path.is_dir() {
            look_through(&path, owned, outdated, deepest - 1, told);
            // Only an empty one goes.
            let _ = fs::remove_dir(&path);
        }
    }
    if !owned.contains(directory) {
        told.extend(left_behind(directory, outdated));
    }
}

/// What is to be told of a directory that is nobody's, if there is a spool in it.
fn left_behind(directory: &Path, outdated: Duration) -> Option<String> {
    let mut files = FILES.map(|name| directory.join(name)).to_vec();
    files.retain(|file| file.exists());
    let file = files.first()?;
    let bytes = files.iter().map(|file| store::on_disk(file)).sum::<u64>();
    let changed = |file| fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
    let changed = files.iter().filter_map(changed).max()?;
    let age = SystemTime::now().duration_since(changed).unwrap_or_default();
    let path = file.display();
    if age <= outdated {
        return Some(format!(
            "the spool `{path}` ({bytes} bytes) is of no receiver of these settings: nothing of it is sent; hint: name its receiver and key again, or delete it"
        ));
    }
    Some(match files.iter().try_for_each(fs::remove_file) {
        Ok(()) => format!(
            "the spool `{path}` ({bytes} bytes) was of no receiver, and outdated: it has been deleted"
        ),
        Err(error) => format!(
            "the spool `{path}` ({bytes} bytes) is of no receiver, and outdated, but cannot be deleted: {error}"
        ),
    })
}

/// What is in a directory, in the order of the names; nothing if it cannot be read.
fn entries(directory: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(directory).into_iter().flatten();
    let mut paths: Vec<_> = found.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}
