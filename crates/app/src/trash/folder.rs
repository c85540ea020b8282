//! The folder of the trash: one file for each thing, named by when it was deleted.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use files::NamedTempFile;
use model::Timestamp;

use super::{DAYS_KEPT, Deleted, Trash, TrashEntry};
use crate::error::{Error, Result};

const NAME: &str = "trash";
const ENDING: &str = ".json.gz";
/// How the names of whole copies begin until what they are copies of is deleted.
const PENDING: &str = ".pending-";
/// How the names of files begin that are not whole yet; the first as they began before.
const PARTIAL: [&str; 2] = [".partial-", files::TEMPORARY];
/// After how long a file that is not whole belongs to nobody any more.
const PARTIAL_KEPT: Duration = Duration::from_secs(24 * 3600);

/// A whole copy of something that is about to be deleted, by its id.
pub(super) struct Pending(String);

impl Pending {
    /// The id that it will have in the trash.
    pub fn id(&self) -> &str {
        &self.0
    }
}

/// The folder of the trash of a workspace.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// That of a workspace; it need not be there.
    pub fn of(workspace: &Path) -> Folder {
        Folder(workspace.join(NAME))
    }

    /// Makes it, for its owner alone, and begins a file in it.
    pub fn begin(&self) -> Result<NamedTempFile> {
        self.refuse_link()?;
        files::create_folder(&self.0)
            .and_then(|()| files::held_scratch_file(&self.0))
            .map_err(not_usable)
    }

    /// Keeps a whole file so that it lasts, under a name that the trash does not show yet: what is in
    /// it is not deleted yet.
    pub fn keep(&self, mut file: NamedTempFile, at: Timestamp) -> Result<Pending> {
        for id in super::ids(at) {
            if self.path(&id).exists() {
                continue;
            }
            match file.persist_noclobber(self.pending_path(&id)) {
                Ok(_) => {
                    files::flush_folder(&self.0).map_err(not_usable)?;
                    return Ok(Pending(id));
                }
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                    file = error.file;
                }
                Err(error) => return Err(self.failed(error.error)),
            }
        }
        Err(Error::WrittenMeanwhile)
    }

    /// Shows what is deleted now.
    pub fn settle(&self, Pending(id): Pending) -> Result<TrashEntry> {
        files::rename(&self.pending_path(&id), &self.path(&id)).map_err(not_usable)?;
        self.entry(&id)
    }

    /// Lets a copy of something go that was not deleted after all.
    pub fn discard(&self, Pending(id): Pending) -> Result<()> {
        files::remove(&self.pending_path(&id)).map_err(not_usable)
    }

    /// Shows what a deletion left that was killed after its commit: copies of what `is_gone`. A copy of
    /// what is there belongs to a deletion under way; the one of a deletion that was killed goes a day
    /// later.
    pub fn settle_killed(&self, is_gone: impl Fn(&Deleted) -> bool, now: Timestamp) -> Result<()> {
        for name in self.names()? {
            let Some(id) = name.strip_prefix(PENDING).and_then(|name| name.strip_suffix(ENDING))
            else {
                continue;
            };
            let path = self.pending_path(id);
            let Ok(deleted) = self.note_of(&path) else { continue };
            if is_gone(&deleted) {
                tracing::info!(id, "a deletion that was cut off is complete");
                files::rename(&path, &self.path(id)).map_err(not_usable)?;
            } else if is_old(&path, now) {
                files::remove(&path).map_err(not_usable)?;
            }
        }
        Ok(())
    }

    /// Whether a deletion is under way or was cut off.
    pub fn has_pending(&self) -> bool {
        self.names().is_ok_and(|names| names.iter().any(|name| name.starts_with(PENDING)))
    }

    fn pending_path(&self, id: &str) -> PathBuf {
        self.0.join(format!("{PENDING}{id}{ENDING}"))
    }

    fn note_of(&self, path: &Path) -> Result<Deleted> {
        let failed = |source| Error::Trash { path: path.to_owned(), source };
        let note = ::transfer::read_note(&mut File::open(path).map_err(failed)?)?;
        serde_json::from_str(&note).map_err(|error| failed(io::Error::other(error)))
    }

    /// The file of that id.
    pub fn open(&self, id: &str) -> Result<File> {
        let missing = || Error::NotInTrash(id.to_owned());
        if !is_id(id) {
            return Err(missing());
        }
        self.refuse_link()?;
        let path = self.path(id);
        File::open(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => missing(),
            _ => Error::Trash { path, source },
        })
    }

    /// What the file of that id says of itself.
    pub fn entry(&self, id: &str) -> Result<TrashEntry> {
        let mut file = self.open(id)?;
        let failed = |source| Error::Trash { path: self.path(id), source };
        let note = ::transfer::read_note(&mut file)?;
        let deleted: Deleted =
            serde_json::from_str(&note).map_err(|error| failed(io::Error::other(error)))?;
        let until = deleted.until();
        let bytes = file.metadata().map_err(failed)?.len();
        Ok(TrashEntry { id: id.to_owned(), deleted, until, bytes })
    }

    /// All there is.
    pub fn list(&self) -> Result<Trash> {
        let mut trash = Trash::default();
        for id in self.ids()? {
            match self.entry(&id) {
                Ok(entry) => trash.entries.push(entry),
                // Somebody restored it meanwhile.
                Err(Error::NotInTrash(_)) => {}
                Err(error) => {
                    tracing::warn!(id, %error, "a file in the trash cannot be read");
                    trash.unreadable.push(format!("{id}{ENDING}"));
                }
            }
        }
        Ok(trash)
    }

    /// How many files there are.
    pub fn count(&self) -> u64 {
        self.ids().map_or(0, |ids| ids.len() as u64)
    }

    /// Removes what was deleted too long ago, and what a crash left behind. `now` is the time that is
    /// certain, whatever the clock says.
    pub fn remove_old(&self, now: Timestamp) -> Result<u64> {
        self.remove_partial(now)?;
        let mut count = 0;
        for entry in self.list()?.entries.into_iter().filter(|entry| entry.until < now) {
            self.remove(&entry.id)?;
            tracing::info!(id = entry.id, "removed from the trash after {DAYS_KEPT} days");
            count += 1;
        }
        Ok(count)
    }

    /// Removes everything, also what cannot be read.
    pub fn empty(&self) -> Result<u64> {
        let ids = self.ids()?;
        ids.iter().try_for_each(|id| self.remove(id))?;
        tracing::info!(count = ids.len(), "the trash was emptied");
        Ok(ids.len() as u64)
    }

    /// Removes one file; that it is gone already is well.
    pub fn remove(&self, id: &str) -> Result<()> {
        let path = self.path(id);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(Error::Delete { path, source })
            }
            _ => Ok(()),
        }
    }

    fn remove_partial(&self, now: Timestamp) -> Result<()> {
        for name in self.names()?.iter().filter(|name| is_partial(name)) {
            let path = self.0.join(name);
            if is_old(&path, now) {
                tracing::info!(name, "removed a copy for the trash that was never finished");
                // It is tried again next time.
                let _ = fs::remove_file(&path);
            }
        }
        Ok(())
    }

    fn ids(&self) -> Result<Vec<String>> {
        let names = self.names()?;
        let ids = names.iter().filter_map(|name| name.strip_suffix(ENDING));
        Ok(ids.filter(|id| is_id(id)).map(str::to_owned).collect())
    }

    /// Names of all files; none where the folder is not there.
    fn names(&self) -> Result<Vec<String>> {
        self.refuse_link()?;
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| self.failed(error))?,
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        Ok(names.collect())
    }

    fn path(&self, id: &str) -> PathBuf {
        self.0.join(format!("{id}{ENDING}"))
    }

    /// What is deleted must not leave the workspace.
    fn refuse_link(&self) -> Result<()> {
        if self.0.is_symlink() {
            return Err(self.failed(io::Error::other("it is a link")));
        }
        Ok(())
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Trash { path: self.0.clone(), source }
    }
}

/// Whether a file was written so long ago that nobody works on it any more.
fn is_old(path: &Path, now: Timestamp) -> bool {
    let newest = SystemTime::from(now.checked_sub(PARTIAL_KEPT).unwrap_or(Timestamp::MIN));
    let written = fs::symlink_metadata(path).and_then(|found| found.modified());
    written.is_ok_and(|at| at < newest)
}

fn is_partial(name: &str) -> bool {
    PARTIAL.iter().any(|start| name.starts_with(start))
}

fn not_usable(error: files::Error) -> Error {
    Error::Trash { path: error.place, source: error.source }
}

/// Whether a text can be an id: day and time, perhaps a number. So it is never a way to elsewhere.
fn is_id(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (day, time, number) = (parts.next(), parts.next(), parts.next());
    day.is_some_and(|day| day.len() == 8 && is_number(day))
        && time.is_some_and(|time| time.len() == 6 && is_number(time))
        && number.is_none_or(|number| number.len() <= 9 && is_number(number))
        && parts.next().is_none()
}
