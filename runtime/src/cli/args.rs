//! The verbs and options of the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Runs, describes and configures the monitoring checks of this binary.
#[derive(Debug, Parser)]
#[command(version, disable_help_subcommand = true, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// List the checks of this binary.
    List(List),
    /// Show all about a check: its options, metrics and service checks.
    Describe(Describe),
    /// Run checks now and show what they find.
    Check(Box<Check>),
    /// Run the configured checks until it is told to end.
    Run(Run),
    /// Show how a running `run` and its instances are.
    Status(Status),
    /// Try out the outputs that are configured, and say what to do where one does not work.
    Diagnose(Diagnose),
    /// Work on configuration files.
    #[command(subcommand)]
    Config(Config),
    /// Write what others want to know about a check.
    #[command(subcommand)]
    Export(Export),
    /// Put checks into the Datadog Agent, as a library that it loads.
    #[cfg(unix)]
    #[command(subcommand)]
    Agent(Agent),
    /// Begin a crate of checks, with one check that runs.
    New(New),
    /// Begin the port of a check: print the records of its `metadata.csv`.
    Import(Import),
    /// Print the completion script of a shell.
    Completions(Completions),
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct Describe {
    /// The check.
    pub(super) check: String,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The checks to run; all that are configured or need no configuration if none is named.
    #[arg(value_name = "NAME")]
    pub(super) names: Vec<String>,
    #[command(flatten)]
    pub(super) source: Source,
    /// Run twice, a second apart, so that rates and counts have a value.
    #[arg(long, short, conflicts_with_all = ["times", "pause"])]
    pub(super) rate: bool,
    /// How many times to run each instance.
    #[arg(long, short, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) times: u32,
    /// How many milliseconds to wait between two runs.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub(super) pause: u64,
    /// Run only instances with this option value, such as `port=6379` or `.host == "a"`; may be repeated.
    #[arg(long, value_name = "OPTION=VALUE")]
    pub(super) instance_filter: Vec<String>,
    /// Send what is found, too, through this output of the settings; `all` is all of them. May be repeated.
    #[arg(long = "output", value_name = "NAME")]
    pub(super) send_to: Vec<String>,
    /// The same as `--format json`: the shape of `agent check --json`.
    #[arg(long, conflicts_with = "format")]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct Status {
    /// The checks; all if none is named.
    #[arg(value_name = "NAME")]
    pub(super) names: Vec<String>,
    #[command(flatten)]
    pub(super) source: Source,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct Diagnose {
    #[command(flatten)]
    pub(super) source: Source,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct Run {
    #[command(flatten)]
    pub(super) source: Source,
}

impl Check {
    /// How often to run, and how long to wait in between.
    pub(super) const fn repetition(&self) -> (u32, Duration) {
        if self.rate {
            (2, Duration::from_secs(1))
        } else {
            (self.times, Duration::from_millis(self.pause))
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Print a commented configuration file for a check, or one of settings.
    Example(Example),
    /// Print the JSON Schema of a check's configuration file, or of the one of settings.
    Schema(Schema),
    /// Report every problem of configuration files.
    Validate(Validate),
}

#[derive(Debug, Args)]
pub(super) struct Example {
    /// The check; without one, the file is that of the settings, `allwell.yaml`.
    pub(super) check: Option<String>,
    /// Begin with the line that tells an editor where the JSON Schema of the file is: a path or a URL.
    #[arg(long, value_name = "PATH", value_parser = without_spaces)]
    pub(super) schema: Option<String>,
}

/// An editor takes the schema's place up to the next space.
fn without_spaces(place: &str) -> Result<String, &'static str> {
    if place.is_empty() || place.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(
            "it has spaces, and the line ends there for an editor\nhint: write `%20` for each",
        );
    }
    Ok(place.to_owned())
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The check; without one, the schema is that of the settings, `allwell.yaml`.
    pub(super) check: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Validate {
    /// Files and directories; the directory of configuration files if none is named.
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) source: Source,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Subcommand)]
pub(super) enum Export {
    /// Write Datadog's `metadata.csv`.
    Metadata(Metadata),
    /// Write Datadog's `service_checks.json`.
    ServiceChecks(Assets),
    /// Write Datadog's `spec.yaml`, the specification of the configuration.
    Spec(Assets),
    /// Write the example of a configuration file, as Datadog's tools render it.
    Config(Assets),
    /// Write the JSON Schema of the configuration file.
    Schema(Assets),
    /// Write the README; prose of the author's is kept.
    Readme(Assets),
    /// Write the dashboard; one that was changed by hand is kept.
    Dashboard(Assets),
    /// Write the folders that Datadog's integrations-extras asks for.
    Integration(Folders),
    /// Write everything there is: the folders, and the schemas in them.
    All(Folders),
    /// Say what is wrong with `metadata.csv` and `service_checks.json` of others.
    Lint(Lint),
}

#[derive(Debug, Args)]
pub(super) struct Metadata {
    #[command(flatten)]
    pub(super) assets: Assets,
    /// How to print data.
    #[arg(long, value_enum, default_value_t = Format::Text, conflicts_with_all = ["out", "check"])]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Assets {
    /// The checks; all if none is named.
    #[arg(value_name = "CHECK")]
    pub(super) checks: Vec<String>,
    /// Write into the folders `DIR/<check>` [default: print, or the current directory for whole folders].
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Write nothing; show what is out of date, and end with code 4 if anything is.
    #[arg(long)]
    pub(super) check: bool,
}

#[derive(Debug, Args)]
pub(super) struct Folders {
    #[command(flatten)]
    pub(super) assets: Assets,
    /// A library of these checks that goes into the folders, with a class for the Agent, so that they make wheels.
    #[arg(long, value_name = "FILE")]
    pub(super) library: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Agent {
    /// Lay a library of checks down where the Agent looks, with examples of their configuration.
    Install(Install),
    /// Say what the Agent's loader would refuse about a library.
    Doctor(Doctor),
}

#[derive(Debug, Args)]
pub(super) struct Install {
    /// The checks; all if none is named.
    #[arg(value_name = "CHECK")]
    pub(super) checks: Vec<String>,
    /// The Agent's directory of configuration, such as `/etc/datadog-agent`.
    #[arg(long, value_name = "DIR")]
    pub(super) to: PathBuf,
    /// The library [default: the one beside this binary].
    #[arg(long, value_name = "FILE")]
    pub(super) library: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// The libraries.
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// What it is called, such as `my-check`.
    pub(super) name: String,
    /// The directory of the crate [default: its name].
    #[arg(long, value_name = "DIR")]
    pub(super) path: Option<PathBuf>,
    /// Where it finds Allwell: a version or a checkout [default: the one that this binary was built with].
    #[arg(long, value_name = "PATH|VERSION")]
    pub(super) allwell: Option<String>,
    /// An endpoint in Prometheus's format or in OpenMetrics, or a file of what one said: the check is one of all that it exposes.
    #[arg(long, value_name = "URL|FILE")]
    pub(super) openmetrics: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// A `metadata.csv`, or a directory that holds one.
    pub(super) path: PathBuf,
    /// Print a module of Rust with `#[derive(Metrics)]` records.
    #[arg(long, required = true)]
    pub(super) rust: bool,
}

#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Files, folders of an integration, and repositories of such folders.
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// What the names of the metrics begin with [default: what `manifest.json` says].
    #[arg(long, value_name = "PREFIX")]
    pub(super) prefix: Option<String>,
    /// The name of the integration as Datadog shows it [default: what `manifest.json` says].
    #[arg(long, value_name = "NAME")]
    pub(super) integration: Option<String>,
    /// End with an error on warnings, too.
    #[arg(long)]
    pub(super) strict: bool,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell.
    pub(super) shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct Source {
    /// The file of settings [default: `allwell.yaml`, or `/etc/allwell/allwell.yaml`, if there is one].
    #[arg(long, value_name = "FILE", env = "ALLWELL_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// The directory of configuration files [default: what the settings say, or `conf.d`, if there is one].
    #[arg(long, value_name = "DIR", env = "ALLWELL_CONFD")]
    pub(super) confd: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Output {
    /// How to print data.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}
