//! `OpenMetrics`, with all that its reference parser refuses.

use std::collections::HashSet;

use crate::openmetrics::parse::Visitor;
use crate::openmetrics::parse::problem::Mistake;

use super::family::{Owned, commented_name, tell, words};
use super::histogram;
use super::line::sample;

/// The endings of names of samples, by type.
const ENDINGS: [(&str, &[&str]); 5] = [
    ("counter", &["_total", "_created"]),
    ("summary", &["", "_count", "_sum", "_created"]),
    ("histogram", &["_count", "_sum", "_bucket", "_created"]),
    ("gaugehistogram", &["_gcount", "_gsum", "_bucket"]),
    ("info", &["_info"]),
];

/// Labels in order of their names, which tell a group apart.
type Group = Vec<(String, String)>;

/// What is known of the payload so far.
#[derive(Debug, Default)]
pub(in crate::openmetrics::parse) struct OpenMetrics {
    family: Option<Family>,
    seen_names: HashSet<String>,
    ended: bool,
}

/// The family that is being read.
#[derive(Debug, Default)]
struct Family {
    name: String,
    kind: Option<String>,
    unit: Option<String>,
    has_help: bool,
    samples: Vec<Owned>,
    allowed: Vec<String>,
    group: Option<Group>,
    seen_groups: HashSet<Group>,
    group_timestamp: Option<f64>,
    series_of_timestamp: HashSet<(String, Group)>,
}

impl OpenMetrics {
    pub(super) fn line(&mut self, line: &str, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        if self.ended {
            return wrong("Received line after # EOF");
        }
        match line {
            "" => wrong("Received blank line"),
            "# EOF" => {
                self.ended = true;
                Ok(())
            }
            comment if comment.starts_with('#') => self.comment(comment, visitor),
            line => self.sample(line, visitor),
        }
    }

    pub(super) fn finish(&mut self, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        self.close(visitor)?;
        if self.ended { Ok(()) } else { wrong("Missing # EOF at end") }
    }

    fn close(&mut self, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        let Some(family) = self.family.take() else { return Ok(()) };
        let kind = family.kind.as_deref().unwrap_or("unknown");
        let mut endings: HashSet<&str> = endings(kind).iter().copied().collect();
        endings.insert("");
        let name = &family.name;
        for ending in endings {
            if !self.seen_names.insert(format!("{name}{ending}")) {
                return wrong(format!("Clashing name: {name}{ending}"));
            }
        }
        let unit = family.unit.as_deref().unwrap_or_default();
        if !unit.is_empty() && !name.ends_with(&format!("_{unit}")) {
            return wrong(format!("Unit does not match metric name: {name}"));
        }
        if !unit.is_empty() && matches!(kind, "info" | "stateset") {
            return wrong(format!("Units not allowed for this metric type: {name}"));
        }
        if matches!(kind, "histogram" | "gaugehistogram") {
            histogram::check(&family.samples, name)?;
        }
        tell(name, kind, &family.samples, visitor)
    }

    fn comment(&mut self, line: &str, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        let parts = words(line, |c| c == ' ');
        let [_, keyword, word, rest] = parts[..] else { return wrong("Invalid line") };
        let name = commented_name(word)?;
        match &self.family {
            Some(family) if family.name == name && !family.samples.is_empty() => {
                return wrong("Received metadata after samples");
            }
            Some(family) if family.name == name => {}
            _ => {
                self.close(visitor)?;
                let allowed = vec![name.clone()];
                self.family = Some(Family { name, allowed, ..Family::default() });
            }
        }
        let Some(family) = &mut self.family else { return Ok(()) };
        match keyword {
            "HELP" if std::mem::replace(&mut family.has_help, true) => {
                wrong("More than one HELP for metric")
            }
            "TYPE" if family.kind.is_some() => wrong("More than one TYPE for metric"),
            "TYPE" if rest == "untyped" => wrong("Invalid TYPE for metric"),
            "TYPE" => {
                let name = &family.name;
                let of_type = endings(rest).iter().map(|ending| format!("{name}{ending}"));
                family.allowed = of_type.collect();
                family.kind = Some(rest.to_owned());
                Ok(())
            }
            "UNIT" if family.unit.replace(rest.to_owned()).is_some() => {
                wrong("More than one UNIT for metric")
            }
            "HELP" | "UNIT" => Ok(()),
            _ => wrong("Invalid line"),
        }
    }

    fn sample(&mut self, line: &str, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        let sample = sample(line)?;
        if !self.family.as_ref().is_some_and(|family| family.allowed.contains(&sample.name)) {
            self.close(visitor)?;
            self.family = Some(Family {
                name: commented_name(&sample.name)?,
                kind: Some(String::from("unknown")),
                allowed: vec![sample.name.clone()],
                ..Family::default()
            });
        }
        self.family.as_mut().map_or(Ok(()), |family| family.add(sample))
    }
}

impl Family {
    fn add(&mut self, sample: Owned) -> Result<(), Mistake> {
        let kind = self.kind.clone().unwrap_or_default();
        let ending = sample.name.get(self.name.len()..).unwrap_or_default().to_owned();
        self.check_labels(&sample, &kind, &ending)?;
        let values = Values { value: sample.value, kind: &kind, ending: &ending };
        let has_exemplar = sample.has_exemplar;
        self.keep(sample, &kind)?;
        values.check()?;
        let may_have_exemplar = match kind.as_str() {
            "histogram" | "gaugehistogram" => ending == "_bucket",
            "counter" => ending == "_total",
            _ => false,
        };
        match has_exemplar && !may_have_exemplar {
            true => wrong("only histogram/gaugehistogram buckets and counters can have exemplars"),
            false => Ok(()),
        }
    }

    fn check_labels(&self, sample: &Owned, kind: &str, ending: &str) -> Result<(), Mistake> {
        let is_whole = sample.value.is_nan() || sample.value.fract() == 0.0;
        if kind == "stateset" && sample.label(&self.name).is_none() {
            return wrong("Stateset missing label");
        }
        if ending == "_bucket" {
            let bound = sample.label("le").unwrap_or("NaN");
            if bound == "NaN" || !is_canonical(bound)? {
                return wrong("Invalid le label");
            }
            if !is_whole {
                return wrong("Bucket value must be an integer");
            }
        }
        if matches!(ending, "_count" | "_gcount") && !is_whole {
            return wrong("Count value must be an integer");
        }
        if kind == "summary" && ending.is_empty() {
            let quantile = sample.label("quantile").unwrap_or("-1");
            let is_canonical = is_canonical(quantile)?;
            let number = quantile.trim().parse::<f64>().unwrap_or(-1.0);
            if !(0.0..=1.0).contains(&number) || !is_canonical {
                return wrong("Invalid quantile label");
            }
        }
        Ok(())
    }

    /// Keeps a sample, unless it is one of the same series and time.
    fn keep(&mut self, sample: Owned, kind: &str) -> Result<(), Mistake> {
        let group = group_of(&sample, &self.name, kind)?;
        let is_same = self.group.as_ref() == Some(&group);
        if self.group.is_some() && !is_same && self.seen_groups.contains(&group) {
            return wrong("Invalid metric grouping");
        }
        if is_same {
            if sample.timestamp.is_none() != self.group_timestamp.is_none() {
                return wrong("Mix of timestamp presence within a group");
            }
            if self.group_timestamp > sample.timestamp && kind != "info" {
                return wrong("Timestamps went backwards within a group");
            }
        } else {
            self.series_of_timestamp.clear();
        }
        let mut labels = sample.labels.clone();
        labels.sort();
        let is_new = self.series_of_timestamp.insert((sample.name.clone(), labels));
        let timestamp = sample.timestamp;
        if timestamp != self.group_timestamp || is_new {
            self.samples.push(sample);
        }
        self.seen_groups.insert(group.clone());
        self.group = Some(group);
        self.group_timestamp = timestamp;
        Ok(())
    }
}

/// A value, and what it is a value of.
struct Values<'k> {
    value: f64,
    kind: &'k str,
    ending: &'k str,
}

impl Values<'_> {
    #[expect(clippy::float_cmp, reason = "exactly 0 or 1 is meant")]
    fn check(&self) -> Result<(), Mistake> {
        let &Self { value, kind, ending } = self;
        let counts = matches!(ending, "_total" | "_sum" | "_count" | "_bucket" | "_gcount");
        if kind == "stateset" && value != 0.0 && value != 1.0 {
            return wrong("Stateset samples can only have values zero and one");
        }
        if kind == "info" && value != 1.0 {
            return wrong("Info samples can only have value one");
        }
        if kind == "summary" && ending.is_empty() && value < 0.0 {
            return wrong("Quantile values cannot be negative");
        }
        if (counts || ending == "_gsum") && value.is_nan() {
            return wrong("Counter-like samples cannot be NaN");
        }
        if counts && value < 0.0 {
            return wrong("Counter-like samples cannot be negative");
        }
        Ok(())
    }
}

/// The labels that a sample has in common with those of its group.
pub(super) fn group_of(sample: &Owned, name: &str, kind: &str) -> Result<Group, Mistake> {
    let own = match kind {
        "info" => return Ok(Group::new()),
        "summary" if sample.name == name => Some("quantile"),
        "stateset" => Some(name),
        "histogram" | "gaugehistogram" if sample.name == format!("{name}_bucket") => Some("le"),
        _ => None,
    };
    let mut group = sample.labels.clone();
    if let Some(own) = own {
        let before = group.len();
        group.retain(|(label, _)| label != own);
        if group.len() == before {
            return wrong(format!("the label {own} is missing"));
        }
    }
    group.sort();
    Ok(group)
}

fn endings(kind: &str) -> &'static [&'static str] {
    let found = ENDINGS.iter().find(|(known, _)| *known == kind);
    found.map_or(&[""], |(_, endings)| endings)
}

/// The number is written as it must be: infinity is `+Inf`.
fn is_canonical(number: &str) -> Result<bool, Mistake> {
    match number.trim().parse::<f64>() {
        Ok(value) => Ok(value != f64::INFINITY || number == "+Inf"),
        Err(_) => wrong(format!("could not convert string to float: `{number}`")),
    }
}

pub(super) fn wrong<T>(message: impl Into<std::borrow::Cow<'static, str>>) -> Result<T, Mistake> {
    Err(Mistake::of_line(message))
}
