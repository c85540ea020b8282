//! How program and workspace are.

use model::{RecordCounts, Timestamp};
use serde::Serialize;

use crate::App;
use crate::error::Result;

/// Up to how many bytes `status` looks through everything unasked: a quarter of a second.
const LOOK_BYTES_MAX: u64 = 32 << 20;

/// How program and workspace are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Version of the program.
    pub version: String,
    /// Version of the stored form.
    pub schema_version: u32,
    /// Where the workspace is.
    pub address: String,
    /// Bytes on disk.
    pub size_bytes: u64,
    /// What takes how much; `None` where that is looked after elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<Room>,
    /// What it holds.
    pub totals: RecordCounts,
    /// What an integrity check found, as sentences; `None` if none was made.
    pub integrity: Option<Vec<String>>,
    /// When that check was made, if that is not now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<Timestamp>,
}

/// What takes how much of the disk of a workspace, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Room {
    /// The database, without its log.
    pub database_bytes: u64,
    /// Its log and what else stands beside it while it is open.
    pub log_bytes: u64,
    /// Of the database, what a compaction gives back.
    pub unused_bytes: u64,
    /// Backups of all kinds, also behind a link.
    pub backups_bytes: u64,
    /// What was deleted and can be restored.
    pub trash_bytes: u64,
}

/// What an integrity check is to be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Nothing: none is made.
    None,
    /// An answer of now.
    Anew,
    /// An answer of now, which others may rest on.
    Noted,
    /// An answer, be it that of the last check that still counts; of a large workspace that alone.
    Last,
}

impl App {
    fn room(&self, size_bytes: u64) -> Result<Option<Room>> {
        let of_file = self.store.file_and_unused_bytes()?;
        let (Some(folder), Some((database_bytes, unused_bytes))) = (&self.folder, of_file) else {
            return Ok(None);
        };
        let backups = migrate::backups_folder(folder);
        Ok(Some(Room {
            database_bytes,
            log_bytes: size_bytes.saturating_sub(database_bytes),
            unused_bytes,
            backups_bytes: files::bytes_in(&backups.canonicalize().unwrap_or(backups)),
            trash_bytes: files::bytes_in(&folder.join("trash")),
        }))
    }

    /// How things are; an integrity check reads the whole workspace.
    pub fn health(&self, check: Check) -> Result<Health> {
        let reader = self.store.read()?;
        let last = if check == Check::Last { self.last_verdict() } else { None };
        let size_bytes = self.store.size_bytes()?;
        let checked_at = last.as_ref().map(|last| last.at);
        let verdict = match (check, last) {
            (Check::None, _) => None,
            (_, Some(last)) => Some(last),
            (Check::Last, None) if size_bytes > LOOK_BYTES_MAX => self.noted_damage(),
            (_, None) => Some(self.check_all()?),
        };
        if check == Check::Noted {
            verdict.iter().for_each(|verdict| self.note_verdict(verdict));
        }
        Ok(Health {
            version: self.version().to_owned(),
            schema_version: self.store.schema_version()?,
            address: self.address(),
            size_bytes,
            room: self.room(size_bytes)?,
            totals: RecordCounts::of(&reader.profiles()?),
            checked_at,
            integrity: verdict.map(|verdict| verdict.findings),
        })
    }
}
