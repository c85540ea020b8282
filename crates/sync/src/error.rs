//! Why a sync ended without the data of now.

use model::QueryKey;
use model::remote::{self, Cancelled};

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a query was not synced. What was stored before is still in force.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query is being synced already.
    #[error("{query} is being synced already ({message}); wait for that, or cancel it")]
    SyncRunning {
        /// The query.
        query: QueryKey,
        /// How far the other sync is.
        message: String,
    },
    /// Another node took over while this one was not heard of.
    #[error(
        "{query} was taken over by another node while this one paused, and nothing was stored here"
    )]
    TakenOver {
        /// The query.
        query: QueryKey,
    },
    /// A sync has no place for what it fetches.
    #[error(
        "a sync needs a folder for what it has fetched so far, and this workspace has none; name \
         one with --workspace"
    )]
    NoFolder,
    /// The system gave no thread to sync on.
    #[error("no sync can be started, as the system gives no thread for it ({0}); try again later")]
    NoThread(#[source] std::io::Error),
    /// There is nothing to ask Jira for.
    #[error(
        "{name:?} has no JQL, so there is nothing to ask for; edit the query and give it one, such as by `burndown query edit QUERY --jql JQL`"
    )]
    NoJql {
        /// The query.
        name: String,
    },
    /// Somebody edited the query, or replaced its issues, while they were fetched.
    #[error("{name:?} was changed while it was synced, and nothing was stored; sync it again")]
    ChangedDuringSync {
        /// The query.
        name: String,
    },
    /// Jira finds nothing where there was something.
    #[error(
        "Jira finds no issue now, but {stored} are stored, and they were kept. See whether the token \
         is still valid and the JQL is right; if there really is none, sync with --full --accept-loss"
    )]
    NothingFound {
        /// How many issues are stored.
        stored: u64,
    },
    /// What is stored came from another Jira.
    #[error(
        "what is stored is of another Jira: {stored} issues, which have the same keys there and other ids, \
         and they were kept. Set the address right, or make a query of its own for this Jira; to \
         replace all of it, sync with --full --accept-loss"
    )]
    AnotherJira {
        /// How many issues are stored.
        stored: u64,
    },
    /// The walk over what the query finds does not come to an end.
    #[error(
        "Jira lists more than {max} issues for this query, and still more, so the walk was ended; \
         narrow the JQL, and if it is narrow, the server answers without end"
    )]
    TooMany {
        /// The bound.
        max: u64,
    },
    /// The server could not be asked.
    #[error(transparent)]
    Remote(#[from] remote::Error),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Cancelled> for Error {
    fn from(cancelled: Cancelled) -> Error {
        Error::Remote(cancelled.into())
    }
}
