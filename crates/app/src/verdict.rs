//! What the last look through all of a database found, kept beside it: looking takes as long as reading it.

use std::path::Path;

use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::StoreKind;

use crate::App;
use crate::error::Result;

/// How long a look counts, in seconds.
const COUNTS_S: i64 = 24 * 3_600;

/// What a look through the database found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// When.
    pub at: Timestamp,
    /// What was found, as sentences; none if all was well.
    pub findings: Vec<String>,
}

/// A verdict as it is kept.
#[derive(Serialize, Deserialize)]
struct Noted {
    #[serde(flatten)]
    verdict: Verdict,
    /// The number of the file that was looked through: it says nothing of another one in its place.
    database: Option<u64>,
}

impl Verdict {
    /// Notes it. Where that is not possible the next who asks looks again.
    pub fn note(&self, workspace: &Path) {
        let place = migrate::verdict_file(workspace);
        let noted = Noted { verdict: self.clone(), database: file_number(workspace) };
        let text = serde_json::to_vec(&noted).map_err(std::io::Error::other);
        let written = text.map_err(|error| files::Error::new(files::Act::Write, &place, error));
        let written = written.and_then(|text| {
            files::remove(&place)?;
            files::write_file(&place, &text)
        });
        if let Err(error) = written {
            tracing::debug!(%error, "what a look through the database found is not noted");
        }
    }

    fn noted(workspace: &Path) -> Option<Verdict> {
        let noted: Noted =
            serde_json::from_str(&files::read_text(&migrate::verdict_file(workspace)).ok()?)
                .ok()?;
        (noted.database == file_number(workspace)).then_some(noted.verdict)
    }

    /// The last one, if it still counts: it found nothing, and not long ago.
    pub fn last(workspace: &Path, now: Timestamp) -> Option<Verdict> {
        let verdict = Verdict::noted(workspace)?;
        let age_s = now.as_second().saturating_sub(verdict.at.as_second());
        (verdict.findings.is_empty() && (0..COUNTS_S).contains(&age_s)).then_some(verdict)
    }
}

#[cfg(unix)]
fn file_number(workspace: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    Some(std::fs::metadata(migrate::database_path(workspace)).ok()?.ino())
}

#[cfg(not(unix))]
fn file_number(_: &Path) -> Option<u64> {
    None
}

impl App {
    /// Looks through everything that is stored.
    pub(crate) fn check_all(&self) -> Result<Verdict> {
        Ok(Verdict { at: self.now(), findings: self.store.check_integrity()? })
    }

    pub(crate) fn note_verdict(&self, verdict: &Verdict) {
        self.database_folder().into_iter().for_each(|folder| verdict.note(folder));
    }

    pub(crate) fn last_verdict(&self) -> Option<Verdict> {
        Verdict::last(self.database_folder()?, self.now())
    }

    /// Damage that the last look found, however long ago.
    pub(crate) fn noted_damage(&self) -> Option<Verdict> {
        Verdict::noted(self.database_folder()?).filter(|verdict| !verdict.findings.is_empty())
    }

    /// The workspace, if its database lies in it.
    fn database_folder(&self) -> Option<&Path> {
        self.folder.as_deref().filter(|_| self.store.kind() == StoreKind::Sqlite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_counts_for_a_day_if_nothing_was_found() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("profiles")).unwrap();
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let (noon, found) = (at("2026-11-22T12:00:00Z"), vec!["x".to_owned()]);
        let last = |now: &str| Verdict::last(folder.path(), at(now)).map(|last| last.at);
        assert_eq!(last("2026-11-22T12:00:00Z"), None);
        Verdict { at: noon, findings: Vec::new() }.note(folder.path());
        assert_eq!(last("2026-11-22T12:00:00Z"), Some(noon));
        assert_eq!(last("2026-11-23T11:59:59Z"), Some(noon));
        assert_eq!(last("2026-11-23T12:00:00Z"), None);
        assert_eq!(last("2026-11-22T11:59:59Z"), None, "a clock was wrong");
        Verdict { at: noon, findings: found }.note(folder.path());
        assert_eq!(last("2026-11-22T12:00:00Z"), None);
        std::fs::write(migrate::verdict_file(folder.path()), "{").unwrap();
        assert_eq!(last("2026-11-22T12:00:00Z"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_verdict_says_nothing_of_another_database() {
        let folder = tempfile::tempdir().unwrap();
        let database = migrate::database_path(folder.path());
        std::fs::create_dir(folder.path().join("profiles")).unwrap();
        std::fs::write(&database, "one").unwrap();
        let at: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        Verdict { at, findings: Vec::new() }.note(folder.path());
        assert!(Verdict::last(folder.path(), at).is_some());
        let other = folder.path().join("other");
        std::fs::write(&other, "other").unwrap();
        std::fs::rename(other, &database).unwrap();
        assert_eq!(Verdict::last(folder.path(), at), None);
    }
}
