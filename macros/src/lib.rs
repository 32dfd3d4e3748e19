//! The macros of allwell.
