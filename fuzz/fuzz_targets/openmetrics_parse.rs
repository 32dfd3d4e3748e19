//! Bytes as an exposition, in pieces: never a panic, the same whatever the pieces, every problem at a place in the text.

#![no_main]

use allwell::openmetrics::parse::{
    FamilyType, Format, Mistake, Parser, Problem, Sample, Visitor,
};
use libfuzzer_sys::fuzz_target;

/// All that is told, as text, and how many families have begun and ended.
#[derive(Default)]
struct Told {
    text: String,
    families: [usize; 2],
}

impl Visitor for Told {
    fn family(&mut self, name: &str, kind: FamilyType) {
        self.families[0] += 1;
        self.text.push_str(&format!("family {name:?} {kind:?}\n"));
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Result<(), Mistake> {
        let labels: Vec<_> = sample.labels.iter().collect();
        let Sample { name, part, value, timestamp, .. } = sample;
        self.text.push_str(&format!("{name:?} {part:?} {labels:?} {value} {timestamp:?}\n"));
        Ok(())
    }

    fn end(&mut self) {
        self.families[1] += 1;
        self.text.push_str("end\n");
    }

    fn problem(&mut self, problem: Problem) {
        assert!(problem.line >= 1 && problem.column >= 1 && !problem.message.is_empty());
        self.text.push_str(&format!("{problem}\n"));
    }
}

fn told(mut parser: Parser, payload: &[u8], piece: usize) -> (String, bool) {
    let mut told = Told::default();
    let fed = payload.chunks(piece).try_for_each(|piece| parser.feed(piece, &mut told));
    let result = fed.and_then(|()| parser.finish(&mut told));
    assert!(result.is_err() || told.families[0] == told.families[1], "every family ends");
    (told.text, result.is_ok())
}

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Text, Format::OpenMetrics] {
        let whole = told(Parser::new(format), bytes, usize::MAX);
        assert!(whole.1);
        assert_eq!(whole, told(Parser::new(format), bytes, 3));
        told(Parser::strict(format), bytes, usize::MAX);
    }
});
