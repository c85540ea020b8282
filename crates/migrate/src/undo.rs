//! Old files on their way out of their places during a rollback, and back where it does not end.

use std::fs::{self, Permissions};
use std::path::Path;

use crate::error::{Error, Result};
use crate::folder::{Folder, Kind};
use crate::place;

/// Names files that a rollback puts where none was, as long as it is not at its end.
const NEW_FILES: &str = "new-files.json";

/// Where files are kept that stood in the way.
const OLD_FILES: &str = "legacy";

/// Moves what stands at a path beside the database. Gives its permissions, if it was there.
pub(crate) fn move_aside(
    workspace: &Path,
    path: &str,
    aside: &Path,
) -> Result<Option<Permissions>> {
    let place = Folder::new(workspace).place(path)?;
    let Ok(found) = fs::symlink_metadata(&place) else { return Ok(None) };
    let target = Folder::new(&aside.join(OLD_FILES)).place(path)?;
    files::create_folder(target.parent().unwrap_or(aside))?;
    files::rename(&place, &target)?;
    Ok(found.is_file().then(|| found.permissions()))
}

/// Refuses a path on which a folder is a link: what it points to is not ours to write.
pub(crate) fn refuse_links(workspace: &Path, path: &str) -> Result<()> {
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

/// Removes the folders that a file was the last of, up to `profiles`: an empty one would be a profile or
/// query without anything.
pub(crate) fn remove_empty_folders(workspace: &Path, path: &str) -> Result<()> {
    let mut folder = path;
    while let Some((above, _)) = folder.rsplit_once('/').filter(|(above, _)| above.contains('/')) {
        if fs::remove_dir(Folder::new(workspace).place(above)?).is_err() {
            break;
        }
        folder = above;
    }
    Ok(())
}

/// Notes, before anything is done, which files will be new.
pub(crate) fn note_new_files(aside: &Path, new: &[&str]) -> Result<()> {
    let text = serde_json::json!(new).to_string();
    Ok(files::write_file(&aside.join(NEW_FILES), text.as_bytes())?)
}

/// Ends what [`note_new_files`] began: there is nothing to take back any more.
pub(crate) fn forget_new_files(aside: &Path) -> Result<()> {
    Ok(files::remove(&aside.join(NEW_FILES))?)
}

/// Takes back what a rollback did that did not come to its end: what stood in the workspace stands there
/// again, and what is new is gone. Does nothing where the database is not in force any more.
pub(crate) fn take_back(workspace: &Path, aside: &Path) -> Result<()> {
    let note = aside.join(NEW_FILES);
    if !note.exists() || !place::holds_database(workspace)? {
        return Ok(());
    }
    let failed = |error: &std::io::Error| Error::io("reading", &note, error);
    let text = files::read_text(&note).map_err(|error| failed(&error))?;
    let new: Vec<String> = serde_json::from_str(&text).unwrap_or_default();
    let current = Folder::new(workspace);
    let kept = Folder::new(&aside.join(OLD_FILES));
    let old: Vec<_> =
        kept.walk("")?.into_iter().filter(|entry| entry.kind != Kind::Folder).collect();
    // A folder may come from somebody else, with a rollback of his making.
    for path in new.iter().chain(old.iter().map(|entry| &entry.path)) {
        if path.is_empty() {
            let why = "it names no file".to_owned();
            return Err(Error::Io { doing: "reading", place: note, why });
        }
        current.place(path)?;
        refuse_links(workspace, path)?;
    }
    for path in &new {
        files::remove(&current.place(path)?)?;
        remove_empty_folders(workspace, path)?;
    }
    for entry in old {
        let target = current.place(&entry.path)?;
        files::create_folder(files::folder_of(&target))?;
        files::rename(&entry.place, &target)?;
    }
    files::remove(&place::rolled_back_mark(workspace))?;
    Ok(files::remove(aside)?)
}

/// Whether a rollback of this workspace was broken off and has to be taken back.
pub(crate) fn is_broken_off(workspace: &Path) -> bool {
    let entries = fs::read_dir(place::backups(workspace)).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|aside| {
        aside.extension().is_some_and(|it| it == "partial") && aside.join(NEW_FILES).exists()
    })
}
