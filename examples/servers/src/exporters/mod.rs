//! Checks of servers that speak Prometheus's language: records that say where each metric comes from. Names and tags are those of the
//! checks in Datadog's integrations-extras.

pub mod ai_firewall;
pub mod cloudnatix;
pub mod hikaricp;
