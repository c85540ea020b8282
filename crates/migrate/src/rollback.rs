//! Back to the old app: the database moves aside, the old files are as they were, or (with
//! changes) hold what the database holds now.

use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use model::{Json, Object, Timestamp, stamp};
use store::json::JsonStore;
use store::legacy::split::{Piece, split};
use store::{SecretFile, Store};

use crate::backup::{self, Manifest};
use crate::error::{Error, Result};
use crate::folder::{Folder, Kind};
use crate::inventory::{SAVED_QUERIES, is_ours};
use crate::lock::Lock;
use crate::migration::move_database;
use crate::verify::Migrated;
use crate::{disk, link, place};

/// What a rollback did, or would do. Paths are relative to the workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rollback {
    /// The folder that the database was moved to.
    pub database_moved_to: PathBuf,
    /// Old files put back from the backup: missing or different now.
    pub restored: Vec<String>,
    /// Current files that stood in their place, kept beside the database.
    pub moved_aside: Vec<String>,
    /// Old files written anew with what the database holds.
    pub written: Vec<String>,
}

/// Old files above this are compared piece by piece, in bytes.
const WHOLE_BYTES_MAX: u64 = 1 << 20;

/// Says what a rollback would do. Writes nothing.
pub fn plan_rollback(workspace: &Path) -> Result<Rollback> {
    let (_, backup) = open(workspace)?;
    let manifest = backup::open(&backup)?;
    let mut planned = Rollback {
        database_moved_to: PathBuf::from("backups/rolled-back-…"),
        ..Rollback::default()
    };
    if manifest.is_in_place {
        for path in differing(&manifest, workspace)? {
            if Folder::new(workspace).kind(&path)? != Kind::Absent {
                planned.moved_aside.push(path.clone());
            }
            planned.restored.push(path);
        }
    }
    Ok(planned)
}

/// Goes back. `with_changes` writes the database's content out for the old app.
pub fn rollback(workspace: &Path, with_changes: bool, now: Timestamp) -> Result<Rollback> {
    let _lock = Lock::take(workspace)?;
    let (store, backup) = open(workspace)?;
    let manifest = backup::open(&backup)?;
    if with_changes && store.is_none() {
        return Err(Error::DamagedDatabase(place::database_path(workspace)));
    }
    let aside = place::stamped(&place::backups(workspace), "rolled-back", now);
    disk::create_folder(&aside)?;
    let mut done = Rollback { database_moved_to: aside.clone(), ..Rollback::default() };
    if let Some(store) = store.as_ref().filter(|_| with_changes) {
        let rendered = aside.join("rendered");
        render(&**store, workspace, &rendered)?;
        put_rendered(workspace, &rendered, &aside, &mut done)?;
        disk::remove(&rendered)?;
    } else if manifest.is_in_place {
        let paths = differing(&manifest, workspace)?;
        paths.iter().try_for_each(|path| refuse_links(workspace, path))?;
        for path in paths {
            move_current_aside(workspace, &path, &aside, &mut done)?;
            restore(&backup, workspace, &path)?;
            done.restored.push(path);
        }
    }
    drop(store);
    disk::write_file(&place::rolled_back_mark(workspace), stamp::format(now).as_bytes())?;
    move_database(&place::database_path(workspace), &aside)?;
    Ok(done)
}

/// The store, if it can be read, and the backup to go back to: the one that the database names, or
/// the newest where a damaged database names none.
fn open(workspace: &Path) -> Result<(Option<Box<dyn Store>>, PathBuf)> {
    let database = place::database_path(workspace);
    let not_migrated = || Error::NotMigrated(workspace.to_owned());
    link::refuse_in_workspace(workspace)?;
    if !place::holds_database(workspace)? {
        return Err(not_migrated());
    }
    let opened = place::open_database(&database)
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

/// Files of the backup that are missing or different in the workspace.
fn differing(manifest: &Manifest, workspace: &Path) -> Result<Vec<String>> {
    let folder = Folder::new(workspace);
    let mut found = Vec::new();
    for file in manifest.files.iter().filter(|file| !file.is_inexact) {
        let is_same = match folder.kind(&file.path)? {
            Kind::File { bytes, .. } if bytes == file.bytes => {
                backup::hash_file(&folder.place(&file.path))?.1 == file.sha256
            }
            _ => false,
        };
        if !is_same {
            found.push(file.path.clone());
        }
    }
    Ok(found)
}

fn move_current_aside(
    workspace: &Path,
    path: &str,
    aside: &Path,
    done: &mut Rollback,
) -> Result<()> {
    if Folder::new(workspace).kind(path)? == Kind::Absent {
        return Ok(());
    }
    let target = Folder::new(&aside.join("legacy")).place(path);
    disk::create_folder(target.parent().unwrap_or(aside))?;
    disk::rename(&Folder::new(workspace).place(path), &target)?;
    done.moved_aside.push(path.to_owned());
    Ok(())
}

/// Puts one file of the backup back, in one step.
fn restore(backup: &Path, workspace: &Path, path: &str) -> Result<()> {
    let from = Folder::new(backup).place(path);
    let to = Folder::new(workspace).place(path);
    put(&from, &to)
}

/// Refuses a path on which a folder is a link: what it points to is not ours to write.
fn refuse_links(workspace: &Path, path: &str) -> Result<()> {
    let mut place = workspace.to_owned();
    for part in path.split('/') {
        place.push(part);
        if fs::symlink_metadata(&place).is_ok_and(|found| found.is_symlink()) {
            let why = "a symbolic link stands there. Remove it and try again".to_owned();
            return Err(Error::Io { doing: "rolling back", place, why });
        }
    }
    Ok(())
}

fn put(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(Path::new("."));
    disk::create_folder(folder)?;
    let bytes = fs::read(from).map_err(|error| Error::io("reading", from, &error))?;
    disk::write_file(to, &bytes)
}

/// Writes the whole workspace in the old app's layout below `rendered`.
fn render(store: &dyn Store, workspace: &Path, rendered: &Path) -> Result<()> {
    let profiles = rendered.join("profiles");
    disk::create_folder(&profiles)?;
    let legacy: Box<dyn Store> = Box::new(JsonStore::open(&profiles)?);
    let reader = store.read()?;
    legacy.transact(|writer| store::copy(&*reader, writer))?;
    let secrets = SecretFile::open(&place::profiles(workspace))?;
    for profile in reader.profiles()? {
        if let Some(token) = secrets.token(&profile.id) {
            put_token(&profiles.join(profile.id.as_str()).join("profile.json"), token)?;
        }
    }
    if let Some(saved) = reader.state("saved_queries")?
        && let Ok(list) = Json::parse(&saved)
    {
        disk::write_file(&rendered.join(SAVED_QUERIES), list.to_indented().as_bytes())?;
    }
    Ok(())
}

/// The old app keeps its token in the profile and cannot connect without.
fn put_token(file: &Path, token: &model::Token) -> Result<()> {
    let text = fs::read_to_string(file).map_err(|error| Error::io("reading", file, &error))?;
    let Ok(Json::Object(mut profile)) = Json::parse(&text) else { return Ok(()) };
    if profile.get("jira_config").is_none() {
        profile.set("jira_config", Json::Object(Object::new()));
    }
    if let Some(Json::Object(connection)) = profile.get_mut("jira_config") {
        connection.set("token", Json::text(token.reveal()));
    }
    disk::write_file(file, Json::Object(profile).to_indented().as_bytes())
}

/// Brings the workspace's old files to what was rendered; what means the same stays untouched.
fn put_rendered(
    workspace: &Path,
    rendered: &Path,
    aside: &Path,
    done: &mut Rollback,
) -> Result<()> {
    let new = Folder::new(rendered);
    let current = Folder::new(workspace);
    let mut wanted = std::collections::HashSet::new();
    for entry in new.walk("")? {
        refuse_links(workspace, &entry.path)?;
    }
    for entry in new.walk("")? {
        let is_our_own = entry.path.strip_prefix("profiles/").is_some_and(is_ours);
        if !matches!(entry.kind, Kind::File { .. }) || is_our_own {
            continue;
        }
        wanted.insert(entry.path.clone());
        let place = current.place(&entry.path);
        if current.is_file(&entry.path)? && mean_same(&entry.place, &place)? {
            continue;
        }
        move_current_aside(workspace, &entry.path, aside, done)?;
        put(&entry.place, &place)?;
        done.written.push(entry.path);
    }
    for entry in current.walk("profiles")? {
        let name = entry.path.rsplit('/').next().unwrap_or_default();
        let is_record = RENDERED_NAMES.contains(&name) && entry.path.matches('/').count() > 1;
        let is_file = matches!(entry.kind, Kind::File { .. });
        if is_file && is_record && !wanted.contains(&entry.path) {
            move_current_aside(workspace, &entry.path, aside, done)?;
        }
    }
    Ok(())
}

/// Files of profiles and queries; where the database has none any more, the old app must not see
/// them again.
const RENDERED_NAMES: [&str; 6] = [
    "profile.json",
    "query.json",
    "jira_cache.json",
    "jira_changelog_cache.json",
    "project_data.json",
    "metrics_snapshots.json",
];

/// Whether two files hold the same JSON. Large ones are compared in written order.
fn mean_same(a: &Path, b: &Path) -> Result<bool> {
    let size = |place: &Path| fs::metadata(place).map_or(0, |found| found.len());
    if size(a).max(size(b)) > WHOLE_BYTES_MAX {
        return Ok(pieces(a)? == pieces(b)?);
    }
    let parse = |place: &Path| Json::parse(&fs::read_to_string(place).ok()?).ok();
    Ok(matches!((parse(a), parse(b)), (Some(a), Some(b)) if a.means_same(&b)))
}

/// Digests of a file's members and elements; `None` if it is damaged.
fn pieces(place: &Path) -> Result<Option<Vec<u64>>> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let file = fs::File::open(place).map_err(|error| Error::io("reading", place, &error))?;
    let (mut digests, mut tape, mut is_damaged) = (Vec::new(), model::Tape::new(), false);
    let end =
        split::<_, std::io::Error>(BufReader::new(file), &["issues", "statistics"], &mut |piece| {
            let (Piece::Member(name, text) | Piece::Element(name, text)) = piece;
            let Ok(document) = model::Document::parse(&text.text, &mut tape) else {
                is_damaged = true;
                return Ok(());
            };
            let mut hasher = DefaultHasher::new();
            (name, document.as_str()).hash(&mut hasher);
            digests.push(hasher.finish());
            Ok(())
        })
        .map_err(|error| Error::io("reading", place, &error))?;
    Ok((!is_damaged && end.broken_at.is_none()).then_some(digests))
}
