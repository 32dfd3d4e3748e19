//! One binary with all checks of the crates that it links.

allwell::link!(allwell_examples, allwell_server_checks);
allwell::main!();
