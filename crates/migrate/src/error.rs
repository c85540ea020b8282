//! Why a migration, verification or rollback did not happen. Whatever the case: the old folder is
//! as it was and no half database is left.

use std::io;
use std::path::{Path, PathBuf};

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Cases a caller can act on. No case carries a secret or a stored value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing of the old app in that folder.
    #[error(
        "{0} holds nothing of the old app (no profile, no query, no database of it); name the folder where the old app was started with --from FOLDER"
    )]
    NothingToMigrate(PathBuf),
    /// Only a database under the name of the old app's is there, and nothing can be read from it.
    #[error(
        "{}: nothing can be taken from {database}: {hint}. Nothing was changed", folder.display()
    )]
    OnlyOtherDatabase {
        /// The folder.
        folder: PathBuf,
        /// The database in it.
        database: String,
        /// Why, for people.
        hint: String,
    },
    /// The JSON beside the database is newer than the database.
    #[error(
        "{} holds two states of the same profiles ({profiles}): the old app's database, with data of {database_at}, and JSON files, with data of {json_at}. Name the one to take: `burndown migrate --from {}/profiles/burndown.db` takes the database, `burndown migrate --from {}/profiles` the JSON files. Nothing was changed",
        folder.display(), folder.display(), folder.display()
    )]
    TwoStates {
        /// The folder.
        folder: PathBuf,
        /// Which profiles.
        profiles: String,
        /// The newest moment that the database knows.
        database_at: String,
        /// The newest moment that the JSON knows.
        json_at: String,
    },
    /// A copy of the old app's database has newer data than the one in its place.
    #[error(
        "{} holds two databases of the old app: profiles/burndown.db, with data of {database_at}, and {copy}, with data of {copy_at}. `burndown migrate --from {}/profiles/burndown.db` takes the first; to take the other, put it (with its -wal, if there is one) in a folder `profiles` of its own and name that with `--from`. Nothing was changed",
        folder.display(), folder.display()
    )]
    TwoDatabases {
        /// The folder.
        folder: PathBuf,
        /// The copy, relative to the folder.
        copy: String,
        /// The newest moment that the database in its place knows.
        database_at: String,
        /// The newest moment that the copy knows.
        copy_at: String,
    },
    /// This was done before and nothing changed since.
    #[error(
        "{0} was migrated already and nothing of the old app changed since; `burndown migrate --again` does it anew from the old files"
    )]
    AlreadyMigrated(PathBuf),
    /// The old app's files changed after the migration.
    #[error(
        "files of the old app changed after the migration ({0}). Nothing was merged; `burndown migrate --again` builds the workspace anew from them and keeps the current database aside"
    )]
    LegacyChanged(String),
    /// A rollback was begun and killed.
    #[error(
        "a rollback of {0} was broken off and part of it is done; `burndown rollback` takes that back and begins anew"
    )]
    RollbackBrokenOff(PathBuf),
    /// A database with data stands there that no migration made.
    #[error(
        "{0} holds data already; `burndown migrate --again` builds it anew from the old files and keeps the current one aside"
    )]
    WouldReplace(PathBuf),
    /// The user went back to the old app.
    #[error(
        "the workspace in {0} was rolled back to the old app; `burndown migrate --again` migrates it anew"
    )]
    RolledBack(PathBuf),
    /// A link stands where data is kept.
    #[error(
        "{} is a link to {}, and burndown never writes through a link; {remedy}",
        place.display(),
        target.display()
    )]
    Link {
        /// The link.
        place: PathBuf,
        /// What it points to.
        target: PathBuf,
        /// What to do.
        remedy: String,
    },
    /// Something stands where backups go.
    #[error(
        "{} {why}, and backups go there; make it a folder, or a link to one that is there",
        place.display()
    )]
    NoFolderOfBackups {
        /// Where backups go.
        place: PathBuf,
        /// What it is, as a part of a sentence.
        why: String,
    },
    /// The workspace was made from another folder.
    #[error(
        "{} was migrated from {from}, not from {}. To replace what it holds, add --again (the \
         current database is kept aside); to have both, name another folder with --workspace",
        workspace.display(),
        asked.display()
    )]
    FromElsewhere {
        /// The workspace.
        workspace: PathBuf,
        /// The folder that it was made from.
        from: String,
        /// The folder that was named now.
        asked: PathBuf,
    },
    /// A folder stands where a file has to be.
    #[error("{} is a folder, and burndown keeps a file there; move the folder away", .0.display())]
    FolderInTheWay(PathBuf),
    /// A folder that was named is not there.
    #[error("{} does not exist; name the folder where the old app was started", .0.display())]
    NoFolder(PathBuf),
    /// The database cannot be read, so its content cannot be written out.
    #[error(
        "{0} is damaged, so what it holds cannot be written for the old app; `burndown rollback` without --with-changes goes back to the old files as they were"
    )]
    DamagedDatabase(PathBuf),
    /// There was no migration to verify or undo.
    #[error(
        "{0} holds no migrated workspace; `burndown migrate` makes one from the old app's files"
    )]
    NotMigrated(PathBuf),
    /// The disk has too little room.
    #[error(
        "{place} has {free} free, the migration needs {needed} (backup and database); free some space and try again. Nothing was written"
    )]
    NoSpace {
        /// The folder.
        place: String,
        /// Room there is, for people.
        free: String,
        /// Room that is needed, for people.
        needed: String,
    },
    /// The disk became full under way.
    #[error(
        "the disk that holds {} filled up while migrating. Backup and database together need about {needed}; free some space and try again, or name a folder on another disk with --workspace and this one with --from. Nothing was changed",
        workspace.display()
    )]
    FilledUp {
        /// The folder.
        workspace: PathBuf,
        /// Room that is needed, for people.
        needed: String,
    },
    /// Another process migrates this workspace and did not end.
    #[error(
        "another burndown process{who} is migrating this workspace and has not ended after {waited_s} s; wait for it or end it, then try again"
    )]
    Locked {
        /// ` (pid 123)` if known.
        who: String,
        /// How long was waited, in seconds.
        waited_s: u64,
    },
    /// The database is replaced just now, so nobody opens it.
    #[error(
        "the database in {} is being replaced ({by}); that takes a moment. Wait for it, then try again",
        workspace.display()
    )]
    BeingReplaced {
        /// The workspace.
        workspace: PathBuf,
        /// Who replaces it.
        by: String,
    },
    /// The database is to be replaced, and others have it open and do not end.
    #[error(
        "the database in {} is in use ({}), and that did not end within {waited_s} s; end it, then \
         try again. Nothing was changed",
        workspace.display(),
        if by.is_empty() { "by another burndown process".to_owned() } else { by.join("; ") }
    )]
    InUse {
        /// The workspace.
        workspace: PathBuf,
        /// Those that have it open, as far as the system tells.
        by: Vec<String>,
        /// How long was waited, in seconds.
        waited_s: u64,
    },
    /// A file or folder could not be read or written.
    #[error("{}: {doing} failed: {why}", place.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// Where.
        place: PathBuf,
        /// What the system said, with the remedy.
        why: String,
    },
    /// No room was left for a file.
    #[error("{}: {why}. Free some space and try again", place.display())]
    DiskFull {
        /// The file.
        place: PathBuf,
        /// What the system said.
        why: String,
    },
    /// A medium that cannot be written.
    #[error(
        "{} cannot be written: its file system is read-only. `burndown migrate --from FOLDER --workspace OTHER` takes the old app's files from such a folder into another one",
        .0.display()
    )]
    ReadOnly(PathBuf),
    /// The backup is not what was copied.
    #[error(
        "the backup of {0} does not read back as it was written; the disk may be failing. Nothing was changed"
    )]
    BackupDiffers(String),
    /// The backup that a migrated workspace came from is gone or damaged.
    #[error("the backup {place} cannot be used: {why}")]
    BackupUnusable {
        /// The backup folder.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// The old app wrote while its files were read.
    #[error(
        "{file} was written while the old app's files were read. End the old app, then migrate again. \
         Nothing was changed"
    )]
    OldAppWrites {
        /// The first file that changed.
        file: String,
    },
    /// The new database is not equal to the old files and nothing explains it.
    #[error(
        "the new database does not equal the old files: {count} unexplained differences, first {first}. Nothing was published; please report this with migration-report.txt"
    )]
    NotEqual {
        /// How many.
        count: u64,
        /// The first of them: file and path.
        first: String,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// Whether the database is there and cannot be read.
    pub(crate) fn is_damage(&self) -> bool {
        use store::Error::{Corrupt, Foreign};
        matches!(self, Error::Store(Corrupt { .. } | Foreign { .. }))
    }

    /// Whether a disk had no room, or a file could not grow.
    pub(crate) fn is_lack_of_space(&self) -> bool {
        matches!(self, Error::DiskFull { .. } | Error::Store(store::Error::DiskFull(_)))
    }

    /// Names what was being done where.
    pub(crate) fn io(doing: &'static str, place: &Path, error: &io::Error) -> Error {
        let why = match error.kind() {
            io::ErrorKind::PermissionDenied => {
                format!("{error}. Check the owner and the rights of this file or folder")
            }
            io::ErrorKind::ReadOnlyFilesystem => return Error::ReadOnly(place.to_owned()),
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => {
                return Error::DiskFull { place: place.to_owned(), why: error.to_string() };
            }
            _ => error.to_string(),
        };
        Error::Io { doing, place: place.to_owned(), why }
    }
}

impl From<files::Error> for Error {
    fn from(error: files::Error) -> Error {
        Error::io(error.act.as_str(), &error.place, &error.source)
    }
}
