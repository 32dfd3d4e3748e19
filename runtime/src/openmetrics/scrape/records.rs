//! An endpoint whose answer fills records.

use std::time::UNIX_EPOCH;

use crate::check::Context;
use crate::openmetrics::faults::Faults;
use crate::openmetrics::parse::{Format, Parser};
use crate::openmetrics::record::{Filled, Filler, FromScrape, Lacks};
use crate::openmetrics::target::ScrapeOptions;

use super::ask::{Ask, next_piece};
use super::{ScrapeError, process_start};

impl<M> Context<M> {
    /// Scrapes an endpoint and fills records with what it says: a record whose fields name their samples with `from`, a `Vec`
    /// or an `Option` of them, or a tuple.
    ///
    /// A field that is no `Option` must be in the exposition: without it, a record of a `Vec` is left out with a warning, and one
    /// by itself is an error. A line that cannot be read, or does not fit the field that asks for it, is left out with a warning that
    /// says where it stands. Once an endpoint has been scraped, the first values of totals that are new there count.
    ///
    /// # Errors
    /// The endpoint cannot be reached, answers an error or breaks off; its payload is too long, or no line of it is a sample; or it lacks
    /// what a record must have.
    pub async fn scrape<R: FromScrape>(&self, options: &ScrapeOptions) -> Result<R, ScrapeError> {
        let scraped = self.scrape_once(options).await;
        let known = self.scrapes();
        match &scraped {
            Ok((_, before)) => {
                known.ended(&options.openmetrics_endpoint, true);
                self.scraped(*before);
            }
            Err(_) => known.ended(&options.openmetrics_endpoint, false),
        }
        scraped.map(|(records, _)| records)
    }

    /// The records, and whether first values of totals count.
    async fn scrape_once<R: FromScrape>(
        &self,
        options: &ScrapeOptions,
    ) -> Result<(R, bool), ScrapeError> {
        let ask = Ask::of_target(options);
        let mut answer = ask.open(self).await?;
        let mut filler = Filler::new(&R::NEEDS, &options.raw_line_filters);
        let mut parser = Parser::new(ask.format(&answer)?);
        let mut size = 0;
        while let Some(piece) = next_piece(&mut answer, &mut size).await? {
            parser.feed(piece.as_ref(), &mut filler)?;
        }
        parser.finish(&mut filler)?;
        let filler = filler.whole()?;
        let known = self.scrapes().known(&options.openmetrics_endpoint);
        let since = process_start().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let is_younger = filler.process_start.is_some_and(|started| started > since);
        let before = known.unwrap_or(options.use_process_start_time && is_younger);
        let (records, faults) = Filled::new(filler).records();
        for warning in faults.warnings() {
            self.warn(warning);
        }
        Ok((records?, before))
    }
}

/// What a payload has filled that came another way than by a scrape.
#[derive(Debug)]
pub struct Payload<R> {
    /// The records.
    pub records: R,
    /// What was wrong with lines, and which records were left out.
    pub warnings: Vec<String>,
}

/// Fills records with a payload that came another way than by HTTP, such as from a file.
///
/// # Errors
/// No line of it is a sample, or it lacks what a record must have.
pub fn read<R: FromScrape>(format: Format, payload: &[u8]) -> Result<Payload<R>, ScrapeError> {
    let mut filler = Filler::new(&R::NEEDS, &[]);
    let mut parser = Parser::new(format);
    parser.feed(payload, &mut filler)?;
    parser.finish(&mut filler)?;
    let (records, faults): (Result<R, Lacks>, Faults) = Filled::new(filler.whole()?).records();
    Ok(Payload { records: records?, warnings: faults.warnings().collect() })
}
