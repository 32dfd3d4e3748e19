//! Configuration through its public face: YAML, typed options, files, reports, loading, exports.

mod report;
mod support;
