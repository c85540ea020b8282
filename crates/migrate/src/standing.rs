//! How a workspace stands before anything is done to it.

use std::path::{Path, PathBuf};

use store::Store;

use crate::backup::{self, Manifest};
use crate::change::changed;
use crate::error::Result;
use crate::folder::{Folder, Kind};
use crate::hold::Hold;
use crate::inventory::{self, Class, OLD_DATABASE};
use crate::migration::is_same_folder;
use crate::verify::Migrated;
use crate::{link, place, undo};

/// What is there of the old app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The layout, for people.
    pub layout: String,
    /// Folders that hold a profile, or 1 for the root files of 2025.
    pub profiles: u64,
    /// Folders that hold a query, or 1.
    pub queries: u64,
    /// Files to be backed up.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// How a workspace stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Neither a database nor anything of the old app.
    Fresh,
    /// The old app's files and no database with data: to be migrated.
    Legacy {
        /// What is there.
        found: Found,
    },
    /// A database; nothing to do.
    Ready {
        /// Whether a migration made it.
        migrated: bool,
    },
    /// A migrated database, and files of the old app that changed after that.
    LegacyChanged {
        /// Which, for people.
        what: String,
    },
    /// A rollback was begun and killed: part of it is done.
    RollbackBrokenOff,
    /// A database that was migrated from another folder than the one that was asked about.
    FromElsewhere {
        /// The folder.
        from: String,
    },
    /// The user went back to the old app.
    RolledBack,
    /// Only a database under the name of the old app's, from which nothing can be read.
    OnlyOtherDatabase {
        /// The database.
        database: String,
        /// Why, for people.
        hint: String,
    },
}

/// A workspace that was looked into and is held since, so that nobody replaces its database meanwhile.
pub struct Opened {
    /// The workspace.
    pub workspace: PathBuf,
    /// How it stands.
    pub standing: Standing,
    /// The right to have its database open.
    pub hold: Hold,
    /// Its database, if there is one: opening it again would cost as much as many an answer.
    pub store: Option<Box<dyn Store>>,
}

/// Finds out how the workspace stands. `source` is the folder where the old app was started.
pub fn standing(source: &Path, workspace: &Path) -> Result<Standing> {
    Ok(look_into(source, workspace)?.standing)
}

/// The same for who goes on to use what is there.
pub fn look_into(source: &Path, workspace: &Path) -> Result<Opened> {
    link::refuse(source, workspace)?;
    let hold = Hold::share(workspace)?;
    let folder = Folder::named(source);
    let store = open_if_there(workspace)?;
    let standing = match &store {
        Some(store) => standing_of(&**store, &folder, workspace)?,
        None => standing_of_files(&folder, workspace)?,
    };
    Ok(Opened { workspace: workspace.to_owned(), standing, hold, store })
}

/// The same of a folder that may be looked into already, for who holds the workspace.
pub(crate) fn standing_in(_: &Hold, folder: &Folder, workspace: &Path) -> Result<Standing> {
    link::refuse(folder.root(), workspace)?;
    match open_if_there(workspace)? {
        Some(store) => standing_of(&*store, folder, workspace),
        None => standing_of_files(folder, workspace),
    }
}

fn open_if_there(workspace: &Path) -> Result<Option<Box<dyn Store>>> {
    let is_there = place::holds_database(workspace)?;
    is_there.then(|| place::open_database(&place::database_path(workspace))).transpose()
}

fn standing_of_files(folder: &Folder, workspace: &Path) -> Result<Standing> {
    if place::rolled_back_mark(workspace).exists() {
        return Ok(Standing::RolledBack);
    }
    let layout = inventory::layout(folder)?;
    if let (Some(Err(why)), false) = (folder.database()?, layout.has_json()) {
        let (database, hint) = (OLD_DATABASE.to_owned(), why.to_string());
        return Ok(Standing::OnlyOtherDatabase { database, hint });
    }
    if layout.is_empty() {
        Ok(Standing::Fresh)
    } else {
        Ok(Standing::Legacy { found: find(folder)? })
    }
}

fn standing_of(store: &dyn Store, folder: &Folder, workspace: &Path) -> Result<Standing> {
    let Some(migrated) = Migrated::of(workspace, store)? else {
        let is_empty = store.read()?.profiles()?.is_empty();
        if is_empty && !inventory::layout(folder)?.is_empty() {
            return Ok(Standing::Legacy { found: find(folder)? });
        }
        return Ok(Standing::Ready { migrated: false });
    };
    // Without its manifest nothing can be compared; `verify` says that the backup is gone.
    let Ok(manifest) = backup::read_manifest(&migrated.backup) else {
        return Ok(Standing::Ready { migrated: true });
    };
    if is_from_elsewhere(folder, workspace, &manifest) {
        return Ok(Standing::FromElsewhere { from: manifest.source });
    }
    if undo::is_broken_off(workspace) {
        return Ok(Standing::RollbackBrokenOff);
    }
    match changed(folder, workspace, &migrated.backup, &manifest)? {
        Some(what) => Ok(Standing::LegacyChanged { what }),
        None => Ok(Standing::Ready { migrated: true }),
    }
}

/// Whether somebody asks about another folder than the workspace was made from. The workspace's own
/// old files are no other folder: that nobody migrated them has to be said.
fn is_from_elsewhere(folder: &Folder, workspace: &Path, manifest: &Manifest) -> bool {
    let asked = folder.root();
    let is_workspace = is_same_folder(asked, workspace);
    let is_source = if manifest.is_in_place {
        is_workspace
    } else {
        is_same_folder(asked, Path::new(&manifest.source))
    };
    !is_source && !is_workspace
}

fn find(folder: &Folder) -> Result<Found> {
    let layout = inventory::layout(folder)?;
    let mut found =
        Found { layout: layout.describe().to_owned(), profiles: 0, queries: 0, files: 0, bytes: 0 };
    for source in inventory::sources(folder)? {
        match source.entry.kind {
            Kind::File { bytes, .. } if source.class == Class::Data => {
                found.files += 1;
                found.bytes += bytes;
            }
            Kind::Folder => {
                let parts: Vec<&str> = source.entry.path.split('/').collect();
                match parts.as_slice() {
                    ["profiles", _] => found.profiles += 1,
                    ["profiles", _, "queries", _] => found.queries += 1,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    if layout.has_root {
        found.profiles += 1;
        found.queries += 1;
    }
    if let Some(database) = folder.usable_database()? {
        let rows = |table: &str| database.table(table).map_or(0, |table| table.rows);
        (found.profiles, found.queries) = (rows("profiles"), rows("queries"));
    }
    Ok(found)
}

/// What a running program can see at little cost of what its workspace keeps its data in. When it
/// is another one than before, somebody migrated or went back meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    database: Option<FileId>,
    is_rolled_back: bool,
}

/// Device and number of a file.
#[cfg(unix)]
type FileId = (u64, u64);

/// When a file was created, where it has no number.
#[cfg(not(unix))]
type FileId = Option<std::time::SystemTime>;

impl Trace {
    /// Looks at the workspace.
    pub fn of(workspace: &Path) -> Trace {
        let found = std::fs::metadata(place::database_path(workspace)).ok();
        Trace {
            database: found.as_ref().map(file_id),
            is_rolled_back: place::rolled_back_mark(workspace).exists(),
        }
    }
}

#[cfg(unix)]
fn file_id(found: &std::fs::Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt as _;
    (found.dev(), found.ino())
}

#[cfg(not(unix))]
fn file_id(found: &std::fs::Metadata) -> FileId {
    found.created().ok()
}
