//! The exit codes of the command line.

use std::process::ExitCode;

/// How the command ended, as its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exit(u8);

impl Exit {
    /// Done.
    pub const DONE: Self = Self(0);
    /// A check failed, timed out or panicked.
    pub const CHECK_FAILED: Self = Self(1);
    /// The command was not understood, or names what does not exist.
    pub const USAGE: Self = Self(2);
    /// A configuration file has errors, or a check that needs one has none.
    pub const CONFIGURATION: Self = Self(3);
    /// A generated file is not what would be generated now.
    pub const OUT_OF_DATE: Self = Self(4);
    /// An asset of an integration has errors.
    pub const ASSET: Self = Self(5);
    /// There is no daemon to be asked.
    pub const NOT_RUNNING: Self = Self(6);
    /// An output did not take what it was given, or does not work.
    pub const OUTPUT: Self = Self(7);
    /// The Agent's loader would refuse a library.
    pub const REFUSED: Self = Self(8);
    /// The binary itself is at fault: checks registered twice, invalid metadata, a bug.
    pub const INTERNAL: Self = Self(70);

    /// The number.
    pub const fn code(self) -> u8 {
        self.0
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}
