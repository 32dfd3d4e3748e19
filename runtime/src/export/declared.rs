//! Everything that a check declares, each name once, with all the tags that it can carry.

use crate::check::Entry;
use crate::metric::{Declared, Descriptor, Kind, TagKey, UnitName};

/// A declared metric.
#[derive(Debug, Clone)]
pub struct DeclaredMetric {
    /// The declaration.
    pub descriptor: &'static Descriptor,
    /// How samples become points.
    pub kind: Kind,
    /// What is measured.
    pub unit: UnitName,
    /// The tags of all records that it stands in.
    pub tags: Vec<TagKey>,
}

/// A declared service check.
#[derive(Debug, Clone)]
pub struct DeclaredServiceCheck {
    /// The declaration.
    pub descriptor: &'static Descriptor,
    /// The tags of all records that it stands in.
    pub tags: Vec<TagKey>,
}

/// The metrics of a check in order of declaration. Two declarations of one name that differ are both listed.
pub fn declared_metrics(entry: &'static Entry) -> Vec<DeclaredMetric> {
    let mut metrics = Vec::<DeclaredMetric>::new();
    entry.declaration().visit(&mut |descriptor, tags| {
        let Declared::Metric { kind, unit } = descriptor.declared else { return };
        match metrics.iter_mut().find(|known| known.descriptor == descriptor) {
            Some(known) => join(&mut known.tags, tags),
            None => metrics.push(DeclaredMetric { descriptor, kind, unit, tags: tags.to_vec() }),
        }
    });
    metrics
}

/// The service checks of a check in order of declaration, that of `can_connect` first.
pub fn declared_service_checks(entry: &'static Entry) -> Vec<DeclaredServiceCheck> {
    let own = entry.meta.can_connect.into_iter();
    let mut checks: Vec<_> =
        own.map(|descriptor| DeclaredServiceCheck { descriptor, tags: Vec::new() }).collect();
    entry.declaration().visit(&mut |descriptor, tags| {
        if descriptor.declared != Declared::ServiceCheck {
            return;
        }
        match checks.iter_mut().find(|known| known.descriptor.name == descriptor.name) {
            Some(known) => join(&mut known.tags, tags),
            None => checks.push(DeclaredServiceCheck { descriptor, tags: tags.to_vec() }),
        }
    });
    checks
}

fn join(tags: &mut Vec<TagKey>, more: &[TagKey]) {
    for tag in more {
        if !tags.iter().any(|known| known.key == tag.key) {
            tags.push(*tag);
        }
    }
}
