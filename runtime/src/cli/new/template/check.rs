//! Files and directories: how large they are, and when something in them last changed.

use std::path::{Path, PathBuf};

use allwell::prelude::*;

#[cfg(test)]
mod tests;

/// Watches a file or a directory: its size, and the time since its last change.
#[check(can_connect = "{{check}}.can_read")]
pub fn {{check}}(config: &Watched, cx: &Context) -> Result<Contents> {
    let found = Found::under(&config.path, cx)?;
    let fresh = match (found.age, config.max_age) {
        (Some(age), Some(max_age)) if age > max_age => {
            let message = format!("nothing has changed for {age:.0?}");
            Some(Status::warning(message))
        }
        (Some(_), Some(_)) => Some(Status::Ok),
        _ => None,
    };
    Ok(Contents {
        size: found.bytes.into(),
        files: found.files.into(),
        age: found.age.map(Into::into),
        fresh: fresh.map(Into::into),
    })
}

/// What to watch.
#[derive(Config)]
pub struct Watched {
    /// The file or directory.
    #[config(tag, example = "/var/backups")]
    path: PathBuf,
    /// How long there may be no change, in seconds.
    #[config(example = 86400, range = 1..)]
    max_age: Option<Duration>,
}

/// What was found.
#[derive(Metrics)]
#[metrics(namespace = "{{check}}")]
pub struct Contents {
    /// Size of all files together.
    size: Gauge<Byte>,
    /// Number of files.
    files: Gauge<File>,
    /// Time since the last change of a file. An empty directory has none.
    #[metric(orientation = lower_is_better)]
    age: Option<Gauge<Second>>,
    /// OK if a file changed within `max_age`, WARNING if none did.
    fresh: Option<ServiceCheck>,
}

/// The files under a path, summed up.
#[derive(Default)]
struct Found {
    bytes: u64,
    files: u64,
    age: Option<Duration>,
}

impl Found {
    /// Looks at everything under a path; links are not followed. What cannot be read is warned of, but for the path itself.
    fn under(path: &Path, cx: &Context) -> Result<Self> {
        let mut found = Self::default();
        let mut left = found.look(path)?;
        while let Some(path) = left.pop() {
            // A blocking check is not stopped at its timeout: it is told.
            ensure!(!cx.cancellation().is_cancelled(), "it took too long");
            match found.look(&path) {
                Ok(inside) => left.extend(inside),
                Err(error) => cx.warn(format!("{error:#}")),
            }
        }
        Ok(found)
    }

    /// Counts a file, or gives what is in a directory.
    fn look(&mut self, path: &Path) -> Result<Vec<PathBuf>> {
        let unreadable = || format!("`{}` cannot be read", path.display());
        let metadata = path.symlink_metadata().with_context(unreadable)?;
        if metadata.is_dir() {
            let entries = path.read_dir().with_context(unreadable)?;
            let paths = entries.map(|entry| Ok(entry.with_context(unreadable)?.path()));
            return paths.collect();
        }
        let changed = metadata.modified().with_context(unreadable)?;
        // A change in the future is one of now: clocks differ.
        let age = changed.elapsed().unwrap_or_default();
        self.bytes += metadata.len();
        self.files += 1;
        self.age = Some(self.age.map_or(age, |youngest| youngest.min(age)));
        Ok(Vec::new())
    }
}
