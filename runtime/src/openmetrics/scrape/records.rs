//! An endpoint whose answer fills records.

use std::time::UNIX_EPOCH;

use crate::check::Context;
use crate::openmetrics::faults::Faults;
use crate::openmetrics::parse::{Format, Parser};
use crate::openmetrics::record::{Filled, Filler, FromScrape, Lacks};
use crate::openmetrics::target::ScrapeOptions;

use super::ask::{Ask, next_piece};
use super::charset::Charset;
use super::{ScrapeError, process_start};

impl<M> Context<M> {
    /// Scrapes an endpoint and fills records with what it says: a record whose fields name their samples with `from`, a `Vec`
    /// or an `Option` of them, or a tuple.
    ///
    /// A field that is no `Option` must be in the exposition: without it, a record of a `Vec` is left out with a warning, and one
    /// by itself is an error. A line that cannot be read, or does not fit the field that asks for it, is left out with a warning that
    /// says where it stands.
    ///
    /// The first value of a total counts from zero if it was surely not there when the endpoint was last seen: that scrape did not fail,
    /// no line of it was unreadable, and as many totals of the same name as it had found were submitted by the end of its run.
    ///
    /// # Errors
    /// The endpoint cannot be reached, answers an error or breaks off; its payload is too long, or no line of it is a sample; or it lacks
    /// what a record must have.
    pub async fn scrape<R: FromScrape>(&self, options: &ScrapeOptions) -> Result<R, ScrapeError> {
        let scraped = self.scrape_once(options).await;
        scraped.inspect_err(|_| self.scrapes().failed(&options.openmetrics_endpoint))
    }

    async fn scrape_once<R: FromScrape>(&self, options: &ScrapeOptions) -> Result<R, ScrapeError> {
        let ask = Ask::of_target(options);
        let mut answer = ask.open(self).await?;
        let mut filler = Filler::new(&R::NEEDS, &options.raw_line_filters);
        let mut parser = Parser::new(ask.format(&answer)?);
        let mut size = 0;
        let charset = Charset::of(&answer, false);
        while let Some(piece) = next_piece(&mut answer, &mut size).await? {
            parser.feed(&charset.utf8(piece.as_ref()), &mut filler)?;
        }
        parser.finish(&mut filler)?;
        let mut filler = filler.whole()?;
        self.remember(options, &mut filler);
        let (records, faults) = Filled::new(filler).records();
        for warning in faults.warnings() {
            self.warn(warning);
        }
        Ok(records?)
    }

    /// Holds what was found against what is known of the endpoint: which totals count from zero, and where sums go on.
    fn remember(&self, options: &ScrapeOptions, filler: &mut Filler<'_>) {
        let endpoint = &options.openmetrics_endpoint;
        let since = process_start().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let is_younger = filler.process_start.is_some_and(|started| started > since);
        let is_younger = options.use_process_start_time && is_younger;
        let counts = self.scrapes().scraped(endpoint, filler.found(), is_younger);
        if filler.has_sums() {
            self.scrapes().sums(endpoint, |sums| {
                filler.go_on(sums, |name| counts.contains(&(name, true)));
            });
        }
        self.scraped(counts);
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
