//! Exports that are files: written where they differ from what is there, or compared with it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::export::Asset;

use super::super::args::Assets;
use super::super::exit::Exit;
use super::library::{Copy, Library};
use super::{Exported, Failure, Outcome, Screen, diff};

/// A file as it is, and as it should be.
struct Compared {
    path: PathBuf,
    old: Option<String>,
    new: String,
    note: Option<String>,
}

impl Compared {
    fn is_current(&self) -> bool {
        self.old.as_deref() == Some(&*self.new)
    }
}

pub(super) fn export(
    assets: &Assets,
    exported: &[Exported],
    library: Option<&Library>,
    screen: &mut Screen<'_>,
) -> Outcome {
    let directory = assets.out.as_deref().unwrap_or(Path::new("."));
    let files = compare_all(directory, exported)?;
    let copies = library.map_or_else(Vec::new, |library| library.copies(directory, exported));
    tell_notes(&files, screen)?;
    if assets.check {
        return show(&files, &copies, screen);
    }
    for file in files.iter().filter(|file| !file.is_current()) {
        replace(&file.path, file.new.as_bytes()).map_err(|error| unwritable(&file.path, &error))?;
    }
    for copy in copies.iter().filter(|copy| !copy.is_current) {
        replace(&copy.path, copy.data).map_err(|error| unwritable(&copy.path, &error))?;
    }
    Ok(Exit::DONE)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("`{}` cannot be written: {error}", path.display());
    Failure::usage(message, "name another directory with `--out`")
}

/// Tells the notes, each once with the first file that it is about.
fn tell_notes(files: &[Compared], screen: &mut Screen<'_>) -> io::Result<()> {
    let mut told = Vec::new();
    for Compared { path, note, .. } in files {
        let Some(note) = note.as_ref().filter(|note| !told.contains(note)) else { continue };
        told.push(note);
        let more = match files.iter().filter(|file| file.note.as_ref() == Some(note)).count() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        screen.tell("note", &format!("`{}`{more}: {note}", path.display()), "")?;
    }
    Ok(())
}

/// All files, or all their faults; nothing is written before all are known.
fn compare_all(directory: &Path, exported: &[Exported]) -> Result<Vec<Compared>, Failure> {
    let mut files = Vec::new();
    let mut faults = Vec::new();
    for Exported { entry, assets } in exported {
        let folder = directory.join(entry.meta.name);
        for asset in assets {
            match compare(&folder, asset) {
                Ok(file) => files.push(file),
                Err(fault) => faults.push(fault),
            }
        }
    }
    if faults.is_empty() {
        return Ok(files);
    }
    Err(Failure::Told { exit: Exit::ASSET, message: faults.join("\nerror: "), hint: String::new() })
}

fn compare(folder: &Path, asset: &Asset) -> Result<Compared, String> {
    let path = asset.path.split('/').fold(folder.to_owned(), |path, part| path.join(part));
    let old = match fs::read(&path) {
        Ok(bytes) => Some(String::from_utf8(bytes).map_err(|error| {
            let place = error.utf8_error().valid_up_to();
            format!("`{}` is not text: byte {place} is not UTF-8\nhint: take the file away and export a new one", path.display())
        })?),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) if error.kind() == ErrorKind::NotADirectory => None,
        Err(error) => return Err(format!("`{}` cannot be read: {error}", path.display())),
    };
    let contents = asset.contents(old.as_deref()).map_err(|error| {
        let place = if error.line == 0 {
            String::new()
        } else {
            format!(":{}:{}", error.line, error.column)
        };
        format!("`{}{place}`: {}\nhint: {}", path.display(), error.message, error.hint)
    })?;
    Ok(Compared { path, old, new: contents.text, note: contents.note })
}

/// Shows what is out of date.
fn show(files: &[Compared], copies: &[Copy<'_>], screen: &mut Screen<'_>) -> Outcome {
    let stale: Vec<_> = files.iter().filter(|file| !file.is_current()).collect();
    for Compared { path, old, new, .. } in &stale {
        let text = diff::diff(&path.display().to_string(), old.as_deref(), new, screen);
        write!(screen.out(), "{text}")?;
    }
    let stale_copies: Vec<_> = copies.iter().filter(|copy| !copy.is_current).collect();
    for copy in &stale_copies {
        writeln!(screen.out(), "Binary file {} differs", copy.path.display())?;
    }
    let (stale, all) = (stale.len() + stale_copies.len(), files.len() + copies.len());
    if stale == 0 {
        return Ok(Exit::DONE);
    }
    Err(Failure::Told {
        exit: Exit::OUT_OF_DATE,
        message: format!("{stale} of {all} files are out of date"),
        hint: "the same command without `--check` writes them".to_owned(),
    })
}

/// Replaces a file as a whole: whoever reads it, or whatever stops us, finds the old one or the new one.
fn replace(path: &Path, data: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = folder.join(format!(".{name}.new"));
    let written = fs::write(&fresh, data).and_then(|()| fs::rename(&fresh, path));
    if written.is_err() {
        // What is half written is of no use to anybody; if it cannot go away, that is no second error.
        let _ = fs::remove_file(&fresh);
    }
    written
}
