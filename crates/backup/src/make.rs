//! Making a backup: SQLite's own copy of one moment, looked through, counted, hashed, and only then
//! given its name. Whoever writes meanwhile is not kept waiting.

use std::path::{Path, PathBuf};

use migrate::Hold;
use model::{RecordCounts, Timestamp};

use crate::entry::{self, DATABASE, Entry, FORMAT, Held, Kind, MANIFEST, Manifest, Reason};
use crate::error::{Error, Result};
use crate::{Job, thin};

/// Free space beyond what a backup needs, in bytes.
const MARGIN_BYTES: u64 = 4 << 20;
/// How old the newest backup may be while something changes, in seconds.
const DUE_S: i64 = 24 * 3600;

/// Makes a backup, in the workspace's own folder for them or in another one.
pub fn back_up(job: &Job, reason: Reason, to: Option<&Path>) -> Result<Entry> {
    let _hold = Hold::share(&job.workspace)?;
    let database = migrate::database_path(&job.workspace);
    if !database.is_file() {
        return Err(Error::NoDatabase(job.workspace.clone()));
    }
    if to.is_none() {
        migrate::check_backups(&job.workspace)?;
    }
    let folder = to.map_or_else(|| migrate::backups_folder(&job.workspace), Path::to_owned);
    files::create_folder(&folder)?;
    let trash = job.workspace.join("trash");
    let log = database.with_file_name(format!("{DATABASE}-wal"));
    let needed = [&database, &log, &trash].iter().map(|path| files::bytes_in(path)).sum::<u64>();
    let free = files::free_bytes(&folder)?;
    if free < needed + MARGIN_BYTES {
        return Err(Error::NoSpace { place: folder, free, needed: needed + MARGIN_BYTES });
    }
    let unfinished = files::scratch_folder(&folder)?;
    let copy = unfinished.path().join(DATABASE);
    store::back_up(&database, &copy)?;
    let (counts, revision) = prove(&copy, &database)?;
    // Opened, it went back to its log; in a backup it is one file.
    store::fold_log(&copy)?;
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        made_at: job.now,
        program_version: job.program_version.clone(),
        workspace: Some(entry::full(&job.workspace)),
        reason,
        revision,
        counts,
        database: held(&copy)?,
        trash: copy_trash(&trash, &unfinished.path().join("trash"))?,
    };
    let text = serde_json::to_vec_pretty(&manifest).map_err(std::io::Error::other);
    let failed = |error| files::Error::new(files::Act::Write, unfinished.path(), error);
    files::write_file(&unfinished.path().join(MANIFEST), &text.map_err(failed)?)?;
    let name = || migrate::stamped_name(&folder, "backup", job.now);
    let place = files::publish_folder_as(unfinished, name)?;
    tracing::info!(place = %place.display(), ?reason, ?counts, "a backup was made");
    if to.is_none() {
        thin::thin(&job.workspace, job.now)?;
    }
    let id = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Entry {
        id,
        kind: Kind::Backup,
        made_at: Some(job.now),
        reason: Some(reason),
        counts: Some(counts),
        bytes: files::bytes_in(&place),
        may_be_of_other: false,
        path: place,
    })
}

/// Looks through a copy of the database as `doctor` does: what is damaged is no backup.
fn prove(copy: &Path, database: &Path) -> Result<(RecordCounts, u64)> {
    if let Some(what) = entry::damage_of(copy)? {
        let place = database.display().to_string();
        return Err(store::Error::Corrupt { place, what }.into());
    }
    entry::counts_and_revision(copy)
}

/// Makes a backup if the newest is of another day and something was written since.
pub fn back_up_if_due(job: &Job, revision: u64) -> Result<Option<Entry>> {
    let newest = newest(&job.workspace);
    let is_same = |newest: &Entry| {
        entry::manifest_of(&newest.path).is_ok_and(|manifest| manifest.revision == revision)
    };
    if !is_old(newest.as_ref(), job.now) || newest.as_ref().is_some_and(is_same) {
        return Ok(None);
    }
    back_up(job, Reason::Daily, None).map(Some)
}

/// Whether the newest backup is of another day. Looks at no database.
pub fn is_due(workspace: &Path, now: Timestamp) -> bool {
    is_old(newest(workspace).as_ref(), now)
}

fn newest(workspace: &Path) -> Option<Entry> {
    let is_ours = |entry: &Entry| entry.kind == Kind::Backup && !entry.may_be_of_other;
    entry::list(workspace).into_iter().find(is_ours)
}

/// One of the future says that a clock was wrong; it does not keep the next away for ever.
fn is_old(newest: Option<&Entry>, now: Timestamp) -> bool {
    let made_at = newest.and_then(|newest| newest.made_at);
    made_at.is_none_or(|at| !(-DUE_S..DUE_S).contains(&age_s(at, now)))
}

fn age_s(then: Timestamp, now: Timestamp) -> i64 {
    now.as_second().saturating_sub(then.as_second())
}

fn held(path: &Path) -> Result<Held> {
    let failed = |error| files::Error::new(files::Act::Read, path, error);
    let (bytes, sha256) = entry::hash(path).map_err(failed)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Held { name, bytes, sha256 })
}

/// Copies what was deleted and can be restored; those files never change.
fn copy_trash(trash: &Path, to: &Path) -> Result<Vec<Held>> {
    let Ok(entries) = std::fs::read_dir(trash) else { return Ok(Vec::new()) };
    let paths = entries.flatten().map(|entry| entry.path());
    let is_kept = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.ends_with(".json.gz") && !name.starts_with('.') && !path.is_symlink()
    };
    let mut copied = Vec::new();
    for path in paths.filter(is_kept) {
        files::create_folder_unflushed(to)?;
        let copy = to.join(path.file_name().unwrap_or_default());
        let failed = |error| files::Error::new(files::Act::Write, &copy, error);
        let mut target = files::create_file(&copy)?;
        let source = std::fs::File::open(&path);
        match source.and_then(|mut source| std::io::copy(&mut source, &mut target)) {
            Ok(_) => copied.push(held(&copy)?),
            // Restored or removed meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => files::remove(&copy)?,
            Err(error) => return Err(failed(error).into()),
        }
    }
    Ok(copied)
}
