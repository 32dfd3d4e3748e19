//! One library with all checks of the crates that it links, for the Datadog Agent.

allwell::link!(allwell_examples, allwell_server_checks);
allwell::agent_library!();
