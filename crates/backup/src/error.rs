//! Why there is no backup, or none was restored. Whatever the case: the workspace is as it was.

use std::path::PathBuf;

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Cases a caller can act on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no database to copy.
    #[error("there is no database in {}; nothing was done", .0.display())]
    NoDatabase(PathBuf),
    /// Nothing of that name can be restored.
    #[error("there is no backup {0:?} in the list")]
    NotFound(String),
    /// A backup is not what was written.
    #[error("the backup {name} is damaged: {what}. Nothing was changed; choose another one")]
    Damaged {
        /// The backup.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// The disk has too little room.
    #[error(
        "{} has {free} bytes free, the backup needs {needed}; free some space and try again",
        place.display()
    )]
    NoSpace {
        /// The folder.
        place: PathBuf,
        /// Bytes that are free.
        free: u64,
        /// Bytes that are needed.
        needed: u64,
    },
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] files::Error),
    /// The workspace is held by others, or cannot be replaced.
    #[error(transparent)]
    Workspace(#[from] migrate::Error),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}
