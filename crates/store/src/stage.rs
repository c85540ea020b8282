//! Where a sync puts what it fetched until all of it is there: a private database for each query,
//! which only one process has open at a time. A kill or an error leaves it for the next sync; what is
//! damaged is fetched again.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::hash::{FNV_BASIS, fnv1a, hex};
use model::remote::{Fetched, Stub};
use model::{Document, QueryKey, Timestamp};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, Transaction, params};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};
use crate::sqlite::{classify, create_private_file, file_id, side_files};

const ENDING: &str = ".stage";
/// How often a stage that its holder took away meanwhile is made anew.
const LOCK_TRIES: u32 = 3;
/// The lock lies in the locking mode: the first statement takes it, the end of the connection or of
/// the process gives it free. Space that deleted rows leave goes back to the disk.
const SETTINGS: &str = "PRAGMA auto_vacuum = FULL; PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL";
/// Rows are only ever added, and found by their number, so that there is no index that a damage could
/// make disagree with them. The row with the empty id is the note; its text is the document.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS staged (number INTEGER PRIMARY KEY,
    id TEXT NOT NULL, key TEXT NOT NULL, updated INTEGER, is_settled INTEGER NOT NULL,
    histories_told INTEGER NOT NULL, histories_received INTEGER NOT NULL, document TEXT NOT NULL,
    changelog TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT";
const COLUMNS: &str = "id, key, updated, is_settled, histories_told, histories_received, document,
    changelog, checksum";

/// Over everything that a row says.
fn checksum_of(issue: &Fetched, is_settled: bool) -> i64 {
    let Stub { id, key, updated } = &issue.stub;
    let texts = [id.as_str(), key, issue.document.as_str(), issue.changelog.as_str()];
    let numbers = [
        updated.map_or(i64::MIN, |at| at.as_millisecond()),
        i64::from(is_settled),
        told(issue),
        issue.histories_received.cast_signed(),
    ];
    let sum = |sum, text: &&str| fnv1a(fnv1a(sum, text.as_bytes()), &[0xff]);
    let of_texts = texts.iter().fold(FNV_BASIS, sum);
    numbers.iter().fold(of_texts, |sum, number| fnv1a(sum, &number.to_le_bytes())).cast_signed()
}

/// How many histories there are as a row has it: -1 if nobody says.
fn told(issue: &Fetched) -> i64 {
    issue.histories_told.map_or(-1, u64::cast_signed)
}

/// Reads a row, and whether every change of it is told by its time; `None` if it is not as it was
/// written.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<(Fetched, bool)>> {
    let updated: Option<i64> = row.get(2)?;
    let issue = Fetched {
        stub: Stub {
            id: row.get(0)?,
            key: row.get(1)?,
            updated: updated.and_then(|at| Timestamp::from_millisecond(at).ok()),
        },
        histories_told: u64::try_from(row.get::<_, i64>(4)?).ok(),
        histories_received: row.get::<_, i64>(5)?.unsigned_abs(),
        document: Document::from_stored(row.get(6)?),
        changelog: Document::from_stored(row.get(7)?),
    };
    let (is_settled, checksum): (bool, i64) = (row.get(3)?, row.get(8)?);
    Ok((checksum_of(&issue, is_settled) == checksum).then_some((issue, is_settled)))
}

/// Adds a row; gives its number.
fn put(transaction: &Transaction<'_>, issue: &Fetched, is_settled: bool) -> rusqlite::Result<i64> {
    let sql = format!("INSERT INTO staged ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)");
    let row = params![
        issue.stub.id,
        issue.stub.key,
        issue.stub.updated.map(|at| at.as_millisecond()),
        is_settled,
        told(issue),
        issue.histories_received.cast_signed(),
        issue.document.as_str(),
        issue.changelog.as_str(),
        checksum_of(issue, is_settled),
    ];
    transaction.prepare_cached(&sql)?.insert(row)
}

/// Where an issue lies, and what it was then if every change of it is told by its time of change.
#[derive(Debug)]
struct Place {
    number: i64,
    settled: Option<Stub>,
}

/// The staged issues of one query, locked.
#[derive(Debug)]
pub struct Stage {
    connection: Connection,
    path: PathBuf,
    /// By id; of two the later.
    places: HashMap<String, Place>,
}

impl Stage {
    /// Locks the stage of a query in that folder; `None` if somebody else holds it. Nothing of what
    /// lies in it counts before [`Stage::resume`].
    pub fn lock(folder: &Path, query: &QueryKey) -> Result<Option<Stage>> {
        let path = folder.join(file_name(query));
        for _ in 0..LOCK_TRIES {
            create(&path)?;
            let there = file_id(&path);
            match Stage::lock_file(&path) {
                // Whoever held it took it away at its end: the lock is one on nothing.
                _ if there.is_none() || there != file_id(&path) => {}
                locked => return locked,
            }
        }
        Ok(None)
    }

    fn lock_file(path: &Path) -> Result<Option<Stage>> {
        match Stage::open(path) {
            Err(Error::Busy { .. }) => Ok(None),
            Err(Error::Corrupt { .. } | Error::Aborted(_)) => {
                // Nobody can have it open: it is no database.
                remove(path)?;
                create(path)?;
                Stage::open(path).map(Some)
            }
            opened => opened.map(Some),
        }
    }

    fn open(path: &Path) -> Result<Stage> {
        let fail = |error: rusqlite::Error| classify(&error, path, 0);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
        connection.busy_timeout(Duration::ZERO).map_err(fail)?;
        connection.execute_batch(SETTINGS).map_err(fail)?;
        connection.execute_batch(TABLE).map_err(fail)?;
        Ok(Stage { connection, path: path.to_owned(), places: HashMap::new() })
    }

    /// Takes up what an earlier sync left if `serves` says so of its note; else begins anew with
    /// `note`.
    pub fn resume(&mut self, note: &str, serves: impl FnOnce(&str) -> bool) -> Result<()> {
        let found = self.load();
        match found {
            Ok(Some(found)) if serves(&found) => Ok(()),
            Ok(_) => self.begin(note),
            // Damaged: all of it is fetched again.
            Err(Error::Corrupt { .. }) => {
                self.connection =
                    Connection::open_in_memory().map_err(|error| self.fail(&error))?;
                remove(&self.path)?;
                create(&self.path)?;
                *self = Stage::open(&self.path)?;
                self.begin(note)
            }
            Err(error) => Err(error),
        }
    }

    fn begin(&mut self, note: &str) -> Result<()> {
        self.clear()?;
        let issue = Fetched {
            stub: Stub { id: String::new(), key: String::new(), updated: None },
            document: Document::from_stored(note.to_owned()),
            changelog: Document::from_stored(String::new()),
            histories_told: Some(0),
            histories_received: 0,
        };
        self.add(&[issue], |_| false)
    }

    /// Reads the note and forgets what is not as it was written.
    fn load(&mut self) -> Result<Option<String>> {
        let sql = format!("SELECT {COLUMNS}, number FROM staged ORDER BY number");
        let load = || -> rusqlite::Result<_> {
            let (mut note, mut places, mut is_whole) = (None, HashMap::new(), true);
            let mut statement = self.connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                match read(row)? {
                    Some((issue, _)) if issue.stub.id.is_empty() => {
                        note = Some(issue.document.as_str().to_owned());
                    }
                    Some((issue, is_settled)) => {
                        let (number, stub) = (row.get(9)?, issue.stub);
                        let id = stub.id.clone();
                        places.insert(id, Place { number, settled: is_settled.then_some(stub) });
                    }
                    None => is_whole = false,
                }
            }
            Ok((note.filter(|_| is_whole), places))
        };
        let (note, places) = load().map_err(|error| self.fail(&error))?;
        self.places = places;
        Ok(note)
    }

    /// Whether it holds the issue as the server has it now.
    pub fn holds(&self, stub: &Stub) -> bool {
        let settled = self.places.get(&stub.id).and_then(|place| place.settled.as_ref());
        stub.updated.is_some() && settled == Some(stub)
    }

    /// Adds issues; of two with the same id the later counts. `is_settled` says whether every change
    /// of an issue is told by its time of change.
    pub fn add(&mut self, issues: &[Fetched], is_settled: impl Fn(&Fetched) -> bool) -> Result<()> {
        let path = &self.path;
        let fail = |error: rusqlite::Error| classify(&error, path, 0);
        let transaction = self.connection.transaction().map_err(fail)?;
        let mut added = Vec::with_capacity(issues.len());
        for issue in issues {
            let is_settled = is_settled(issue);
            let number = put(&transaction, issue, is_settled).map_err(fail)?;
            let settled = is_settled.then(|| issue.stub.clone());
            added.push((issue.stub.id.clone(), Place { number, settled }));
        }
        transaction.commit().map_err(fail)?;
        self.places.extend(added);
        Ok(())
    }

    /// The issue of an id; `Corrupt` if it is not there as it was added.
    pub fn issue(&self, id: &str) -> Result<Fetched> {
        let sql = format!("SELECT {COLUMNS} FROM staged WHERE number = ?");
        let number = self.places.get(id).map(|place| place.number);
        let find =
            |sql: &str| self.connection.prepare_cached(sql)?.query_row([number], read).optional();
        let found = find(&sql).map_err(|error| self.fail(&error))?;
        found.flatten().map(|(issue, _)| issue).ok_or_else(|| Error::Corrupt {
            place: self.path.display().to_string(),
            what: "an issue that was put there is damaged".to_owned(),
        })
    }

    /// Forgets everything and gives the space back.
    pub fn clear(&mut self) -> Result<()> {
        self.places.clear();
        let cleared = self.connection.execute_batch("DELETE FROM staged");
        cleared
            .and_then(|()| {
                self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            })
            .map_err(|error| self.fail(&error))
    }

    /// Whether nothing lies in it.
    pub fn is_empty(&self) -> Result<bool> {
        let first = self.connection.query_row("SELECT 1 FROM staged LIMIT 1", [], |_| Ok(()));
        Ok(first.optional().map_err(|error| self.fail(&error))?.is_none())
    }

    /// Takes the stage away, at the end of a sync that needs it no more.
    pub fn end(mut self) -> Result<()> {
        // Where a file that is open cannot be removed, nothing is left in it.
        self.clear()?;
        self.connection
            .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
            .map_err(|error| self.fail(&error))?;
        match std::fs::remove_file(&self.path) {
            Err(error) if cfg!(unix) => Err(Error::from_io(&error, &self.path)),
            _ => Ok(()),
        }
    }

    fn fail(&self, error: &rusqlite::Error) -> Error {
        classify(error, &self.path, 0)
    }

    /// Removes the stages in `folder` of all queries but these: nobody will go on with them.
    pub fn remove_all_but<'q>(folder: &Path, queries: impl Iterator<Item = &'q QueryKey>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        let known: HashSet<String> = queries.map(file_name).collect();
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            // What is no stage, somebody else put there.
            let stage = name.find(ENDING).and_then(|at| name.get(..at + ENDING.len()));
            let is_unknown = stage.is_some_and(|stage| !known.contains(stage));
            if is_unknown && let Err(error) = std::fs::remove_file(entry.path()) {
                tracing::warn!(%error, "what a sync fetched could not be removed");
            }
        }
    }
}

/// Makes the file if it is not there. One that is there is not touched: closing it would let go of a
/// lock that this process has on it.
fn create(path: &Path) -> Result<()> {
    if path.exists() { Ok(()) } else { create_private_file(path) }
}

/// Removes a stage that is no database.
fn remove(path: &Path) -> Result<()> {
    for file in side_files(path).iter().map(PathBuf::as_path).chain([path]) {
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::from_io(&error, file));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Name of the file of a query. Ids may be longer together than a name may be.
fn file_name(query: &QueryKey) -> String {
    hex(&Sha256::digest(format!("{}/{}", query.profile, query.query))) + ENDING
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> QueryKey {
        QueryKey::parse("p", "q").unwrap()
    }

    fn stub(number: i64) -> Stub {
        let updated = Some(Timestamp::from_millisecond(number).unwrap());
        Stub { id: number.to_string(), key: format!("A-{number}"), updated }
    }

    fn issue(number: i64) -> Fetched {
        Fetched {
            stub: stub(number),
            document: Document::from_stored(format!("{{\"text\":\"{}\"}}", "lorem ".repeat(400))),
            changelog: Document::from_stored("{}".to_owned()),
            histories_told: (number % 3 > 0).then_some(2),
            histories_received: 1,
        }
    }

    /// Those with an even number are settled.
    fn add(stage: &mut Stage, numbers: std::ops::RangeInclusive<i64>) {
        let issues: Vec<Fetched> = numbers.map(issue).collect();
        stage.add(&issues, |issue| issue.stub.id.parse::<i64>().unwrap() % 2 == 0).unwrap();
    }

    fn staged(folder: &Path, count: i64) -> Stage {
        let mut stage = Stage::lock(folder, &query()).unwrap().unwrap();
        stage.resume("a", |_| false).unwrap();
        (1..=count).step_by(2).for_each(|first| add(&mut stage, first..=first + 1));
        stage
    }

    fn resumed(folder: &Path, wanted: &str) -> Stage {
        let mut stage = Stage::lock(folder, &query()).unwrap().unwrap();
        stage.resume(wanted, |note| note == wanted).unwrap();
        stage
    }

    #[test]
    fn what_was_staged_is_there_for_whom_it_serves() {
        let folder = tempfile::tempdir().unwrap();
        let stage = staged(folder.path(), 4);
        assert!(Stage::lock(folder.path(), &query()).unwrap().is_none(), "somebody holds it");
        drop(stage);
        let stage = resumed(folder.path(), "a");
        assert!(stage.holds(&stub(2)));
        assert!(!stage.holds(&stub(3)), "may change without being told");
        assert!(!stage.holds(&Stub { key: "B-2".to_owned(), ..stub(2) }));
        assert!(!stage.holds(&Stub { updated: stub(3).updated, ..stub(2) }));
        assert_eq!(stage.issue("3").unwrap().document, issue(3).document);
        assert!(matches!(stage.issue("9"), Err(Error::Corrupt { .. })));
        drop(stage);
        assert!(!resumed(folder.path(), "b").holds(&stub(2)));
    }

    #[test]
    fn nothing_stays_on_the_disk_once_it_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let mut stage = staged(folder.path(), 200);
        stage.clear().unwrap();
        let bytes = |path: PathBuf| std::fs::metadata(path).map_or(0, |found| found.len());
        let sizes = std::fs::read_dir(folder.path()).unwrap().map(|e| bytes(e.unwrap().path()));
        assert!(sizes.sum::<u64>() <= 20 << 10);
        drop(stage);
        Stage::remove_all_but(folder.path(), [query()].iter());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        Stage::remove_all_but(folder.path(), std::iter::empty());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_stage_that_ended_is_gone_and_can_be_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let stage = staged(folder.path(), 20);
        assert!(!stage.is_empty().unwrap());
        stage.end().unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let stage = Stage::lock(folder.path(), &query()).unwrap().unwrap();
        assert!(stage.is_empty().unwrap());
        assert!(Stage::lock(folder.path(), &query()).unwrap().is_none(), "it is locked");
    }

    /// What a kill leaves is what stands in the files at that moment; they are copied while the
    /// stage is open, then cut or changed.
    #[track_caller]
    fn check_damaged(ending: &str, damage: impl Fn(&mut Vec<u8>), known_min: usize) {
        let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let stage = staged(folder.path(), 20);
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let mut bytes = std::fs::read(&path).unwrap();
            if name.ends_with(ending) {
                damage(&mut bytes);
            }
            std::fs::write(copy.path().join(name), bytes).unwrap();
        }
        drop(stage);
        let mut stage = resumed(copy.path(), "a");
        assert!(stage.places.len() >= known_min, "{} issues are known", stage.places.len());
        let known: Vec<String> = stage.places.keys().filter(|id| !id.is_empty()).cloned().collect();
        for id in known {
            let wanted = issue(id.parse().unwrap());
            assert_eq!(stage.issue(&id).unwrap().document, wanted.document);
        }
        add(&mut stage, 1..=20);
        assert!((1..=20).all(|number| stage.holds(&stub(number)) == (number % 2 == 0)));
    }

    #[test]
    fn a_kill_leaves_what_was_added_before() {
        check_damaged("-wal", |_| {}, 20);
        for cut in [1, 100, 4_200] {
            check_damaged("-wal", |bytes| bytes.truncate(bytes.len() - cut), 16);
        }
        check_damaged("-wal", |bytes| bytes.truncate(0), 0);
    }

    /// Whatever is cut off or changed in a database at rest, the stage works on, and what it still
    /// holds is as it was.
    #[test]
    fn damage_at_rest_is_never_handed_on() {
        let folder = tempfile::tempdir().unwrap();
        drop(staged(folder.path(), 20));
        let path = folder.path().join(file_name(&query()));
        let whole = std::fs::read(&path).unwrap();
        let cuts = [1, 200, 4_096, 5_000, 20_000].map(|cut| whole[..whole.len() - cut].to_vec());
        let flips = (50..whole.len()).step_by(997).map(|at| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            bytes
        });
        for bytes in cuts.into_iter().chain(flips) {
            std::fs::write(&path, bytes).unwrap();
            let mut stage = resumed(folder.path(), "a");
            for number in (1..=20).filter(|number| stage.places.contains_key(&number.to_string())) {
                assert_eq!(stage.issue(&number.to_string()).unwrap(), issue(number));
            }
            add(&mut stage, 1..=20);
            assert_eq!(stage.issue("20").unwrap(), issue(20));
        }
    }

    #[test]
    fn what_is_no_database_is_begun_anew() {
        check_damaged(ENDING, |bytes| *bytes = b"burndown stage 1".to_vec(), 0);
        check_damaged(ENDING, |bytes| bytes.iter_mut().for_each(|byte| *byte ^= 0x55), 0);
    }
}
