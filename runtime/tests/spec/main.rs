//! `spec.yaml`, `conf.yaml.example` and the JSON Schema, compared with what Datadog's own code and a validator of others make of
//! them.

mod checks;
mod driver;
mod registered;
