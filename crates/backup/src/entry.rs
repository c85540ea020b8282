//! What can be restored: backups with our manifest, databases that were put aside, copies that were
//! made before an upgrade. Nothing of the old app's own is ever among them.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use model::{RecordCounts, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{Address, Reader, Store};

use crate::error::{Error, Result};

/// Name of the manifest in a backup.
pub(crate) const MANIFEST: &str = "backup.json";
/// Name of the database in a backup.
pub(crate) const DATABASE: &str = "burndown.sqlite";
/// What the manifest says it is.
pub(crate) const FORMAT: &str = "burndown backup 1";
const CHUNK_BYTES: usize = 1 << 20;
/// How names of folders end that do not have their final one yet.
const UNFINISHED: &str = ".partial";

/// Why a backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Somebody asked for it.
    Asked,
    /// A day went by in which something changed.
    Daily,
    /// Something big was about to be done.
    Before,
}

/// Which kind of thing can be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A backup.
    Backup,
    /// A database that another took the place of.
    Replaced,
    /// The database of a workspace that went back to the old app.
    RolledBack,
    /// A copy from before an upgrade of the stored form.
    BeforeUpgrade,
    /// What was saved when another program took the log away.
    Rescued,
}

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub format: String,
    pub made_at: Timestamp,
    pub program_version: String,
    /// The workspace that it is of; older ones do not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    pub reason: Reason,
    /// The newest committed transaction in it.
    pub revision: u64,
    pub counts: RecordCounts,
    pub database: Held,
    /// Files of the trash, by name.
    pub trash: Vec<Held>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

/// Something that can be restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// By which it is restored.
    pub id: String,
    /// Which kind of thing it is.
    pub kind: Kind,
    /// Where it is.
    pub path: PathBuf,
    /// When it was made; `None` if nothing says so.
    pub made_at: Option<Timestamp>,
    /// Why a backup was made.
    pub reason: Option<Reason>,
    /// What a backup holds.
    pub counts: Option<RecordCounts>,
    /// Bytes on disk.
    pub bytes: u64,
    /// Whether it may be of another workspace that has the same folder for its backups, by a link: nothing is
    /// done to it unasked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub may_be_of_other: bool,
}

impl Entry {
    /// The database in it.
    pub fn database(&self) -> PathBuf {
        if self.path.is_dir() { self.path.join(DATABASE) } else { self.path.clone() }
    }
}

/// All that can be restored, newest first.
pub fn list(workspace: &Path) -> Vec<Entry> {
    let database = migrate::database_path(workspace);
    let folder = migrate::backups_folder(workspace);
    let here = shared_by(workspace, &folder);
    let mut entries: Vec<Entry> = names_in(&folder)
        .filter_map(|path| in_backups(&path))
        .map(|entry| of_whom(entry, here.as_deref()))
        .filter(|entry| {
            !entry.id.ends_with(UNFINISHED) || !migrate::is_same_file(&entry.database(), &database)
        })
        .collect();
    entries.extend(names_in(files::folder_of(&database)).filter_map(|path| beside(&path)));
    entries.sort_by(|a, b| (b.made_at, &b.id).cmp(&(a.made_at, &a.id)));
    entries
}

/// The workspace in full, where its folder of backups is a link, so that others may have the same.
fn shared_by(workspace: &Path, backups: &Path) -> Option<String> {
    let is_link = fs::symlink_metadata(backups).is_ok_and(|found| found.is_symlink());
    is_link.then(|| full(workspace))
}

/// A place as it stands in manifests, whatever links lead there. Its name need not be text.
pub(crate) fn full(workspace: &Path) -> String {
    let full = workspace.canonicalize().unwrap_or_else(|_| workspace.to_owned());
    full.to_string_lossy().into_owned()
}

fn of_whom(entry: Entry, here: Option<&str>) -> Entry {
    let is_ours = |here| {
        let manifest = manifest_of(&entry.path).ok();
        entry.kind == Kind::Backup
            && manifest.is_some_and(|manifest| manifest.workspace.as_deref() == Some(here))
    };
    let may_be_of_other = here.is_some_and(|here| !is_ours(here));
    Entry { may_be_of_other, ..entry }
}

fn names_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn in_backups(path: &Path) -> Option<Entry> {
    let id = path.file_name()?.to_str()?.to_owned();
    // What a kill left before it got its name is kept as well, unless it is still in force.
    let is_aside = migrate::is_aside(&id);
    if (id.ends_with(UNFINISHED) && !is_aside) || !path.is_dir() || path.is_symlink() {
        return None;
    }
    let kind = match id.split('-').next()? {
        "backup" => Kind::Backup,
        "replaced" => Kind::Replaced,
        "rolled" => Kind::RolledBack,
        _ => return None,
    };
    let manifest = if kind == Kind::Backup { Some(manifest_of(path).ok()?) } else { None };
    if !path.join(DATABASE).is_file() {
        return None;
    }
    Some(Entry {
        made_at: manifest.as_ref().map(|it| it.made_at).or_else(|| time_in(&id)),
        reason: manifest.as_ref().map(|it| it.reason),
        counts: manifest.as_ref().map(|it| it.counts),
        bytes: files::bytes_in(path),
        path: path.to_owned(),
        may_be_of_other: false,
        kind,
        id,
    })
}

/// Copies that stand beside the database.
fn beside(path: &Path) -> Option<Entry> {
    let id = path.file_name()?.to_str()?.to_owned();
    let kind = match id.strip_prefix("burndown.")? {
        rest if !rest.ends_with(".sqlite") => return None,
        rest if rest.starts_with("before-v") => Kind::BeforeUpgrade,
        rest if rest.starts_with("rescued-") => Kind::Rescued,
        _ => return None,
    };
    let found = fs::metadata(path).ok()?;
    let made_at = found.modified().ok().and_then(|at| Timestamp::try_from(at).ok());
    let (bytes, path) = (found.len(), path.to_owned());
    let may_be_of_other = false;
    Some(Entry { id, kind, path, made_at, reason: None, counts: None, bytes, may_be_of_other })
}

/// The moment in a name such as `replaced-20260105T080000Z`.
fn time_in(id: &str) -> Option<Timestamp> {
    let id = id.trim_end_matches(UNFINISHED);
    let text = id.split('-').find(|part| part.contains('T') && part.ends_with('Z'))?;
    let (day, time) = text.trim_end_matches('Z').split_once('T')?;
    let part = |text: &str, from: usize, to: usize| text.get(from..to).map(str::to_owned);
    let moment = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(day, 0, 4)?,
        part(day, 4, 6)?,
        part(day, 6, 8)?,
        part(time, 0, 2)?,
        part(time, 2, 4)?,
        part(time, 4, 6)?
    );
    moment.parse().ok()
}

/// What is meant by a name: the id of an entry, the path of one, or that of any database.
pub fn find(workspace: &Path, asked: &str, current: &Path) -> Result<Entry> {
    if let Some(entry) = list(workspace).into_iter().find(|entry| entry.id == asked) {
        return Ok(entry);
    }
    let path = current.join(asked);
    let missing = || Error::NotFound(asked.to_owned());
    if path.is_dir() {
        return in_backups(&path).ok_or_else(missing);
    }
    if !path.is_file() {
        return Err(missing());
    }
    let bytes = fs::metadata(&path).map_or(0, |found| found.len());
    let (id, kind) = (asked.to_owned(), Kind::Backup);
    Ok(Entry {
        id,
        kind,
        path,
        made_at: None,
        reason: None,
        counts: None,
        bytes,
        may_be_of_other: false,
    })
}

/// Looks through a backup: every file is what was written, the database is sound and holds what its
/// manifest counts. Gives what it holds.
pub fn verify(entry: &Entry) -> Result<RecordCounts> {
    let damaged = |what: String| Error::Damaged { name: entry.id.clone(), what };
    let manifest = if entry.path.is_dir() { manifest_of(&entry.path).ok() } else { None };
    if let Some(manifest) = &manifest {
        let held = manifest.trash.iter().map(|held| (entry.path.join("trash"), held));
        for (folder, held) in held.chain([(entry.path.clone(), &manifest.database)]) {
            let path = folder.join(&held.name);
            match hash(&path) {
                Ok(found) if found == (held.bytes, held.sha256.clone()) => {}
                Ok(_) => return Err(damaged(format!("{} was changed", held.name))),
                Err(error) => return Err(damaged(error.to_string())),
            }
        }
    }
    let counts = copied(entry, |copy| {
        store::check_copy(copy)?;
        match damage_of(copy)? {
            Some(what) => Err(damaged(what)),
            None => Ok(counts_and_revision(copy)?.0),
        }
    })?;
    match manifest {
        Some(manifest) if manifest.counts != counts => {
            Err(damaged(format!("it holds {counts:?}, not {:?}", manifest.counts)))
        }
        _ => Ok(counts),
    }
}

/// Does something with a copy of an entry's database: the entry itself stays as it is, whatever SQLite
/// would do to a file that it opens. A log that was put aside with it is folded into the copy.
pub(crate) fn copied<R>(entry: &Entry, work: impl FnOnce(&Path) -> Result<R>) -> Result<R> {
    // The disk for temporary files may be full, or not be there; that of a backup may be read-only.
    let beside = files::scratch_folder(files::folder_of(&entry.path));
    let scratch = beside.or_else(|_| files::scratch_folder(&std::env::temp_dir()))?;
    copied_in(entry, scratch.path(), work)
}

pub(crate) fn copied_in<R>(
    entry: &Entry,
    scratch: &Path,
    work: impl FnOnce(&Path) -> Result<R>,
) -> Result<R> {
    let damaged = |what: String| Error::Damaged { name: entry.id.clone(), what };
    let copy = scratch.join(DATABASE);
    for end in ["", "-wal"] {
        let beside = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        let from = beside(&entry.database());
        if from.is_file() {
            let mut source = File::open(&from).map_err(|error| damaged(error.to_string()))?;
            let mut target = files::create_file(&beside(&copy))?;
            std::io::copy(&mut source, &mut target).map_err(|error| match error.kind() {
                // No room for a copy says nothing about the backup.
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                    files::Error::new(files::Act::Write, &copy, error).into()
                }
                _ => damaged(error.to_string()),
            })?;
        }
    }
    store::fold_log(&copy).map_err(|error| match error {
        store::Error::DiskFull(_) => error.into(),
        _ => damaged(error.to_string()),
    })?;
    work(&copy).map_err(|error| match error {
        Error::Store(store::Error::Corrupt { what, .. } | store::Error::Foreign { what, .. }) => {
            damaged(what)
        }
        other => other,
    })
}

/// What is wrong with a database, if anything is: keys, checksums, every document.
pub(crate) fn damage_of(database: &Path) -> Result<Option<String>> {
    let store = Address::Sqlite(database.to_owned()).open_existing()?;
    let (found, _) = look_through(&*store)?;
    Ok(found.into_iter().next())
}

/// Reads all of a store; gives what was found, as sentences, and how many records there are.
pub(crate) fn look_through(store: &dyn Store) -> store::Result<(Vec<String>, u64)> {
    let found = store.check_integrity()?;
    if !found.is_empty() {
        return Ok((found, 0));
    }
    match read_all(store) {
        Ok(records) => Ok((found, records)),
        Err(store::Error::Corrupt { what, .. }) => Ok((vec![what], 0)),
        Err(error) => Err(error),
    }
}

fn read_all(store: &dyn Store) -> store::Result<u64> {
    let reader: Box<dyn Reader + '_> = store.read()?;
    let mut records = 0;
    for profile in reader.profiles()? {
        reader.profile(&profile.id)?;
        reader.deliveries(&profile.id)?;
        reader.statuses(&profile.id)?;
        for query in reader.queries(&profile.id)? {
            reader.query(&query.key)?;
            reader.each_issue(&query.key, &mut |_| {
                records += 1;
                Ok(())
            })?;
            reader.each_changelog(&query.key, &mut |_| {
                records += 1;
                Ok(())
            })?;
            reader.each_issue_facts(&query.key, &mut |_| Ok(()))?;
            records += u64::from(reader.project_data(&query.key)?.is_some());
            records += reader.snapshots(&query.key, usize::MAX)?.len() as u64;
        }
    }
    reader.states()?;
    Ok(records)
}

/// What a database holds, and its newest revision.
pub(crate) fn counts_and_revision(database: &Path) -> Result<(RecordCounts, u64)> {
    let store = Address::Sqlite(database.to_owned()).open_existing()?;
    let reader: Box<dyn Reader + '_> = store.read()?;
    let counts = RecordCounts::of(&reader.profiles()?);
    let revision = reader.revision()?;
    Ok((counts, revision))
}

pub(crate) fn manifest_of(folder: &Path) -> Result<Manifest> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let damaged = |what: String| Error::Damaged { name: name.clone(), what };
    let text = files::read_text(&folder.join(MANIFEST))
        .map_err(|error| damaged(format!("its {MANIFEST} cannot be read: {error}")))?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|error| damaged(format!("its {MANIFEST}: {error}")))?;
    let names = manifest.trash.iter().chain([&manifest.database]).map(|held| &held.name);
    let is_strange = names.into_iter().any(|name| Path::new(name).components().count() != 1);
    if manifest.format != FORMAT || is_strange {
        return Err(damaged(format!("its {MANIFEST} is none of ours")));
    }
    Ok(manifest)
}

/// Size and SHA-256 of a file that nobody has open.
pub(crate) fn hash(place: &Path) -> std::io::Result<(u64, String)> {
    let mut file = files::open_to_read(place)?;
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let length = file.read(&mut buffer)?;
        let chunk = buffer.get(..length).unwrap_or_default();
        if chunk.is_empty() {
            let digest = hasher.finalize();
            return Ok((bytes, digest.iter().map(|byte| format!("{byte:02x}")).collect()));
        }
        hasher.update(chunk);
        bytes += length as u64;
    }
}
