//! What a library needs of others, as the loader looks for it: all of it at once, since it is opened with `RTLD_NOW`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::elf::{Image, Import, Need};
use super::finding::Finding;

/// How many missing symbols are named.
const NAMED: usize = 8;

/// The directories that every loader looks into.
const ALWAYS: [&str; 4] = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"];

/// What is missing of what an image needs.
pub(super) fn findings(path: &Path, image: &Image) -> Vec<Finding> {
    let mut found = Libraries::default();
    found.load(path, image);
    vec![
        found.libraries(),
        symbols(&found.missing(image)),
        versions(&found.lacking(image)),
        glibc(image),
    ]
}

/// The libraries that are loaded with an image, and those that are not there.
#[derive(Default)]
struct Libraries {
    images: BTreeMap<String, Image>,
    absent: BTreeSet<String>,
}

impl Libraries {
    fn load(&mut self, path: &Path, image: &Image) {
        let directories = directories(path, image);
        for name in &image.libraries {
            if self.images.contains_key(name) || self.absent.contains(name) {
                continue;
            }
            let usable = |directory: &PathBuf| {
                let file = directory.join(name);
                let library = Image::read(&file).ok()?;
                (library.machine == image.machine).then_some((file, library))
            };
            let Some((file, library)) = directories.iter().find_map(usable) else {
                self.absent.insert(name.clone());
                continue;
            };
            // Known before its own libraries are loaded: they may need each other.
            self.images.insert(name.clone(), Image::default());
            self.load(&file, &library);
            self.images.insert(name.clone(), library);
        }
    }

    fn missing<'i>(&self, image: &'i Image) -> Vec<&'i Import> {
        let is_there = |import: &&Import| {
            import.is_weak
                || image.exports(&import.name, "")
                || self.images.values().any(|library| library.exports(&import.name, &import.version))
                // A library that is not there has been told already.
                || self.absent.contains(&import.library)
        };
        image.imports.iter().filter(|import| !is_there(import)).collect()
    }

    /// The versions that are not there; a library that has none at all is taken as it is.
    fn lacking<'i>(&self, image: &'i Image) -> Vec<&'i Need> {
        let lacks = |need: &&Need| {
            let defines = self.images.get(&need.library).map(|library| &library.defines);
            defines.is_some_and(|defines| !defines.is_empty() && !defines.contains(&need.version))
        };
        image.needs.iter().filter(lacks).collect()
    }

    fn libraries(&self) -> Finding {
        if self.absent.is_empty() {
            let names: Vec<_> = self.images.keys().map(String::as_str).collect();
            return Finding::fine("libraries", names.join(", "));
        }
        let names: Vec<_> = self.absent.iter().map(|name| format!("`{name}`")).collect();
        Finding::error(
            "libraries",
            format!("not found on this machine: {}", names.join(", ")),
            "install them, or link them statically",
        )
    }
}

fn symbols(missing: &[&Import]) -> Finding {
    if missing.is_empty() {
        return Finding::fine("symbols", "all are there");
    }
    let named = missing.iter().take(NAMED).map(|import| match &*import.version {
        "" => format!("`{}`", import.name),
        version => format!("`{}` of {version}", import.name),
    });
    let named: Vec<_> = named.collect();
    let more = match missing.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Finding::error(
        "symbols",
        format!("nobody has {}{more}", named.join(", ")),
        "build the library on a system as old as this one, or link what they are of",
    )
}

/// The loader asks for versions even where every symbol of them may be missing.
fn versions(lacking: &[&Need]) -> Finding {
    if lacking.is_empty() {
        return Finding::fine("versions", "all are there");
    }
    let named: Vec<_> = lacking
        .iter()
        .map(|Need { library, version }| format!("`{version}` of `{library}`"))
        .collect();
    Finding::error(
        "versions",
        format!("the system's loader does not find {}", named.join(", ")),
        "build the library on a system as old as this one",
    )
}

/// The newest version of glibc that an image needs.
fn glibc(image: &Image) -> Finding {
    match image.glibc() {
        Some(version) => {
            let parts: Vec<_> = version.iter().map(ToString::to_string).collect();
            Finding::fine("glibc", format!("{} or newer", parts.join(".")))
        }
        None if image.is_of_musl() => Finding::warning(
            "glibc",
            "it is made for musl, and Datadog's Agents for glibc",
            "build it for a target that ends in `-gnu`",
        ),
        None => Finding::fine("glibc", "not needed"),
    }
}

/// Where the libraries of an image are looked for.
fn directories(path: &Path, image: &Image) -> Vec<PathBuf> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let origin = directory.unwrap_or(Path::new(".")).to_string_lossy();
    let of_own = image
        .paths
        .iter()
        .map(|path| PathBuf::from(path.replace("$ORIGIN", &origin).replace("${ORIGIN}", &origin)));
    let configured = configured(Path::new("/etc/ld.so.conf"), 0);
    of_own.chain(configured).chain(ALWAYS.map(PathBuf::from)).collect()
}

/// The directories that a file of `ld.so.conf`'s sort names, and those of the files that it includes.
fn configured(file: &Path, depth: u32) -> Vec<PathBuf> {
    let mut directories = Vec::new();
    for line in fs::read_to_string(file).unwrap_or_default().lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        match line.strip_prefix("include ") {
            Some(pattern) if depth < 4 => {
                // A pattern that does not begin at the root begins where the file is.
                let beside = file.parent().unwrap_or(Path::new("/"));
                let included = matching(&beside.join(pattern.trim()));
                directories.extend(included.iter().flat_map(|file| configured(file, depth + 1)));
            }
            None if line.starts_with('/') => directories.push(PathBuf::from(line)),
            _ => {}
        }
    }
    directories
}

/// The files of a pattern whose last part may have one `*`.
fn matching(pattern: &Path) -> Vec<PathBuf> {
    let name = pattern.file_name().unwrap_or_default().to_string_lossy();
    let Some((start, end)) = name.split_once('*') else { return vec![pattern.to_owned()] };
    let listed = fs::read_dir(pattern.parent().unwrap_or(Path::new("/")));
    let mut files: Vec<_> =
        listed.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(start) && name.ends_with(end)
    });
    files.sort();
    files
}
