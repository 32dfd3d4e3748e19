//! Tags as the intake wants them: some name what a series belongs to, and are no tags.

use std::sync::Arc;

use crate::aggregate::TagSet;

/// Names the device that a series is of.
const DEVICE: &str = "device:";

/// Names any other thing that a series is of, as `dd.internal.resource:<type>:<name>`.
const RESOURCE: &str = "dd.internal.resource:";

/// The device that tags name.
pub(super) fn device(set: &TagSet) -> Option<&str> {
    set.iter().find_map(|tag| tag.strip_prefix(DEVICE)).filter(|name| !name.is_empty())
}

/// The types and names of other things that tags name.
pub(super) fn resources(set: &TagSet) -> impl Iterator<Item = (&str, &str)> {
    let named = |tag: &'_ str| -> Option<(usize, usize)> {
        let rest = tag.strip_prefix(RESOURCE)?;
        let kind = rest.find(':').filter(|at| *at > 0 && at + 1 < rest.len())?;
        Some((RESOURCE.len() + kind, RESOURCE.len() + kind + 1))
    };
    set.iter().filter_map(move |tag| {
        let (end, start) = named(tag)?;
        Some((&tag[RESOURCE.len()..end], &tag[start..]))
    })
}

/// The tags of a series, without those that are resources.
pub(super) fn of_series(set: &TagSet) -> impl Iterator<Item = &str> {
    without_internal(set).filter(|tag| !tag.starts_with(DEVICE) || tag.len() == DEVICE.len())
}

/// The tags of anything, without those that nobody should see.
pub(super) fn without_internal(set: &TagSet) -> impl Iterator<Item = &str> {
    set.iter().filter(|tag| !tag.starts_with(RESOURCE))
}

/// What is written of a tag set and a host: encoded once for all series that come one after the other and share them.
pub(super) struct Shared<'d> {
    of: Option<(&'d Arc<TagSet>, &'d str)>,
    write: fn(&TagSet, &str, &mut Encoded),
    encoded: Encoded,
}

/// Two parts of an encoded series.
#[derive(Default)]
pub(super) struct Encoded {
    pub(super) resources: Vec<u8>,
    pub(super) tags: Vec<u8>,
}

impl<'d> Shared<'d> {
    pub(super) fn new(write: fn(&TagSet, &str, &mut Encoded)) -> Self {
        Self { of: None, write, encoded: Encoded::default() }
    }

    pub(super) fn get(&mut self, set: &'d Arc<TagSet>, host: &'d str) -> &Encoded {
        let same = self.of.is_some_and(|(known, of)| Arc::ptr_eq(known, set) && of == host);
        if !same {
            self.encoded.resources.clear();
            self.encoded.tags.clear();
            (self.write)(set, host, &mut self.encoded);
            self.of = Some((set, host));
        }
        &self.encoded
    }
}
