//! `spec.yaml`, `conf.yaml.example` and the JSON Schema, compared with what Datadog's own code and a validator of others make of
//! them.

mod agree;
mod awkward;
mod checks;
mod corpus;
mod driver;
mod faults;
mod hostile;
mod models;
mod registered;
mod schema;
mod tables;
