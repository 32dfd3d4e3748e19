//! Reads as Datadog's Python checks do, mistakes of theirs included: families are told of when they are complete, and what they
//! cannot read ends the payload.

mod exemplar;
mod family;
mod histogram;
mod line;
mod openmetrics;
mod text;

use super::family::Format;
use super::problem::{Mistake, Problem};
use super::{Reading, Visitor};

use openmetrics::OpenMetrics;
use text::Text;

/// What ends a line there beside `\n`: all that Python's `splitlines` takes for an end, wherever it stands.
const ENDS_OF_LINES: [char; 9] =
    ['\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'];

/// What is known between lines.
#[derive(Debug)]
pub(super) enum Rules {
    Text(Text),
    OpenMetrics(Box<OpenMetrics>),
}

impl Rules {
    pub(super) fn new(format: Format) -> Self {
        match format {
            Format::Text | Format::Protobuf => Self::Text(Text::default()),
            Format::OpenMetrics => Self::OpenMetrics(Box::default()),
        }
    }

    fn line(&mut self, line: &str, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        match self {
            Self::Text(text) => text.line(line, visitor),
            Self::OpenMetrics(openmetrics) => openmetrics.line(line, visitor),
        }
    }

    fn finish(&mut self, visitor: &mut impl Visitor) -> Result<(), Mistake> {
        match self {
            Self::Text(text) => text.finish(visitor),
            Self::OpenMetrics(openmetrics) => openmetrics.finish(visitor),
        }
    }
}

impl Reading {
    pub(super) fn strictly(
        &mut self,
        line: &str,
        visitor: &mut impl Visitor,
    ) -> Result<(), Problem> {
        let Some(rules) = &mut self.strict else { return Ok(()) };
        for line in line.split(ENDS_OF_LINES) {
            if visitor.wants(line) {
                self.has_lines = true;
                let result = rules.line(line, visitor);
                result.map_err(|mistake| Problem::new(self.number, line, mistake))?;
            }
        }
        Ok(())
    }

    pub(super) fn finish_strictly(&mut self, visitor: &mut impl Visitor) -> Result<(), Problem> {
        // Nothing at all is no mistake there.
        let Some(rules) = self.strict.as_mut().filter(|_| self.has_lines) else { return Ok(()) };
        let result = rules.finish(visitor);
        result.map_err(|mistake| Problem::new(self.number, "", mistake))
    }
}
