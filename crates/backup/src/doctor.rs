//! How a workspace is, looked at as a whole, and setting right what can be: after a copy of all that is
//! there, damage is answered by saving what can still be read.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use migrate::Hold;
use model::Timestamp;
use serde::Serialize;
use store::{Address, Reader, Salvaged, SecretFile, Store};

use crate::error::Result;
use crate::{Job, entry};

/// Free space below which a workspace is short of room, in bytes.
const FREE_BYTES_MIN: u64 = 64 << 20;
/// How far ahead of the clock a time of the past may be, in seconds.
const CLOCK_S_MAX: i64 = 3_600;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Finding {
    /// The database cannot be read, or not all of it.
    Damage {
        /// What was found.
        what: String,
    },
    /// Not all of the workspace that is copied here is there.
    UnfinishedCopy {
        /// Where it is copied from.
        from: String,
    },
    /// The file of tokens cannot be read.
    Secrets {
        /// What was found.
        what: String,
    },
    /// Others may read or change what is the owner's.
    OpenToOthers {
        /// The file or folder.
        path: PathBuf,
    },
    /// What cannot be looked into, so that nobody knows what is in it.
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// A file that a kill left.
    Leftover {
        /// The file or folder.
        path: PathBuf,
    },
    /// The disk is nearly full.
    LittleSpace {
        /// Bytes that are free.
        free_bytes: u64,
    },
    /// Data was fetched later than the clock says that it is.
    Clock {
        /// When that was.
        seen: Timestamp,
    },
}

impl Finding {
    /// Whether what is stored may be wrong or missing.
    pub fn is_damage(&self) -> bool {
        matches!(self, Finding::Damage { .. })
    }

    /// Whether a repair sets it right.
    pub fn is_repairable(&self) -> bool {
        matches!(
            self,
            Finding::Damage { .. } | Finding::OpenToOthers { .. } | Finding::Leftover { .. }
        )
    }
}

/// What an examination found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// All that is not as it should be; none means that all is well.
    pub findings: Vec<Finding>,
    /// How many records were read.
    pub records: u64,
    /// What can be restored by its id, the newest that is sound first.
    pub backups: Vec<String>,
}

/// What a repair did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repaired {
    /// What was set right.
    pub done: Vec<Finding>,
    /// What was saved of a damaged database, by table: rows saved and rows given up.
    pub salvaged: Vec<(String, u64, u64)>,
    /// Where the damaged database is kept.
    pub kept: Option<PathBuf>,
}

/// Looks at everything and changes nothing.
pub fn examine(job: &Job) -> Result<Checked> {
    let _hold = Hold::share(&job.workspace)?;
    let mut findings = unreadable_folders(&job.workspace);
    let mut records = 0;
    let database = migrate::database_path(&job.workspace);
    if database.exists() {
        match examine_database(job, &database, &mut findings) {
            Ok(read) => records = read,
            // No room to look is no damage, and neither is what a newer version of this program wrote.
            Err(
                error @ (store::Error::DiskFull(_)
                | store::Error::ReadOnly { .. }
                | store::Error::TooNew { .. }),
            ) => {
                return Err(error.into());
            }
            Err(error) => findings.push(Finding::Damage { what: error.to_string() }),
        }
    }
    let profiles = files::folder_of(&database);
    if let Err(error) = SecretFile::open(profiles) {
        findings.push(Finding::Secrets { what: error.to_string() });
    }
    for path in own_files(&job.workspace) {
        if files::is_open_to_others(&path) {
            findings.push(Finding::OpenToOthers { path });
        }
    }
    findings.extend(leftovers(&job.workspace).into_iter().map(|path| Finding::Leftover { path }));
    if let Ok(free_bytes) = files::free_bytes(&job.workspace)
        && free_bytes < FREE_BYTES_MIN
    {
        findings.push(Finding::LittleSpace { free_bytes });
    }
    // What was put aside as damaged, or became so, is nothing to go back to.
    let is_damaged = |entry: &entry::Entry| entry::verify(entry).is_err();
    let ours = entry::list(&job.workspace).into_iter().filter(|entry| !entry.may_be_of_other);
    let backups = ours.skip_while(is_damaged);
    let backups = backups.map(|entry| entry.id).collect();
    Ok(Checked { findings, records, backups })
}

/// Reads all of a database.
fn examine_database(job: &Job, database: &Path, findings: &mut Vec<Finding>) -> store::Result<u64> {
    let store = Address::Sqlite(database.to_owned()).open_existing()?;
    let (found, records) = entry::look_through(&*store)?;
    findings.extend(found.into_iter().map(|what| Finding::Damage { what }));
    let copy = store.read().and_then(|reader| store::unfinished_copy(&*reader))?;
    findings.extend(copy.map(|from| Finding::UnfinishedCopy { from }));
    let newest = newest_fetch(&*store)?;
    let limit_s = job.now.as_second().saturating_add(CLOCK_S_MAX);
    if let Some(seen) = newest.filter(|seen| seen.as_second() > limit_s) {
        findings.push(Finding::Clock { seen });
    }
    Ok(records)
}

fn newest_fetch(store: &dyn Store) -> store::Result<Option<Timestamp>> {
    let reader: Box<dyn Reader + '_> = store.read()?;
    let mut newest = None;
    for profile in reader.profiles()? {
        let queries = reader.queries(&profile.id)?;
        newest = newest.max(queries.iter().filter_map(|query| query.fetched_at).max());
    }
    Ok(newest)
}

/// Folders that are there and do not let anybody look.
fn unreadable_folders(workspace: &Path) -> Vec<Finding> {
    let folders = ["", "profiles", "backups", "trash"].map(|name| workspace.join(name));
    let unreadable = |path: PathBuf| {
        let error = fs::read_dir(&path).and_then(|mut inside| inside.next().transpose()).err()?;
        // What a link points to may be gone.
        let is_absent = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
            && path.symlink_metadata().is_err();
        let why = error.to_string();
        (!is_absent).then_some(Finding::Unreadable { path, why })
    };
    folders.into_iter().filter_map(unreadable).collect()
}

/// Files and folders that belong to nobody but the owner.
fn own_files(workspace: &Path) -> Vec<PathBuf> {
    let profiles = workspace.join("profiles");
    let names = ["burndown.sqlite", "burndown.sqlite-wal", SecretFile::NAME, ".burndown-sync"];
    let mut paths: Vec<PathBuf> = names.iter().map(|name| profiles.join(name)).collect();
    paths.push(workspace.join("trash"));
    paths.extend(entry::list(workspace).into_iter().map(|entry| entry.database()));
    paths
}

/// Files that only a process that was killed leaves.
fn leftovers(workspace: &Path) -> Vec<PathBuf> {
    const KEPT: [&str; 3] = [".burndown-sync", ".burndown-json", ".burndown-uploads"];
    let folders = ["profiles", "backups", "trash", ""].map(|name| workspace.join(name));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten());
    let is_left = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_temporary = name.starts_with(files::TEMPORARY) && !KEPT.contains(&name);
        is_temporary || name.ends_with(".partial") || name == "burndown-secrets.json.new"
    };
    entries.flatten().map(|entry| entry.path()).filter(is_left).collect()
}

/// Sets right what can be. The damaged database is kept, whatever could be saved of it.
pub fn repair(job: &Job) -> Result<Repaired> {
    let found = examine(job)?;
    let hold = Hold::replace(&job.workspace, "doctor --repair")?;
    let mut repaired = Repaired { done: Vec::new(), salvaged: Vec::new(), kept: None };
    if found.findings.iter().any(Finding::is_damage) {
        let (salvaged, kept) = save_what_can_be_read(job, &hold)?;
        let row = |of: &Salvaged| (of.table.to_owned(), of.saved, of.lost);
        repaired.salvaged = salvaged.iter().map(row).collect();
        repaired.kept = Some(kept);
    }
    for finding in found.findings.into_iter().filter(Finding::is_repairable) {
        match &finding {
            Finding::OpenToOthers { path } => close_to_others(path)?,
            // Nobody else has the workspace open, so nobody works on it.
            Finding::Leftover { path } => files::remove(path)?,
            _ => {}
        }
        repaired.done.push(finding);
    }
    tracing::info!(done = repaired.done.len(), "the workspace was repaired");
    Ok(repaired)
}

fn save_what_can_be_read(job: &Job, hold: &Hold) -> Result<(Vec<Salvaged>, PathBuf)> {
    let database = migrate::database_path(&job.workspace);
    // What stands in the log belongs to what is saved.
    if let Err(error) = store::fold_log(&database) {
        tracing::warn!(%error, "the log of the damaged database cannot be folded in");
    }
    let scratch = files::scratch_folder(files::folder_of(&database))?;
    let saved = scratch.path().join(entry::DATABASE);
    let salvaged = store::salvage(&database, &saved)?;
    let aside =
        migrate::stamped_name(&migrate::backups_folder(&job.workspace), "replaced", job.now);
    migrate::replace_database(hold, &saved, &job.workspace, &aside)?;
    Ok((salvaged, aside))
}

fn close_to_others(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let failed = |error| files::Error::new(files::Act::Write, path, error);
        let found = fs::metadata(path).map_err(failed)?;
        let mode = found.permissions().mode() & 0o700;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(failed)?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
