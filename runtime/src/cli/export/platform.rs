//! The platform's name in wheels, which says on which systems a library finds all that it needs.
//!
//! PEP 600 names it after the oldest glibc that has what a wheel needs, and asks that every other library that is needed be on every system of that
//! glibc. Which libraries those are, and in which versions, is what `auditwheel` compares wheels with: `policy/manylinux-policy.json` of its version
//! 6.8.2, which goes on where the lists of PEP 513, PEP 571 and PEP 599 end. Where its lists differ between machines, the stricter one counts here.

use crate::cli::agent::elf::Image;

/// The libraries that every system has.
const EVERYWHERE: [&str; 24] = [
    "libGL.so.1",
    "libICE.so.6",
    "libSM.so.6",
    "libX11.so.6",
    "libXext.so.6",
    "libXrender.so.1",
    "libanl.so.1",
    "libatomic.so.1",
    "libc.so.6",
    "libdl.so.2",
    "libexpat.so.1",
    "libgcc_s.so.1",
    "libglib-2.0.so.0",
    "libgobject-2.0.so.0",
    "libgthread-2.0.so.0",
    "libm.so.6",
    "libmvec.so.1",
    "libnsl.so.1",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libstdc++.so.6",
    "libutil.so.1",
    "libz.so.1",
];

/// The oldest glibc that a wheel is said to be for, which is Rust's own, too.
const OLDEST: [u32; 2] = [2, 17];

/// The newest version of a family that there is on every system of a glibc of 2.
const NEWEST: [(&str, &[u32], u32); 21] = [
    ("GLIBCXX_", &[3, 4, 19], 17),
    ("GLIBCXX_", &[3, 4, 22], 24),
    ("GLIBCXX_", &[3, 4, 24], 27),
    ("GLIBCXX_", &[3, 4, 28], 31),
    ("GLIBCXX_", &[3, 4, 29], 34),
    ("GLIBCXX_", &[3, 4, 30], 35),
    ("GLIBCXX_", &[3, 4, 33], 39),
    ("CXXABI_", &[1, 3, 7], 17),
    ("CXXABI_", &[1, 3, 10], 24),
    ("CXXABI_", &[1, 3, 11], 27),
    ("CXXABI_", &[1, 3, 12], 31),
    ("CXXABI_", &[1, 3, 13], 34),
    ("CXXABI_", &[1, 3, 15], 39),
    ("GCC_", &[4, 8, 0], 17),
    ("GCC_", &[7, 0, 0], 27),
    ("GCC_", &[12, 0, 0], 35),
    ("GCC_", &[14, 0, 0], 39),
    ("ZLIB_", &[1, 2, 5, 2], 17),
    ("ZLIB_", &[1, 2, 9], 27),
    ("ZLIB_", &[1, 2, 12], 37),
    ("LIBATOMIC_", &[1, 2], 24),
];

/// The platform of a library.
pub(super) struct Platform {
    pub(super) name: String,
    /// What it needs that not every system has.
    pub(super) others: Vec<String>,
}

impl Platform {
    /// That of `manylinux` where every system has what the library needs. Where not, it is `linux`, which `pip` installs anywhere, since whoever
    /// linked a library of a system has it on that system: to refuse it would leave no way.
    ///
    /// # Errors
    /// Wheels have no name for the machine.
    pub(super) fn of(image: &Image) -> Result<Self, String> {
        let machine = match image.machine {
            62 => "x86_64",
            183 => "aarch64",
            other => return Err(format!("it is for a machine of number {other}")),
        };
        let mut others: Vec<_> =
            image.libraries.iter().filter(|name| !is_everywhere(name)).cloned().collect();
        let mut glibc = image.glibc().unwrap_or_default().max(OLDEST.to_vec());
        for family in ["GLIBCXX_", "CXXABI_", "GCC_", "ZLIB_", "LIBATOMIC_"] {
            let Some(needed) = image.newest(family) else { continue };
            match NEWEST.iter().find(|(of, newest, _)| *of == family && **newest >= *needed) {
                Some((.., minor)) => glibc = glibc.max(vec![2, *minor]),
                None => others.push(format!("{family}{}", dotted(&needed))),
            }
        }
        let name = match &*glibc {
            [major, minor, ..] if others.is_empty() => {
                format!("manylinux_{major}_{minor}_{machine}")
            }
            _ => format!("linux_{machine}"),
        };
        Ok(Self { name, others })
    }
}

/// The system's loader is where the system is.
fn is_everywhere(library: &str) -> bool {
    EVERYWHERE.contains(&library) || library.starts_with("ld-linux-")
}

fn dotted(version: &[u32]) -> String {
    version.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}
