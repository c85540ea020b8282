//! What could not be carried, kept inside the backup: whole files, and single records with why.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use store::legacy::Finding;

use crate::error::{Error, Result};
use crate::folder::Folder;

/// The `quarantine` folder of a backup; made when something goes in.
pub(crate) struct Quarantine {
    place: PathBuf,
    records: Option<File>,
}

impl Quarantine {
    pub fn new(backup: &Path) -> Quarantine {
        Quarantine { place: backup.join("quarantine"), records: None }
    }

    /// Keeps one record as a line of `records.jsonl`.
    pub fn keep_record(&mut self, file: &str, finding: &Finding, text: &str) -> Result<()> {
        let line = serde_json::json!({
            "file": file, "path": finding.path, "why": finding.note, "original": text,
        });
        let place = self.place.join("records.jsonl");
        if self.records.is_none() {
            files::create_folder_unflushed(&self.place)?;
            self.records = Some(files::create_file(&place)?);
        }
        if let Some(records) = &mut self.records {
            writeln!(records, "{line}").map_err(|error| Error::io("writing", &place, &error))?;
        }
        Ok(())
    }

    /// Keeps a whole file.
    pub fn keep_file(&self, folder: &Folder, path: &str) -> Result<()> {
        if !folder.is_file(path)? {
            return Ok(());
        }
        let place = Folder::new(&self.place).place(path)?;
        files::create_folder_unflushed(place.parent().unwrap_or(&self.place))?;
        let mut target = files::create_file(&place)?;
        std::io::copy(&mut folder.open(path)?, &mut target)
            .and_then(|_| target.sync_all())
            .map_err(|error| Error::io("writing", &place, &error))
    }

    /// Flushes what was kept.
    pub fn close(self) -> Result<()> {
        if let Some(records) = self.records {
            let failed = |error: &std::io::Error| Error::io("flushing", &self.place, error);
            records.sync_all().map_err(|error| failed(&error))?;
        }
        if fs::symlink_metadata(&self.place).is_ok() {
            Ok(files::flush_folder(&self.place)?)
        } else {
            Ok(())
        }
    }
}
