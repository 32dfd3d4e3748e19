//! One answer, piece by piece: looked through for labels that are shared if need be, parsed, mapped, submitted.

use std::time::UNIX_EPOCH;

use crate::check::{Context, Includes};
use crate::http::Answer;
use crate::metric::Dynamic;
use crate::openmetrics::map::{Collector, Findings, Mapper, Run, Shared};
use crate::openmetrics::options::Options;
use crate::openmetrics::parse::{Format, Parser};

use super::ask::next_piece;
use super::charset::Charset;
use super::{ScrapeError, Scraper};

/// How much of a payload is kept while labels that are shared are looked for in it.
const MAX_KEPT: usize = 64 * 1024 * 1024;

/// An answer that is being read.
pub(super) struct Reader<'s> {
    run: Run<'s>,
    parser: Parser,
    looking: Option<Looking<'s>>,
    has_shared: &'s mut bool,
    /// When this process began, if it matters whether the server began later.
    since: Option<f64>,
    flush_first: bool,
    is_strict: bool,
    size: usize,
}

/// Looks for labels that are shared, and keeps what has come meanwhile.
struct Looking<'s> {
    collector: Collector<'s>,
    parser: Parser,
    kept: Vec<u8>,
}

/// What is known when an answer has been read.
pub(super) struct Read {
    pub(super) findings: Findings,
    /// The length of the payload, decompressed.
    pub(super) size: usize,
}

impl<'s> Reader<'s> {
    pub(super) fn new(scraper: &'s mut Scraper, format: Format, now: f64) -> Self {
        let options = &scraper.options;
        let is_first = scraper.flush_first.is_none() && options.use_process_start_time;
        let since = scraper.since.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let flush_first = scraper.flush_first.unwrap_or_default();
        let is_strict = options.strict_compat;
        let is_known = scraper.has_shared && options.cache_shared_labels;
        let collector = match is_known {
            true => None,
            false => Collector::new(options, known_labels(&mut scraper.mapper, options)),
        };
        let looking = collector.map(|collector| Looking {
            collector,
            parser: parser(options, format),
            kept: Vec::new(),
        });
        let mut run = Run::new(options, &mut scraper.mapper, now, flush_first);
        if is_first {
            run.wait_for_process_start();
        }
        Self {
            run,
            parser: parser(options, format),
            looking,
            has_shared: &mut scraper.has_shared,
            since: is_first.then_some(since),
            flush_first,
            is_strict,
            size: 0,
        }
    }

    /// Reads the answer to its end, or to where it breaks off.
    pub(super) async fn read<M, Place>(
        mut self,
        mut answer: Answer,
        cx: &Context<M>,
    ) -> (Result<(), ScrapeError>, Read)
    where
        M: Includes<Dynamic, Place>,
    {
        let result = self.read_all(&mut answer, cx).await;
        self.end(result, cx)
    }

    /// Reads a payload that is there as a whole.
    pub(super) fn read_payload<M, Place>(
        mut self,
        payload: &[u8],
        cx: &Context<M>,
    ) -> (Result<(), ScrapeError>, Read)
    where
        M: Includes<Dynamic, Place>,
    {
        self.size = payload.len();
        let result = self.piece(payload, cx);
        self.end(result, cx)
    }

    fn end<M, Place>(
        mut self,
        mut result: Result<(), ScrapeError>,
        cx: &Context<M>,
    ) -> (Result<(), ScrapeError>, Read)
    where
        M: Includes<Dynamic, Place>,
    {
        // What is kept is submitted even if the rest never came.
        let finished = self.finish(result.is_ok(), cx);
        if result.is_ok() {
            result = finished;
        }
        (result, Read { findings: self.run.findings, size: self.size })
    }

    async fn read_all<M, Place>(
        &mut self,
        answer: &mut Answer,
        cx: &Context<M>,
    ) -> Result<(), ScrapeError>
    where
        M: Includes<Dynamic, Place>,
    {
        let charset = Charset::of(answer, self.is_strict);
        loop {
            let Some(piece) = next_piece(answer, &mut self.size).await? else { return Ok(()) };
            self.piece(&charset.utf8(piece.as_ref()), cx)?;
        }
    }

    fn piece<M, Place>(&mut self, piece: &[u8], cx: &Context<M>) -> Result<(), ScrapeError>
    where
        M: Includes<Dynamic, Place>,
    {
        let Some(looking) = &mut self.looking else { return self.submit(piece, cx) };
        looking.kept.extend_from_slice(piece);
        if let Err(problem) = looking.parser.feed(piece, &mut looking.collector)
            && !looking.collector.is_done()
        {
            self.lose();
            return Err(problem.into());
        }
        if looking.collector.is_done() || looking.kept.len() > MAX_KEPT {
            return self.found(cx);
        }
        Ok(())
    }

    /// Ends the search for labels and submits what has come meanwhile.
    fn found<M, Place>(&mut self, cx: &Context<M>) -> Result<(), ScrapeError>
    where
        M: Includes<Dynamic, Place>,
    {
        let Some(looking) = self.looking.take() else { return Ok(()) };
        self.run.share(looking.collector.finish());
        *self.has_shared = true;
        self.submit(&looking.kept, cx)
    }

    /// Strictly, what has come meanwhile is lost with a mistake, but for the labels that were found: they are put on what the next
    /// payload has.
    fn lose(&mut self) {
        if let Some(looking) = self.looking.take() {
            self.run.share(looking.collector.finish());
        }
    }

    fn submit<M, Place>(&mut self, piece: &[u8], cx: &Context<M>) -> Result<(), ScrapeError>
    where
        M: Includes<Dynamic, Place>,
    {
        let Self { run, parser, .. } = self;
        let mut result = Ok(());
        cx.dynamic(|out| result = parser.feed(piece, &mut run.with(out)));
        Ok(result?)
    }

    /// Submits what is still kept, of a payload that is whole or broke off.
    fn finish<M, Place>(&mut self, is_whole: bool, cx: &Context<M>) -> Result<(), ScrapeError>
    where
        M: Includes<Dynamic, Place>,
    {
        let mut looked = Ok(());
        if let Some(looking) = self.looking.as_mut().filter(|_| is_whole) {
            looked = looking.parser.finish(&mut looking.collector);
        }
        if looked.is_err() {
            self.lose();
        }
        let found = self.found(cx).and(looked.map_err(Into::into));
        let Self { run, parser, is_strict, .. } = self;
        let is_strict = *is_strict;
        let started = run.findings.process_start;
        let is_younger = self.since.zip(started).is_some_and(|(since, started)| started > since);
        let flush_first = self.flush_first || is_younger;
        let mut result = Ok(());
        cx.dynamic(|out| {
            let mut submitting = run.with(out);
            match is_whole {
                true => result = parser.finish(&mut submitting),
                false => parser.abandon(&mut submitting),
            }
            if (is_whole && result.is_ok()) || !is_strict {
                submitting.release(flush_first);
            }
            if is_whole {
                submitting.keep();
            }
        });
        found.and(result.map_err(Into::into))
    }
}

/// What is known of shared labels when they are looked for.
fn known_labels(mapper: &mut Mapper, options: &Options) -> Shared {
    let known = std::mem::take(&mut mapper.shared);
    if options.cache_shared_labels { known } else { known.anew() }
}

fn parser(options: &Options, format: Format) -> Parser {
    match options.strict_compat {
        true => Parser::strict(format),
        false => Parser::new(format),
    }
}
