//! What failed, at which place, and what the system said.

use std::io;
use std::path::{Path, PathBuf};

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Making a folder.
    CreateFolder,
    /// Making a file.
    Create,
    /// Writing into a file.
    Write,
    /// Bringing a file or folder to the disk.
    Flush,
    /// Giving another name.
    Rename,
    /// Removing a file or folder.
    Remove,
    /// Taking or looking at a lock.
    Lock,
    /// Reading what is there.
    Read,
    /// Asking how much room there is.
    AskForSpace,
}

impl Act {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Act::CreateFolder => "creating the folder",
            Act::Create => "creating",
            Act::Write => "writing",
            Act::Flush => "flushing",
            Act::Rename => "renaming",
            Act::Remove => "removing",
            Act::Lock => "locking",
            Act::Read => "reading",
            Act::AskForSpace => "asking for the free space of",
        }
    }
}

/// A file or folder that could not be used.
#[derive(Debug, thiserror::Error)]
#[error("{} {} failed: {source}", act.as_str(), place.display())]
pub struct Error {
    /// What was being done.
    pub act: Act,
    /// Where.
    pub place: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

impl Error {
    /// Names what was being done where.
    pub fn new(act: Act, place: &Path, source: io::Error) -> Error {
        Error { act, place: place.to_owned(), source }
    }
}

/// The error of doing `act` at `place`.
pub(crate) fn failed(act: Act, place: &Path) -> impl Fn(io::Error) -> Error {
    move |source| Error::new(act, place, source)
}
