//! Runs of an instance: what ends one, what is kept from it, and what the next one begins with.
#![forbid(unsafe_code)]

mod blocking;
mod planned;
mod said;
mod stopped;

use std::path::Path;
use std::time::SystemTime;

use allwell::check::{Clock, Definition, Entry, load};
use allwell::config::confd;
use allwell::run::{Host, Worker};

fn worker<D: Definition>(options: &str) -> Worker {
    let text = format!("instances:\n  - {options}\n");
    let file = confd::File::parse(D::META.name, Path::new("conf.yaml"), text.into());
    let loaded = load(Entry::of::<D>(), &file);
    let clock = Clock::starting_at(SystemTime::UNIX_EPOCH);
    let host = Host { hostname: "here".into(), clock };
    Worker::new(loaded.instances.into_iter().next().expect("one instance"), &host)
}
