//! Looking into a folder of the old app without ever following a link or opening what is no file.

use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use store::legacy::sqlite::{OldDatabase, Opened, Unusable};

use crate::error::{Error, Result};
use crate::inventory::{OLD_DATABASE, OLD_DATABASE_LOG};

/// Deeper folders are not looked into; the old app nests five levels.
const DEPTH_MAX: usize = 32;

/// A folder to read from: the old app's, or a backup of it.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    choice: Option<Choice>,
    /// Where private copies are made.
    scratch: PathBuf,
    database: Arc<OnceLock<Opened>>,
}

/// Which of two states of one workspace is meant, where both are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Choice {
    /// `profiles/burndown.db`.
    Database,
    /// The JSON files in `profiles`.
    Json,
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
        let (root, scratch) = (root.to_owned(), std::env::temp_dir());
        Folder { root, choice: None, scratch, database: Arc::default() }
    }

    /// The folder that a user named: the one where the old app was started, or, to choose between two
    /// states in it, its database or its `profiles` folder.
    pub fn named(source: &Path) -> Folder {
        let above =
            |levels: usize| source.ancestors().nth(levels).filter(|root| *root != Path::new(""));
        let is_database = source.ends_with(OLD_DATABASE) && source.is_file();
        let is_json = source.ends_with("profiles") && !source.join("profiles").exists();
        let (root, choice) = match (is_database, is_json) {
            (true, _) => (above(2), Some(Choice::Database)),
            (_, true) => (above(1), Some(Choice::Json)),
            _ => (None, None),
        };
        match root {
            Some(root) => Folder::new(root).chosen(choice),
            None => Folder::new(source),
        }
    }

    /// The same folder with a choice that was made before.
    pub fn chosen(mut self, choice: Option<Choice>) -> Folder {
        self.choice = choice;
        self
    }

    /// The same folder, with private copies in a place that is cleaned up after a crash.
    pub fn copying_to(mut self, scratch: &Path) -> Folder {
        self.scratch = scratch.to_owned();
        self
    }

    /// The same folder, whose database holds the same bytes as another one's that may be open already.
    pub fn with_database_of(mut self, other: &Folder) -> Folder {
        self.database = Arc::clone(&other.database);
        self
    }

    /// Which of two states is meant.
    pub fn choice(&self) -> Option<Choice> {
        self.choice
    }

    /// Whether a database of the old app may stand there.
    pub fn has_database(&self) -> Result<bool> {
        Ok(self.is_file(OLD_DATABASE)? || self.is_file(OLD_DATABASE_LOG)?)
    }

    /// The old app's database, or why nothing can be read from it; `None` if there is none, or the
    /// JSON is meant. It is copied when this is first asked.
    pub fn database(&self) -> Result<Option<std::result::Result<&OldDatabase, &Unusable>>> {
        if self.choice == Some(Choice::Json) || !self.has_database()? {
            return Ok(None);
        }
        if self.database.get().is_none() {
            let opened = OldDatabase::open(&self.place(OLD_DATABASE)?, &self.scratch)?;
            // Another thread may have been faster; both copies say the same.
            let _ = self.database.set(opened);
        }
        Ok(self.database.get().map(Opened::as_ref))
    }

    /// Another database of the old app, as a private copy.
    pub fn database_at(&self, path: &str) -> Result<Opened> {
        Ok(OldDatabase::open(&self.place(path)?, &self.scratch)?)
    }

    /// The database, where it can be read.
    pub fn usable_database(&self) -> Result<Option<&OldDatabase>> {
        Ok(self.database()?.and_then(std::result::Result::ok))
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where `path` (relative, with `/`) is on disk. Ids of users are part of paths: one that leads
    /// elsewhere is refused, whoever asks.
    pub fn place(&self, path: &str) -> Result<PathBuf> {
        if is_inside(path) {
            return Ok(path.split('/').fold(self.root.clone(), |place, part| place.join(part)));
        }
        let why = format!("{path:?} does not name a file or folder inside it");
        Err(Error::Io { doing: "looking into it", place: self.root.clone(), why })
    }

    /// What stands at `path`; nothing of ours stands at one that leads elsewhere.
    pub fn kind(&self, path: &str) -> Result<Kind> {
        if is_inside(path) { kind_of(&self.place(path)?) } else { Ok(Kind::Absent) }
    }

    pub fn is_file(&self, path: &str) -> Result<bool> {
        Ok(matches!(self.kind(path)?, Kind::File { .. }))
    }

    /// Opens a file that [`Folder::kind`] said is one.
    pub fn open(&self, path: &str) -> Result<File> {
        let place = self.place(path)?;
        File::open(&place).map_err(|error| Error::io("reading", &place, &error))
    }

    /// What lies directly in `path`, sorted by name; empty if it is no folder.
    pub fn list(&self, path: &str) -> Result<Vec<Entry>> {
        if is_inside(path) { list_place(&self.place(path)?, path, false) } else { Ok(Vec::new()) }
    }

    /// Everything below `path`, folders before what lies in them.
    pub fn walk(&self, path: &str) -> Result<Vec<Entry>> {
        let mut found = Vec::new();
        walk_into(self.list(path)?, DEPTH_MAX, &mut found)?;
        Ok(found)
    }
}

/// Whether a relative path with `/` stays inside its folder and can be one: each part is a plain
/// name. The empty path is the folder itself.
fn is_inside(path: &str) -> bool {
    /// No file system knows longer names.
    const NAME_BYTES_MAX: usize = 255;
    let is_name = |part: &str| {
        let mut parts = Path::new(part).components();
        let is_plain = matches!(parts.next(), Some(Component::Normal(name)) if name == part);
        is_plain && parts.next().is_none() && part.len() <= NAME_BYTES_MAX && !part.contains('\0')
    };
    path.is_empty() || path.split('/').all(is_name)
}

fn walk_into(entries: Vec<Entry>, depth: usize, found: &mut Vec<Entry>) -> Result<()> {
    for entry in entries {
        // What is in our own is nobody's data; it may be another user's, who lets nobody look.
        let name = entry.path.rsplit('/').next().unwrap_or_default();
        let is_ours = name.starts_with(files::TEMPORARY);
        let below = if entry.kind == Kind::Folder && depth > 0 && !is_ours {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_looked_for_in_folders_of_ours() {
        let root = tempfile::tempdir().unwrap();
        for place in ["profiles/p_1/queries", "profiles/.burndown-uploads/x"] {
            fs::create_dir_all(root.path().join(place)).unwrap();
        }
        let found = Folder::named(root.path()).walk("profiles").unwrap();
        let paths: Vec<&str> = found.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["profiles/.burndown-uploads", "profiles/p_1", "profiles/p_1/queries"]);
    }
}
