//! Configuration through its public face: YAML, typed options, files, reports, loading, exports.

mod awkward;
mod limits;
mod report;
mod support;
