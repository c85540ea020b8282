//! Whether the files that a store has open are still those that bear the database's name. Another
//! program may delete or replace the database, or clear away its log, while it is open: what is
//! written then is written into nothing.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::SqliteStore;
use super::file::side_files;

/// Device and number of a file; when it was created, where it has no number.
type FileId = (u64, u64);

/// Files that stores of this process have open.
static OPEN: Mutex<Vec<FileId>> = Mutex::new(Vec::new());

/// The files of a database as they were when a store opened it.
#[derive(Debug)]
pub(super) struct Identity {
    path: PathBuf,
    database: Option<FileId>,
    /// Log and shared memory; they stay the same as long as anybody has the database open.
    log: [Option<FileId>; 2],
}

impl Identity {
    /// Looks at the files of a database that was opened just now.
    pub fn of(path: &Path) -> Identity {
        let database = id_of(path);
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).extend(database);
        Identity { path: path.to_owned(), database, log: log_of(path) }
    }

    /// What is not as it was, as a part of a sentence.
    pub fn changed(&self) -> Option<&'static str> {
        let now = id_of(&self.path);
        if self.database.is_some() && now != self.database {
            return Some(if now.is_none() {
                "its file is not there any more"
            } else {
                "another file stands in its place"
            });
        }
        let mut pairs = self.log.iter().zip(log_of(&self.path));
        let is_gone = pairs.any(|(then, now)| then.is_some() && now != *then);
        is_gone.then_some("its log (-wal, -shm) was removed while it was open")
    }

    /// Whether somebody made a log of his own in place of the one that was removed.
    pub fn has_foreign_log(&self) -> bool {
        let [log, _] = log_of(&self.path);
        let [then, _] = self.log;
        log.is_some() && log != then
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let known = open.iter().position(|id| Some(*id) == self.database);
        if let Some(at) = known {
            open.swap_remove(at);
        }
    }
}

/// Whether a store of this process has that file open. Whoever opens and closes it beside SQLite
/// takes SQLite's locks away: the system gives up all locks of a process on a file when it closes
/// any of its descriptors.
pub(super) fn is_open_here(path: &Path) -> bool {
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    id_of(path).is_some_and(|id| open.contains(&id))
}

fn log_of(path: &Path) -> [Option<FileId>; 2] {
    let [log, memory, _] = side_files(path);
    [id_of(&log), id_of(&memory)]
}

/// What tells a file from any other; `None` if none is there.
pub(crate) fn id_of(path: &Path) -> Option<FileId> {
    std::fs::metadata(path).ok().as_ref().and_then(id)
}

#[cfg(unix)]
fn id(found: &Metadata) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn id(found: &Metadata) -> Option<FileId> {
    let created = found.created().ok()?.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    Some((created.as_secs(), u64::from(created.subsec_nanos())))
}

impl Identity {
    /// Whether SQLite may fold the log in when the last connection closes: it takes the file of the
    /// log away by its name, which must not be the one of somebody else.
    fn may_be_folded(&self) -> bool {
        id_of(&self.path) == self.database && !self.has_foreign_log()
    }

    /// Whether the log that stands beside the database is the one that this store has open.
    fn is_log_in_place(&self) -> bool {
        let [log, _] = log_of(&self.path);
        let [then, _] = self.log;
        log.is_some() && log == then
    }

    fn is_same_database(&self) -> bool {
        self.database.is_some() && id_of(&self.path) == self.database
    }
}

impl Drop for SqliteStore {
    /// Where the log was removed, what stands in it is saved: into the database if nobody else has
    /// made a log since, else into a copy beside it.
    fn drop(&mut self) {
        let Some(what) = self.identity.changed() else { return };
        tracing::warn!(place = %self.path.display(), what, "the database was changed by another program");
        if self.identity.may_be_folded() {
            return;
        }
        let is_same = self.identity.is_same_database();
        // Beside another database our log would be folded into that one.
        let is_replaced = !is_same && self.path.exists() && self.identity.is_log_in_place();
        let connections = std::mem::take(&mut *self.idle());
        if let Some(connection) = connections.first().filter(|_| is_same || is_replaced) {
            self.rescue(connection);
        }
        for connection in connections {
            let kept = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
            if let Err(error) = kept {
                tracing::error!(%error, "the log of another program may be removed");
            }
        }
        if is_replaced {
            side_files(&self.path).iter().for_each(|file| drop(files::remove(file)));
        }
    }
}

impl SqliteStore {
    fn rescue(&self, connection: &Connection) {
        let names = (1_u32..).map(|number| format!("burndown.rescued-{number}.sqlite"));
        let mut copies = names.map(|name| self.path.with_file_name(name));
        let Some(copy) = copies.find(|copy| !copy.exists()) else { return };
        match super::backup::copy_into(connection, &copy, self.options) {
            Ok(()) => tracing::error!(copy = %copy.display(), "what was written is kept in a copy"),
            Err(error) => tracing::error!(%error, "what was written could not be copied"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::contract::{Store, Writer};
    use crate::error::{Error, Result};

    fn put(store: &SqliteStore, value: &str) -> Result<()> {
        let store: &dyn Store = store;
        store.transact(|writer: &mut dyn Writer| writer.put_state("mark", value))
    }

    fn mark(path: &Path) -> Option<String> {
        SqliteStore::open(path).unwrap().read().unwrap().state("mark").unwrap()
    }

    /// Does `harm` to the files of an open database in which `first` was acknowledged; the next
    /// write must be refused. Gives the folder, with the store closed.
    #[track_caller]
    fn check(harm: impl FnOnce(&Path)) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.sqlite");
        drop(SqliteStore::open(&path).unwrap());
        let store = SqliteStore::open(&path).unwrap();
        put(&store, "first").unwrap();
        let writing = store.write().unwrap();
        drop(writing);
        harm(&path);
        assert!(matches!(put(&store, "second"), Err(Error::Displaced { .. })));
        drop(store);
        (folder, path)
    }

    fn remove_log(path: &Path) {
        let [log, memory, _] = side_files(path);
        fs::remove_file(log).unwrap();
        fs::remove_file(memory).unwrap();
    }

    #[test]
    fn what_stood_in_a_log_that_was_removed_is_saved() {
        let (_folder, path) = check(remove_log);
        assert_eq!(mark(&path).as_deref(), Some("first"));
    }

    #[test]
    fn the_log_that_another_made_since_stays_and_what_was_written_is_in_a_copy() {
        let (folder, path) = check(|path| {
            remove_log(path);
            // Whoever comes now knows nothing of this process's store.
            in_another_process("write_in_another_process", path);
        });
        let [log, ..] = side_files(&path);
        assert!(log.exists());
        assert_eq!(
            mark(&folder.path().join("burndown.rescued-1.sqlite")).as_deref(),
            Some("first")
        );
    }

    #[test]
    fn a_database_that_was_deleted_or_replaced_is_noticed() {
        let (_folder, path) = check(|path| fs::remove_file(path).unwrap());
        assert!(!path.exists());
        let (_folder, path) = check(|path| {
            let other = path.with_extension("other");
            put(&SqliteStore::open(&other).unwrap(), "other").unwrap();
            // The log of the one that was open stays, as after a copy was restored by hand.
            fs::rename(other, path).unwrap();
        });
        assert_eq!(mark(&path).as_deref(), Some("other"));
    }

    #[test]
    fn a_database_that_is_replaced_during_a_write_is_noticed_at_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.sqlite");
        let store = SqliteStore::open(&path).unwrap();
        let mut writer = store.write().unwrap();
        writer.put_state("mark", "lost").unwrap();
        remove_log(&path);
        assert!(matches!(writer.commit(), Err(Error::Displaced { .. })));
    }

    #[test]
    fn a_database_that_was_replaced_is_noticed_as_a_write_begins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.sqlite");
        let store = SqliteStore::open(&path).unwrap();
        put(&store, "first").unwrap();
        remove_log(&path);
        assert!(matches!(store.write().map(drop), Err(Error::Displaced { .. })));
    }

    #[test]
    fn locks_of_this_process_survive_another_store_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.sqlite");
        let first = SqliteStore::open(&path).unwrap();
        put(&first, "first").unwrap();
        drop(SqliteStore::open_existing(&path).unwrap());
        // Were the lock of the first gone, folding would succeed and take its log away.
        let said = in_another_process("fold_in_another_process", &path);
        assert!(said.contains("refused"), "{said}");
        put(&first, "second").unwrap();
    }

    /// Runs a test of this program by itself; gives what it said.
    fn in_another_process(test: &str, path: &Path) -> String {
        let ended = std::process::Command::new(std::env::current_exe().unwrap())
            .args([&format!("sqlite::identity::tests::{test}"), "--exact", "--ignored"])
            .arg("--nocapture")
            .env(DATABASE, path)
            .output()
            .unwrap();
        String::from_utf8_lossy(&ended.stdout).into_owned()
    }

    const DATABASE: &str = "STORE_TEST_OTHER_PROCESS";

    fn database() -> PathBuf {
        PathBuf::from(std::env::var_os(DATABASE).unwrap())
    }

    #[test]
    #[ignore = "run as a process of its own by another test"]
    fn write_in_another_process() {
        put(&SqliteStore::open(&database()).unwrap(), "other").unwrap();
    }

    #[test]
    #[ignore = "run as a process of its own by another test"]
    #[allow(clippy::print_stdout)]
    fn fold_in_another_process() {
        let path = database();
        let options = super::super::Options { busy_timeout_ms: 50, busy_retries: 0 };
        let folded = super::super::fold::fold_log_with(&path, options);
        println!("{}", if folded.is_err() { "refused" } else { "folded" });
    }
}
