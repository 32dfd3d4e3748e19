//! From what is written to what it stands for: `ENC[handle]` is a secret, `%%env_X%%` and `%%hostname%%` are variables.
//!
//! The rules are the Agent's. A value is a handle as a whole or not at all; variables may stand anywhere in a text. What
//! either stands for is always text, and never shown.

#[cfg(feature = "cli")]
pub(crate) mod backend;
mod scrubber;
mod variables;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use super::node::{Node, NodeValue};
use super::problem::Problem;
use super::reader::Reader;
use super::secret::Secret;
use super::words;

pub use scrubber::Scrubber;
#[cfg(feature = "cli")]
pub(crate) use variables::Admitted;
#[cfg(not(feature = "cli"))]
use variables::Admitted;
use variables::Environment;

/// What handles and variables stand for.
#[derive(Clone)]
pub struct Values {
    hostname: Arc<str>,
    environment: Arc<Environment>,
    secrets: Option<Arc<Answers>>,
}

/// What a backend answered, by handle.
pub type Answers = HashMap<String, Result<Secret, Unknown>>;

/// Why it is not known what something stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Why: a fragment that follows the name.
    pub reason: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl Unknown {
    pub(crate) fn new(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { reason: reason.into(), hint: hint.into() }
    }
}

impl Values {
    /// The values of a host and an environment, without a backend of secrets.
    pub fn new(
        hostname: impl Into<Arc<str>>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let variables = environment.into_iter().collect();
        let environment = Environment { variables, admitted: Admitted::All };
        Self { hostname: hostname.into(), environment: Arc::new(environment), secrets: None }
    }

    /// Gives the host another name.
    #[cfg(feature = "cli")]
    pub(crate) fn set_hostname(&mut self, hostname: &str) {
        self.hostname = hostname.into();
    }

    /// Says which variables may be named from now on.
    #[cfg(feature = "cli")]
    pub(crate) fn admit(&mut self, admitted: Admitted) {
        Arc::make_mut(&mut self.environment).admitted = admitted;
    }

    /// The same, with what a backend answered.
    #[must_use]
    pub fn with_secrets(mut self, secrets: Arc<Answers>) -> Self {
        self.secrets = Some(secrets);
        self
    }

    /// The node with what its handles and variables stand for. What is not known is reported at its place.
    pub(crate) fn resolve<'n>(
        &self,
        node: &'n Node,
        scrubber: &mut Scrubber,
        reader: &mut Reader,
    ) -> Cow<'n, Node> {
        if !refers(node) {
            return Cow::Borrowed(node);
        }
        let mut resolved = node.clone();
        self.replace(&mut resolved, scrubber, reader);
        Cow::Owned(resolved)
    }

    fn replace(&self, node: &mut Node, scrubber: &mut Scrubber, reader: &mut Reader) {
        let span = node.span;
        match &mut node.value {
            NodeValue::Sequence(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    reader.at(index, |reader| self.replace(item, scrubber, reader));
                }
            }
            NodeValue::Mapping(pairs) => {
                for pair in pairs {
                    reader.within(&pair.key, |reader| {
                        self.replace(&mut pair.value, scrubber, reader);
                    });
                }
            }
            NodeValue::Scalar { text, quoted, secret } => match self.text(text, scrubber) {
                None => {}
                Some(Ok(resolved)) => (*text, *quoted, *secret) = (resolved, true, true),
                Some(Err(Unknown { reason, hint })) => {
                    let message = format!("{}{reason}", reader.subject());
                    reader.unresolved(Problem::error(span, message).hint(hint));
                }
            },
        }
    }

    /// What a text stands for, if for anything but itself.
    fn text(&self, text: &str, scrubber: &mut Scrubber) -> Option<Result<String, Unknown>> {
        if let Some(handle) = handle(text) {
            return Some(self.secret(handle).map(|secret| {
                scrubber.add(secret);
                secret.to_owned()
            }));
        }
        variables::has_one(text)
            .then(|| variables::replace(text, &self.hostname, &self.environment, scrubber))
    }

    fn secret(&self, handle: &str) -> Result<&str, Unknown> {
        let name = words::quote(&format!("ENC[{handle}]"));
        let Some(secrets) = &self.secrets else {
            return Err(Unknown::new(
                format!("{name} is a handle of a secret, and no backend of secrets is configured"),
                "set `secret_backend_command` in `allwell.yaml`",
            ));
        };
        match secrets.get(handle) {
            Some(Ok(secret)) => Ok(secret.expose()),
            Some(Err(unknown)) => {
                let reason = format!("{name} is not resolved: {}", unknown.reason);
                Err(Unknown { reason, hint: unknown.hint.clone() })
            }
            None => Err(Unknown::new(
                format!("{name} is not resolved: the backend has not been asked for it"),
                "",
            )),
        }
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Values").field("hostname", &self.hostname).finish_non_exhaustive()
    }
}

/// Adds the handles in a node.
pub fn handles<'n>(node: &'n Node, out: &mut BTreeSet<&'n str>) {
    match &node.value {
        NodeValue::Scalar { text, .. } => out.extend(handle(text)),
        NodeValue::Sequence(items) => items.iter().for_each(|item| handles(item, out)),
        NodeValue::Mapping(pairs) => pairs.iter().for_each(|pair| handles(&pair.value, out)),
    }
}

/// The handle that a value is as a whole.
fn handle(text: &str) -> Option<&str> {
    text.trim().strip_prefix("ENC[")?.strip_suffix(']')
}

fn refers(node: &Node) -> bool {
    match &node.value {
        NodeValue::Scalar { text, .. } => handle(text).is_some() || variables::has_one(text),
        NodeValue::Sequence(items) => items.iter().any(refers),
        NodeValue::Mapping(pairs) => pairs.iter().any(|pair| refers(&pair.value)),
    }
}
