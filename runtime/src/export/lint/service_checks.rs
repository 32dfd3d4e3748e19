//! `service_checks.json`: a list of objects, each attribute by its own rule.

use std::collections::HashMap;

use crate::check::Entry;
use crate::config::{Problem, Severity, nearest};
use crate::export::service_checks::STATUSES as KNOWN_STATUSES;

use super::code;
use super::facts::Facts;
use super::file::Draft;
use super::findings::Findings;
use super::json::{Json, Member};
use super::names::{self, list};
use super::rule::{
    AGENT_VERSION, CHECK_NAME, DESCRIPTION, DUPLICATE_CHECK, DUPLICATE_KEY, DUPLICATE_NAME,
    DUPLICATE_STATUS, GROUPS, MISSING_ATTRIBUTE, NAME, Rule, SERVICE_CHECKS_SHAPE,
    SERVICE_INTEGRATION, STATUS, STATUSES, UNKNOWN_ATTRIBUTE,
};

/// What every service check has, and nothing else.
const ATTRIBUTES: [&str; 7] =
    ["agent_version", "check", "description", "groups", "integration", "name", "statuses"];

/// Lints a `service_checks.json` that could be read.
pub(super) fn lint(draft: &mut Draft, facts: &Facts, check: Option<&'static Entry>) {
    let Draft { text, findings, entries, .. } = draft;
    let root = match Json::parse(text) {
        Ok(root) => root,
        Err(problem) => return findings.push(*problem),
    };
    let Some(items) = root.items() else {
        return findings.push(no_list(root));
    };
    *entries = items.len();
    let mut seen = Seen::default();
    for item in items {
        if let Some(members) = item.members() {
            ServiceCheck { item, members }.lint(facts, &mut seen, findings);
        } else {
            let hint = format!("each service check is an object with {}", list(ATTRIBUTES));
            findings.push(shape(item, "an object").hint(hint));
        }
    }
    if let Some(check) = check {
        code::compare_service_checks(check, &seen.listed, findings);
    }
}

fn shape(found: Json<'_>, expected: &str) -> Problem {
    let message = format!("expected {expected}, found {}", found.describe());
    SERVICE_CHECKS_SHAPE.at(found.start(), message)
}

/// Datadog's validator iterates over whatever stands there, so it has nothing to say of what is empty.
fn no_list(root: Json<'_>) -> Problem {
    let nothing = root.members().is_some_and(|members| members.is_empty()) || root.raw() == "\"\"";
    let severity = if nothing { Severity::Warning } else { Severity::Error };
    Problem { severity, ..shape(root, "a list").hint("put the service checks in `[` and `]`") }
}

/// What the service checks before this one were.
#[derive(Default)]
struct Seen<'t> {
    checks: HashMap<String, Json<'t>>,
    names: HashMap<String, Json<'t>>,
    /// All that have a check's name.
    listed: Vec<(Json<'t>, String)>,
}

/// One service check.
struct ServiceCheck<'t> {
    item: Json<'t>,
    members: Vec<Member<'t>>,
}

impl<'t> ServiceCheck<'t> {
    fn lint(&self, facts: &Facts, seen: &mut Seen<'t>, findings: &mut Findings) {
        self.keys(findings);
        self.missing(findings);
        findings.extend(self.get("agent_version").and_then(agent_version));
        if let Some(value) = self.get("check") {
            check_name(self.item, value, seen, findings);
        }
        findings.extend(
            self.get("description").and_then(|value| filled(value, &DESCRIPTION, "description")),
        );
        findings.extend(self.get("groups").and_then(groups));
        findings.extend(self.get("integration").and_then(|value| integration(value, facts)));
        if let Some(value) = self.get("name") {
            findings.extend(
                filled(value, &NAME, "name")
                    .or_else(|| twice(value, &value.as_text()?, &DUPLICATE_NAME, &mut seen.names)),
            );
        }
        findings.extend(self.get("statuses").into_iter().flat_map(statuses));
    }

    /// The value of an attribute. Of a repeated one the last counts.
    fn get(&self, name: &str) -> Option<Json<'t>> {
        self.item.at(&[name])
    }

    fn keys(&self, findings: &mut Findings) {
        let mut first = HashMap::<String, Json<'t>>::new();
        for Member { key, .. } in &self.members {
            let name = key.as_text().unwrap_or_default();
            if let Some(first) = first.get(&name) {
                findings.push(
                    DUPLICATE_KEY
                        .at(key.span(), format!("`{name}` stands twice in one object"))
                        .label("this one counts")
                        .related(first.span(), "first here")
                        .hint("keep one of them"),
                );
                continue;
            }
            if !ATTRIBUTES.contains(&name.as_str()) {
                findings.push(unknown(*key, &name));
            }
            first.insert(name, *key);
        }
    }

    fn missing(&self, findings: &mut Findings) {
        for name in ATTRIBUTES.iter().filter(|name| self.get(name).is_none()) {
            let problem = MISSING_ATTRIBUTE.at(self.item.start(), format!("no attribute `{name}`"));
            findings.push(problem.hint(format!("a service check has {}", list(ATTRIBUTES))));
        }
    }
}

fn unknown(key: Json<'_>, name: &str) -> Problem {
    let problem = UNKNOWN_ATTRIBUTE.at(key.span(), format!("unknown attribute `{name}`"));
    match nearest(name, ATTRIBUTES.into_iter()) {
        Some(nearest) => problem.hint(format!("did you mean `{nearest}`?")),
        None => problem.hint(format!("a service check has {}", list(ATTRIBUTES))),
    }
}

/// A version has three numbers. Parts that are none are passed over, as Datadog's validator does.
fn agent_version(value: Json<'_>) -> Option<Problem> {
    let is_number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let version = value.as_text().unwrap_or_default();
    if version.split('.').filter(is_number).count() == 3 {
        return None;
    }
    let problem = AGENT_VERSION.at(value.span(), format!("{} is no version", value.shown()));
    Some(problem.hint("write the lowest version of the Agent that submits it, such as `\"7.0.0\"`"))
}

fn check_name<'t>(item: Json<'t>, value: Json<'t>, seen: &mut Seen<'t>, findings: &mut Findings) {
    let Some(name) = value.as_text().filter(|name| !name.is_empty()) else {
        findings.extend(filled(value, &CHECK_NAME, "check"));
        return;
    };
    match misnamed(&name) {
        Some(why) => {
            let problem = CHECK_NAME.at(value.span(), format!("`{name}` {why}"));
            findings.push(problem.hint(format!("write `{}`", names::normalised_check(&name))));
        }
        None => findings.extend(twice(value, &name, &DUPLICATE_CHECK, &mut seen.checks)),
    }
    seen.listed.push((item, name));
}

/// Why a text is no name of a service check.
fn misnamed(name: &str) -> Option<String> {
    let foreign = |c: &char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.');
    if let Some(c) = name.chars().find(foreign) {
        return Some(format!("has the character `{c}`"));
    }
    if let Some(sequence) = ["__", "..", "_.", "._"].into_iter().find(|part| name.contains(part)) {
        return Some(format!("has `{sequence}` in it"));
    }
    if name.starts_with('_') {
        return Some("begins with `_`".into());
    }
    name.ends_with('_').then(|| "ends with `_`".into())
}

fn groups(value: Json<'_>) -> Option<Problem> {
    value.items().is_none().then(|| {
        let message = format!("`groups`: expected a list, found {}", value.describe());
        GROUPS
            .at(value.start(), message)
            .hint("list the tags that make one status, such as `[\"host\"]`")
    })
}

fn integration(value: Json<'_>, facts: &Facts) -> Option<Problem> {
    let given = value.as_text();
    let message = match &facts.attribute {
        Some(expected) if given.as_ref() == Some(expected) => return None,
        Some(expected) => format!("the integration {}, expected `{expected}`", value.shown()),
        None if facts.nameless => {
            format!("the integration {}, which the manifest does not tell", value.shown())
        }
        None if given.is_some() => return None,
        None => format!("`integration`: expected a text, found {}", value.describe()),
    };
    let hint = "it is `source_type_name` of the manifest, letter for letter";
    Some(SERVICE_INTEGRATION.at(value.start(), message).hint(hint))
}

/// A finding unless the value is a text that is not empty.
fn filled(value: Json<'_>, rule: &Rule, name: &str) -> Option<Problem> {
    match value.as_text() {
        Some(text) if !text.is_empty() => None,
        Some(_) => {
            let problem = rule.at(value.span(), format!("`{name}` is empty"));
            Some(problem.hint("say it in a few words"))
        }
        None => {
            let message = format!("`{name}`: expected a text, found {}", value.describe());
            Some(rule.at(value.start(), message))
        }
    }
}

fn twice<'t>(
    value: Json<'t>,
    text: &str,
    rule: &Rule,
    seen: &mut HashMap<String, Json<'t>>,
) -> Option<Problem> {
    let Some(first) = seen.get(text) else {
        seen.insert(text.to_owned(), value);
        return None;
    };
    Some(
        rule.at(value.span(), format!("`{text}` stands twice"))
            .label("again here")
            .related(first.span(), "first here")
            .hint("keep one of them"),
    )
}

fn statuses(value: Json<'_>) -> Vec<Problem> {
    let items = value.items().unwrap_or_default();
    if items.is_empty() {
        let message = match value.items() {
            Some(_) => "`statuses` is empty".to_owned(),
            None => format!("`statuses`: expected a list, found {}", value.describe()),
        };
        let hint = format!("list those that it can have: {}", list(KNOWN_STATUSES));
        return vec![STATUSES.at(value.start(), message).hint(hint)];
    }
    let mut problems = Vec::new();
    let mut seen = HashMap::new();
    for item in items {
        match item.as_text().filter(|status| KNOWN_STATUSES.contains(&status.as_str())) {
            Some(status) => problems.extend(twice(item, &status, &DUPLICATE_STATUS, &mut seen)),
            None => problems.push(unknown_status(item)),
        }
    }
    problems
}

fn unknown_status(item: Json<'_>) -> Problem {
    let problem = STATUS.at(item.span(), format!("unknown status {}", item.shown()));
    let given = item.as_text().unwrap_or_default();
    match nearest(&given, KNOWN_STATUSES.into_iter()) {
        Some(nearest) => problem.hint(format!("did you mean `{nearest}`?")),
        None => problem.hint(format!("one of {}", list(KNOWN_STATUSES))),
    }
}
