//! Everything that can go wrong between the program and its data, as cases a caller can act on.

use std::path::PathBuf;

use model::{InvalidId, ProfileId, QueryKey, Remedy};

use crate::server::Server;

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a store could not do what it was asked. No case carries a secret or a stored value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The profile does not exist.
    #[error("there is no profile {0}")]
    ProfileNotFound(ProfileId),
    /// The query does not exist.
    #[error("there is no query {0}")]
    QueryNotFound(QueryKey),
    /// Another profile has that name (names are compared ignoring case).
    #[error("a profile named {0:?} exists already; choose another name")]
    NameTaken(String),
    /// A value breaks a rule of the contract.
    #[error("{field}: {why}")]
    Invalid {
        /// Which member of which noun.
        field: &'static str,
        /// The rule it breaks.
        why: String,
    },
    /// Somebody else holds the write lock beyond the timeout.
    #[error("{place} is busy: another program has been writing to it for more than {waited_s} s")]
    Busy {
        /// The database or folder.
        place: String,
        /// How long was waited, in seconds.
        waited_s: u64,
    },
    /// The data is damaged.
    #[error("{place} is damaged: {what}. It was left as it is")]
    Corrupt {
        /// The database or file.
        place: String,
        /// What was found.
        what: String,
    },
    /// The files that are open are not those that bear the database's name any more.
    #[error(
        "{place} was changed by another program while it was open: {what}. Nothing more is written to \
         it; end every burndown that has it open and start anew"
    )]
    Displaced {
        /// The database.
        place: String,
        /// What happened, as a part of a sentence.
        what: &'static str,
    },
    /// The file of tokens cannot be read. The database has nothing to do with it.
    #[error(
        "{place}, which holds the Jira tokens, is damaged: {what}. It was left as it is; move it away, \
         then enter the tokens anew"
    )]
    BadSecrets {
        /// The file.
        place: String,
        /// What is wrong with it; no part of what it holds.
        what: String,
    },
    /// A newer program wrote it.
    #[error(
        "{place} has schema version {found}, this program knows up to {supported}. It was left as it is; install a newer burndown"
    )]
    TooNew {
        /// The database.
        place: String,
        /// Its version.
        found: u32,
        /// The newest version this program knows.
        supported: u32,
    },
    /// A file of another program stands there.
    #[error("{place} is not a burndown database ({what}). It was left as it is")]
    Foreign {
        /// The file.
        place: String,
        /// What it is.
        what: String,
    },
    /// Nothing is there and the caller did not ask to create it.
    #[error("there is no store at {0}")]
    NotFound(String),
    /// The address names no kind of store.
    #[error(
        "{0:?} is no store address; use sqlite:FILE, json:FOLDER, postgres://USER@HOST/DATABASE or a path"
    )]
    BadAddress(String),
    /// The address of a server holds a password.
    #[error(
        "the address of the store holds a password, which everybody could see who lists programs; \
         leave it out and give it in PGPASSWORD, in ~/.pgpass or by --store-password-command"
    )]
    PasswordInAddress,
    /// The program was built without PostgreSQL.
    #[error("this burndown was built without PostgreSQL; install one that has it")]
    NoPostgres,
    /// Writing is not allowed there.
    #[error("{place} cannot be written: {why}")]
    ReadOnly {
        /// The file or folder.
        place: String,
        /// What the system said.
        why: String,
    },
    /// No space is left.
    #[error("the disk that holds {0} is full; free some space and try again. Nothing was changed")]
    DiskFull(String),
    /// The place has a longer path than can be opened.
    #[error(
        "the path of {place} has {bytes} bytes and SQLite takes at most {most}; move the workspace to a folder \
         with a shorter path"
    )]
    PathTooLong {
        /// The file.
        place: String,
        /// How long its path is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// The place cannot be reached or read.
    #[error(
        "{place} cannot be read or written: {why}. Check that the disk is there and in order, then try again"
    )]
    Unreachable {
        /// The file or folder.
        place: String,
        /// What the system said.
        why: String,
    },
    /// A server does not answer, or lets nobody in.
    #[error(
        "the database {place} cannot be used: {why}. Check that it runs and can be reached from here, then try again"
    )]
    ServerGone {
        /// Its address.
        place: String,
        /// What it or the system said.
        why: String,
    },
    /// All connections to a server that may be made are in use.
    #[error(
        "the database {place} cannot be used: all {connections_max} connections to it are in use. Try again, or \
         allow more (connections= in its address)"
    )]
    AllInUse {
        /// Its address.
        place: String,
        /// How many there may be.
        connections_max: u32,
    },
    /// A server stopped amid a commit, and the one that answers now cannot know of it.
    #[error(
        "the database {0} stopped, or another one took its place, while this was stored; it may be stored \
         or not, so look before you do it again"
    )]
    OutcomeUnknown(String),
    /// A transaction was begun inside a transaction of the same thread.
    #[error("a write was begun inside another write; do both in one transaction")]
    Nested,
    /// A schema upgrade failed and was rolled back.
    #[error(
        "upgrading {place} to version {version} failed and was rolled back: {why}. A backup stands at {backup}"
    )]
    UpgradeFailed {
        /// The database.
        place: String,
        /// The version that could not be reached.
        version: u32,
        /// What went wrong.
        why: String,
        /// The backup that was taken before.
        backup: PathBuf,
    },
    /// The work inside a transaction gave up; everything was rolled back.
    #[error("{0}")]
    Aborted(String),
}

impl From<InvalidId> for Error {
    fn from(error: InvalidId) -> Error {
        Error::Invalid { field: "id", why: error.to_string() }
    }
}

impl Error {
    /// What can be done, where the message does not say it.
    pub fn remedy(&self) -> Option<Remedy> {
        match self {
            Error::Corrupt { place, .. } if Server::is_named_by(place) => Some(Remedy::RestoreDump),
            Error::ReadOnly { place, .. } if Server::is_named_by(place) => {
                Some(Remedy::GrantRights)
            }
            Error::Foreign { place, .. } if Server::is_named_by(place) => {
                Some(Remedy::ChooseOtherDatabase)
            }
            Error::ProfileNotFound(_) => Some(Remedy::ListProfiles),
            Error::QueryNotFound(_) => Some(Remedy::ListQueries),
            Error::Busy { .. } => Some(Remedy::WaitForWriter),
            Error::Corrupt { .. } => Some(Remedy::RestoreBackup),
            Error::Foreign { .. } => Some(Remedy::ChooseOtherWorkspace),
            Error::ReadOnly { .. } => Some(Remedy::CopyWorkspace),
            _ => None,
        }
    }

    /// Whether it is about the server that holds the data: that it was away, or still is.
    pub fn is_of_server(&self) -> bool {
        use Error::{AllInUse, OutcomeUnknown, ServerGone};
        matches!(self, ServerGone { .. } | AllInUse { .. } | OutcomeUnknown(_))
    }

    /// A value that breaks a rule.
    pub fn invalid(field: &'static str, why: impl Into<String>) -> Error {
        Error::Invalid { field, why: why.into() }
    }

    /// Sorts an I/O error into the case a caller can act on.
    pub fn from_io(error: &std::io::Error, place: &std::path::Path) -> Error {
        use std::io::ErrorKind;
        let place = place.display().to_string();
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Error::DiskFull(place)
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                Error::ReadOnly { place, why: error.to_string() }
            }
            ErrorKind::NotFound => Error::NotFound(place),
            _ => Error::Unreachable { place, why: error.to_string() },
        }
    }
}

impl From<files::Error> for Error {
    fn from(error: files::Error) -> Error {
        Error::from_io(&error.source, &error.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ways back that are for files do not exist on a server.
    #[test]
    fn a_server_has_remedies_of_its_own() {
        let (file, server) = ("profiles/burndown.sqlite", "postgres://me@host/db");
        let what = || "x".to_owned();
        let remedies = |place: &str| {
            let place = || place.to_owned();
            [
                Error::Corrupt { place: place(), what: what() },
                Error::ReadOnly { place: place(), why: what() },
                Error::Foreign { place: place(), what: what() },
            ]
            .map(|error| error.remedy().unwrap())
        };
        use Remedy::{ChooseOtherDatabase, ChooseOtherWorkspace, CopyWorkspace, GrantRights};
        use Remedy::{RestoreBackup, RestoreDump};
        assert_eq!(remedies(file), [RestoreBackup, CopyWorkspace, ChooseOtherWorkspace]);
        assert_eq!(remedies(server), [RestoreDump, GrantRights, ChooseOtherDatabase]);
    }
}
