//! Links in place of a workspace's own folders and files: refused by name, never written through.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::place;

/// Refuses a workspace in which a link stands for something that is written.
pub(crate) fn refuse_in_workspace(workspace: &Path) -> Result<()> {
    let profiles = place::profiles(workspace);
    refuse_profiles(&profiles, |parent| {
        let parent = parent.display();
        format!("start burndown in {parent}, or name that folder with --workspace {parent}")
    })?;
    check_backups(workspace)?;
    for place in ours(&profiles) {
        if let Some(target) = target_of(&place) {
            let remedy = "put the folder or file itself there".to_owned();
            return Err(Error::Link { place, target, remedy });
        }
    }
    Ok(())
}

/// Refuses what stands where backups go and is no folder. A link to one, perhaps on another disk, is as good.
pub fn check_backups(workspace: &Path) -> Result<()> {
    let place = place::backups(workspace);
    let why = match fs::symlink_metadata(&place) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => format!("cannot be looked at: {error}"),
        Ok(_) if place.is_dir() => return Ok(()),
        Ok(_) => match target_of(&place) {
            Some(target) => format!("is a link to {}, where no folder is", target.display()),
            None => "is no folder".to_owned(),
        },
    };
    Err(Error::NoFolderOfBackups { place, why })
}

/// What is ours by its name, known or not: files are written there, and in some folders everything is
/// removed that nobody needs. A key may be a link, as it is only read, and so may
/// what belongs to the old app's database.
fn ours(profiles: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(profiles).into_iter().flatten().flatten();
    let is_ours = |entry: &fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_key = name == model::access_key::KEY_FILE;
        let is_of_old_app = name.starts_with("burndown.db");
        !is_key
            && !is_of_old_app
            && ["burndown", ".burndown"].iter().any(|start| name.starts_with(start))
    };
    let mut places: Vec<PathBuf> = entries.filter(is_ours).map(|entry| entry.path()).collect();
    places.sort();
    places.into_iter()
}

/// Refuses links in the workspace, and in a source that is another folder.
pub(crate) fn refuse(source: &Path, workspace: &Path) -> Result<()> {
    refuse_in_workspace(workspace)?;
    refuse_in_source(source)
}

/// Refuses a folder of the old app whose `profiles` is a link: it would look as if it held nothing.
fn refuse_in_source(source: &Path) -> Result<()> {
    refuse_profiles(&source.join("profiles"), |parent| format!("use --from {}", parent.display()))
}

fn refuse_profiles(profiles: &Path, remedy: impl Fn(&Path) -> String) -> Result<()> {
    let Some(target) = target_of(profiles) else { return Ok(()) };
    let parent = target.parent().filter(|_| target.ends_with("profiles"));
    let remedy = match parent {
        Some(parent) => remedy(parent),
        None => "put the folder itself there".to_owned(),
    };
    Err(Error::Link { place: profiles.to_owned(), target, remedy })
}

/// What a link points to, in full where that exists; `None` if there is no link.
pub(crate) fn target_of(place: &Path) -> Option<PathBuf> {
    fs::symlink_metadata(place).ok().filter(fs::Metadata::is_symlink)?;
    let target = fs::canonicalize(place).or_else(|_| fs::read_link(place));
    Some(target.unwrap_or_default())
}
