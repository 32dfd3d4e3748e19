//! A check of what an endpoint exposes: its records, and the exposition itself for the test.

mod describe;
mod fetch;
mod group;
mod series;
mod survey;
mod unit;
mod write;

use super::names::Names;
use crate::cli::failure::Failure;
use crate::openmetrics::parse::{Format, Parser};

use fetch::Fetched;
use survey::Survey;

/// What the templates are filled with.
pub(super) struct Exposition {
    /// The address in the configuration.
    pub(super) address: String,
    /// The module of records.
    pub(super) records: String,
    /// What the endpoint said, but for the lines that nothing can be made of.
    pub(super) payload: String,
    /// The variant of `Format`.
    pub(super) format: &'static str,
    /// How many metrics a run submits.
    pub(super) contexts: usize,
    /// What was left out.
    pub(super) left_out: Vec<String>,
}

/// Reads an endpoint or a file, and makes records of it.
pub(super) fn read(source: &str, names: &Names) -> Result<Exposition, Failure> {
    let Fetched { address, payload, format } = fetch::fetch(source)?;
    let mut survey = Survey::default();
    let mut parser = Parser::new(format);
    // A parser that is not strict reports problems to its visitor.
    let read = parser.feed(payload.as_bytes(), &mut survey);
    if let Err(problem) = read.and_then(|()| parser.finish(&mut survey)) {
        return Err(no_exposition(source, &problem));
    }
    if survey.series.is_empty() {
        return Err(match survey.problems.first() {
            Some(problem) => no_exposition(source, problem),
            None => no_exposition(source, &"it has no samples"),
        });
    }
    let left_out = survey.problems.iter().map(ToString::to_string).collect();
    let payload = without(&payload, &survey);
    let contexts = survey.samples;
    let records = write::module(&group::records(survey, &names.check), &names.check);
    let format = match format {
        Format::Text => "Text",
        Format::OpenMetrics => "OpenMetrics",
        Format::Protobuf => "Protobuf",
    };
    Ok(Exposition { address, records, payload, format, contexts, left_out })
}

fn no_exposition(source: &str, reason: &dyn std::fmt::Display) -> Failure {
    Failure::configuration(
        format!("`{source}` is no exposition: {reason}"),
        "name the address that exposes metrics, such as `http://localhost:9090/metrics`",
    )
}

/// The payload without the lines of which nothing was made.
fn without(payload: &str, survey: &Survey) -> String {
    let wrong: std::collections::HashSet<u64> =
        survey.problems.iter().map(|problem| problem.line).collect();
    let lines = payload.split_inclusive('\n').zip(1..);
    lines.filter(|(_, number)| !wrong.contains(number)).map(|(line, _)| line).collect()
}
