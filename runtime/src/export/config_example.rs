//! Configuration files of a check to begin with.

use super::spec::{example, files};
use crate::check::Entry;
#[cfg(feature = "cli")]
use crate::config::Spec;

/// `conf.yaml.example`: a configuration file with every option explained; those that are not required are commented out.
///
/// It is what Datadog's `ddev` renders from the check's [`config_spec`](super::config_spec).
pub fn config_example(entry: &Entry) -> String {
    example::render(&files::example(entry))
}

/// `conf.yaml.default`: the configuration with which a check runs that nobody has configured, if it does.
pub fn config_default(entry: &Entry) -> Option<String> {
    files::default(entry).map(|file| example::render(&file))
}

/// A commented file whose top holds the options of a struct.
#[cfg(feature = "cli")]
pub(crate) fn options_example(spec: &'static Spec) -> String {
    example::render(&files::of_options(spec))
}
