//! The text format.

use crate::openmetrics::parse::Visitor;
use crate::openmetrics::parse::labels::unescape;
use crate::openmetrics::parse::problem::Mistake;

use super::family::{Owned, commented_name, is_escaped, python_number, set, tell, words};

/// The family that is being read.
#[derive(Debug, Default)]
pub(in crate::openmetrics::parse) struct Text {
    name: String,
    kind: String,
    samples: Vec<Owned>,
    /// The names of samples that belong to it.
    allowed: Vec<String>,
}

impl Text {
    pub(super) fn line(&mut self, line: &str, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        let line = line.trim();
        if line.is_empty() {
            return Ok(());
        }
        if line.starts_with('#') {
            return self.comment(line, visitor);
        }
        let sample = sample(line)?;
        if self.allowed.contains(&sample.name) {
            self.samples.push(sample);
            return Ok(());
        }
        self.finish(visitor)?;
        *self = Self::default();
        tell(&sample.name.clone(), "untyped", &[sample], visitor)
    }

    fn comment(&mut self, line: &str, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        let parts = words(line, char::is_whitespace);
        let Some(keyword @ ("TYPE" | "HELP")) = parts.get(1).copied() else { return Ok(()) };
        let name = parts.get(2).map_or(Ok(String::new()), |word| commented_name(word))?;
        let kind = match (keyword, parts.get(3)) {
            ("TYPE", None) => return Err(Mistake::of_line("the type is missing")),
            ("TYPE", kind) => kind.copied(),
            _ => None,
        };
        if name != self.name {
            self.finish(visitor)?;
            let allowed = if kind.is_none() { vec![name.clone()] } else { Vec::new() };
            *self = Self { name, kind: String::from("untyped"), allowed, samples: Vec::new() };
        }
        if let Some(kind) = kind {
            kind.clone_into(&mut self.kind);
            let endings: &[&str] = match kind {
                "summary" => &["_count", "_sum", ""],
                "histogram" => &["_count", "_sum", "_bucket"],
                _ => &[""],
            };
            let name = &self.name;
            self.allowed = endings.iter().map(|ending| format!("{name}{ending}")).collect();
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        if self.name.is_empty() {
            return Ok(());
        }
        let mut samples = std::mem::take(&mut self.samples);
        let mut name = std::mem::take(&mut self.name);
        if self.kind == "counter" {
            match name.strip_suffix("_total") {
                Some(short) => name = short.to_owned(),
                None => samples.iter_mut().for_each(|sample| sample.name.push_str("_total")),
            }
        }
        tell(&name, &self.kind, &samples, visitor)
    }
}

/// A sample: with labels, unless they cannot be read; then all up to the first blank is its name.
fn sample(text: &str) -> Result<Owned, Mistake> {
    if let Some((start, end)) = text.find('{').zip(text.rfind('}')) {
        let block = text.get(start + 1..end).unwrap_or_default();
        let reading = value_and_timestamp(&text[end + 1..]);
        if let Ok(((value, timestamp), labels)) =
            reading.and_then(|reading| Ok((reading, labels(block)?)))
        {
            let name = text[..start].trim().to_owned();
            return Ok(Owned { name, labels, value, timestamp, has_exemplar: false });
        }
    }
    let separator = if text.contains(' ') { ' ' } else { '\t' };
    let end = text.find(separator).ok_or_else(|| Mistake::of_line("the value is missing"))?;
    let (value, timestamp) = value_and_timestamp(&text[end..])?;
    let name = text[..end].to_owned();
    Ok(Owned { name, labels: Vec::new(), value, timestamp, has_exemplar: false })
}

fn value_and_timestamp(text: &str) -> Result<(f64, Option<f64>), Mistake> {
    let text = text.trim_start();
    let separator = if text.contains(' ') { ' ' } else { '\t' };
    let mut values = text.split(separator).map(str::trim).filter(|value| !value.is_empty());
    let value = values.next().ok_or_else(|| Mistake::of_line("the value is missing"))?;
    let value = python_number(value)?;
    let timestamp = values.next_back().map(python_number).transpose()?;
    Ok((value, timestamp))
}

fn labels(block: &str) -> Result<Vec<(String, String)>, Mistake> {
    let invalid = || Mistake::of_line(format!("Invalid labels: {block}"));
    let mut labels = Vec::new();
    if !block.contains('=') {
        return Ok(labels);
    }
    let mut rest = block;
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or_else(invalid)?;
        let after = after.trim_start();
        let start = after.find('"').ok_or_else(invalid)? + 1;
        let quoted = &after[start..];
        let mut end = 0;
        while end < quoted.len() {
            end += quoted.get(end..).and_then(|rest| rest.find('"')).ok_or_else(invalid)?;
            if !is_escaped(quoted, end) {
                break;
            }
            end += 1;
        }
        // What stands between `=` and the quote shifts the value, as it does there.
        let value = after.get(start..end + 1).unwrap_or_default();
        set(&mut labels, name.trim(), unescape(value).into_owned());
        let after = after.get(end + 2..).unwrap_or_default();
        rest = after.find(',').map_or(after, |comma| &after[comma + 1..]).trim_start();
    }
    Ok(labels)
}
