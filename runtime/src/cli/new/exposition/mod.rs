//! A check of what an endpoint exposes: its records, and the exposition itself for the test.

mod address;
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

pub(super) use address::Login;

use address::Address;
use fetch::Fetched;
use survey::Survey;

/// What the templates are filled with.
pub(super) struct Exposition {
    /// The address in the configuration.
    pub(super) address: String,
    /// What of a login the address held.
    pub(super) login: Option<Login>,
    /// The module of records.
    pub(super) records: String,
    /// What the endpoint said, but for the lines that nothing can be made of.
    pub(super) payload: String,
    /// The variant of `Format`.
    pub(super) format: &'static str,
    /// How many metrics a run submits.
    pub(super) contexts: usize,
    /// What is to be told of the address and the payload.
    pub(super) warnings: Vec<String>,
}

/// Reads an endpoint or a file, and makes records of it.
pub(super) fn read(source: &str, names: &Names) -> Result<Exposition, Failure> {
    let Fetched { address, payload, format } = fetch::fetch(source)?;
    let shown = if source.contains("://") { address.shown.as_str() } else { source };
    let mut warnings = Vec::new();
    if address.has_secrets() {
        warnings.push(format!(
            "what is secret in the address is written nowhere: fill it in in conf.d/{0}.d/conf.yaml, where placeholders stand for it",
            names.check
        ));
    }
    let (payload, survey) = usable(shown, payload, format, &mut warnings)?;
    let contexts = survey.samples;
    let records = write::module(&group::records(survey, &names.check), &names.check);
    let format = match format {
        Format::Text => "Text",
        Format::OpenMetrics => "OpenMetrics",
        Format::Protobuf => "Protobuf",
    };
    let Address { shown, login, .. } = address;
    Ok(Exposition { address: shown, login, records, payload, format, contexts, warnings })
}

/// The payload without what nothing can be made of, and what there is in it.
fn usable(
    source: &str,
    mut payload: String,
    format: Format,
    warnings: &mut Vec<String>,
) -> Result<(String, Survey), Failure> {
    if !payload.ends_with('\n') {
        payload.push('\n');
    }
    let (survey, is_ended) = surveyed(source, &payload, format)?;
    if !is_ended {
        payload.push_str("# EOF\n");
        warnings.push(String::from(
            "`# EOF` is missing: the exposition may have been cut short; it is kept with one",
        ));
    }
    let first = survey.problems.first();
    if survey.series.is_empty() {
        return Err(match first {
            Some(problem) => no_exposition(source, problem),
            None => no_exposition(source, &"it has no samples"),
        });
    }
    if survey.wrong.is_empty() {
        return Ok((payload, survey));
    }
    warnings.extend(survey.problems.iter().map(|problem| format!("left out: {problem}")));
    let more = survey.wrong.len() - survey.problems.len();
    if more > 0 {
        warnings.push(format!("{more} more lines were left out"));
    }
    // Records are made of what is kept, so that the test of the crate finds in it what they say.
    payload = without(&payload, &survey);
    let (survey, _) = surveyed(source, &payload, format)?;
    Ok((payload, survey))
}

/// What there is in a payload, and whether it ends as it should.
fn surveyed(source: &str, payload: &str, format: Format) -> Result<(Survey, bool), Failure> {
    let mut survey = Survey::default();
    let mut parser = Parser::new(format);
    // A parser that is not strict reports problems to its visitor.
    let wrong = |problem| no_exposition(source, &problem);
    parser.feed(payload.as_bytes(), &mut survey).map_err(wrong)?;
    survey.has_ended = true;
    parser.finish(&mut survey).map_err(wrong)?;
    let is_ended = !std::mem::take(&mut survey.lacks_end);
    Ok((survey, is_ended))
}

fn no_exposition(source: &str, reason: &dyn std::fmt::Display) -> Failure {
    Failure::configuration(
        format!("`{source}` is no exposition: {reason}"),
        "name the address that exposes metrics, such as `http://localhost:9090/metrics`",
    )
}

/// The payload without the lines of which nothing was made.
fn without(payload: &str, survey: &Survey) -> String {
    let lines = payload.split_inclusive('\n').zip(1..);
    lines.filter(|(_, number)| !survey.wrong.contains(number)).map(|(line, _)| line).collect()
}
