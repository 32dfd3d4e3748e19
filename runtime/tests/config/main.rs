//! Configuration through its public face: YAML, typed options, files, reports, loading, exports.

mod awkward;
mod confd;
mod corpus;
mod export;
mod limits;
mod load;
mod report;
mod resolve;
mod secrets;
mod serde;
mod support;
