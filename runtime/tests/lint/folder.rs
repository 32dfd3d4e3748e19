//! A folder of an integration: what both sides look at.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use allwell::export::csv::Table;
use serde_json::json;

use crate::ddev::{Ddev, Verdict};
use crate::run::{self, Finding};

/// The name of the folder.
const NAME: &str = "acme";

/// The assets of an integration.
#[derive(Clone)]
pub(crate) struct Folder {
    pub(crate) manifest: String,
    pub(crate) metadata: Option<Vec<u8>>,
    pub(crate) service_checks: Option<Vec<u8>>,
}

impl Folder {
    /// A folder whose manifest names its assets.
    pub(crate) fn new(prefix: &str, display_name: &str) -> Self {
        let manifest = json!({
            "manifest_version": "2.0.0",
            "assets": { "integration": {
                "source_type_name": display_name,
                "metrics": { "prefix": prefix, "metadata_path": "metadata.csv" },
                "service_checks": { "metadata_path": "assets/service_checks.json" },
            } },
        });
        Self {
            manifest: manifest.to_string(),
            metadata: None,
            service_checks: Some(b"[]".to_vec()),
        }
    }

    fn write(&self, repository: &Path) {
        self.write_as(repository, NAME);
    }

    /// Writes the folder under another name.
    pub(crate) fn write_as(&self, repository: &Path, name: &str) {
        let folder = repository.join(name);
        fs::create_dir_all(folder.join("assets")).expect("a directory");
        fs::write(folder.join("manifest.json"), &self.manifest).expect("a file");
        write(&folder.join("metadata.csv"), self.metadata.as_deref());
        write(&folder.join("assets/service_checks.json"), self.service_checks.as_deref());
    }

    /// Asks both sides about the folder. An error where they differ: in the verdict, or as far as Datadog's validator tells
    /// it, in the rows and the rules.
    pub(crate) fn compare(&self, ddev: &mut Ddev) -> Result<Compared, String> {
        self.write(ddev.repository());
        let theirs = ddev.ask(NAME);
        let path = ddev.repository().join(NAME);
        let (code, ours) = run::findings(&[path.to_str().expect("a text")]);
        let errors: Vec<&Finding> = ours.iter().filter(|finding| finding.error).collect();
        let same = (code == 0) == theirs.pass()
            && self.same_rows(&errors, &theirs.metadata)
            && same_rules(&errors, &theirs.service_checks);
        if !same {
            return Err(format!("{}\n{ours:#?}\n{theirs:#?}", self.show()));
        }
        let rules = errors.iter().map(|finding| finding.rule.clone()).collect();
        Ok(Compared { passes: code == 0, rules })
    }

    fn same_rows(&self, errors: &[&Finding], verdict: &Verdict) -> bool {
        // Of a manifest that is at fault the two make different things.
        if errors.iter().any(|finding| finding.file.ends_with("manifest.json")) {
            return true;
        }
        let text = self.metadata.as_deref().and_then(|text| std::str::from_utf8(text).ok());
        let Some(mut ours) = text.and_then(|text| rows_of(text, errors)) else { return true };
        let Some(mut theirs) = told_rows(verdict) else { return true };
        // Of an empty name the validator says that its prefix is wrong, and so it does of a name that begins with a dot.
        if verdict.said.contains(": `` appears ") {
            ours.retain(|(_, rule)| rule != "metric-prefix");
            theirs.retain(|(_, rule)| rule != "metric-prefix");
        }
        ours == theirs
    }

    fn show(&self) -> String {
        let text = |bytes: &Option<Vec<u8>>| match bytes {
            Some(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
            None => "none".into(),
        };
        format!(
            "metadata: {}\nservice checks: {}",
            text(&self.metadata),
            text(&self.service_checks)
        )
    }
}

/// What both sides said.
pub(crate) struct Compared {
    pub(crate) passes: bool,
    pub(crate) rules: BTreeSet<String>,
}

fn write(path: &Path, text: Option<&[u8]>) {
    match text {
        Some(text) => fs::write(path, text).expect("a file"),
        None if path.exists() => fs::remove_file(path).expect("it can be removed"),
        None => {}
    }
}

fn rules(errors: &[&Finding], file: &str) -> BTreeSet<String> {
    let of_file = errors.iter().filter(|finding| finding.file.ends_with(file));
    of_file.map(|finding| finding.rule.clone()).collect()
}

/// A row, counted from 0, and a rule that it breaks. Datadog's validator tells no row of an empty cell or of a wrong prefix.
type Rows = BTreeSet<(Option<usize>, String)>;

/// Rules whose rows the validator only counts.
const COUNTED: [&str; 2] = ["empty-cell", "metric-prefix"];

/// Our errors by rows. Nothing where lines tell no rows, or the header is at fault and the validator says so of each row.
fn rows_of(text: &str, errors: &[&Finding]) -> Option<Rows> {
    let table = Table::parse(text);
    let header =
        ["unknown-column", "missing-column", "byte-order-mark", "empty-file", "cell-length"];
    if text.replace("\r\n", "").contains('\r') || table.column("sample_tags").is_none() {
        return None;
    }
    let mut rows = Rows::new();
    for finding in errors.iter().filter(|finding| finding.file.ends_with("metadata.csv")) {
        if header.contains(&finding.rule.as_str()) {
            return None;
        }
        let counted = COUNTED.contains(&finding.rule.as_str());
        for line in &finding.lines {
            let row = table.rows.iter().rposition(|row| row.span.line <= *line);
            rows.insert((row.filter(|_| !counted), finding.rule.clone()));
        }
    }
    Some(rows)
}

/// What the validator of metrics says, and the rule that it means.
const METADATA: [(&str, &str); 17] = [
    ("has the wrong number of columns", "row-length"),
    ("Invalid column {None}", "row-length"),
    ("is a duplicate metric_name", "duplicate-metric"),
    ("it should be normalized as", "metric-name"),
    ("is an invalid metric_type", "metric-type"),
    ("is an invalid unit_name", "unit-name"),
    ("is an invalid per_unit_name", "per-unit-name"),
    ("use the fraction unit instead", "time-per-time"),
    (" integration: `", "integration"),
    ("is an invalid orientation", "orientation"),
    ("description contains a `|`", "description-pipe"),
    ("description contains unicode", "non-ascii"),
    ("description exceeds the max", "description-length"),
    ("interval should be an int", "interval"),
    ("duplicate curated_metric types", "curated-metric"),
    ("contains invalid curated metric type", "curated-metric"),
    ("and does not match metric_prefix", "metric-prefix"),
];

/// The validator's errors by rows. Nothing if it crashed.
fn told_rows(verdict: &Verdict) -> Option<Rows> {
    if verdict.crashed {
        return None;
    }
    let mut rows = Rows::new();
    for message in messages(&verdict.said) {
        // What the manifest lacks is no row's fault.
        if message.contains("metric_prefix does not exist") {
            continue;
        }
        let empty = message.contains(" is empty in ").then_some("empty-cell");
        let known = METADATA.iter().rev().find(|(said, _)| message.contains(said));
        let rule = empty.or(known.map(|(_, rule)| *rule));
        let rule = rule.unwrap_or_else(|| panic!("a message that no rule means: {message}"));
        // An empty integration is a wrong one, too: one mistake.
        if !message.contains(" integration: `` should be") {
            rows.insert((row(&message), rule.to_owned()));
        }
    }
    Some(rows)
}

/// The messages, each of which may have several lines where a cell has.
fn messages(said: &str) -> Vec<String> {
    let mut messages = Vec::<String>::new();
    for line in said.lines() {
        let begins = row(line).is_some()
            || line.starts_with("acme: `")
            || line.contains(" is empty in ") && line.contains(" rows.");
        match messages.last_mut() {
            Some(last) if !begins => *last += line,
            _ => messages.push(line.to_owned()),
        }
    }
    messages
}

/// The row that a message begins with; the validator counts the first one as 2.
fn row(message: &str) -> Option<usize> {
    let (number, _) = message.strip_prefix("acme:")?.split_once(' ')?;
    number.parse::<usize>().ok()?.checked_sub(2)
}

/// What the validator of service checks says, and the rule that it means.
const SERVICE_CHECKS: [(&str, &str); 18] = [
    ("invalid json", "not-json"),
    ("` is required", "missing-attribute"),
    ("Attribute `", "unknown-attribute"),
    ("required non-null string: agent_version", "agent-version"),
    ("invalid `agent_version`", "agent-version"),
    ("required non-null string: check", "check-name"),
    ("contains one or more invalid characters", "check-name"),
    ("contains one or more invalid sequences", "check-name"),
    ("contains the following invalid start or end", "check-name"),
    ("is not a unique check", "duplicate-check"),
    ("required non-null string: description", "description"),
    ("required list: groups", "groups"),
    ("required non-null string: integration", "service-integration"),
    ("integration name `", "service-integration"),
    ("required non-null string: name", "name"),
    ("is not a unique name", "duplicate-name"),
    ("required non empty list: statuses", "statuses"),
    ("invalid status `", "status"),
];

fn same_rules(errors: &[&Finding], verdict: &Verdict) -> bool {
    told_rules(verdict).is_none_or(|theirs| theirs == rules(errors, "service_checks.json"))
}

/// The rules that the validator of service checks says are broken. Nothing if it crashed, if there is no file, or if an
/// attribute is missing, of which it says all that it says of a wrong value, too.
fn told_rules(verdict: &Verdict) -> Option<BTreeSet<String>> {
    let hidden = ["` is required", "file does not exist"];
    if verdict.crashed || hidden.iter().any(|hidden| verdict.said.contains(hidden)) {
        return None;
    }
    let mut rules = BTreeSet::new();
    // A name with a line break in it makes two lines of a message.
    for line in verdict.said.split("\n  ").skip(1) {
        let known = SERVICE_CHECKS.iter().find(|(said, _)| line.contains(said));
        let (_, rule) = known.unwrap_or_else(|| panic!("a message that no rule means: {line}"));
        rules.insert((*rule).to_owned());
    }
    Some(rules)
}
