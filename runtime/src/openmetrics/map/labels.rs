//! From the labels of a sample to its tags and host.

use std::borrow::Cow;

use crate::metric::{DynamicEmitter, TagSetPlace};
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::{Labels, Mistake};

use super::number::{self, Numbers};
use super::share::Shared;
use super::transform::Buckets;

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

impl Numeric {
    /// The label that holds the number.
    const fn label(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Bound | Self::HiddenBound => Some("le"),
            Self::Quantile => Some("quantile"),
        }
    }
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
#[derive(Debug)]
pub(super) struct Tagger<'o> {
    options: &'o Options,
    /// Every label becomes a tag of its name and value.
    takes_all: bool,
    /// It matters which buckets belong together.
    has_groups: bool,
    numbers: Numbers,
    base: Option<Base>,
}

/// The labels of the last sample but the one behind them, which is its bound or quantile: the next one most often has them, too.
#[derive(Debug)]
struct Base {
    text: String,
    numeric: Numeric,
    tags: TagSetPlace,
    group: u64,
}

impl<'o> Tagger<'o> {
    pub(super) fn new(options: &'o Options) -> Self {
        let takes_all = options.exclude_metrics_by_labels.is_empty()
            && options.exclude_labels.is_empty()
            && options.include_labels.is_empty()
            && options.rename_labels.is_empty()
            && options.hostname_label.is_empty();
        let has_groups =
            matches!(Buckets::of(options), Buckets::Separate | Buckets::Distributed { .. });
        Self { options, takes_all, has_groups, numbers: Numbers::default(), base: None }
    }

    pub(super) fn tagged(
        &mut self,
        shared: &Shared,
        labels: Labels<'_>,
        numeric: Numeric,
        out: &mut DynamicEmitter<'_>,
    ) -> Result<Tagged, Mistake> {
        let is_plain = self.takes_all
            && shared.is_empty()
            && numeric != Numeric::HiddenBound
            && labels.are_plain()
            && labels.get(UPPER_BOUND).is_none();
        if is_plain {
            return self.plain(labels, numeric, out);
        }
        let pairs = complete(shared, labels, numeric)?;
        let bound = pairs.iter().find(|(name, _)| name == UPPER_BOUND);
        // Its own label may hold anything.
        let bound = bound.map(|(_, value)| value.trim().parse().unwrap_or(f64::NAN));
        let leaves_out = pairs.iter().any(|(name, value)| {
            let excluded = self.options.exclude_metrics_by_labels.get(&**name);
            excluded.is_some_and(|values| values.include(value))
        });
        let pairs_but_bound = pairs.iter().filter(|(name, _)| name != UPPER_BOUND);
        let group = self.group(pairs_but_bound.map(|(name, value)| (&**name, &**value)));
        if leaves_out {
            return Ok(Tagged { tags: None, host: TagSetPlace::INSTANCE, bound, group });
        }
        let host = host_of(self.options, &pairs);
        let tags = write(self.options, &pairs, numeric, host.as_deref(), out);
        let host = host.map_or(TagSetPlace::INSTANCE, |host| {
            let mut tags = out.tags();
            tags.host(&host);
            tags.end()
        });
        Ok(Tagged { tags: Some(tags), host, bound, group })
    }

    /// The same for labels that become tags one by one.
    fn plain(
        &mut self,
        labels: Labels<'_>,
        numeric: Numeric,
        out: &mut DynamicEmitter<'_>,
    ) -> Result<Tagged, Mistake> {
        let number = numeric.label().and_then(|name| Some((name, labels.get(name)?)));
        if let Some((name, value)) = number
            && let Some((last, _, start)) = labels.last()
            && last == name
        {
            self.set_base(labels, start, numeric, out);
            let tagged = self.on_base(value, numeric, out);
            return tagged.ok_or_else(|| no_number(name, value));
        }
        let others = labels.plain().filter(|(name, _)| *name != "le" || numeric != Numeric::Bound);
        let group = self.group(others.clone());
        let number = match number {
            Some((name, value)) => {
                Some(self.numbers.get(value).ok_or_else(|| no_number(name, value))?)
            }
            None => None,
        };
        let mut tags = out.tags();
        for (name, value) in others {
            match number {
                Some((_, text)) if name == "quantile" && numeric == Numeric::Quantile => {
                    tags.text(name, text);
                }
                _ => tags.text(name, value),
            }
        }
        let bound = number.filter(|_| numeric == Numeric::Bound);
        if let Some((_, text)) = bound {
            tags.text(UPPER_BOUND, text);
        }
        let bound = bound.map(|(number, _)| number);
        Ok(Tagged { tags: Some(tags.end()), host: TagSetPlace::INSTANCE, bound, group })
    }

    /// Writes the labels before the last one, which begins at a place of the text.
    fn set_base(
        &mut self,
        labels: Labels<'_>,
        start: usize,
        numeric: Numeric,
        out: &mut DynamicEmitter<'_>,
    ) {
        let others = labels.plain().take(labels.len() - 1);
        let group = self.group(others.clone());
        let mut tags = out.tags();
        others.for_each(|(name, value)| tags.text(name, value));
        let mut text = self.base.take().map(|base| base.text).unwrap_or_default();
        text.clear();
        text.push_str(&labels.block()[..start]);
        self.base = Some(Base { text, numeric, tags: tags.end(), group });
    }

    /// Puts a bound or quantile behind the labels that the last sample had, too.
    fn on_base(
        &mut self,
        value: &str,
        numeric: Numeric,
        out: &mut DynamicEmitter<'_>,
    ) -> Option<Tagged> {
        let base = self.base.as_ref()?;
        let (number, text) = self.numbers.get(value)?;
        let mut tags = out.tags_on(base.tags);
        let (bound, group) = if numeric == Numeric::Bound {
            tags.text(UPPER_BOUND, text);
            (Some(number), base.group)
        } else {
            tags.text("quantile", text);
            (None, base.group.wrapping_add(self.group([("quantile", value)].into_iter())))
        };
        Some(Tagged { tags: Some(tags.end()), host: TagSetPlace::INSTANCE, bound, group })
    }

    /// What becomes of labels that are those of the last sample but for the bound or quantile behind them.
    pub(super) fn alike(
        &mut self,
        shared: &Shared,
        block: &str,
        numeric: Numeric,
        out: &mut DynamicEmitter<'_>,
    ) -> Option<Tagged> {
        let base = self.base.as_ref().filter(|base| base.numeric == numeric)?;
        let value = block.strip_prefix(&*base.text)?.strip_prefix(numeric.label()?)?;
        let value = value.strip_prefix("=\"")?.strip_suffix('"')?;
        if value.contains(['"', '\\']) || !shared.is_empty() {
            return None;
        }
        self.on_base(value, numeric, out)
    }

    fn group<'l>(&self, labels: impl Iterator<Item = (&'l str, &'l str)>) -> u64 {
        if !self.has_groups {
            return 0;
        }
        labels.fold(0, |sum, (name, value)| {
            sum.wrapping_add(crate::metric::hash_of_label(name, value))
        })
    }
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
    number::canonical(value).map(|(_, text)| text).ok_or_else(|| no_number(label, value))
}

fn no_number(label: &str, value: &str) -> Mistake {
    Mistake::of_line(format!("label `{label}` is not a number: `{value}`"))
}

/// Sets a label, which keeps its place if it is there.
fn set<'a>(pairs: &mut Pairs<'a>, name: Cow<'a, str>, value: Cow<'a, str>) {
    match pairs.iter_mut().find(|(own, _)| *own == name) {
        Some((_, own)) => *own = value,
        None => pairs.push((name, value)),
    }
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
