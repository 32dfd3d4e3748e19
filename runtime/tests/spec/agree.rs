//! What it means that two renderers agree, and a specification to ask them about.

use allwell::config::yaml;
use allwell::export::{ConfigSpec, SpecContent, SpecFile, SpecOption};
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError};

use crate::driver::ddev;

/// So many cases; a failure is kept as a case beside its test.
pub(crate) fn config(cases: u32) -> Config {
    Config {
        // `PROPTEST_CASES` may ask for more.
        cases: cases.max(Config::default().cases),
        max_global_rejects: 100_000,
        max_shrink_iters: 2_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..Config::default()
    }
}

/// Fails if Datadog's code refuses our `spec.yaml`, or renders it otherwise than we do; without it, if an example is no YAML.
pub(crate) fn agree(spec: &ConfigSpec) -> Result<(), TestCaseError> {
    let yaml = match spec.to_yaml() {
        Ok(yaml) => yaml,
        Err(error) => return Err(TestCaseError::reject(error.to_string())),
    };
    is_yaml(spec)?;
    let Some(mut ddev) = ddev() else { return Ok(()) };
    let rendered = ddev.render("check", &yaml);
    let fail = |what: String| Err(TestCaseError::fail(format!("{what}\n{yaml}")));
    if !rendered.errors.is_empty() {
        return fail(format!("refused: {:?}", rendered.errors));
    }
    for (name, ours) in spec.examples().expect("it could be written before") {
        let theirs = rendered.files[&name].as_str().unwrap_or("nothing");
        if ours != theirs {
            let lines = ours.split('\n').zip(theirs.split('\n'));
            let differing = lines.clone().find(|(ours, theirs)| ours != theirs);
            return fail(format!("{name} differs: ours and theirs are\n{differing:?}"));
        }
    }
    Ok(())
}

/// Fails if our own reader finds something wrong with an example, but for empty keys, which no option has.
fn is_yaml(spec: &ConfigSpec) -> Result<(), TestCaseError> {
    for (name, text) in spec.examples().expect("it could be written before") {
        let problems = yaml::parse(&text).problems;
        let messages = problems.list().iter().map(|problem| problem.message.as_str());
        let messages: Vec<_> = messages.filter(|text| *text != "a key without a name").collect();
        if !messages.is_empty() {
            return Err(TestCaseError::fail(format!("{messages:?} in {name}:\n{text}")));
        }
    }
    Ok(())
}

/// A specification with these options of an instance.
pub(crate) fn instance(options: Vec<SpecOption>) -> ConfigSpec {
    let instances = SpecOption {
        enabled: Some(true),
        template: Some(String::from("instances")),
        ..SpecOption::new("instances", SpecContent::Section { multiple: true, options })
    };
    let file = SpecFile {
        name: String::from("check.yaml"),
        example_name: String::from("conf.yaml.example"),
        options: vec![instances],
    };
    ConfigSpec { name: String::from("Check"), files: vec![file] }
}
