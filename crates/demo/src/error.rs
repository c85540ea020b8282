//! Why there is no demo.

use std::path::PathBuf;

use model::InvalidId;

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a demo was not made or not deleted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder that should hold the demo holds something else.
    #[error(
        "{} holds data that is not the demo, so it was left alone; move it elsewhere to have a demo",
        folder.display()
    )]
    NotDemo {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of the demo could not be deleted.
    #[error(
        "{} cannot be deleted ({source}); end the program that uses the demo and try again",
        path.display()
    )]
    Delete {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// An id of the demo is none.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// Somebody else holds the demo.
    #[error(transparent)]
    Held(#[from] migrate::Error),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}
