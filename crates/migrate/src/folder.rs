//! Looking into a folder of the old app without ever following a link or opening what is no file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{Error, Result};

/// Deeper folders are not looked into; the old app nests five levels.
const DEPTH_MAX: usize = 32;

/// A folder to read from: the old app's, or a backup of it.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Absent,
    File {
        bytes: u64,
        modified: Option<SystemTime>,
    },
    Folder,
    /// A symbolic link, a pipe, a device.
    Other,
}

/// One entry below a folder.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Path relative to the root, with `/`; lossy where the system's name is no text.
    pub path: String,
    /// The same for the system.
    pub place: PathBuf,
    pub kind: Kind,
    /// Whether the path's text is not exactly what the system has.
    pub is_inexact: bool,
}

impl Folder {
    pub fn new(root: &Path) -> Folder {
        Folder { root: root.to_owned() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where `path` (relative, with `/`) is on disk.
    pub fn place(&self, path: &str) -> PathBuf {
        path.split('/')
            .filter(|part| !part.is_empty())
            .fold(self.root.clone(), |p, part| p.join(part))
    }

    pub fn kind(&self, path: &str) -> Result<Kind> {
        kind_of(&self.place(path))
    }

    pub fn is_file(&self, path: &str) -> Result<bool> {
        Ok(matches!(self.kind(path)?, Kind::File { .. }))
    }

    /// Opens a file that [`Folder::kind`] said is one.
    pub fn open(&self, path: &str) -> Result<File> {
        let place = self.place(path);
        File::open(&place).map_err(|error| Error::io("reading", &place, &error))
    }

    /// What lies directly in `path`, sorted by name; empty if it is no folder.
    pub fn list(&self, path: &str) -> Result<Vec<Entry>> {
        list_place(&self.place(path), path, false)
    }

    /// Everything below `path`, folders before what lies in them.
    pub fn walk(&self, path: &str) -> Result<Vec<Entry>> {
        let mut found = Vec::new();
        walk_into(self.list(path)?, DEPTH_MAX, &mut found)?;
        Ok(found)
    }
}

fn walk_into(entries: Vec<Entry>, depth: usize, found: &mut Vec<Entry>) -> Result<()> {
    for entry in entries {
        let below = if entry.kind == Kind::Folder && depth > 0 {
            list_place(&entry.place, &entry.path, entry.is_inexact)?
        } else {
            Vec::new()
        };
        found.push(entry);
        walk_into(below, depth.saturating_sub(1), found)?;
    }
    Ok(())
}

fn list_place(place: &Path, path: &str, is_inexact: bool) -> Result<Vec<Entry>> {
    if kind_of(place)? != Kind::Folder {
        return Ok(Vec::new());
    }
    let failed = |error: &std::io::Error| Error::io("listing", place, error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(place).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        let is_inexact = is_inexact || entry.file_name().to_str().is_none();
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if path.is_empty() { name } else { format!("{path}/{name}") };
        let kind = kind_of(&entry.path())?;
        entries.push(Entry { path, kind, place: entry.path(), is_inexact });
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

fn kind_of(place: &Path) -> Result<Kind> {
    match fs::symlink_metadata(place) {
        Ok(found) if found.is_file() => {
            Ok(Kind::File { bytes: found.len(), modified: found.modified().ok() })
        }
        Ok(found) if found.is_dir() => Ok(Kind::Folder),
        Ok(_) => Ok(Kind::Other),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Kind::Absent),
        // A file where a folder was expected on the way.
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(Kind::Absent),
        Err(error) => Err(Error::io("looking at", place, &error)),
    }
}
