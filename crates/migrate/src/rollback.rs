//! Back to the old app: the database moves aside, the old files are as they were, or (with
//! changes) hold what the database holds now.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use model::{Timestamp, stamp};
use store::{SecretFile, Store};

use crate::backup::{self, Manifest, nanoseconds};
use crate::error::{Error, Result};
use crate::folder::{Folder, Kind};
use crate::hold::Hold;
use crate::inventory::{OLD_DATABASE, ROOT_DATA, is_old_database};
use crate::migration::clean_up_after_a_crash;
use crate::render::Rendered;
use crate::replace::take_out;
use crate::undo::{
    forget_new_files, move_aside, note_new_files, refuse_links, remove_empty_folders, take_back,
};
use crate::verify::Migrated;
use crate::{link, place};

/// What a rollback did, or would do. Paths are relative to the workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rollback {
    /// The folder that the database was moved to.
    pub database_moved_to: PathBuf,
    /// Old files put back from the backup: missing or different now.
    pub restored: Vec<String>,
    /// Current files that stood in their place, kept beside the database.
    pub moved_aside: Vec<String>,
    /// Those of them that were written after the migration.
    pub newer: Vec<String>,
    /// Old files written anew with what the database holds.
    pub written: Vec<String>,
    /// The file of tokens, which stays where it is; `None` if there is none.
    pub secrets: Option<String>,
}

/// One file to bring to its place.
struct Step {
    path: String,
    /// What is put there; nothing where the file only has to go.
    from: Option<PathBuf>,
}

/// What a rollback goes back to, and what it has to do for that.
struct Way {
    steps: Vec<Step>,
    with_changes: bool,
    manifest: Manifest,
    /// Holds what was written out for the steps.
    _scratch: Option<files::ScratchFolder>,
}

/// Says what a rollback would do. Leaves everything as it is.
pub fn plan_rollback(workspace: &Path, with_changes: bool) -> Result<Rollback> {
    link::refuse_in_workspace(workspace)?;
    let hold = Hold::share(workspace)?;
    let (store, backup) = open(&hold, workspace)?;
    let way = Way::find(workspace, store.as_deref(), &backup, with_changes)?;
    way.describe(workspace, PathBuf::from("backups/rolled-back-…"))
}

/// Goes back. `with_changes` writes the database's content out for the old app.
pub fn rollback(workspace: &Path, with_changes: bool, now: Timestamp) -> Result<Rollback> {
    rollback_telling(workspace, with_changes, now, &mut |_| ())
}

/// The same; `tell` hears what will be done before it is. A failure under way takes back what was done.
pub fn rollback_telling(
    workspace: &Path,
    with_changes: bool,
    now: Timestamp,
    tell: &mut dyn FnMut(&Rollback),
) -> Result<Rollback> {
    link::refuse_in_workspace(workspace)?;
    if !place::holds_database(workspace)? {
        return Err(Error::NotMigrated(workspace.to_owned()));
    }
    let hold = Hold::replace(workspace, "rollback")?;
    clean_up_after_a_crash(workspace)?;
    // Before it is opened: SQLite would lose its locks by another look at its file.
    let database = place::database_files(&place::database_path(workspace));
    database.iter().try_for_each(|file| files::check_movable(file))?;
    let (store, backup) = open(&hold, workspace)?;
    let way = Way::find(workspace, store.as_deref(), &backup, with_changes)?;
    way.check_rights(workspace)?;
    let aside = place::stamped(&place::backups(workspace), "rolled-back", now);
    let done = way.describe(workspace, aside.clone())?;
    tell(&done);
    let unfinished = place::partial(&aside);
    files::create_folder(&unfinished)?;
    // From here on whoever comes after a crash takes back what was done.
    let moved = way.put_files(workspace, &unfinished).and_then(|()| {
        drop(store);
        files::write_file(&place::rolled_back_mark(workspace), stamp::format(now).as_bytes())?;
        take_out(&hold, workspace, &unfinished)
    });
    if let Err(error) = moved {
        take_back(workspace, &unfinished)?;
        return Err(error);
    }
    forget_new_files(&unfinished)?;
    files::rename(&unfinished, &aside)?;
    // What was found out about the database and the old files beside it.
    for note in [place::compared_files(workspace), place::verdict_file(workspace)] {
        files::remove(&note)?;
    }
    Ok(done)
}

/// The store, if it can be read, and the backup to go back to: the one that the database names, or
/// the newest where a damaged database names none.
fn open(_: &Hold, workspace: &Path) -> Result<(Option<Box<dyn Store>>, PathBuf)> {
    let not_migrated = || Error::NotMigrated(workspace.to_owned());
    link::refuse_in_workspace(workspace)?;
    if !place::holds_database(workspace)? {
        return Err(not_migrated());
    }
    let opened = place::open_database(&place::database_path(workspace))
        .and_then(|store| Ok((Migrated::of(workspace, &*store)?, store)));
    match opened {
        Ok((Some(migrated), store)) => Ok((Some(store), migrated.backup)),
        Ok((None, _)) => Err(not_migrated()),
        Err(error) if error.is_damage() => {
            let newest = backup::finished(&place::backups(workspace)).pop();
            newest.map(|backup| (None, backup)).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

impl Way {
    fn find(
        workspace: &Path,
        store: Option<&dyn Store>,
        backup: &Path,
        with_changes: bool,
    ) -> Result<Way> {
        // Files of the backup that have to be put back are looked at one by one.
        let manifest =
            if with_changes { backup::open(backup)? } else { backup::read_manifest(backup)? };
        let mut scratch = None;
        let steps = if with_changes {
            let damaged = || Error::DamagedDatabase(place::database_path(workspace));
            let store = store.ok_or_else(damaged)?;
            let folder = files::scratch_folder(&place::backups(workspace))?;
            // Both are only looked at, so neither has to last.
            let (now, then) = files::unflushed(|| {
                let now = Rendered::of_store(store, workspace, &folder.path().join("now"))?;
                let then = Rendered::of_backup(backup, &manifest, &folder.path().join("then"))?;
                Ok::<_, Error>((now, then))
            })?;
            scratch = Some(folder);
            to_what_is_now(workspace, &manifest, &now, &then)?
        } else if manifest.is_in_place {
            to_the_backup(workspace, &manifest, backup)?
        } else {
            Vec::new()
        };
        steps.iter().try_for_each(|step| refuse_links(workspace, &step.path))?;
        Ok(Way { steps, with_changes, manifest, _scratch: scratch })
    }

    /// Whether all that is to be moved can be, before anything is: a rollback happens or it does not.
    fn check_rights(&self, workspace: &Path) -> Result<()> {
        let folder = Folder::new(workspace);
        for step in &self.steps {
            files::check_movable(&folder.place(&step.path)?)?;
        }
        Ok(())
    }

    /// Brings each file to its place, what stood there into `aside`.
    fn put_files(&self, workspace: &Path, aside: &Path) -> Result<()> {
        let folder = Folder::new(workspace);
        let mut new = Vec::new();
        for step in self.steps.iter().filter(|step| step.from.is_some()) {
            if folder.kind(&step.path)? == Kind::Absent {
                new.push(step.path.as_str());
            }
        }
        note_new_files(aside, &new)?;
        for step in &self.steps {
            let permissions = move_aside(workspace, &step.path, aside)?;
            if let Some(from) = &step.from {
                put(from, &folder.place(&step.path)?, permissions)?;
            }
        }
        let gone = self.steps.iter().filter(|step| step.from.is_none());
        gone.into_iter().try_for_each(|step| remove_empty_folders(workspace, &step.path))
    }

    fn describe(&self, workspace: &Path, database_moved_to: PathBuf) -> Result<Rollback> {
        let folder = Folder::new(workspace);
        let mut told = Rollback { database_moved_to, ..Rollback::default() };
        for step in &self.steps {
            let kind = folder.kind(&step.path)?;
            if kind != Kind::Absent {
                told.moved_aside.push(step.path.clone());
            }
            if self.is_newer(&step.path, kind) {
                told.newer.push(step.path.clone());
            }
            match (&step.from, self.with_changes) {
                (Some(_), true) => told.written.push(step.path.clone()),
                (Some(_), false) => told.restored.push(step.path.clone()),
                (None, _) => {}
            }
        }
        let secrets = format!("profiles/{}", SecretFile::NAME);
        told.secrets = folder.is_file(&secrets)?.then_some(secrets);
        Ok(told)
    }

    /// Whether a current file was written after the one that the backup holds.
    fn is_newer(&self, path: &str, kind: Kind) -> bool {
        let Kind::File { modified, .. } = kind else { return false };
        let backed_up = self.manifest.files.iter().find(|file| file.path == path);
        let then = backed_up.and_then(|file| file.modified_ns);
        matches!((modified.and_then(nanoseconds), then), (Some(now), Some(then)) if now > then)
    }
}

/// Files of the backup that are missing or different in the workspace.
fn to_the_backup(workspace: &Path, manifest: &Manifest, backup: &Path) -> Result<Vec<Step>> {
    let copies = Folder::new(backup);
    let mut steps = Vec::new();
    // A file whose name is no text cannot be found by its path.
    for file in manifest.files.iter().filter(|file| !file.is_inexact) {
        if !is_as_backed_up(workspace, manifest, &file.path)? {
            backup::check(backup, file)?;
            let from = Some(copies.place(&file.path)?);
            steps.push(Step { path: file.path.clone(), from });
        }
    }
    // A log of what the old app wrote later belongs to what goes, whether or not its database changed;
    // SQLite would take it into what comes back.
    if manifest.files.iter().any(|file| file.path == OLD_DATABASE) {
        let beside = Folder::new(workspace).list("profiles")?.into_iter().map(|entry| entry.path);
        // What holds no byte, or is no file, says nothing: it may have stood there before. SQLite reads a log
        // behind a link, too.
        let says = |path: &String| {
            let place = workspace.join(path);
            match fs::metadata(&place) {
                Ok(found) => Ok(found.is_file() && found.len() > 0),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
                // What cannot be looked at may say anything.
                Err(error) => Err(Error::io("reading", &place, &error)),
            }
        };
        let is_kept = |path: &String| manifest.files.iter().any(|file| file.path == *path);
        let logs = beside.filter(|path| is_old_database(path) && !is_kept(path));
        let mut foreign: Vec<String> = Vec::new();
        for log in logs {
            if says(&log)? {
                foreign.push(log);
            }
        }
        // The index of a log (-shm) is in no backup, and says nothing by itself.
        let goes = steps.iter().any(|step| step.path == OLD_DATABASE);
        if goes || foreign.iter().any(|path| !path.ends_with("-shm")) {
            steps.extend(foreign.into_iter().map(|path| Step { path, from: None }));
        }
    }
    Ok(steps)
}

/// Old files that say something else than the database does now.
fn to_what_is_now(
    workspace: &Path,
    manifest: &Manifest,
    now: &Rendered,
    then: &Rendered,
) -> Result<Vec<Step>> {
    let current = Folder::new(workspace);
    let mut steps = Vec::new();
    let (now_paths, then_paths) = (now.paths()?, then.paths()?);
    for path in &now_paths {
        let is_unchanged = || {
            Ok::<_, Error>(
                then.means_same(path, &now.place(path)?)?
                    && is_as_backed_up(workspace, manifest, path)?,
            )
        };
        if !now.means_same(path, &current.place(path)?)? && !is_unchanged()? {
            steps.push(Step { path: path.clone(), from: Some(now.place(path)?) });
        }
    }
    // The old app reads JSON only where it finds no database of its own; it makes one from it then.
    // Files of the root became a profile, which is written below `profiles` now.
    let is_superseded =
        |path: &str| is_old_database(path) || (manifest.is_in_place && ROOT_DATA.contains(&path));
    let mut gone: BTreeSet<String> = manifest.files.iter().map(|file| file.path.clone()).collect();
    gone.retain(|path| is_superseded(path));
    // What the database has no more, the old app must not see again, nor what lies beside it.
    let kept: HashSet<&String> = now_paths.iter().collect();
    for path in then_paths.iter().filter(|path| !kept.contains(path)) {
        gone.insert(path.clone());
        if let Some(folder) = folder_of_noun(path) {
            let below = current.walk(folder)?.into_iter().filter(|it| it.kind != Kind::Folder);
            gone.extend(below.map(|entry| entry.path));
        }
    }
    for path in gone {
        if current.kind(&path)? != Kind::Absent {
            steps.push(Step { path, from: None });
        }
    }
    Ok(steps)
}

/// The folder of the profile or query that a file says there is.
fn folder_of_noun(path: &str) -> Option<&str> {
    ["/profile.json", "/query.json"].iter().find_map(|name| path.strip_suffix(name))
}

fn is_as_backed_up(workspace: &Path, manifest: &Manifest, path: &str) -> Result<bool> {
    let folder = Folder::new(workspace);
    let Some(file) = manifest.files.iter().find(|file| file.path == path) else { return Ok(false) };
    Ok(match folder.kind(path)? {
        Kind::File { bytes, .. } if bytes == file.bytes => {
            backup::hash_file(&folder.place(path)?)?.1 == file.sha256
        }
        _ => false,
    })
}

/// Puts a file in its place in one step, as readable for others as the one before it was.
fn put(from: &Path, to: &Path, permissions: Option<Permissions>) -> Result<()> {
    files::create_folder(to.parent().unwrap_or(Path::new(".")))?;
    let bytes = fs::read(from).map_err(|error| Error::io("reading", from, &error))?;
    Ok(files::write_file_with(to, &bytes, permissions)?)
}
