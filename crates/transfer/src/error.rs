//! Why a file could not be written or read. Whatever the case: the workspace is as it was.

use std::io;

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Cases a caller can act on. No case carries a secret or a stored value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is nothing that can be imported.
    #[error(
        "the file is no export that burndown knows: {0}. It reads its own exports and those of the old app"
    )]
    Unknown(String),
    /// It was an export of ours, and is not whole.
    #[error(
        "the file is damaged: {0}. Nothing was changed; take another copy of it, or export it again"
    )]
    Damaged(String),
    /// Dates of a table cannot be read.
    #[error("the dates of the table: {0}. Nothing was changed; correct them, such as 2026-12-24")]
    Days(String),
    /// Amounts of a table cannot be read.
    #[error(
        "the numbers of the table: {0}. Nothing was changed; write 0 where it was nothing, and 1234 or 1234.5 else"
    )]
    Amounts(String),
    /// Dates of a table may have the day or the month first.
    #[error(
        "{0} in the table may have the day first or the month first, and no other date tells. Say which: day-first or month-first (`--dates` on the command line)"
    )]
    DayOrder(String),
    /// A copy is not what was copied.
    #[error("the copy differs from the workspace: {0}. Try again, and look after the disk")]
    Differs(String),
    /// A newer program wrote it.
    #[error(
        "the file has format version {found}, this program knows up to {supported}. Nothing was changed; install a newer burndown"
    )]
    TooNew {
        /// Its version.
        found: String,
        /// The newest version this program knows.
        supported: u32,
    },
    /// It is larger than what is read.
    #[error("the file is too large: {0}. Nothing was changed")]
    TooLarge(String),
    /// A name that was asked for breaks the rules.
    #[error("the name of the profile: {0}")]
    Name(&'static str),
    /// The file could not be read, or not be written.
    #[error("the file cannot be read or written: {0}. Check that its disk is there and has room")]
    Io(io::Error),
    /// The system gives no further thread.
    #[error(
        "nothing was changed, as the system gives this program no second thread ({0}). Raise the limit of its processes or threads"
    )]
    NoThread(io::Error),
    /// What it was unpacked into could not be read.
    #[error(transparent)]
    Migration(#[from] migrate::Error),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<io::Error> for Error {
    /// Unpacking reports through I/O errors: cut and damaged archives, and those that are too large.
    fn from(error: io::Error) -> Error {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        let kind = error.kind();
        match error.downcast::<Error>() {
            Ok(error) => error,
            Err(_) if kind == UnexpectedEof => Error::Damaged("it ends too early".to_owned()),
            Err(error) if matches!(kind, InvalidData | InvalidInput) => {
                Error::Damaged(format!("it cannot be unpacked ({error})"))
            }
            Err(error) => Error::Io(error),
        }
    }
}

impl From<files::Error> for Error {
    fn from(error: files::Error) -> Error {
        Error::Io(error.source)
    }
}
