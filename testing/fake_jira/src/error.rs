//! What a test can ask of a fake Jira that it cannot do.

/// A failed edit or start.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the world or the server could not do as told.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No issue has that key or id.
    #[error("no issue is called {0}; add it first")]
    NoIssue(String),
    /// No status has that name or id.
    #[error("no status is called {0}; see_status makes one")]
    NoStatus(String),
    /// No sprint has that id.
    #[error("no sprint has the id {0}; see_sprint makes one")]
    NoSprint(u64),
    /// An issue that cannot be one.
    #[error("an issue cannot be taken in: {0}")]
    Malformed(String),
    /// A file that cannot be read.
    #[error("{file} cannot be read: {why}")]
    Unreadable {
        /// Its path.
        file: String,
        /// What the system or the parser says.
        why: String,
    },
    /// No port to listen on.
    #[error("the fake Jira cannot listen: {0}")]
    Listen(#[from] std::io::Error),
}
