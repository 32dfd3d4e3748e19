//! Configuration through its public face: YAML, typed options, files, reports, loading, exports.

mod awkward;
mod report;
mod support;
