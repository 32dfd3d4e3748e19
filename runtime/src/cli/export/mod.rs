//! `export`: what others want to know about a check, in their formats.

mod diff;
mod folder;
mod library;
mod lint;
mod platform;
mod print;

use crate::check::{Entry, Registry};
use crate::export::{Asset, AssetKind, integration, integration_with};
use crate::run::OWN;

use super::args::{Assets, Export, Format};
use super::failure::{Failure, Outcome};
use super::names;
use super::screen::Screen;

use library::Library;

/// The files that integrations-extras asks for.
const INTEGRATION: &[AssetKind] = &[
    AssetKind::Manifest,
    AssetKind::Readme,
    AssetKind::Metadata,
    AssetKind::ServiceChecks,
    AssetKind::Spec,
    AssetKind::Config,
    AssetKind::Dashboard,
    AssetKind::Package,
];

/// The same, and the schema, which is our own.
const ALL: &[AssetKind] = &[
    AssetKind::Manifest,
    AssetKind::Readme,
    AssetKind::Metadata,
    AssetKind::ServiceChecks,
    AssetKind::Spec,
    AssetKind::Config,
    AssetKind::Schema,
    AssetKind::Dashboard,
    AssetKind::Package,
];

/// A check, and those of its files that are wanted.
struct Exported {
    entry: &'static Entry,
    assets: Vec<Asset>,
}

pub(super) fn export(arguments: &Export, registry: &Registry, screen: &mut Screen<'_>) -> Outcome {
    let (assets, kinds): (&Assets, &[AssetKind]) = match arguments {
        Export::Metadata(metadata) => (&metadata.assets, &[AssetKind::Metadata]),
        Export::ServiceChecks(assets) => (assets, &[AssetKind::ServiceChecks]),
        Export::Spec(assets) => (assets, &[AssetKind::Spec]),
        Export::Config(assets) => (assets, &[AssetKind::Config]),
        Export::Schema(assets) => (assets, &[AssetKind::Schema]),
        Export::Readme(assets) => (assets, &[AssetKind::Readme]),
        Export::Dashboard(assets) => (assets, &[AssetKind::Dashboard]),
        Export::Integration(folders) => (&folders.assets, INTEGRATION),
        Export::All(folders) => (&folders.assets, ALL),
        Export::Lint(arguments) => return lint::lint(arguments, registry, screen),
    };
    let library = library_of(arguments)?;
    let exported = collect(assets, kinds, library.as_ref(), registry)?;
    if let Some(library) = &library {
        library.tell(screen)?;
    }
    if assets.check || assets.out.is_some() || kinds.len() > 1 {
        return folder::export(assets, &exported, library.as_ref(), screen);
    }
    match arguments {
        Export::Metadata(metadata) => print::metadata_table(&exported, metadata.format, screen),
        Export::ServiceChecks(_) => print::service_check_list(&exported, screen),
        _ => print::one(&exported, screen),
    }
}

/// The library that goes into the folders, if one does.
fn library_of(arguments: &Export) -> Result<Option<Library>, Failure> {
    let (Export::Integration(folders) | Export::All(folders)) = arguments else { return Ok(None) };
    folders.library.as_deref().map(Library::read).transpose()
}

/// The checks that are named. What the runtime reports of itself has metadata, too, under a name that no check has.
fn wanted(
    names: &[String],
    kinds: &[AssetKind],
    registry: &Registry,
) -> Result<Vec<&'static Entry>, Failure> {
    let own = OWN.meta.name;
    let is_meant = kinds == [AssetKind::Metadata] && registry.get(own).is_none();
    if !is_meant || !names.iter().any(|name| name == own) {
        return names::find_all(registry, names);
    }
    let others: Vec<_> = names.iter().filter(|name| *name != own).cloned().collect();
    let mut entries = vec![OWN];
    if !others.is_empty() {
        entries.extend(names::find_all(registry, &others)?);
    }
    Ok(entries)
}

/// The files of all checks that are named, or every check's errors.
fn collect(
    assets: &Assets,
    kinds: &[AssetKind],
    library: Option<&Library>,
    registry: &Registry,
) -> Result<Vec<Exported>, Failure> {
    let mut exported = Vec::new();
    let mut errors = Vec::new();
    let wanted = wanted(&assets.checks, kinds, registry)?;
    if let Some(library) = library {
        library.has_all(&wanted)?;
    }
    for entry in wanted {
        let made = match library {
            Some(library) => integration_with(entry, &library.wheel),
            None => integration(entry),
        };
        match made {
            Ok(mut assets) => {
                assets.retain(|asset| kinds.contains(&asset.kind));
                exported.push(Exported { entry, assets });
            }
            Err(error) => errors.push(error.to_string()),
        }
    }
    if errors.is_empty() { Ok(exported) } else { Err(Failure::internal(&errors.join("\n"))) }
}
