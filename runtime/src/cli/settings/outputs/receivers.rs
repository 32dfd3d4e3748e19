//! Where all outputs together send: nowhere twice, and what waits on the disk is each receiver's own.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use crate::output::forward::{ForwardOptions, Owner, inherit};

use super::Unmade;

/// The receivers of the outputs that have been made, each with the name of its output.
#[derive(Debug, Default)]
pub(in crate::cli) struct Receivers(RefCell<Vec<Receiver>>);

/// A receiver of an output, and whether what it does not take waits on the disk.
#[derive(Debug)]
struct Receiver {
    output: &'static str,
    owner: Owner,
    has_spool: bool,
}

impl Receivers {
    /// Adds those of an output.
    ///
    /// # Errors
    /// Another output has one of them: each would get in the way of the other on the disk, and everything arrive twice.
    pub(super) fn add(
        &self,
        output: &'static str,
        has_spool: bool,
        owners: impl IntoIterator<Item = Owner>,
    ) -> Result<(), Unmade> {
        let mut known = self.0.borrow_mut();
        for owner in owners {
            if known.iter().any(|known| known.output == output && known.owner == owner) {
                return Err(Unmade {
                    message: format!(
                        "`{output}` sends to the same receiver, with the same key, as an output before it"
                    ),
                    hint: String::from("remove one of the two: everything would arrive twice"),
                });
            }
            known.push(Receiver { output, owner, has_spool });
        }
        Ok(())
    }

    /// Hands on what is on the disk. Tells what is there of nobody.
    pub(in crate::cli) fn inherit(&self, spools: &Path) -> Vec<String> {
        let known = self.0.borrow();
        let of = |receiver: &Receiver| (directory(spools, receiver.output), receiver.owner.clone());
        let owners: Vec<_> = known.iter().filter(|known| known.has_spool).map(of).collect();
        inherit(spools, &owners, ForwardOptions::default().outdated)
    }
}

/// The directory of an output, in which each receiver has its own.
pub(super) fn directory(spools: &Path, output: &str) -> PathBuf {
    spools.join(output)
}
