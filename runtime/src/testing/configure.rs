//! From a snippet of YAML to a run.

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::check::{Clock, Definition, Entry, InstanceSpec, load};
use crate::config::{confd, report};
use crate::run::{Host, Worker};

use super::seen::Run;

/// The time of day at which every test begins: 2026-01-01 00:00:00 UTC.
const BEGINNING: Duration = Duration::from_hours(490_896);

/// The host that tests run on.
const HOSTNAME: &str = "test-host";

/// Runs a check once, with the options of one instance as YAML.
///
/// # Panics
/// The options have problems; the message is their report.
#[track_caller]
pub fn run<D: Definition>(options: &str) -> impl Future<Output = Run> + use<D> {
    let mut instance = instance::<D>(options);
    async move { instance.run().await }
}

/// An instance of a check, to run several times, with its options as YAML.
///
/// # Panics
/// The options have problems; the message is their report.
#[track_caller]
pub fn instance<D: Definition>(options: &str) -> Instance {
    Instance::from_file(Entry::of::<D>(), &file_of(D::META.name, "", options))
}

/// The report of all problems of an instance's options, empty if there are none.
pub fn problems_of<D: Definition>(options: &str) -> String {
    let file = file_of(D::META.name, "", options);
    let problems = load(Entry::of::<D>(), &file).problems;
    if problems.is_empty() { String::new() } else { report::text(&[(&file, &problems)], false) }
}

/// An instance under test, with its state from run to run.
#[derive(Debug)]
pub struct Instance {
    worker: Worker,
}

impl Instance {
    /// An instance with options in `init_config`, too, both as YAML.
    ///
    /// # Panics
    /// The options have problems; the message is their report.
    #[track_caller]
    pub fn with_init_config<D: Definition>(init_config: &str, options: &str) -> Self {
        Self::from_file(Entry::of::<D>(), &file_of(D::META.name, init_config, options))
    }

    #[track_caller]
    fn from_file(entry: &'static Entry, file: &confd::File) -> Self {
        let loaded = load(entry, file);
        let problems = report::text(&[(file, &loaded.problems)], false);
        assert!(!loaded.problems.has_errors(), "the options have problems\n{problems}");
        let spec: Option<InstanceSpec> = loaded.instances.into_iter().next();
        let spec = spec.expect("options without errors make an instance");
        let clock = Clock::starting_at(SystemTime::UNIX_EPOCH + BEGINNING);
        Self { worker: Worker::new(spec, &Host { hostname: HOSTNAME.into(), clock }) }
    }

    /// Runs once.
    pub async fn run(&mut self) -> Run {
        let report = self.worker.run().await;
        let entry = self.worker.entry();
        self.worker.output(|batch, metadata| Run::new(entry, report, batch, metadata))
    }

    /// Ends the instance.
    pub async fn stop(self) {
        self.worker.stop().await;
    }
}

/// The file that holds one instance with these options.
fn file_of(check: &str, init_config: &str, options: &str) -> confd::File {
    let mut text = String::from("init_config:\n");
    push_indented(&mut text, "  ", "  ", init_config);
    text.push_str("instances:\n");
    if options.trim().is_empty() {
        text.push_str("  - {}\n");
    }
    push_indented(&mut text, "  - ", "    ", options);
    confd::File::parse(check, Path::new("instance.yaml"), text.into())
}

/// Adds lines, the first that has content behind `first` and the others behind `rest`, without the indent that they share.
fn push_indented(text: &mut String, first: &str, rest: &str, lines: &str) {
    let lines = lines.lines().filter(|line| !line.trim().is_empty());
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let shared = lines.clone().map(indent).min().unwrap_or(0);
    for (index, line) in lines.enumerate() {
        text.push_str(if index == 0 { first } else { rest });
        text.push_str(&line[shared..]);
        text.push('\n');
    }
}
