//! Copies of the database.

use app::backup::{Entry, Kind, Reason};

/// What a copy is, in a word or two.
pub fn kind_of_copy(entry: &Entry) -> &'static str {
    match (entry.kind, entry.reason) {
        (Kind::Backup, Some(Reason::Daily)) => "daily backup",
        (Kind::Backup, Some(Reason::Before)) => "backup before a change",
        (Kind::Backup, _) => "backup",
        (Kind::Replaced, _) => "replaced database",
        (Kind::RolledBack, _) => "database before a rollback",
        (Kind::BeforeUpgrade, _) => "copy before an upgrade",
        (Kind::Rescued, _) => "saved from a removed log",
    }
}
