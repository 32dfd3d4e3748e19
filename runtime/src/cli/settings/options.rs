//! The options of `allwell.yaml`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::resolve::Admitted;
use crate::config::resolve::backend::Backend;
use crate::config::{Config, Tag};

use super::outputs::Output;
use super::seen_from;

/// How checks are run here, and where what they find goes.
///
/// Where an option names an environment variable, that wins over the file, as in the Agent.
#[derive(Debug, Config)]
pub(in crate::cli) struct Settings {
    /// The name of this host; the system's if not given. `DD_HOSTNAME` wins.
    #[config(example = "web-1")]
    pub(in crate::cli) hostname: Option<String>,
    /// Tags on everything that is sent, whatever check it is of. `DD_TAGS` wins: tags with spaces or commas between them.
    #[config(default, example = ["env:prod", "team:x"])]
    pub(in crate::cli) tags: Vec<Tag>,
    /// The directory of the checks' configuration files; `conf.d` beside this file if not given. A relative path is seen from
    /// this file. `DD_CONFD_PATH` wins.
    #[config(example = "conf.d")]
    pub(in crate::cli) confd_path: Option<PathBuf>,
    /// The directory of what survives a restart; if not given, `STATE_DIRECTORY` as systemd sets it, or `/var/lib/allwell` if
    /// there is one, or `run` beside this file. `DD_RUN_PATH` wins.
    #[config(example = "/var/lib/allwell")]
    pub(in crate::cli) run_path: Option<PathBuf>,
    /// The socket on which the status is asked for; `status.sock` in the directory of `run_path` if not given.
    #[config(example = "/run/allwell/status.sock")]
    pub(in crate::cli) socket: Option<PathBuf>,
    /// How much is logged. `DD_LOG_LEVEL` wins.
    #[config(default = "info")]
    pub(in crate::cli) log_level: LogLevel,
    /// How it is logged. `DD_LOG_FORMAT_JSON=true` is `json`, and wins.
    #[config(default = "text")]
    pub(in crate::cli) log_format: LogFormat,
    /// Whether the files of the configuration are watched, so that a change takes effect at once. Without it, a signal HUP does.
    #[config(default = true)]
    pub(in crate::cli) watch: bool,
    /// Whether `allwell.check.*` and `allwell.output.*` are sent along: how the runs and outputs of this process are.
    #[config(default = true)]
    pub(in crate::cli) own_metrics: bool,
    /// How much goes on at once.
    pub(in crate::cli) limits: Option<Limits>,
    /// Where what the checks find goes; to the console if nothing is said.
    ///
    /// Each item is a mapping with one key, the kind of output: `- console: {format: json}`.
    #[config(default)]
    pub(in crate::cli) outputs: Vec<Output>,
    /// The environment variables that the files of checks may name in `%%env_NAME%%`; all if none is given. `DD_AD_ALLOWED_ENV_VARS` wins: names
    /// with spaces between them.
    #[config(default, example = ["HOME", "REDIS_PORT"])]
    ad_allowed_env_vars: Vec<String>,
    /// Whether the files of checks may name no environment variable at all. `DD_AD_DISABLE_ENV_VAR_RESOLUTION` wins.
    #[config(default = false)]
    ad_disable_env_var_resolution: bool,
    #[config(flatten)]
    pub(in crate::cli) secrets: SecretBackend,
}

impl Settings {
    /// Which environment variables the files of checks may name.
    pub(super) fn admitted(&self) -> Admitted {
        match self.ad_allowed_env_vars.as_slice() {
            _ if self.ad_disable_env_var_resolution => Admitted::None,
            [] => Admitted::All,
            names => Admitted::Some(names.iter().cloned().collect()),
        }
    }
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub(in crate::cli) enum LogLevel {
    /// Everything.
    Trace,
    /// What helps to find a fault.
    Debug,
    /// What happens.
    Info,
    /// What may be wrong.
    Warn,
    /// What is wrong.
    Error,
    /// What is very wrong; the same as `error`.
    Critical,
    /// Nothing.
    Off,
}

/// How it is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub(in crate::cli) enum LogFormat {
    /// A line for people.
    Text,
    /// An object a line.
    Json,
}

/// How much goes on at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Config)]
pub(in crate::cli) struct Limits {
    /// How many runs.
    #[config(default = 1024, range = 1..)]
    pub(in crate::cli) runs: usize,
    /// How many runs of checks that block a thread.
    #[config(default = 256, range = 1..)]
    pub(in crate::cli) blocking_runs: usize,
    /// How many runs of instances of one check.
    #[config(default = 256, range = 1..)]
    pub(in crate::cli) runs_of_one_check: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { runs: 1024, blocking_runs: 256, runs_of_one_check: 256 }
    }
}

/// Where secrets come from.
#[derive(Debug, Clone, Default, Config)]
pub(in crate::cli) struct SecretBackend {
    /// The program that is asked what `ENC[handle]` stands for, by the Agent's protocol. `DD_SECRET_BACKEND_COMMAND` wins.
    #[config(example = "/etc/allwell/secrets")]
    pub(in crate::cli) secret_backend_command: Option<PathBuf>,
    /// What it is called with. `DD_SECRET_BACKEND_ARGUMENTS` wins: arguments with spaces between them.
    #[config(default, example = ["--vault", "monitoring"])]
    pub(in crate::cli) secret_backend_arguments: Vec<String>,
    /// How many seconds it may take; then it is killed. `DD_SECRET_BACKEND_TIMEOUT` wins.
    #[config(default = 30, range = 1..)]
    pub(in crate::cli) secret_backend_timeout: Duration,
    /// Whether its group may execute it, too. `DD_SECRET_BACKEND_COMMAND_ALLOW_GROUP_EXEC_PERM` wins.
    #[config(default = false)]
    pub(in crate::cli) secret_backend_command_allow_group_exec_perm: bool,
    /// Whether a line break at the end of a secret is no part of it. `DD_SECRET_BACKEND_REMOVE_TRAILING_LINE_BREAK` wins.
    #[config(default = false)]
    pub(in crate::cli) secret_backend_remove_trailing_line_break: bool,
    /// Seconds after which secrets are asked for again; instances whose secrets have changed start anew. With 0 they are
    /// asked for once. `DD_SECRET_REFRESH_INTERVAL` wins.
    #[config(default = 0)]
    pub(in crate::cli) secret_refresh_interval: Duration,
    /// Whether the first time is at a random moment of the interval, so that many hosts do not ask at once. `DD_SECRET_REFRESH_SCATTER` wins.
    #[config(default = true)]
    pub(in crate::cli) secret_refresh_scatter: bool,
}

impl SecretBackend {
    /// The program, if there is one, by its whole path: what is looked at is what is run, and not what else has its name.
    pub(super) fn backend(&self, file: Option<&Path>) -> Option<Backend> {
        let command = seen_from(file, self.secret_backend_command.as_deref()?);
        Some(Backend {
            command: std::path::absolute(&command).unwrap_or(command),
            arguments: self.secret_backend_arguments.clone(),
            timeout: self.secret_backend_timeout,
            allow_group_exec: self.secret_backend_command_allow_group_exec_perm,
            remove_trailing_line_break: self.secret_backend_remove_trailing_line_break,
        })
    }
}
