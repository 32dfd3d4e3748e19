//! Keeps a number that grows, as fast as it can, and says on stdout what it has kept: for a test that kills it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use allwell::aggregate::Baselines;
use allwell::state::{Change, Store};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = PathBuf::from(std::env::args_os().nth(1).ok_or("a directory is missing")?);
    let (mut store, _) = Store::open(&directory)?;
    let mut number = store
        .get("number:1")?
        .and_then(|saved| saved.cache.get("number")?.parse::<u64>().ok())
        .unwrap_or_default();
    let mut out = std::io::stdout();
    loop {
        number += 1;
        // So long that the file is written anew again and again.
        let filling = "x".repeat(100_000);
        let cache = [("number", number.to_string()), ("filling", filling)];
        let cache: BTreeMap<_, _> =
            cache.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        store.put(&[Change {
            instance: Arc::from("number:1"),
            time: 0.0,
            baselines: Baselines::default(),
            cache: Some(cache),
        }])?;
        writeln!(out, "{number}")?;
    }
}
