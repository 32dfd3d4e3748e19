//! A metric's name as points carry it: copied for nothing, wherever it comes from.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// The full name of a metric: one that a record declares, or one that is shared by all points that have it.
#[derive(Clone)]
pub struct MetricName(Text);

/// Points are many, and so each has a thin pointer.
#[derive(Clone)]
enum Text {
    Declared(&'static &'static str),
    Shared(Arc<Box<str>>),
}

impl MetricName {
    /// The name that a record declares.
    pub(super) const fn declared(name: &'static &'static str) -> Self {
        Self(Text::Declared(name))
    }
}

impl Deref for MetricName {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        match &self.0 {
            Text::Declared(name) => name,
            Text::Shared(name) => name,
        }
    }
}

impl From<&str> for MetricName {
    fn from(name: &str) -> Self {
        Self(Text::Shared(Arc::new(name.into())))
    }
}

impl From<String> for MetricName {
    fn from(name: String) -> Self {
        Self(Text::Shared(Arc::new(name.into())))
    }
}

impl PartialEq for MetricName {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Text::Shared(own), Text::Shared(other)) if Arc::ptr_eq(own, other) => true,
            _ => **self == **other,
        }
    }
}

impl Eq for MetricName {}

impl PartialEq<&str> for MetricName {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl Hash for MetricName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for MetricName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for MetricName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl Serialize for MetricName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}
