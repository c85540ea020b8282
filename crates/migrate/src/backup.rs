//! A byte-exact copy of everything of the old app, with a manifest, read back and compared.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use model::hash::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};
use crate::folder::{Choice, Folder, Kind};
use crate::inventory::{Class, Source};

/// Backups of migrations that are kept; older ones go after a later verified one.
pub(crate) const KEPT_MAX: usize = 5;

/// Name of the manifest inside a backup.
pub(crate) const MANIFEST: &str = "manifest.json";

const CHUNK_BYTES: usize = 1 << 20;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub program_version: String,
    /// When the migration began, RFC 3339 in UTC.
    pub started_at: String,
    /// Zone that times without an offset are read in.
    pub zone: String,
    /// The folder that was backed up.
    pub source: String,
    /// Whether that folder is the workspace itself, wherever it may be copied to later.
    pub is_in_place: bool,
    /// Which of two states of the folder was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    pub files: Vec<ManifestFile>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManifestFile {
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
    /// Modified, in nanoseconds since 1970; `None` if the system does not say.
    pub modified_ns: Option<u64>,
    /// Whether the path could not be written as text exactly; such a file is kept, not restored.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_inexact: bool,
}

impl Manifest {
    /// A hash over all paths, sizes and hashes.
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for file in &self.files {
            hasher.update(format!("{}\0{}\0{}\n", file.path, file.bytes, file.sha256));
        }
        hex(&hasher.finalize())
    }
}

/// Copies all data into `target`, which must be new; tells bytes as they are done.
pub(crate) fn back_up(
    folder: &Path,
    sources: &[Source],
    target: &Path,
    copied: &mut dyn FnMut(u64),
) -> Result<Vec<ManifestFile>> {
    let mut files = Vec::new();
    let mut places = Vec::new();
    let mut folders = vec![target.to_owned()];
    for source in sources.iter().filter(|source| source.class == Class::Data) {
        // By the system's own name where that is no text. What is copied may lie elsewhere.
        let path = Path::new(&source.entry.path);
        let exact =
            source.entry.place.strip_prefix(folder).ok().filter(|_| source.entry.is_inexact);
        let place = target.join(exact.unwrap_or(path));
        if let Some(parent) = place.parent() {
            files::create_folder_unflushed(parent)?;
        }
        match source.entry.kind {
            Kind::Folder => {
                files::create_folder_unflushed(&place)?;
                folders.push(place);
            }
            Kind::File { modified, .. } => {
                let (bytes, sha256) = copy(&source.entry.place, &place, modified, copied)?;
                let modified_ns = modified.and_then(nanoseconds);
                let path = source.entry.path.clone();
                let is_inexact = source.entry.is_inexact;
                files.push(ManifestFile { path, bytes, sha256, modified_ns, is_inexact });
                places.push(place);
            }
            Kind::Other => copy_link(&source.entry.place, &place)?,
            Kind::Absent => {}
        }
    }
    files::flush_together(&places, files::flush_file)?;
    for (file, place) in files.iter().zip(&places) {
        if hash_file(place)? != (file.bytes, file.sha256.clone()) {
            return Err(Error::BackupDiffers(file.path.clone()));
        }
    }
    files::flush_together(&folders, files::flush_folder)?;
    Ok(files)
}

/// Copies a file; flushing it is left to the end, when it costs less.
fn copy(
    from: &Path,
    to: &Path,
    modified: Option<SystemTime>,
    copied: &mut dyn FnMut(u64),
) -> Result<(u64, String)> {
    let mut source = File::open(from).map_err(|error| Error::io("backing up", from, &error))?;
    let mut target = files::create_file(to)?;
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let length =
            source.read(&mut buffer).map_err(|error| Error::io("backing up", from, &error))?;
        let chunk = buffer.get(..length).unwrap_or_default();
        if chunk.is_empty() {
            break;
        }
        hasher.update(chunk);
        target.write_all(chunk).map_err(|error| Error::io("writing", to, &error))?;
        bytes += length as u64;
        copied(length as u64);
    }
    if let Some(modified) = modified {
        // Only a convenience for people; the manifest holds the time as well.
        let _ = target.set_modified(modified);
    }
    Ok((bytes, hex(&hasher.finalize())))
}

/// A link is kept as a link; what it points to is not looked at.
fn copy_link(from: &Path, to: &Path) -> Result<()> {
    #[cfg(unix)]
    if let Ok(pointed) = fs::read_link(from) {
        return std::os::unix::fs::symlink(pointed, to)
            .map_err(|error| Error::io("copying", to, &error));
    }
    // A pipe or device has no content; a folder in its place is no file either.
    let _ = from;
    Ok(files::create_folder_unflushed(to)?)
}

/// Size and SHA-256 of a file.
pub(crate) fn hash_file(place: &Path) -> Result<(u64, String)> {
    let failed = |error: &std::io::Error| Error::io("reading", place, error);
    let mut file = File::open(place).map_err(|error| failed(&error))?;
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let length = file.read(&mut buffer).map_err(|error| failed(&error))?;
        let chunk = buffer.get(..length).unwrap_or_default();
        if chunk.is_empty() {
            return Ok((bytes, hex(&hasher.finalize())));
        }
        hasher.update(chunk);
        bytes += length as u64;
    }
}

pub(crate) fn nanoseconds(time: SystemTime) -> Option<u64> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    u64::try_from(since.as_nanos()).ok()
}

/// Reads the manifest of a backup and checks that every file is there and as it was.
pub(crate) fn open(place: &Path) -> Result<Manifest> {
    let manifest = read_manifest(place)?;
    // A file whose name is no text cannot be found by its path here.
    let mut exact = manifest.files.iter().filter(|file| !file.is_inexact);
    exact.try_for_each(|file| check(place, file))?;
    Ok(manifest)
}

/// Checks that a file of a backup is there and as it was.
pub(crate) fn check(place: &Path, file: &ManifestFile) -> Result<()> {
    let unusable = |why: String| Error::BackupUnusable { place: place.display().to_string(), why };
    match Folder::new(place).place(&file.path).and_then(|copy| hash_file(&copy)) {
        Ok(found) if found == (file.bytes, file.sha256.clone()) => Ok(()),
        Ok(_) => Err(unusable(format!("{} was changed", file.path))),
        Err(error) => Err(unusable(error.to_string())),
    }
}

/// A backup to read from as the migration did; private copies are made beside it.
pub(crate) fn folder(place: &Path, manifest: &Manifest) -> Folder {
    let folder = Folder::new(place).chosen(manifest.choice);
    folder.copying_to(place.parent().unwrap_or(place))
}

/// Reads the manifest of a backup.
pub(crate) fn read_manifest(place: &Path) -> Result<Manifest> {
    let unusable = |why: String| Error::BackupUnusable { place: place.display().to_string(), why };
    let text = files::read_text(&place.join(MANIFEST))
        .map_err(|error| unusable(format!("its {MANIFEST} cannot be read: {error}")))?;
    serde_json::from_str(&text)
        .map_err(|error| unusable(format!("its {MANIFEST} is damaged: {error}")))
}

/// Finished migration backups, oldest first.
pub(crate) fn finished(backups: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(backups) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with("migration-")
                && !name.ends_with(".partial")
                && path.join(MANIFEST).is_file()
        })
        .collect();
    found.sort();
    found
}

/// Removes finished backups beyond the newest [`KEPT_MAX`]; `keep` stays whatever its age.
pub(crate) fn prune(backups: &Path, keep: &Path) -> Result<()> {
    let finished = finished(backups);
    let surplus = finished.len().saturating_sub(KEPT_MAX);
    finished
        .iter()
        // The first is that of the files before we ever wrote; it is never thinned.
        .skip(1)
        .take(surplus)
        .filter(|path| *path != keep)
        .try_for_each(|path| files::remove(path))
        .map_err(Error::from)
}
