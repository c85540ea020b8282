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
    /// What it holds.
    pub totals: RecordCounts,
    /// What an integrity check found, as sentences; `None` if none was made.
    pub integrity: Option<Vec<String>>,
    /// When that check was made, if that is not now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<Timestamp>,
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
            totals: RecordCounts::of(&reader.profiles()?),
            checked_at,
            integrity: verdict.map(|verdict| verdict.findings),
        })
    }
}
