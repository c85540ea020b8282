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

/// Why something of what left the trash may still stand in the database, and which backups were kept for it.
pub fn traces(why: &str, backups_left: &[String]) -> String {
    let kept = match backups_left {
        [] => String::new(),
        names => format!("; these backups are still there: {}", names.join(", ")),
    };
    format!(
        "the trash is empty, but what was in it may still stand in unused space of the database, which \
         could not be written anew ({why}){kept}; emptying the trash once more tries again"
    )
}

/// Where something of what goes for good stays, a sentence each: backups, other copies, what could not be
/// looked through, folders of the old app.
pub fn kept_elsewhere(kept: &KeptElsewhere) -> Vec<String> {
    let named = |what: &str, entries: &[Entry]| {
        let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
        (!ids.is_empty()).then(|| format!("{what}: {}", ids.join(", ")))
    };
    let folders: Vec<String> =
        kept.old_folders.iter().map(|folder| folder.display().to_string()).collect();
    let in_folders = || format!("still with the old app: {}", folders.join(", "));
    let said = [
        named("still in backups", &kept.backups),
        named("still in copies that no backup makes up for", &kept.others),
        named("could not be looked through", &kept.unknown),
        (!folders.is_empty()).then(in_folders),
    ];
    said.into_iter().flatten().collect()
}
