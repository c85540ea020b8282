//! Copies of the database.

use app::backup::{Entry, Kind, Reason};
use app::trash::KeptElsewhere;

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

/// Where something of what goes for good stays: in which backups, and in which folders of the old app.
pub fn kept_elsewhere(kept: &KeptElsewhere) -> [Option<String>; 2] {
    let backups: Vec<&str> = kept.backups.iter().map(|entry| entry.id.as_str()).collect();
    let folders: Vec<String> =
        kept.old_folders.iter().map(|folder| folder.display().to_string()).collect();
    let in_backups = || format!("it stays in {}", backups.join(", "));
    let in_folders = || format!("it stays in {}, as the old app left it", folders.join(", "));
    [(!backups.is_empty()).then(in_backups), (!folders.is_empty()).then(in_folders)]
}
