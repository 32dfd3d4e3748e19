//! Tells when the files of the configuration have changed.
//!
//! The system says that something happened in their directories, and a stamp of the files says whether it matters: reading
//! a file is an event, too, and an editor writes files that are none of ours. Every minute the stamp is looked at without
//! being asked, since not every file system tells (NFS), and a queue of events may overflow.

use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use crate::config::confd;

/// How long nothing may happen before what has happened is looked at: writing a file takes several steps.
const QUIET: Duration = Duration::from_millis(300);

/// How long looking may be put off, whatever happens.
const AT_MOST: Duration = Duration::from_secs(2);

/// How often the files are looked at without an event.
const NET: Duration = Duration::from_mins(1);

/// The same where there are no events.
const POLL: Duration = Duration::from_secs(10);

/// What is watched.
#[derive(Debug, Clone, Default)]
struct Watched {
    /// The directory of configuration files.
    directory: Option<PathBuf>,
    /// The file of settings.
    file: Option<PathBuf>,
}

/// Watches the files of the configuration.
#[derive(Debug)]
pub(in crate::cli) struct Watch {
    /// Held while files are looked at, which takes as long as their file system does.
    eyes: Arc<Mutex<Eyes>>,
    events: Arc<Notify>,
    /// How often the files are looked at without an event.
    interval: Duration,
    stamp: u64,
    /// Something has happened that was not looked at yet.
    pending: bool,
}

/// What looks at the files.
#[derive(Debug)]
struct Eyes {
    watched: Watched,
    watcher: Result<RecommendedWatcher, String>,
    /// The directory that is watched is this one, whatever has its name now.
    directory: Option<Identity>,
    /// It has been removed, and is no longer watched; a new one may have its identity.
    removed: Arc<AtomicBool>,
}

/// Which directory it is.
type Identity = (u64, u64);

impl Watch {
    /// Watches a directory of configuration files, and the file of settings.
    pub(in crate::cli) fn new(directory: Option<&Path>, file: Option<&Path>) -> Self {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let watched = Watched { directory: directory.map(absolute), file: file.map(absolute) };
        let (events, removed) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let (of_interest, happened) = (watched.clone(), Arc::clone(&events));
        let is_removed = Arc::clone(&removed);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.as_ref().is_ok_and(|event| of_interest.loses_directory(event)) {
                is_removed.store(true, Ordering::Release);
            }
            if event.as_ref().map_or(true, |event| of_interest.concerns(event)) {
                happened.notify_one();
            }
        });
        let watcher = watcher.map_err(|error| error.to_string());
        let mut eyes = Eyes { watched, watcher, directory: None, removed };
        eyes.begin();
        let (stamp, interval) = eyes.look();
        Self { eyes: Arc::new(Mutex::new(eyes)), events, interval, stamp, pending: false }
    }

    /// Why the system does not tell what happens, if it does not; then the files are looked at every 10 seconds.
    pub(in crate::cli) fn problem(&self) -> Option<String> {
        lock(&self.eyes).watcher.as_ref().err().cloned()
    }

    /// Waits until a file has changed, come or gone since this was last told. It may be dropped and called again.
    pub(in crate::cli) async fn changed(&mut self) {
        loop {
            self.pending =
                self.pending || timeout(self.interval, self.events.notified()).await.is_ok();
            if self.pending {
                self.settle().await;
            }
            let eyes = Arc::clone(&self.eyes);
            let seen = tokio::task::spawn_blocking(move || lock(&eyes).look()).await;
            self.pending = false;
            let Ok((stamp, interval)) = seen else { continue };
            self.interval = interval;
            if stamp != self.stamp {
                self.stamp = stamp;
                return;
            }
        }
    }

    /// Waits until nothing happens any more.
    async fn settle(&self) {
        let end = Instant::now() + AT_MOST;
        while Instant::now() < end && timeout(QUIET, self.events.notified()).await.is_ok() {}
    }
}

impl Eyes {
    /// How the files are now, and when to look again. A directory is watched before it is looked at: what happens in between is an
    /// event.
    fn look(&mut self) -> (u64, Duration) {
        self.watch_directory();
        let interval = if self.watcher.is_ok() { NET } else { POLL };
        (self.watched.stamp(), interval)
    }

    /// Watches what the watched things stand in, so that it is seen when they are replaced.
    fn begin(&mut self) {
        let things = [self.watched.directory.as_deref(), self.watched.file.as_deref()];
        let mut parents: Vec<PathBuf> =
            things.into_iter().flatten().filter_map(Path::parent).map(Path::to_owned).collect();
        parents.dedup();
        for parent in parents {
            self.watch(&parent, RecursiveMode::NonRecursive);
        }
    }

    /// Watches the directory, if it is not the one that is watched already.
    fn watch_directory(&mut self) {
        let Some(path) = self.watched.directory.clone() else { return };
        if self.removed.swap(false, Ordering::AcqRel) {
            self.directory = None;
        }
        let now = fs::metadata(&path).ok().map(|metadata| identity(&metadata));
        if now.is_some() && now != self.directory {
            self.watch(&path, RecursiveMode::Recursive);
        }
        self.directory = now;
    }

    /// A watch that fails is that of the net; only where there can be none at all it is said.
    fn watch(&mut self, path: &Path, mode: RecursiveMode) {
        let Ok(watcher) = &mut self.watcher else { return };
        if let Err(error) = watcher.watch(path, mode)
            && path.exists()
        {
            self.watcher = Err(format!("`{}` cannot be watched: {error}", path.display()));
        }
    }
}

fn lock(eyes: &Mutex<Eyes>) -> MutexGuard<'_, Eyes> {
    eyes.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watched {
    /// Whether an event may have to do with a file of ours.
    fn concerns(&self, event: &Event) -> bool {
        if event.need_rescan() {
            return true;
        }
        // Our own reading is an event of this kind.
        if matches!(event.kind, EventKind::Access(_)) {
            return false;
        }
        event.paths.iter().any(|path| self.is_ours(path))
    }

    /// Whether the directory itself has been removed.
    fn loses_directory(&self, event: &Event) -> bool {
        matches!(event.kind, EventKind::Remove(_))
            && event.paths.iter().any(|path| Some(path) == self.directory.as_ref())
    }

    fn is_ours(&self, path: &Path) -> bool {
        let of_directory = self.directory.as_ref().is_some_and(|dir| path.starts_with(dir));
        let of_file = self.file.as_ref().is_some_and(|file| {
            // A mounted ConfigMap is changed by another target of the link `..data` beside the file.
            let beside = path.parent() == file.parent()
                && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".."));
            path == file || beside
        });
        of_directory || of_file
    }

    /// A number that differs when a file differs.
    fn stamp(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for path in self.directory.iter().flat_map(|dir| confd::paths(dir)).chain(self.file.clone())
        {
            let metadata = fs::metadata(&path);
            path.hash(&mut hasher);
            metadata.as_ref().ok().map(version).hash(&mut hasher);
        }
        hasher.finish()
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> Identity {
    (0, 0)
}

/// What differs when a file has been written.
#[cfg(unix)]
fn version(metadata: &Metadata) -> (Identity, u64, u32, [i64; 4]) {
    use std::os::unix::fs::MetadataExt;
    let times = [metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec()];
    (identity(metadata), metadata.len(), metadata.mode(), times)
}

#[cfg(not(unix))]
fn version(metadata: &Metadata) -> (u64, Option<std::time::SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}

#[cfg(test)]
mod tests;
