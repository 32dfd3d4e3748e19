//! Payloads: families with all that the formats allow, and lines that they do not.

use std::collections::BTreeSet;

use super::dice::Dice;
use super::{LABELS, NAMES, Sort};

const VALUES: [&str; 20] = [
    "a",
    "b",
    "web-1",
    "",
    "/x/{id}",
    "200",
    "née",
    "v1.2.3-rc.1+7",
    "go1.21.0",
    "a,b",
    "a=b",
    "x y",
    "}",
    "{",
    "#",
    "a # b",
    "q\\\"uote",
    "C:\\\\dir\\nnext",
    "0.5",
    "+Inf",
];
const NUMBERS: [&str; 24] = [
    "0",
    "1",
    "2",
    "17",
    "1.5",
    "3",
    "1e3",
    "1.5e-7",
    "123456789012",
    "0.1",
    "2.0",
    "12345.678",
    "1.7e+09",
    "42",
    "NaN",
    "+Inf",
    "-3",
    "-Inf",
    "1E5",
    "+7",
    ".5",
    "5.",
    "00012",
    "9007199254740992",
];
/// Of these, the first are what a payload of good manners has.
const GOOD: usize = 16;
const BOUNDS: [&[&str]; 8] = [
    &["0.1", "0.5", "+Inf"],
    &["1.0", "2.5", "+Inf"],
    &["+Inf"],
    &["0.005", "0.05", "0.5", "5.0", "+Inf"],
    &["1e-05", "1e+06", "+Inf"],
    &["0", "10", "1e3", "inf"],
    &["-1", "0", "1", "+Inf"],
    &["10", "1", "1"],
];
const QUANTILES: [&[&str]; 4] =
    [&["0.5", "0.9", "0.99"], &["0.0", "0.25", "1.0"], &[], &["0.50", "1"]];
const NOISE: [&str; 60] = [
    "NAME{a=\"b\" 1",
    "NAME{a=b} 1",
    "NAME much",
    "NAME{a=\"b\"}",
    "{\"NAME\",a=\"b\"} 1",
    "NAME{\"a\"=\"b\"} 1",
    "NAME{a=\"b\",,c=\"d\"} 1",
    "NAME{,a=\"b\"} 1",
    "NAME{a=\"b\" c=\"d\"} 1",
    "NAME{a=\"x\",a=\"y\"} 1",
    "NAME{a =\"x\"} 1",
    "NAME{a= \"x\"} 1",
    "NAME{a=\"b\"}1",
    "NAME{a=\"b\"}  1  2",
    "NAME 1_000",
    "NAME 0x10",
    "NAME 1,5",
    "NAME{a=\"b\\x\"} 1",
    "NAME{a=\"b\\\"} 1",
    "9bad 1",
    "bad-name 1",
    "näme 1",
    "NAME{9a=\"b\"} 1",
    "NAME{a-b=\"c\"} 1",
    "NAME{ } 1",
    "NAME{ a=\"b\" } 1",
    "\tNAME 1",
    "NAME{a=\"b\u{2028}c\"} 1",
    "NAME{a=\"\u{b}\"} 1",
    "NAME 1 # x",
    "NAME{a=\"b\"} 1 1700000000000 # {t=\"x\"} 1",
    "=",
    "{}",
    "}{ 1",
    "\"",
    "NAME{a=\"b\"}{c=\"d\"} 1",
    "NAME{a='b'} 1",
    "NAME{a=\"b\" , c=\"d\"} 1",
    "NAME{a=\"b\"}\t1",
    "NAME\t1",
    "NAME \t1",
    "NAME{a=\"b\"} \t1\t2",
    "NAME 1\t2",
    "NAME 1 x",
    "NAME 1e400",
    "NAME Infinity",
    "NAME +nan",
    "NAME infinite",
    "# EOF",
    "#EOF",
    "# TYPE NAME",
    "# HELP",
    "#",
    "# TYPE NAME bogus",
    "# TYPE NAME gauge extra",
    "#\tTYPE NAME gauge",
    "# TYPE \"NAME\" gauge",
    "# UNIT NAME seconds",
    "# TYPE na.me gauge",
    "NAME_created{pod=\"a\"} 1.5",
];

/// How a payload is written, and of what.
#[derive(Debug)]
pub(super) struct Writer {
    sort: Sort,
    /// Its families with their types, which they keep from payload to payload.
    families: Vec<(&'static str, &'static str)>,
    pub(super) names: Vec<&'static str>,
    labels: Vec<&'static str>,
    values: Vec<&'static str>,
    numbers: &'static [&'static str],
    has_blanks: bool,
    has_times: bool,
    end_of_line: &'static str,
}

impl Writer {
    pub(super) fn new(dice: &mut Dice<'_>, sort: Sort) -> Self {
        let mut names = dice.some(&NAMES, 35);
        if sort.openmetrics && !sort.any {
            // Those of which another one has a sample, or the same name without its ending.
            names.retain(|name| !name.ends_with("_total") && !name.ends_with("_sum"));
        }
        let families = names.iter().map(|name| (*name, kind(dice, name, sort))).collect();
        let labels = dice.some(&LABELS, 45);
        // In OpenMetrics these mean something.
        let is_free = |label: &&str| !sort.openmetrics || !matches!(*label, "le" | "quantile");
        let has_all_numbers = sort.any || dice.happens(30);
        Self {
            sort,
            families,
            names,
            labels: labels.into_iter().filter(is_free).collect(),
            values: dice.some(&VALUES, 30),
            numbers: if has_all_numbers { &NUMBERS } else { &NUMBERS[..GOOD] },
            has_blanks: dice.happens(20) && !sort.openmetrics,
            has_times: dice.happens(15),
            end_of_line: if dice.happens(10) { "\r\n" } else { "\n" },
        }
    }

    pub(super) fn payload(&mut self, dice: &mut Dice<'_>) -> String {
        let families = dice.shuffled(self.families.clone());
        let mut lines: Vec<String> = Vec::new();
        for (name, kind) in &families {
            if !dice.happens(10) {
                lines.extend(self.family(dice, name, kind));
            }
        }
        if !self.sort.openmetrics && dice.happens(10) && !families.is_empty() {
            // One comes again.
            let (name, kind) = dice.one(&families);
            lines.extend(self.family(dice, name, kind));
        }
        if self.sort.any && !lines.is_empty() && dice.happens(15) {
            let moved = lines.remove(dice.below(lines.len()));
            lines.insert(dice.below(lines.len() + 1), moved);
        }
        if self.sort.openmetrics && !(self.sort.any && dice.happens(10)) {
            lines.push(String::from("# EOF"));
        }
        let end = if dice.happens(5) { "" } else { self.end_of_line };
        if lines.is_empty() { String::new() } else { lines.join(self.end_of_line) + end }
    }

    fn family(&mut self, dice: &mut Dice<'_>, name: &str, kind: &str) -> Vec<String> {
        // OpenMetrics writes a family without the endings of its samples.
        let name = match (self.sort.openmetrics, kind) {
            (true, "counter") => name.strip_suffix("_total").unwrap_or(name),
            (true, "info") => name.strip_suffix("_info").unwrap_or(name),
            _ => name,
        };
        let mut lines = self.comments(dice, name, kind);
        let mut seen = BTreeSet::new();
        for _ in 0..dice.below(4) + usize::from(!dice.happens(10)) {
            let labels = self.some_labels(dice);
            if seen.insert(dice.shuffled(labels.clone()).into_iter().collect::<BTreeSet<_>>()) {
                self.group(dice, name, kind, &labels, &mut lines);
            }
        }
        if self.sort.any && dice.happens(12) {
            lines.push(dice.one(&NOISE).replace("NAME", name));
        }
        lines
    }

    fn comments(&self, dice: &mut Dice<'_>, name: &str, kind: &str) -> Vec<String> {
        let text = dice.one(&["Help, \"quoted\".", "TYPE x", "multi \\n line", "é"]);
        let (help, kind) = (format!("# HELP {name} {text}"), format!("# TYPE {name} {kind}"));
        let needs_type = self.sort.openmetrics || !self.sort.any;
        match dice.below(20) {
            0..11 => vec![help, kind],
            11 | 12 => vec![kind, help],
            13 if !self.sort.openmetrics => vec![help.clone(), help, kind],
            14 if !self.sort.openmetrics => {
                vec![help, String::from("# a comment"), String::new(), kind]
            }
            15 if !needs_type => vec![help],
            16 if !needs_type => vec![],
            _ => vec![kind],
        }
    }

    fn some_labels(&self, dice: &mut Dice<'_>) -> Vec<(&'static str, &'static str)> {
        let labels = dice.some(&self.labels, 40);
        let values: &[&str] = if self.values.is_empty() { &VALUES[..1] } else { &self.values };
        let labelled = labels.into_iter().take(4).map(|label| (label, dice.one(values))).collect();
        dice.shuffled(labelled)
    }

    /// The samples with the same labels.
    fn group(
        &self,
        dice: &mut Dice<'_>,
        name: &str,
        kind: &str,
        labels: &[(&str, &str)],
        lines: &mut Vec<String>,
    ) {
        let number = dice.one(self.numbers);
        let total = number.trim_start_matches('-');
        let openmetrics = self.sort.openmetrics;
        match kind {
            "histogram" | "gaugehistogram" => self.histogram(dice, name, kind, labels, lines),
            "summary" => self.summary(dice, name, labels, lines),
            "counter" if openmetrics => {
                let total = if total.contains(['n', 'N']) { "1" } else { total };
                lines.push(self.sample(dice, &format!("{name}_total"), labels, total, true));
            }
            "counter" => lines.push(self.sample(dice, name, labels, total, false)),
            "info" => lines.push(self.sample(dice, &format!("{name}_info"), labels, "1", false)),
            "stateset" => {
                for state in ["a", "b"] {
                    let labels = with(labels, dice.below(2), (name, state));
                    lines.push(self.sample(dice, name, &labels, "1", false));
                }
            }
            _ => lines.push(self.sample(dice, name, labels, number, false)),
        }
    }

    fn histogram(
        &self,
        dice: &mut Dice<'_>,
        name: &str,
        kind: &str,
        labels: &[(&str, &str)],
        lines: &mut Vec<String>,
    ) {
        let well_ordered = if self.sort.openmetrics && !self.sort.any { 5 } else { BOUNDS.len() };
        let bounds = dice.one(&BOUNDS[..well_ordered]);
        let labels = without(labels, "le");
        let mut count = 0;
        for bound in bounds {
            count += dice.one(&[0, 1, 2, 5, 100]);
            let number = if dice.happens(10) { format!("{count}.0") } else { count.to_string() };
            let labels = with(&labels, dice.below(2), ("le", bound));
            lines.push(self.sample(dice, &format!("{name}_bucket"), &labels, &number, true));
        }
        let [sum, counted] =
            if kind == "histogram" { ["_sum", "_count"] } else { ["_gsum", "_gcount"] };
        let number = dice.one(&NUMBERS[..GOOD - 2]);
        lines.push(self.sample(dice, &format!("{name}{sum}"), &labels, number, false));
        let count = count.to_string();
        lines.push(self.sample(dice, &format!("{name}{counted}"), &labels, &count, false));
    }

    fn summary(
        &self,
        dice: &mut Dice<'_>,
        name: &str,
        labels: &[(&str, &str)],
        lines: &mut Vec<String>,
    ) {
        let labels = without(labels, "quantile");
        for quantile in dice.one(&QUANTILES) {
            let number = dice.one(self.numbers).trim_start_matches('-');
            let labels = with(&labels, dice.below(2), ("quantile", quantile));
            lines.push(self.sample(dice, name, &labels, number, false));
        }
        for ending in ["_sum", "_count"] {
            let number = dice.one(&["0", "5", "100", "1e3", "17.0"]);
            lines.push(self.sample(dice, &format!("{name}{ending}"), &labels, number, false));
        }
    }

    fn sample(
        &self,
        dice: &mut Dice<'_>,
        name: &str,
        labels: &[(&str, &str)],
        number: &str,
        may_have_exemplar: bool,
    ) -> String {
        let mut blank = |of: &[&'static str]| if self.has_blanks { dice.one(of) } else { "" };
        let mut block = String::new();
        for (index, (label, value)) in labels.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let places =
                [blank(&["", " "]), blank(&["", " "]), blank(&["", "  "]), blank(&["", " "])];
            let [before, behind, inside, last] = places;
            let pair = format!("{comma}{before}{label}{behind}={inside}\"{value}\"{last}");
            block.push_str(&pair);
        }
        if !labels.is_empty() {
            block = format!("{}{{{block}{}}}", blank(&["", " "]), blank(&["", ",", ", "]));
        }
        let mut line = format!("{}{name}{block} {}{number}", blank(&["", " "]), blank(&["", " "]));
        match (self.has_times && (self.sort.openmetrics || dice.happens(60)), self.sort.openmetrics)
        {
            (true, true) => line += " 1700000000.5",
            (true, false) => line += dice.one(&[" 1700000000000", " -1", " 0"]),
            (false, _) => {}
        }
        if self.sort.openmetrics && may_have_exemplar && dice.happens(25) {
            let value = dice.one(&["abc", "x } y", "", "a#b"]);
            let time = dice.one(&["", " 1520879607.789"]);
            let exemplar = format!(" # {{trace_id=\"{value}\"}} 0.67{time}");
            line.push_str(&exemplar);
        }
        if self.sort.any && dice.happens(2) {
            line += dice.one(&[" ", "\t", " x", " 1 2 3", " # {trace_id=\"a\\\"b\"} 1"]);
        }
        line
    }
}

/// The type of a family: what its name says, most often.
fn kind(dice: &mut Dice<'_>, name: &str, sort: Sort) -> &'static str {
    if name.ends_with("_total") && !dice.happens(15) {
        return "counter";
    }
    match (name.ends_with("_info") || name.starts_with("process_"), sort.openmetrics) {
        (true, false) => "gauge",
        (true, true) => dice.one(&["gauge", "info"]),
        (false, true) => dice.one(&[
            "gauge",
            "counter",
            "histogram",
            "summary",
            "unknown",
            "info",
            "stateset",
            "gaugehistogram",
        ]),
        // The total of a counter without that ending is read here, and lost there.
        (false, false) if NAMES.contains(&format!("{name}_total").as_str()) && !sort.any => {
            dice.one(&["gauge", "histogram", "summary"])
        }
        (false, false) => dice.one(&["gauge", "counter", "histogram", "summary", "untyped"]),
    }
}

fn without<'l>(labels: &[(&'l str, &'l str)], label: &str) -> Vec<(&'l str, &'l str)> {
    labels.iter().filter(|(name, _)| *name != label).copied().collect()
}

/// The labels with one more, before or behind the others.
fn with<'l>(
    labels: &[(&'l str, &'l str)],
    place: usize,
    label: (&'l str, &'l str),
) -> Vec<(&'l str, &'l str)> {
    let mut labels = without(labels, label.0);
    labels.insert(if place == 0 { labels.len() } else { 0 }, label);
    labels
}
