//! Bytes as an exposition, in pieces: never a panic, the same whatever the pieces, every problem at a place in the text.

#![no_main]

use allwell::openmetrics::parse::{
    FamilyType, Format, Mistake, Parser, Problem, Sample, Visitor,
};
use libfuzzer_sys::fuzz_target;

/// All that is told, as text.
#[derive(Default)]
struct Told(String);

impl Visitor for Told {
    fn family(&mut self, name: &str, kind: FamilyType) {
        self.0.push_str(&format!("family {name:?} {kind:?}\n"));
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        let labels: Vec<_> = sample.labels.iter().collect();
        let Sample { name, part, value, timestamp, .. } = sample;
        self.0.push_str(&format!("{name:?} {part:?} {labels:?} {value} {timestamp:?}\n"));
        Ok(())
    }

    fn end(&mut self) {
        self.0.push_str("end\n");
    }

    fn problem(&mut self, problem: Problem) {
        assert!(problem.line >= 1 && problem.column >= 1 && !problem.message.is_empty());
        self.0.push_str(&format!("{problem}\n"));
    }
}

fn told(mut parser: Parser, payload: &[u8], piece: usize) -> (String, bool) {
    let mut told = Told::default();
    let fed = payload.chunks(piece).try_for_each(|piece| parser.feed(piece, &mut told));
    let result = fed.and_then(|()| parser.finish(&mut told));
    (told.0, result.is_ok())
}

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Text, Format::OpenMetrics] {
        let whole = told(Parser::new(format), bytes, usize::MAX);
        assert!(whole.1);
        assert_eq!(whole, told(Parser::new(format), bytes, 3));
        assert_eq!(whole.0.matches("family ").count(), whole.0.matches("end\n").count());
        told(Parser::strict(format), bytes, usize::MAX);
    }
});
