//! What one sync did: an entry of the ledger of a query.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most missing issues that an entry names; it counts them all.
pub const MISSING_NAMED_MAX: usize = 100;

/// How a sync ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncOutcome {
    /// Everything that the query finds is stored.
    Done,
    /// What came is stored, and marked with what is missing.
    Partial,
    /// Nothing was asked, because what is stored is not due yet. Never in the ledger.
    Fresh,
    /// The user gave up; nothing was changed.
    Cancelled,
    /// An error ended it; nothing was changed.
    #[default]
    Failed,
}

/// An issue that could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingIssue {
    /// Its key.
    pub key: String,
    /// Why, as a sentence for people.
    pub why: String,
}

/// One sync, with what it asked, what came, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SyncRecord {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How it ended.
    pub outcome: SyncOutcome,
    /// Whether it fetched everything, whatever was stored.
    pub is_full: bool,
    /// The JQL that was asked.
    pub jql: String,
    /// Issues that the query finds.
    pub found: u64,
    /// Issues that were asked for as a whole.
    pub asked: u64,
    /// Issues that came.
    pub received: u64,
    /// Issues that an interrupted sync had fetched before and that are still as they were.
    pub reused: u64,
    /// Stored issues that are not what they were.
    pub changed: u64,
    /// Issues that were not stored before.
    pub new: u64,
    /// Issues that are stored no more.
    pub gone: u64,
    /// Stored issues that have another key now.
    pub moved: u64,
    /// Stored issues that stayed what they were.
    pub unchanged: u64,
    /// Changelog entries that the server told of, for the issues that came.
    pub histories_told: u64,
    /// Changelog entries that came and are stored.
    pub histories_stored: u64,
    /// Requests, retries included.
    pub requests: u64,
    /// Requests that repeat one that failed.
    pub retries: u64,
    /// Bytes of answers.
    pub bytes: u64,
    /// How many issues could not be had, or not as a whole.
    pub missing_count: u64,
    /// The first [`MISSING_NAMED_MAX`] of them.
    pub missing: Vec<MissingIssue>,
    /// What the server would not tell, each as a sentence for people; the sync went on without it.
    pub refused: Vec<String>,
    /// How it ended, as a sentence for people.
    pub message: String,
}

impl SyncRecord {
    /// The text that is stored: JSON on one line.
    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads such text; what an older program did not write is empty. `None` if it is damaged.
    pub fn read(text: &str) -> Option<SyncRecord> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back() {
        let record = SyncRecord {
            started_at: "2026-11-22T12:00:00.123456789Z".parse().unwrap(),
            outcome: SyncOutcome::Partial,
            missing: vec![MissingIssue { key: "Ä-1".to_owned(), why: "\"no\"\n".to_owned() }],
            bytes: u64::MAX,
            ..SyncRecord::default()
        };
        assert_eq!(SyncRecord::read(&record.written()), Some(record));
        let older = SyncRecord::read(r#"{"outcome":"done","unknown":[1]}"#).unwrap();
        assert_eq!((older.outcome, older.found), (SyncOutcome::Done, 0));
        assert_eq!(SyncRecord::read("{"), None);
    }
}
