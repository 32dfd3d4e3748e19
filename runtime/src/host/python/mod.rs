//! The second door into the Agent: a class of Python's, in a wheel beside this library, which calls it through `ctypes`.
//!
//! An instance is opened with a request in JSON, which configures it; so what is wrong is told when the check is made. It is run by its
//! number, and all that came of the run is one reply: the lock of Python's interpreter is free while the check runs, and taken once to read it. It is
//! closed when its object goes.

mod reply;

use std::collections::BTreeMap;
use std::ffi::CString;
use std::time::Instant;

use serde_json::{Value, json};

use crate::check::Cache;

use super::configure::decode;
use super::library::Library;
use super::opened::{Asked, Opened};
use super::panics;
use super::run::{self, Call};
use super::text::whole;

use reply::Reply;

/// The version of the functions for Python and of what they reply. A class that knows another one says so.
pub const PYTHON_INTERFACE: u32 = 2;

/// Configures an instance. The request has `check`, `init_config`, `instance` and `hostname`, all texts; the reply `instance`, its number,
/// or `error`, and `warnings`.
pub(super) fn open(library: &'static Library, request: &[u8]) -> Vec<u8> {
    let reply = Reply::default();
    let (number, error) = match panics::outcome(|| make(library, request, &reply)) {
        Ok(number) => (Some(number), None),
        Err(error) => (None, Some(whole(&error).into_owned())),
    };
    let warnings = reply.into_warnings();
    json!({ "instance": number, "error": error, "warnings": warnings }).to_string().into_bytes()
}

fn make(library: &'static Library, request: &[u8], reply: &Reply) -> Result<u64, String> {
    let request: Value = serde_json::from_slice(request).map_err(|error| error.to_string())?;
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    library.name_host(&text("hostname"));
    let number = Opened::next();
    let id = CString::new(format!("{}:python:{number}", text("check")))
        .map_err(|_| "the name of the check has a NUL".to_owned())?;
    let asked = Asked { id, init_config: text("init_config"), instance: text("instance") };
    let entry = library.check_of(&asked.id)?;
    let texts = decode(asked.init_config.as_bytes(), asked.instance.as_bytes())?;
    run::make(library, entry, (&asked.id, texts), reply)?;
    library.opened.add(number, asked);
    Ok(number)
}

/// Gives an instance what it had in its cache before. What is no such text is none.
pub(super) fn remember(library: &'static Library, number: u64, text: &[u8]) {
    let remembered = panics::guard(|| {
        let entries: BTreeMap<String, String> = serde_json::from_slice(text).ok()?;
        let asked = library.opened.get(number)?;
        let texts = [&*asked.init_config, &*asked.instance];
        let instance = library.instances.get(asked.id.to_bytes(), texts)?;
        let worker = instance.borrow(Instant::now()).ok()?;
        worker.cache().adopt(&Cache::restored(entries.clone()));
        library.caches.keep(asked.id.to_bytes(), entries, Instant::now());
        library.end(instance.rest(worker));
        Some(())
    });
    // There is nobody to be told of a panic, which has been printed.
    drop(remembered);
}

/// Runs an instance once.
pub(super) fn run(library: &'static Library, number: u64) -> Vec<u8> {
    let mut reply = None;
    let ran = panics::outcome(|| {
        let asked = library.opened.get(number).ok_or("the check was cancelled")?;
        let Asked { id, init_config, instance } = &*asked;
        let (init_config, instance) = (init_config.as_bytes(), instance.as_bytes());
        let call = Call { id, init_config, instance };
        let (told, filled) = run::run(library, &call, Reply::default());
        reply = filled;
        told
    });
    reply.unwrap_or_default().into_bytes(ran.err().as_deref())
}

/// Ends an instance; one that runs is ended when it has run.
pub(super) fn close(library: &'static Library, number: u64) {
    let ended = panics::guard(|| {
        let asked = library.opened.remove(number)?;
        library.caches.forget(asked.id.to_bytes());
        library.end(library.instances.take(asked.id.to_bytes())?.end());
        Some(())
    });
    // There is nobody to be told of a panic, which has been printed.
    drop(ended);
}
