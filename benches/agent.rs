//! What a sample costs through the C interface of the Agent, to callbacks that do nothing: the whole of a run, from the host's call to
//! its return, over its samples.
//!
//! The library is opened as the Agent opens it. `bench-agent SAMPLES` prints one line of JSON; `benches/run` puts it beside the peer's.
#![allow(clippy::print_stdout, reason = "the figure is the output")]

use std::env::{args, current_exe};

use allwell_host::{Library, Table};

fn main() {
    let samples: u32 = args().nth(1).and_then(|samples| samples.parse().ok()).unwrap_or(10_000);
    let library = current_exe().expect("a path").with_file_name("deps/liballwell_bench_library.so");
    let library = Library::open(&library).expect("the library is beside this");
    let instance = format!("samples: {samples}\ntags: ['env:bench', 'team:allwell']\n");
    let texts = [Some(&b"bench:1"[..]), Some(b""), Some(instance.as_bytes())];
    let rounds = (10_000_000 / (samples + 1000)).clamp(100, 10_000);
    let run = allwell_benches::best_ns(rounds, || {
        library.run(texts, Table::Empty).expect("a run without an error");
    });
    let per_sample = run / f64::from(samples.max(1));
    println!(
        "{{\"ns_per_sample\": {per_sample:.1}, \"us_per_run\": {:.1}, \"samples\": {samples}}}",
        run / 1000.0
    );
}
