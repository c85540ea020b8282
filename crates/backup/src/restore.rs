//! Restoring: the backup is copied and proven, what is there now is kept, and only then does the copy
//! take its place. Tokens stay as they are.

use std::path::{Path, PathBuf};

use migrate::Hold;
use model::RecordCounts;
use serde::Serialize;
use store::{Address, Reader, SecretFile};

use crate::entry::{self, Entry};
use crate::error::Result;
use crate::{Job, thin};

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The backup.
    pub id: String,
    /// What the workspace holds now.
    pub counts: RecordCounts,
    /// Where the database that was there is kept; `None` if there was none.
    pub kept: Option<PathBuf>,
    /// Names of connected profiles that have no token.
    pub without_token: Vec<String>,
}

/// Puts a backup in the place of the workspace's database. After an error all is as it was.
pub fn restore(job: &Job, entry: &Entry) -> Result<Restored> {
    migrate::check_backups(&job.workspace)?;
    entry::verify(entry)?;
    let hold = Hold::replace(&job.workspace, "backup restore")?;
    let database = migrate::database_path(&job.workspace);
    let scratch = files::scratch_folder(files::folder_of(&database))?;
    let had_database = database.exists();
    let aside =
        migrate::stamped_name(&migrate::backups_folder(&job.workspace), "replaced", job.now);
    let counts = entry::copied_in(entry, scratch.path(), |copy| {
        // Opening takes an older form to the newest.
        let (counts, _) = entry::counts_and_revision(copy)?;
        keep_access_keys(&database, copy)?;
        store::fold_log(copy)?;
        migrate::replace_database(&hold, copy, &job.workspace, &aside)?;
        Ok(counts)
    })?;
    migrate::forget_rollback(&job.workspace)?;
    restore_trash(job, entry)?;
    thin::thin(&job.workspace, job.now)?;
    let without_token = without_token(job)?;
    tracing::info!(id = entry.id, ?counts, "a backup was restored");
    let kept = had_database.then_some(aside);
    Ok(Restored { id: entry.id.clone(), counts, kept, without_token })
}

/// Who may come in is said by today's keys: one that was taken away does not come back with a backup. Where
/// today's cannot be read, those of the backup count.
fn keep_access_keys(database: &Path, copy: &Path) -> Result<()> {
    let open = |path: &Path| Address::Sqlite(path.to_owned()).open_existing();
    let today = open(database).and_then(|store| store.read()?.access_keys());
    let today = match today {
        Ok(today) => today,
        Err(error) => {
            tracing::warn!(%error, "the access keys of today cannot be read; those of the backup count");
            return Ok(());
        }
    };
    let store = open(copy)?;
    let before = store.read()?.access_keys()?;
    if before != today {
        let mut writer = store.write()?;
        for key in &before {
            writer.remove_access_key(&key.id)?;
        }
        today.iter().try_for_each(|key| writer.put_access_key(key))?;
        writer.commit()?;
    }
    Ok(())
}

/// What the trash held then and does not hold now can be restored again.
fn restore_trash(job: &Job, entry: &Entry) -> Result<()> {
    let folder = entry.path.join("trash");
    let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(()) };
    let trash = job.workspace.join("trash");
    files::create_folder(&trash)?;
    for kept in entries.flatten() {
        let place = trash.join(kept.file_name());
        if place.symlink_metadata().is_ok() {
            continue;
        }
        let failed = |error| files::Error::new(files::Act::Read, &kept.path(), error);
        let bytes = std::fs::read(kept.path()).map_err(failed)?;
        files::write_file(&place, &bytes)?;
    }
    Ok(())
}

fn without_token(job: &Job) -> Result<Vec<String>> {
    let database = migrate::database_path(&job.workspace);
    let store = Address::Sqlite(database.clone()).open_existing()?;
    let reader: Box<dyn Reader + '_> = store.read()?;
    let Ok(secrets) = SecretFile::open(files::folder_of(&database)) else { return Ok(Vec::new()) };
    let mut names = Vec::new();
    for summary in reader.profiles()? {
        let profile = reader.profile(&summary.id)?;
        let is_connected = profile.is_some_and(|profile| profile.settings.base_url().is_some());
        if is_connected && secrets.token(&summary.id).is_none() {
            names.push(summary.name);
        }
    }
    Ok(names)
}
