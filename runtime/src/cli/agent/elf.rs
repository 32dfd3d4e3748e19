//! What an ELF file says of itself to a loader.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::Path;

use object::elf;
use object::read::elf::{FileHeader, SectionHeader as _, SectionTable, Sym as _, VersionTable};
use object::{Endianness, SymbolIndex};

use crate::check::Mark;

type Header = elf::FileHeader64<Endianness>;

/// An image that can be loaded.
#[derive(Debug, Default)]
pub(in crate::cli) struct Image {
    /// The machine's number.
    pub(in crate::cli) machine: u16,
    /// What others may use: names with the versions they have, an empty text for one without.
    pub(super) exports: HashMap<String, HashSet<String>>,
    /// What others must bring.
    pub(super) imports: Vec<Import>,
    /// The versions that the system's loader asks of other libraries.
    pub(super) needs: Vec<Need>,
    /// The versions that there are of what others may use.
    pub(super) defines: HashSet<String>,
    /// The libraries that are loaded with it.
    pub(in crate::cli) libraries: Vec<String>,
    /// Where they are looked for first.
    pub(super) paths: Vec<String>,
    /// It stays in memory when it is closed.
    pub(super) stays: bool,
    /// The checks of this crate that are registered in it.
    pub(super) checks: BTreeSet<String>,
}

/// A symbol that others must bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    pub(super) name: String,
    /// The version; empty if any will do.
    pub(super) version: String,
    /// The library that the version is of; empty if there is none.
    pub(super) library: String,
    /// It may be missing.
    pub(super) is_weak: bool,
}

/// A version that must be there, whichever symbols are of it: the loader asks for it even if all of them may be missing, unless the version itself is
/// marked as weak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) library: String,
    pub(super) version: String,
}

impl Image {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is no 64-bit ELF file that can be loaded.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let data = fs::read(path).map_err(|error| error.to_string())?;
        Self::of(&data)
    }

    /// The image in a file of this content.
    ///
    /// # Errors
    /// It is no 64-bit ELF file that can be loaded.
    pub(in crate::cli) fn of(data: &[u8]) -> Result<Self, String> {
        Self::parse(data).map_err(|error| format!("it is no library of 64 bits: {error}"))
    }

    /// The newest version of glibc that the system's loader asks for, such as 2.34.
    pub(in crate::cli) fn glibc(&self) -> Option<Vec<u32>> {
        // A name in place of a number, of 2.36.
        let relative = |need: &Need| need.version == "GLIBC_ABI_DT_RELR";
        let relative = self.needs.iter().any(relative).then(|| vec![2, 36]);
        self.newest("GLIBC_").max(relative)
    }

    /// It is made for another C library, musl, whose names are these.
    pub(in crate::cli) fn is_of_musl(&self) -> bool {
        self.libraries.iter().any(|name| {
            name == "libc.so" || name.starts_with("libc.musl-") || name.starts_with("ld-musl-")
        })
    }

    /// The newest of the versions that begin so.
    pub(in crate::cli) fn newest(&self, family: &str) -> Option<Vec<u32>> {
        let number = |need: &Need| -> Option<Vec<u32>> {
            need.version.strip_prefix(family)?.split('.').map(|part| part.parse().ok()).collect()
        };
        self.needs.iter().filter_map(number).max()
    }

    fn parse(data: &[u8]) -> object::Result<Self> {
        let header = Header::parse(data)?;
        let endian = header.endian()?;
        let sections = header.sections(endian, data)?;
        let mut image = Self { machine: header.e_machine(endian).0, ..Self::default() };
        image.read_symbols(&sections, endian, data)?;
        image.read_versions(&sections, endian, data)?;
        image.read_dynamic(&sections, endian, data)?;
        image.read_checks(&sections, endian, data)?;
        Ok(image)
    }

    fn read_symbols(
        &mut self,
        sections: &SectionTable<'_, Header>,
        endian: Endianness,
        data: &[u8],
    ) -> object::Result<()> {
        let symbols = sections.symbols(endian, data, elf::SHT_DYNSYM)?;
        let versions = sections.versions(endian, data)?.unwrap_or_default();
        for (index, symbol) in symbols.enumerate() {
            let name = text(symbol.name(endian, symbols.strings())?);
            if name.is_empty() || symbol.st_bind() == elf::STB_LOCAL {
                continue;
            }
            let (version, library) = version_of(&versions, endian, index)?;
            if symbol.is_undefined(endian) {
                let is_weak = symbol.is_weak();
                self.imports.push(Import { name, version, library, is_weak });
            } else {
                self.exports.entry(name).or_default().insert(version);
            }
        }
        Ok(())
    }

    fn read_versions(
        &mut self,
        sections: &SectionTable<'_, Header>,
        endian: Endianness,
        data: &[u8],
    ) -> object::Result<()> {
        if let Some((mut needs, texts)) = sections.gnu_verneed(endian, data)? {
            let texts = sections.strings(endian, data, texts)?;
            while let Some((of, mut versions)) = needs.next()? {
                let library = text(of.file(endian, texts)?);
                while let Some(version) = versions.next()? {
                    if version.vna_flags.get(endian).contains(elf::VER_FLG_WEAK) {
                        continue;
                    }
                    let version = text(version.name(endian, texts)?);
                    self.needs.push(Need { library: library.clone(), version });
                }
            }
        }
        if let Some((mut defines, texts)) = sections.gnu_verdef(endian, data)? {
            let texts = sections.strings(endian, data, texts)?;
            while let Some((_, mut names)) = defines.next()? {
                if let Some(name) = names.next()? {
                    self.defines.insert(text(name.name(endian, texts)?));
                }
            }
        }
        Ok(())
    }

    fn read_dynamic(
        &mut self,
        sections: &SectionTable<'_, Header>,
        endian: Endianness,
        data: &[u8],
    ) -> object::Result<()> {
        let table = sections.dynamic_table(endian, data)?;
        for entry in &table {
            match entry.tag {
                elf::DT_NEEDED => self.libraries.push(text(table.string(entry)?)),
                elf::DT_RUNPATH | elf::DT_RPATH => {
                    self.paths.extend(text(table.string(entry)?).split(':').map(str::to_owned));
                }
                elf::DT_FLAGS_1 => self.stays = entry.val & NODELETE != 0,
                _ => {}
            }
        }
        Ok(())
    }

    /// The checks are found by their marks, in what is loaded and is no code.
    fn read_checks(
        &mut self,
        sections: &SectionTable<'_, Header>,
        endian: Endianness,
        data: &[u8],
    ) -> object::Result<()> {
        for section in sections.iter() {
            let flags = section.sh_flags(endian);
            if flags.contains(elf::SHF_ALLOC) && !flags.contains(elf::SHF_EXECINSTR) {
                self.checks.extend(Mark::names_in(section.data(endian, data)?));
            }
        }
        Ok(())
    }

    /// It has a symbol, in this version if that is not empty.
    pub(in crate::cli) fn exports(&self, name: &str, version: &str) -> bool {
        self.exports.get(name).is_some_and(|versions| {
            version.is_empty() || versions.contains(version) || versions.contains("")
        })
    }
}

/// `DF_1_NODELETE`.
const NODELETE: u64 = 0x8;

/// The version of a symbol, and the library that it is of.
fn version_of(
    versions: &VersionTable<'_, Header>,
    endian: Endianness,
    index: SymbolIndex,
) -> object::Result<(String, String)> {
    let index = versions.version_index(endian, index);
    let version = versions.version(index.index())?;
    let texts = version.map(|version| (text(version.name()), version.file().map(text)));
    let (name, file) = texts.unwrap_or_default();
    Ok((name, file.unwrap_or_default()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
