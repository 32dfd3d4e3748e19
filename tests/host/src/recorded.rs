//! What the callbacks were called with, in the order of the calls.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

static CALLS: Mutex<Vec<Value>> = Mutex::new(Vec::new());

pub(crate) fn record(call: Value) {
    calls().push(call);
}

/// Takes out the calls of a check id. Log lines, which have none, are those that begin with it.
pub fn recorded(id: &str) -> Vec<Value> {
    let is_meant = |call: &mut Value| match call["log"].as_str() {
        Some(message) => message.starts_with(id),
        None => call["id"] == id,
    };
    calls().extract_if(.., is_meant).collect()
}

/// Forgets all calls.
pub fn forget() {
    calls().clear();
}

fn calls() -> MutexGuard<'static, Vec<Value>> {
    CALLS.lock().unwrap_or_else(PoisonError::into_inner)
}
