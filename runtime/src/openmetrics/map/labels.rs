//! From the labels of a sample to its tags and host.

use std::borrow::Cow;

use crate::metric::{DynamicEmitter, TagSetPlace};
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::{Labels, Mistake};

use super::number;
use super::share::Shared;

/// Which label is a number that is written in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Numeric {
    /// None.
    Nothing,
    /// `le`, which becomes `upper_bound`.
    Bound,
    /// The same, and the bounds of the bucket do not become tags.
    HiddenBound,
    /// `quantile`.
    Quantile,
}

/// What became of the labels of a sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tagged {
    /// Nothing if a label leaves the sample out.
    pub(super) tags: Option<TagSetPlace>,
    /// The host alone, with the instance's tags, for a service check.
    pub(super) host: TagSetPlace,
    /// The upper bound of a bucket.
    pub(super) bound: Option<f64>,
    /// Tells the labels but the upper bound from others.
    pub(super) group: u64,
}

/// A sample's labels while they are made tags.
type Pairs<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

const UPPER_BOUND: &str = "upper_bound";

/// Makes tags of labels.
pub(super) fn tagged(
    options: &Options,
    shared: &Shared,
    labels: Labels<'_>,
    numeric: Numeric,
    out: &mut DynamicEmitter<'_>,
) -> Result<Tagged, Mistake> {
    let pairs = complete(shared, labels, numeric)?;
    let bound = pairs.iter().find(|(name, _)| name == UPPER_BOUND);
    let bound = bound.and_then(|(_, value)| value.trim().parse().ok());
    let leaves_out = pairs.iter().any(|(name, value)| {
        let excluded = options.exclude_metrics_by_labels.get(&**name);
        excluded.is_some_and(|values| values.include(value))
    });
    let group = group_of(&pairs);
    if leaves_out {
        return Ok(Tagged { tags: None, host: TagSetPlace::INSTANCE, bound, group });
    }
    let host = host_of(options, &pairs);
    let tags = write(options, &pairs, numeric, host.as_deref(), out);
    let host = host.map_or(TagSetPlace::INSTANCE, |host| {
        let mut tags = out.tags();
        tags.host(&host);
        tags.end()
    });
    Ok(Tagged { tags: Some(tags), host, bound, group })
}

/// The labels of a sample with those that are put on it, numbers written in one way.
pub(super) fn complete<'a>(
    shared: &'a Shared,
    labels: Labels<'a>,
    numeric: Numeric,
) -> Result<Pairs<'a>, Mistake> {
    let mut pairs = Pairs::new();
    for (name, value) in labels.iter() {
        set(&mut pairs, name, value);
    }
    if !shared.is_empty() {
        for (name, value) in shared.of(&pairs) {
            set(&mut pairs, name.into(), value.into());
        }
    }
    match numeric {
        Numeric::Nothing => {}
        Numeric::Bound | Numeric::HiddenBound => {
            if let Some(at) = pairs.iter().position(|(name, _)| name == "le") {
                let (_, value) = pairs.remove(at);
                let text = canonical("le", &value)?;
                set(&mut pairs, UPPER_BOUND.into(), text.into());
            }
        }
        Numeric::Quantile => {
            if let Some((_, value)) = pairs.iter_mut().find(|(name, _)| name == "quantile") {
                *value = canonical("quantile", value)?.into();
            }
        }
    }
    Ok(pairs)
}

fn canonical(label: &str, value: &str) -> Result<String, Mistake> {
    let number = number::canonical(value);
    let text = number.map(|(_, text)| text);
    text.ok_or_else(|| Mistake::of_line(format!("label `{label}` is not a number: `{value}`")))
}

/// Sets a label, which keeps its place if it is there.
fn set<'a>(pairs: &mut Pairs<'a>, name: Cow<'a, str>, value: Cow<'a, str>) {
    match pairs.iter_mut().find(|(own, _)| *own == name) {
        Some((_, own)) => *own = value,
        None => pairs.push((name, value)),
    }
}

fn group_of(pairs: &Pairs<'_>) -> u64 {
    let others = pairs.iter().filter(|(name, _)| name != UPPER_BOUND);
    others.fold(0, |sum, (name, value)| sum.wrapping_add(crate::metric::hash_of_label(name, value)))
}

fn host_of(options: &Options, pairs: &Pairs<'_>) -> Option<String> {
    if options.hostname_label.is_empty() {
        return None;
    }
    let (_, host) = pairs.iter().find(|(name, _)| **name == *options.hostname_label)?;
    Some(match options.hostname_format.as_str() {
        "" => host.clone().into_owned(),
        format => format.replacen("<HOSTNAME>", host, 1),
    })
}

fn write(
    options: &Options,
    pairs: &Pairs<'_>,
    numeric: Numeric,
    host: Option<&str>,
    out: &mut DynamicEmitter<'_>,
) -> TagSetPlace {
    let is_in = |names: &[String], name: &str| names.iter().any(|own| own == name);
    let mut tags = out.tags();
    for (name, value) in pairs {
        let included = options.include_labels.is_empty() || is_in(&options.include_labels, name);
        if is_in(&options.exclude_labels, name) || !included {
            continue;
        }
        let key = options.rename_labels.get(&**name).map_or(&**name, String::as_str);
        if numeric == Numeric::HiddenBound && is_bound(options, key) {
            continue;
        }
        tags.text(key, value);
    }
    if let Some(host) = host {
        tags.host(host);
    }
    tags.end()
}

/// A tag of this name is a bound of a bucket.
fn is_bound(options: &Options, key: &str) -> bool {
    let upper = options.rename_labels.get(UPPER_BOUND).map_or(UPPER_BOUND, String::as_str);
    key == upper || key == "lower_bound"
}
