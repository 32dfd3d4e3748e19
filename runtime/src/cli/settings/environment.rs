//! Environment variables that win over the settings' file, where they mean the same as in the Agent.

use std::collections::HashMap;

use crate::config::{Node, NodeValue, Pair, Problem, Problems, Span};

/// The variables of a process.
pub(in crate::cli) type Environment = HashMap<String, String>;

/// The variables of this process.
pub(in crate::cli) fn of_process() -> Environment {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect()
}

/// How a variable is read.
#[derive(Clone, Copy)]
enum Form {
    Text,
    /// The Agent takes a level in any case, and `warning` for `warn`.
    Level,
    /// Items with spaces or commas between them.
    Tags,
    /// Items with spaces between them.
    Words,
    /// `true` for `json`.
    Json,
}

/// The option of each variable.
const VARIABLES: &[(&str, &str, Form)] = &[
    ("DD_HOSTNAME", "hostname", Form::Text),
    ("DD_TAGS", "tags", Form::Tags),
    ("DD_CONFD_PATH", "confd_path", Form::Text),
    ("DD_RUN_PATH", "run_path", Form::Text),
    ("DD_LOG_LEVEL", "log_level", Form::Level),
    ("DD_LOG_FORMAT_JSON", "log_format", Form::Json),
    ("DD_SECRET_BACKEND_COMMAND", "secret_backend_command", Form::Text),
    ("DD_SECRET_BACKEND_ARGUMENTS", "secret_backend_arguments", Form::Words),
    ("DD_SECRET_BACKEND_TIMEOUT", "secret_backend_timeout", Form::Text),
    (
        "DD_SECRET_BACKEND_COMMAND_ALLOW_GROUP_EXEC_PERM",
        "secret_backend_command_allow_group_exec_perm",
        Form::Text,
    ),
    (
        "DD_SECRET_BACKEND_REMOVE_TRAILING_LINE_BREAK",
        "secret_backend_remove_trailing_line_break",
        Form::Text,
    ),
    ("DD_SECRET_REFRESH_INTERVAL", "secret_refresh_interval", Form::Text),
    ("DD_SECRET_REFRESH_SCATTER", "secret_refresh_scatter", Form::Text),
    ("DD_AD_ALLOWED_ENV_VARS", "ad_allowed_env_vars", Form::Words),
    ("DD_AD_DISABLE_ENV_VAR_RESOLUTION", "ad_disable_env_var_resolution", Form::Text),
];

/// The place of what no file holds: its line is none.
const NOWHERE: Span = Span { start: usize::MAX, end: usize::MAX, line: 0, column: 0 };

/// Puts the options that variables give in the place of those of the file. An empty variable gives nothing.
pub(super) fn overlay(root: &mut Node, environment: &Environment) {
    let NodeValue::Mapping(pairs) = &mut root.value else { return };
    for (variable, option, form) in VARIABLES {
        let given = environment.get(*variable).filter(|text| !text.trim().is_empty());
        if let Some(value) = given.and_then(|text| value(text, *form)) {
            pairs.retain(|pair| pair.key != *option);
            let value = Node { span: NOWHERE, value };
            pairs.push(Pair { key: (*option).to_owned(), key_span: NOWHERE, value });
        }
    }
}

fn value(text: &str, form: Form) -> Option<NodeValue> {
    let scalar = |text: &str| NodeValue::scalar(text.to_owned(), true);
    let list = |items: &mut dyn Iterator<Item = &str>| {
        let items = items.filter(|item| !item.is_empty());
        let items = items.map(|item| Node { span: NOWHERE, value: scalar(item) });
        NodeValue::Sequence(items.collect())
    };
    match form {
        Form::Text => Some(scalar(text.trim())),
        Form::Level => Some(scalar(match text.trim().to_lowercase().as_str() {
            "warning" => "warn",
            level => level,
        })),
        Form::Tags => Some(list(&mut text.split([' ', ',']))),
        Form::Words => Some(list(&mut text.split_whitespace())),
        Form::Json => match text.trim() {
            "true" | "True" | "TRUE" | "1" => Some(scalar("json")),
            _ => None,
        },
    }
}

/// Takes the problems of variables from those of the file, and says of which variables they are.
pub(super) fn problems(problems: &mut Problems) -> Problems {
    let mut own = Problems::default();
    for mut problem in problems.take(|problem| problem.span.is_some_and(|span| span.line == 0)) {
        let option = problem.path.split(['.', '[']).next().unwrap_or_default();
        let variable = VARIABLES.iter().find(|(_, name, _)| *name == option);
        if let Some((variable, option, _)) = variable {
            problem.message =
                problem.message.replace(&format!("`{option}"), &format!("`{variable}"));
            (*variable).clone_into(&mut problem.path);
        }
        own.push(Problem { span: None, ..problem });
    }
    own
}
