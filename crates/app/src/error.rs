//! Why the app could not answer.

use std::fmt;
use std::path::PathBuf;

use model::remote::{self, Cancelled};
use model::settings::Why;
use model::{InvalidId, QueryKey, Remedy};

use crate::draft::Field;

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case gave no answer. Messages name the thing and say what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query holds no issue of that key.
    #[error("there is no issue {key:?} in the query {query}; the list of its issues has a search")]
    IssueNotFound {
        /// The key that was asked for.
        key: String,
        /// Where it was looked for.
        query: QueryKey,
    },
    /// There is nothing of that kind and name.
    #[error("there is no {0} {1:?}")]
    NoSuch(&'static str, String),
    /// The workspace has no migration report.
    #[error(
        "this workspace has no migration report: it was not migrated, or its backup folder is gone"
    )]
    NoReport,
    /// A parameter has a value that means nothing.
    #[error("{parameter} cannot be {given:?}: {remedy}")]
    Invalid {
        /// The parameter.
        parameter: Parameter,
        /// What was given.
        given: String,
        /// What is allowed.
        remedy: String,
    },
    /// A field of a form holds what cannot be saved.
    #[error("{field} cannot be saved: {why}")]
    Field {
        /// Which field.
        field: Field,
        /// The rule it breaks and what to do, as a part of a sentence.
        why: String,
    },
    /// Fields of a form of settings hold what cannot be saved.
    #[error("the settings cannot be saved – {}", said(faults))]
    Settings {
        /// All that is wrong.
        faults: Vec<Fault>,
    },
    /// What was edited is not any more what the editor saw.
    #[error(
        "{name:?} was changed elsewhere after you began to edit it, and nothing was saved; compare \
         both and save again"
    )]
    ChangedMeanwhile {
        /// The profile or query.
        name: String,
    },
    /// Nothing to show is left of a workspace that a server shows.
    #[error(
        "the database in {} is not there any more. If a migration is under way, try again in a \
         moment",
        folder.display()
    )]
    Gone {
        /// The workspace.
        folder: PathBuf,
    },
    /// The workspace is replaced just now, or is about to be.
    #[error(
        "the workspace is being replaced ({by}); that takes a moment, then all of it is here again"
    )]
    BeingReplaced {
        /// Who replaces it.
        by: String,
    },
    /// Only a migration can make the old files visible.
    #[error(
        "{} was rolled back to files of the old app that can be shown only after a migration",
        folder.display()
    )]
    OnlyAfterMigration {
        /// The workspace.
        folder: PathBuf,
    },
    /// Nothing of that id is in the trash.
    #[error("there is no {0:?} in the trash")]
    NotInTrash(String),
    /// There is nowhere to keep what is deleted.
    #[error("this workspace has no folder for deleted things, so nothing is deleted in it")]
    NoTrash,
    /// The trash could not be used.
    #[error(
        "{} cannot be used ({source}), and nothing was changed; check that it is a folder with the \
         right to write and that its disk has room, then try again",
        path.display()
    )]
    Trash {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The copy of what was to be deleted is not good.
    #[error("nothing was deleted, because its copy for the trash is not good: {0}")]
    NotKept(transfer::Error),
    /// Others wrote again and again while something was being copied.
    #[error(
        "nothing was deleted, because the workspace was written to while it was being copied; try \
         again when that has ended"
    )]
    WrittenMeanwhile,
    /// A query can only come back into its profile.
    #[error(
        "the profile {profile:?} that the query {query:?} belongs to is not there; restore that first"
    )]
    ProfileGone {
        /// Name of the profile.
        profile: String,
        /// Name of the query.
        query: String,
    },
    /// How the workspace stands could not be found out.
    #[error(transparent)]
    Migration(#[from] migrate::Error),
    /// Source and target of a copy are the same.
    #[error("{address} is the workspace itself; name another place for the copy")]
    CopyOntoItself {
        /// Where it is.
        address: String,
    },
    /// Not all of the workspace that is copied here is there.
    #[error(
        "the copy of {from} into {place} is not finished, so not all of it is here and nothing of it is \
         used; the same `burndown copy` goes on where it was cut off"
    )]
    UnfinishedCopy {
        /// Where it is copied from.
        from: String,
        /// Where it is copied to.
        place: String,
    },
    /// A file stands where one should be written.
    #[error("{} is there already", path.display())]
    FileExists {
        /// The file.
        path: PathBuf,
    },
    /// A file could not be read or written.
    #[error("{} cannot be read or written: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A profile could not be written to a file, or not be read from it.
    #[error(transparent)]
    Transfer(#[from] transfer::Error),
    /// The disk has no room for a file.
    #[error(
        "the file has at least {} MB and the disk of {} has {} MB free; make room, then import it again",
        needed >> 20, folder.display(), free >> 20
    )]
    NoRoom {
        /// The workspace.
        folder: PathBuf,
        /// What the file unpacks to, in bytes.
        needed: u64,
        /// What is free, in bytes.
        free: u64,
    },
    /// A sync cannot be ended from here.
    #[error("the sync of {query} runs in another program, such as a command line; end it there")]
    SyncElsewhere {
        /// The query.
        query: QueryKey,
    },
    /// A profile does not say where its Jira is, or not enough.
    #[error(transparent)]
    NotConnected(#[from] model::connection::Lack),
    /// There is no token to log in with.
    #[error(
        "there is no token to log in to Jira with; give one in the settings of the profile, or in \
         the environment variable BURNDOWN_JIRA_TOKEN"
    )]
    NoToken,
    /// What is sealed in the store cannot be opened here.
    #[error(
        "the Jira tokens in the database were sealed with another key than the shared key of this node; \
         give it the key that the other nodes have"
    )]
    OtherSharedKey,
    /// The stored token was given for another server.
    #[error(
        "the stored token belongs to {origin} and is not sent to {address}; give the token of {address} in \
         the settings of the profile, or by `burndown connect`"
    )]
    TokenOfAnotherServer {
        /// The server that it was given for.
        origin: String,
        /// The server that would be asked.
        address: String,
    },
    /// A token from outside would go to a server that nobody named here.
    #[error(
        "nobody said here that the token from outside (BURNDOWN_JIRA_TOKEN or --token-command) is for \
         {address}; name that server beside it in BURNDOWN_JIRA_SERVER, or once by `burndown connect {address}`"
    )]
    UnconfirmedServer {
        /// The server that would be asked.
        address: String,
    },
    /// A token would go over a line that others can read.
    #[error(
        "{address} begins with http, so whoever is on the way could read the token, and it is not sent; \
         give an address with https if your Jira has one, else allow it: `burndown connect {address} \
         --allow-http`, or the box in the settings beside the token"
    )]
    ReadableToken {
        /// The server that would be asked.
        address: String,
    },
    /// A token from outside would be sent to several servers.
    #[error(
        "the token from outside (BURNDOWN_JIRA_TOKEN or --token-command) belongs to one Jira, but \
         profiles of this workspace ask {} and {}; store a token with each profile instead",
        servers[0], servers[1]
    )]
    TokenForSeveralServers {
        /// Two of them.
        servers: [String; 2],
    },
    /// A file could not be deleted.
    #[error("{} cannot be deleted ({source}); end the program that uses it and try again", path.display())]
    Delete {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A figure that is to be kept is none that can be written.
    #[error("the figures of the week cannot be kept: {0}")]
    Unwritable(#[from] serde_json::Error),
    /// The system gives no numbers that nobody can guess.
    #[error("this system gives no random numbers, so no access key can be made")]
    NoRandomness,
    /// The demo could not be made or deleted.
    #[error(transparent)]
    Demo(#[from] demo::Error),
    /// A query was not synced, for a reason that is not Jira's or the store's.
    #[error(transparent)]
    Sync(sync::Error),
    /// Jira could not be asked.
    #[error(transparent)]
    Jira(#[from] jira::Error),
    /// A backup was not made or not restored.
    #[error(transparent)]
    Backup(#[from] ::backup::Error),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What a value was given for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parameter {
    /// A parameter of an address by its name there, which is an option of a command.
    Named(String),
    /// Anything else, as it is called in a sentence.
    Thing(&'static str),
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Named(name) => name,
            Self::Thing(name) => name,
        })
    }
}

/// Something wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The name of the setting, or `token`.
    pub name: &'static str,
    /// What is wrong and what to do.
    pub why: Why,
}

/// What a caller can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Ask for something that is there.
    NotFound,
    /// Ask in another way.
    Invalid,
    /// Look at what is there now, and decide again.
    Conflict,
    /// Ask again later.
    Busy,
    /// See what is wrong with Jira, or with the way to it.
    Jira,
    /// See whether the server is there that the data is on.
    Server,
    /// Repair the workspace.
    Store,
}

impl Kind {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::Busy => "busy",
            Self::Jira => "jira",
            Self::Server => "server",
            Self::Store => "store",
        }
    }
}

impl Error {
    /// A parameter with a value that means nothing.
    pub fn invalid(name: &str, given: &str, remedy: impl Into<String>) -> Error {
        Error::about(Parameter::Named(name.to_owned()), given, remedy)
    }

    /// A parameter that does not exist.
    pub fn unknown_parameter(name: &str, remedy: impl Into<String>) -> Error {
        Error::about(Parameter::Thing("the parameter"), name, remedy)
    }

    /// Whether it says that there is no such parameter, rather than what its value may be.
    pub fn is_unknown_parameter(&self) -> bool {
        matches!(self, Error::Invalid { parameter: Parameter::Thing("the parameter"), .. })
    }

    /// A value that means nothing for what it was given for.
    pub fn about(parameter: Parameter, given: &str, remedy: impl Into<String>) -> Error {
        Error::Invalid { parameter, given: given.to_owned(), remedy: remedy.into() }
    }

    /// A field that holds what cannot be saved.
    pub(crate) fn field(field: Field, why: impl Into<String>) -> Error {
        Error::Field { field, why: why.into() }
    }

    /// What can be done, where the message does not say it.
    pub fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::Gone { .. } => Some(Remedy::StartAgain),
            Self::OnlyAfterMigration { .. } => Some(Remedy::MigrateAfterRollback),
            Self::NotInTrash(_) => Some(Remedy::ListTrash),
            Self::FileExists { .. } => Some(Remedy::Overwrite),
            Self::Store(error)
            | Self::Transfer(transfer::Error::Store(error))
            | Self::NotKept(transfer::Error::Store(error))
            | Self::Migration(migrate::Error::Store(error))
            | Self::Backup(::backup::Error::Store(error))
            | Self::Sync(sync::Error::Store(error)) => error.remedy(),
            _ => None,
        }
    }

    /// What a caller can do about it.
    pub fn kind(&self) -> Kind {
        match self {
            Self::IssueNotFound { .. }
            | Self::NoSuch(..)
            | Self::NoReport
            | Self::NotInTrash(_) => Kind::NotFound,
            Self::Invalid { .. }
            | Self::Field { .. }
            | Self::Settings { .. }
            | Self::FileExists { .. }
            | Self::CopyOntoItself { .. }
            | Self::Sync(sync::Error::NoJql { .. }) => Kind::Invalid,
            Self::ChangedMeanwhile { .. }
            | Self::Sync(sync::Error::ChangedDuringSync { .. } | sync::Error::TakenOver { .. })
            | Self::ProfileGone { .. } => Kind::Conflict,
            Self::Sync(sync::Error::SyncRunning { .. } | sync::Error::NoThread(_))
            | Self::SyncElsewhere { .. } => Kind::Busy,
            Self::Jira(_)
            | Self::Sync(
                sync::Error::NothingFound { .. }
                | sync::Error::AnotherJira { .. }
                | sync::Error::TooMany { .. }
                | sync::Error::Remote(_),
            )
            | Self::NotConnected(_)
            | Self::NoToken
            | Self::OtherSharedKey
            | Self::TokenOfAnotherServer { .. }
            | Self::UnconfirmedServer { .. }
            | Self::ReadableToken { .. }
            | Self::TokenForSeveralServers { .. } => Kind::Jira,
            Self::Store(store::Error::ProfileNotFound(_) | store::Error::QueryNotFound(_)) => {
                Kind::NotFound
            }
            Self::Store(store::Error::Invalid { .. } | store::Error::NameTaken(_)) => Kind::Invalid,
            Self::Transfer(error) => of_transfer(error),
            Self::Store(error) | Self::Sync(sync::Error::Store(error)) if error.is_of_server() => {
                Kind::Server
            }
            Self::Store(store::Error::Busy { .. })
            | Self::WrittenMeanwhile
            | Self::BeingReplaced { .. }
            | Self::UnfinishedCopy { .. }
            | Self::Migration(migrate::Error::BeingReplaced { .. }) => Kind::Busy,
            Self::NoTrash
            | Self::NoRoom { .. }
            | Self::Trash { .. }
            | Self::NotKept(_)
            | Self::Store(_)
            | Self::Migration(_)
            | Self::Gone { .. }
            | Self::OnlyAfterMigration { .. }
            | Self::Sync(sync::Error::NoFolder | sync::Error::Store(_))
            | Self::Demo(_)
            | Self::NoRandomness
            | Self::Backup(_)
            | Self::Unwritable(_)
            | Self::Delete { .. }
            | Self::File { .. } => Kind::Store,
        }
    }
}

fn said(faults: &[Fault]) -> String {
    let said = faults.iter().map(|fault| format!("{}: {}", fault.name, fault.why));
    said.collect::<Vec<_>>().join("; ")
}

/// A file that cannot be imported has to be replaced by another one.
fn of_transfer(error: &transfer::Error) -> Kind {
    match error {
        transfer::Error::Store(
            store::Error::ProfileNotFound(_) | store::Error::QueryNotFound(_),
        ) => Kind::NotFound,
        transfer::Error::Store(store::Error::Busy { .. }) => Kind::Busy,
        transfer::Error::Unknown(_)
        | transfer::Error::Differs(_)
        | transfer::Error::Damaged(_)
        | transfer::Error::Amounts(_)
        | transfer::Error::Days(_)
        | transfer::Error::DayOrder(_)
        | transfer::Error::TooNew { .. }
        | transfer::Error::TooLarge(_)
        | transfer::Error::Name(_) => Kind::Invalid,
        _ => Kind::Store,
    }
}

impl From<InvalidId> for Error {
    fn from(error: InvalidId) -> Error {
        let remedy = format!("{}; follow a link of the workspace page", error.why);
        Error::about(Parameter::Thing("the id"), &error.text, remedy)
    }
}

impl From<sync::Error> for Error {
    fn from(error: sync::Error) -> Error {
        match error {
            sync::Error::Store(error) => error.into(),
            sync::Error::Remote(error) => error.into(),
            other => Error::Sync(other),
        }
    }
}

impl From<remote::Error> for Error {
    /// What the client of Jira said, or that of another tracker.
    fn from(error: remote::Error) -> Error {
        match error {
            remote::Error::Cancelled(Cancelled) => jira::Error::Cancelled.into(),
            remote::Error::Failed(error) => match error.downcast() {
                Ok(error) => Error::Jira(*error),
                Err(error) => Error::Sync(remote::Error::Failed(error).into()),
            },
        }
    }
}

impl From<files::Error> for Error {
    fn from(error: files::Error) -> Error {
        Error::File { path: error.place, source: error.source }
    }
}
