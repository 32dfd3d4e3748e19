//! What all files of an integration's folder are made from.

use std::fmt;
use std::sync::Arc;

use crate::check::{Entry, Package};
use crate::export::metadata::{FREE_PREFIXES, MetadataError, MetadataRow, metadata};
use crate::export::service_checks::{ServiceCheckRow, service_checks};
use crate::export::spec::SpecError;

/// What is known of a check's integration.
#[derive(Debug, Clone)]
pub(super) struct Facts(Arc<Known>);

#[derive(Debug)]
pub(super) struct Known {
    pub(super) entry: &'static Entry,
    /// The rows of `metadata.csv`.
    pub(super) rows: Vec<MetadataRow>,
    pub(super) service_checks: Vec<ServiceCheckRow>,
    /// What the names of its metrics begin with, full stop included.
    pub(super) prefix: String,
}

impl std::ops::Deref for Facts {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.0
    }
}

/// Why a check cannot be published as an integration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntegrationError {
    /// Its metadata is not valid.
    Metadata(MetadataError),
    /// Its configuration cannot be specified in Datadog's terms.
    Spec(SpecError),
    /// Its metrics have no prefix in common, and Datadog tells integrations apart by it.
    Prefix {
        /// The check, and where it is written.
        check: String,
        /// The beginnings of its metrics' names.
        beginnings: Vec<String>,
    },
}

impl fmt::Display for IntegrationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metadata(error) => error.fmt(f),
            Self::Spec(error) => write!(f, "the configuration cannot be specified: {error}"),
            Self::Prefix { check, beginnings } => write!(
                f,
                "the metrics of check {check} have no beginning in common: {}\n\
                 hint: an integration has one, such as `{}`; let all its metrics begin with it",
                beginnings.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
                beginnings.first().map_or("", String::as_str),
            ),
        }
    }
}

impl std::error::Error for IntegrationError {}

impl From<SpecError> for IntegrationError {
    fn from(error: SpecError) -> Self {
        Self::Spec(error)
    }
}

impl Facts {
    pub(super) fn of(entry: &'static Entry) -> Result<Self, IntegrationError> {
        let rows = metadata(entry).map_err(IntegrationError::Metadata)?;
        let names: Vec<_> = rows.iter().map(|row| row.metric_name.as_str()).collect();
        let prefix = prefix(entry.meta.name, &names).map_err(|beginnings| {
            let check = format!("`{}` ({})", entry.meta.name, entry.meta.location);
            IntegrationError::Prefix { check, beginnings }
        })?;
        let service_checks = service_checks(entry);
        Ok(Self(Arc::new(Known { entry, rows, service_checks, prefix })))
    }
}

impl Known {
    pub(super) const fn name(&self) -> &'static str {
        self.entry.meta.name
    }

    pub(super) const fn display_name(&self) -> &'static str {
        self.entry.meta.display_name
    }

    pub(super) const fn package(&self) -> Package {
        self.entry.meta.package
    }
}

/// What all names begin with; those that begin as anybody's may are left out unless there are no others.
fn prefix(check: &str, names: &[&str]) -> Result<String, Vec<String>> {
    let common = |name: &&str| FREE_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    let own: Vec<_> = names.iter().copied().filter(|name| !common(name)).collect();
    let names = if own.is_empty() { names } else { &own };
    let Some((first, others)) = names.split_first() else { return Ok(format!("{check}.")) };
    let mut parts: Vec<_> = first.split('.').collect();
    parts.pop();
    for name in others {
        let same = parts.iter().zip(name.split('.')).take_while(|(ours, theirs)| *ours == theirs);
        parts.truncate(same.count());
    }
    if !parts.is_empty() {
        return Ok(format!("{}.", parts.join(".")));
    }
    if own.is_empty() {
        // Several of anybody's beginnings; each is granted.
        return Ok(format!("{check}."));
    }
    let mut beginnings: Vec<_> = names
        .iter()
        .map(|name| name.split_once('.').map_or(*name, |(first, _)| first).to_owned() + ".")
        .collect();
    beginnings.dedup();
    Err(beginnings)
}
