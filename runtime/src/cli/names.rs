//! Names of checks, as the user types them.

use crate::check::{Entry, Registry};

use super::failure::Failure;

/// The check of a name, or the nearest name as a hint.
pub(super) fn find(registry: &Registry, name: &str) -> Result<&'static Entry, Failure> {
    registry.get(name).ok_or_else(|| {
        let hint = match nearest(name, registry.entries().iter().map(|entry| entry.meta.name)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "`list` shows the checks of this binary".to_owned(),
        };
        Failure::usage(format!("there is no check `{name}`"), hint)
    })
}

/// The checks of these names, each once, or all if there is none.
pub(super) fn find_all(
    registry: &Registry,
    names: &[String],
) -> Result<Vec<&'static Entry>, Failure> {
    if names.is_empty() {
        return Ok(registry.entries().to_vec());
    }
    let mut entries = Vec::<&'static Entry>::new();
    for name in names {
        let entry = find(registry, name)?;
        if !entries.iter().any(|known| known.meta.name == entry.meta.name) {
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// The name that was probably meant.
pub(super) fn nearest<'n>(given: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names
        .map(|name| (strsim::damerau_levenshtein(given, name), name))
        .filter(|(distance, name)| *distance <= (name.len() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
