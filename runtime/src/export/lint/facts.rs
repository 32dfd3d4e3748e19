//! What the rules must know of an integration, and where that comes from: the caller, the repository's settings, the manifest.

use crate::export::service_checks::integration_of_check;
use crate::export::text::integration_of;

use super::Given;
use super::manifest::{Manifest, State};
use super::overrides::Overrides;

/// What is known of an integration. What is not known is not compared with.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The names of its metrics begin with this.
    pub(super) prefix: Option<String>,
    /// What the column `integration` of `metadata.csv` holds.
    pub(super) column: Option<String>,
    /// What the attribute `integration` of a service check holds.
    pub(super) attribute: Option<String>,
    /// There is a manifest, and it does not tell that attribute.
    pub(super) nameless: bool,
    /// The names that its check may have, in a binary.
    pub(super) checks: Vec<String>,
    /// There is no folder that could tell more.
    pub(super) alone: bool,
}

impl Facts {
    /// The facts of a file that stands alone.
    pub(super) fn given(given: &Given) -> Self {
        let column = given.integration.as_deref().map(integration_of);
        Self {
            prefix: given.prefix.clone(),
            checks: column.iter().cloned().collect(),
            column,
            attribute: given.integration.clone(),
            nameless: false,
            alone: true,
        }
    }

    /// The facts of the integration in a folder.
    pub(super) fn of_folder(
        folder: &str,
        given: &Given,
        overrides: &Overrides,
        manifest: &Manifest,
    ) -> Self {
        let display_name = manifest.display_name.as_deref();
        let shown = overrides.display_name(folder).or(display_name).unwrap_or(folder);
        let column = match (&given.integration, overrides.metadata_integration(folder)) {
            (Some(given), _) => integration_of(given),
            (None, Some(column)) => column.to_owned(),
            (None, None) => integration_of(shown),
        };
        // The name of the folder stands in for one that is nowhere, but not for one in a manifest that nobody can read.
        let tells = manifest.state != State::Broken || column != integration_of(folder);
        let own = Some(integration_of_check(folder, display_name.unwrap_or_default()));
        let attribute = given.integration.as_deref().or(own.filter(|name| !name.is_empty()));
        Self {
            prefix: given
                .prefix
                .as_deref()
                .or(manifest.prefix.as_deref())
                .or_else(|| overrides.prefix(folder))
                .map(str::to_owned),
            attribute: attribute.map(str::to_owned),
            nameless: manifest.state == State::Read && attribute.is_none(),
            checks: vec![folder.to_owned(), column.clone()],
            column: Some(column).filter(|column| tells && !overrides.excludes(column)),
            alone: false,
        }
    }
}
