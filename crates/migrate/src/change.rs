//! Which files of the old app changed after they were migrated.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use model::secret::{remove_secret_members, take_secrets};
use model::{Json, Token};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::backup::{self, Manifest, ManifestFile, nanoseconds};
use crate::error::Result;
use crate::folder::{Folder, Kind};
use crate::inventory::{self, Class, Source};
use crate::place;
use crate::read::load_object;
use crate::verify::Migrated;

/// Files that a sentence names before it only counts.
const NAMED_MAX: usize = 3;

/// The old files beside a migrated database, watched by a program that runs for long: what was read
/// once is read again only if its size or time changed.
#[derive(Debug)]
pub struct OldFiles {
    workspace: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The backup's manifest, which never changes.
    manifest: Option<(PathBuf, Manifest)>,
    files: Option<Seen>,
}

/// Files that were read and compared, by path: in a folder that was copied each has another time, and reading
/// all of them takes longer than any answer.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Seen {
    /// What they were compared with.
    backup: String,
    looks: BTreeMap<String, Look>,
    /// Whether any of them was read since they were noted.
    #[serde(skip)]
    is_new: bool,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Look {
    bytes: u64,
    modified_ns: Option<u64>,
    is_same: bool,
}

impl Seen {
    /// What was noted in the workspace of files that were compared with a backup.
    fn noted(workspace: &Path, backup: &Path) -> Seen {
        let backup = backup.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = files::read_text(&place::compared_files(workspace)).unwrap_or_default();
        let noted = serde_json::from_str(&text).unwrap_or_else(|_| Seen::default());
        if noted.backup == backup { noted } else { Seen { backup, ..Seen::default() } }
    }

    /// Notes what was read since. Where that is not possible the next who asks reads again.
    fn note(&mut self, workspace: &Path) {
        if !std::mem::take(&mut self.is_new) {
            return;
        }
        let text = serde_json::to_vec(self).unwrap_or_default();
        let place = place::compared_files(workspace);
        let written = files::remove(&place).and_then(|()| files::write_file(&place, &text));
        if let Err(error) = written {
            tracing::debug!(%error, "which old files are unchanged is not noted");
        }
    }
}

impl OldFiles {
    /// The old files of a workspace.
    pub fn new(workspace: &Path) -> OldFiles {
        OldFiles { workspace: workspace.to_owned(), known: Mutex::default() }
    }

    /// Which of them changed since the migration that made `store`, for people. `None` if none did,
    /// or if there is nothing to compare with.
    pub fn changed(&self, store: &dyn Store) -> Result<Option<String>> {
        // What a panic elsewhere left here is only less than could be known.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.manifest.is_none() {
            let migrated = Migrated::of(&self.workspace, store)?;
            known.manifest = migrated.and_then(|migrated| {
                let manifest = backup::read_manifest(&migrated.backup).ok()?;
                Some((migrated.backup, manifest))
            });
        }
        let Known { manifest, files } = &mut *known;
        let Some((backup, manifest)) = manifest else { return Ok(None) };
        let seen = files.get_or_insert_with(|| Seen::noted(&self.workspace, backup));
        let found =
            Changes { folder: &Folder::new(&self.workspace), backup, manifest }.find(seen)?;
        seen.note(&self.workspace);
        Ok(found)
    }
}

/// The first files of `folder` that are new or differ from the backup that the workspace was made with.
pub(crate) fn changed(
    folder: &Folder,
    workspace: &Path,
    backup: &Path,
    manifest: &Manifest,
) -> Result<Option<String>> {
    let mut seen = Seen::noted(workspace, backup);
    let found = Changes { folder, backup, manifest }.find(&mut seen)?;
    seen.note(workspace);
    Ok(found)
}

struct Changes<'c> {
    folder: &'c Folder,
    backup: &'c Path,
    manifest: &'c Manifest,
}

impl Changes<'_> {
    /// Files that are gone do not count: the user may tidy up. Contents are read only where size
    /// or time differ.
    fn find(&self, seen: &mut Seen) -> Result<Option<String>> {
        let wanted: BTreeMap<&str, &ManifestFile> =
            self.manifest.files.iter().map(|file| (file.path.as_str(), file)).collect();
        let mut found = Vec::new();
        for source in inventory::sources(self.folder)? {
            if source.class == Class::Data && !self.is_same(&source, &wanted, seen)? {
                found.push(source.entry.path);
            }
        }
        let more = found.len().saturating_sub(NAMED_MAX);
        found.truncate(NAMED_MAX);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        Ok((!found.is_empty()).then(|| format!("{}{rest}", found.join(", "))))
    }

    fn is_same(
        &self,
        source: &Source,
        wanted: &BTreeMap<&str, &ManifestFile>,
        seen: &mut Seen,
    ) -> Result<bool> {
        let Kind::File { bytes, modified } = source.entry.kind else { return Ok(true) };
        let path = &source.entry.path;
        let Some(wanted) = wanted.get(path.as_str()) else { return Ok(false) };
        let modified_ns = modified.and_then(nanoseconds);
        if (wanted.bytes, wanted.modified_ns) == (bytes, modified_ns) {
            return Ok(true);
        }
        if let Some(look) = seen.looks.get(path)
            && (look.bytes, look.modified_ns) == (bytes, modified_ns)
        {
            return Ok(look.is_same);
        }
        let is_same = self.is_equal(source, wanted, bytes)?;
        seen.looks.insert(path.clone(), Look { bytes, modified_ns, is_same });
        seen.is_new = true;
        Ok(is_same)
    }

    /// Whether a file is what was backed up, but for a token that its owner took out.
    fn is_equal(&self, source: &Source, wanted: &ManifestFile, bytes: u64) -> Result<bool> {
        if wanted.bytes == bytes && backup::hash_file(&source.entry.place)?.1 == wanted.sha256 {
            return Ok(true);
        }
        if !inventory::may_hold_token(&source.entry.path) {
            return Ok(false);
        }
        let mut before = load_object(&Folder::new(self.backup), &wanted.path)?.object;
        let mut now = load_object(self.folder, &wanted.path)?.object;
        let (tokens_before, tokens_now) = (take_secrets(&mut before), take_secrets(&mut now));
        let is_new =
            |(_, token): &(String, Token)| !tokens_before.iter().any(|(_, old)| old == token);
        if tokens_before.is_empty() || tokens_now.iter().any(is_new) {
            return Ok(false);
        }
        let (mut before, mut now) = (Json::Object(before), Json::Object(now));
        remove_secret_members(&mut before);
        remove_secret_members(&mut now);
        Ok(before.means_same(&now))
    }
}
