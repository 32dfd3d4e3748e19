//! What a check leaves in the file of its library, so that it is found there without any of the library's code being run.

#[cfg(feature = "cli")]
use std::collections::BTreeSet;

/// How a mark begins.
const HEAD: [u8; 16] = *b"\0allwell: check\x01";

/// The longest name of a check, as `#[check]` takes it.
const LONGEST: usize = 200;

const LENGTH: usize = HEAD.len() + 1 + LONGEST;

/// The name of a registered check, as bytes that lie in one piece where the entry does: a beginning, the length, the name, and zeros. Nothing else in
/// a file looks so.
pub(crate) struct Mark(
    #[expect(dead_code, reason = "it is read where it lies in a file")] [u8; LENGTH],
);

impl Mark {
    /// That of what is no check.
    pub(super) const NONE: Self = Self([0; LENGTH]);

    /// That of a check.
    pub(super) const fn of(name: &str) -> Self {
        let mut mark = [0; LENGTH];
        let (head, rest) = mark.split_at_mut(HEAD.len());
        head.copy_from_slice(&HEAD);
        #[expect(clippy::cast_possible_truncation, reason = "a longer one has no place here")]
        let length = name.len() as u8;
        rest[0] = length;
        let (_, place) = rest.split_at_mut(1);
        let (place, _) = place.split_at_mut(name.len());
        place.copy_from_slice(name.as_bytes());
        Self(mark)
    }

    /// The names of the checks that have left their marks in this piece of a file.
    #[cfg(feature = "cli")]
    pub(crate) fn names_in(data: &[u8]) -> BTreeSet<String> {
        let begun = memchr::memmem::find_iter(data, &HEAD);
        begun.filter_map(|at| name(data[at..].first_chunk()?)).map(str::to_owned).collect()
    }
}

#[cfg(feature = "cli")]
fn name(mark: &[u8; LENGTH]) -> Option<&str> {
    let (length, name) = mark[HEAD.len()..].split_first()?;
    let (name, rest) = name.split_at_checked(usize::from(*length))?;
    let is_whole = !name.is_empty() && rest.iter().all(|byte| *byte == 0);
    std::str::from_utf8(name).ok().filter(|_| is_whole)
}
