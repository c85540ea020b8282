//! A folder in the old app's layout, for as long as it is read.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use files::ScratchFolder;
use model::json::Value;
use model::{Document, Json, ProfileId, QueryId};

use crate::bounds;
use crate::error::{Error, Result};

/// The id of a profile that the file gives none.
const NAMELESS: &str = "imported";

/// Begins a file that only its owner may read: an export may hold a token. One of the same name is
/// written over.
fn begin(place: &Path) -> Result<File> {
    let file = files::open_private(place)?;
    file.set_len(0)?;
    Ok(file)
}

fn write(place: &Path, bytes: &[u8]) -> Result<()> {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let max = match &*name {
        "profile.json" | "query.json" => bounds::NOUN_BYTES_MAX,
        "jira_cache.json" => usize::MAX,
        _ => bounds::OLD_FIGURES_BYTES_MAX,
    };
    if bytes.len() > max {
        let what = format!("what belongs into {name} has more than {} MiB", max >> 20);
        return Err(Error::TooLarge(what));
    }
    Ok(begin(place)?.write_all(bytes)?)
}

/// The folder; it goes when this is dropped.
pub(super) struct Layout {
    folder: ScratchFolder,
    root: PathBuf,
}

impl Layout {
    /// In that folder, else in the system's own.
    pub fn new(parent: Option<&Path>) -> Result<Layout> {
        let folder = match parent {
            Some(parent) => files::scratch_folder(parent)?,
            None => files::scratch_folder(&std::env::temp_dir())?,
        };
        let root = folder.path().join("old");
        files::create_folder_unflushed(&root)?;
        Ok(Layout { folder, root })
    }

    /// What is read.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A place for a database, beside it.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("read.sqlite")
    }

    /// Writes a file of the root folder.
    pub fn put_root(&self, name: &str, bytes: &[u8]) -> Result<()> {
        write(&self.root.join(name), bytes)
    }

    /// The folder of a profile. An id that cannot be one is replaced and told.
    pub fn profile(&self, id: Option<&str>, notes: &mut Vec<String>) -> Result<ProfileFolder> {
        let usable = id.and_then(|id| ProfileId::new(id).ok());
        if let (Some(id), None) = (id, &usable) {
            notes.push(format!(
                "the id {id:?} of the profile cannot be one, so it is {NAMELESS:?} now"
            ));
        }
        let name = usable.map_or_else(|| NAMELESS.to_owned(), String::from);
        let folder = self.root.join("profiles").join(name);
        files::create_folder_unflushed(&folder)?;
        Ok(ProfileFolder { folder, queries: 0 })
    }
}

/// The folder of a profile.
pub(super) struct ProfileFolder {
    folder: PathBuf,
    queries: usize,
}

impl ProfileFolder {
    /// Writes `profile.json`.
    pub fn put(&self, profile: &Json) -> Result<()> {
        bounds::check_members(profile)?;
        write(&self.folder.join("profile.json"), profile.to_compact().as_bytes())
    }

    /// The folder of a query. An id that cannot be one is replaced and told.
    pub fn query(&mut self, id: &str, notes: &mut Vec<String>) -> Result<QueryFolder> {
        self.queries += 1;
        let name = QueryId::new(id).map(String::from).unwrap_or_else(|_| {
            let name = format!("query-{}", self.queries);
            notes.push(format!("the id {id:?} of a query cannot be one, so it is {name:?} now"));
            name
        });
        let folder = self.folder.join("queries").join(name);
        files::create_folder_unflushed(&folder)?;
        Ok(QueryFolder(folder))
    }
}

/// The folder of a query.
pub(super) struct QueryFolder(PathBuf);

impl QueryFolder {
    /// Begins one of its files.
    pub fn create(&self, name: &str) -> Result<BufWriter<File>> {
        Ok(BufWriter::new(begin(&self.0.join(name))?))
    }

    /// Writes `query.json`.
    pub fn put_query(&self, query: &Json) -> Result<()> {
        bounds::check_members(query)?;
        self.put("query.json", &query.to_compact())
    }

    /// Writes one of its files.
    pub fn put(&self, name: &str, text: &str) -> Result<()> {
        write(&self.0.join(name), text.as_bytes())
    }

    /// Writes a part of the export as one of its files, token for token.
    pub fn put_value(&self, name: &str, value: Option<Value<'_>>) -> Result<()> {
        match value.filter(|value| !value.is_null()) {
            Some(value) => self.put(name, Document::of(value).as_str()),
            None => Ok(()),
        }
    }
}
