//! Verifying a migrated workspace any time later, against its backup.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use model::{TimeZone, stamp};
use store::Store;

use crate::backup::{self, Manifest};
use crate::compare::compare;
use crate::error::{Error, Result};
use crate::hold::Hold;
use crate::migration::Listener;
use crate::plan::plan;
use crate::report::{Report, Verification};
use crate::{Progress, Stage, link, place};

/// What the database says of the migration that made it.
pub(crate) struct Migrated {
    pub backup: PathBuf,
    pub states: Vec<(String, String)>,
}

impl Migrated {
    /// Reads it from a store; `None` if no migration made it.
    pub fn of(workspace: &Path, store: &dyn Store) -> Result<Option<Migrated>> {
        let states = store.read()?.states()?;
        let backup = states.iter().find(|(key, _)| key == "migration_backup");
        let Some((_, backup)) = backup else { return Ok(None) };
        // Only a folder directly in `backups` is one of ours, whatever the database says.
        let name = backup.strip_prefix("backups/").unwrap_or_default();
        let is_name = model::ProfileId::new(name).is_ok();
        let backup = if is_name { place::backups(workspace).join(name) } else { PathBuf::new() };
        Ok(Some(Migrated { backup, states }))
    }

    pub fn state(&self, key: &str) -> Option<&str> {
        self.states.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// What the app state says about the migration, checked against the manifest.
    fn contradictions(&self, manifest: &Manifest) -> Vec<String> {
        let hash = manifest.hash();
        let wanted = [
            ("migration_complete", manifest.started_at.as_str()),
            ("migration_version", manifest.program_version.as_str()),
            ("migration_zone", manifest.zone.as_str()),
            ("migration_source", manifest.source.as_str()),
            ("migration_source_hash", hash.as_str()),
        ];
        let differs = wanted.iter().filter(|(key, value)| self.state(key) != Some(*value));
        differs
            .map(|(key, _)| format!("app state: {key} is not what the backup's manifest says"))
            .collect()
    }
}

/// Compares a migrated workspace with the backup it was made from.
pub fn verify(workspace: &Path, listener: &Listener<'_>) -> Result<Verification> {
    link::refuse_in_workspace(workspace)?;
    let _hold = Hold::share(workspace)?;
    if !place::holds_database(workspace)? {
        return Err(Error::NotMigrated(workspace.to_owned()));
    }
    let store = place::open_database(&place::database_path(workspace))?;
    let migrated = Migrated::of(workspace, &*store)?
        .ok_or_else(|| Error::NotMigrated(workspace.to_owned()))?;
    let manifest = backup::open(&migrated.backup)?;
    let zone = zone_of(&manifest);
    let folder = backup::folder(&migrated.backup, &manifest);
    let mut plan = plan(&folder, &zone)?;
    let total: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    let done = AtomicU64::new(0);
    let baseline = migrated.state("migration_revision").and_then(|text| text.parse().ok());
    let mut found = compare(&mut plan, &folder, &zone, &*store, baseline.unwrap_or(0), &|bytes| {
        let done_bytes = done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        listener(Progress {
            stage: Stage::Verify,
            step: "compare",
            done_bytes,
            total_bytes: total,
        });
    })?;
    let mut faults = migrated.contradictions(&manifest);
    let newest = store.read()?.revision()?;
    if baseline.is_none_or(|baseline| baseline == 0 || baseline > newest) {
        faults.push("app state: migration_revision is not a revision of this workspace".to_owned());
    }
    found.unexplained_count += faults.len() as u64;
    found.unexplained.extend(faults);
    Ok(found)
}

pub(crate) fn zone_of(manifest: &Manifest) -> TimeZone {
    stamp::zone_named(&manifest.zone)
}

/// Name of the report in the backup folder.
pub(crate) const REPORT: &str = "migration-report.json";

/// The report of the migration that made this workspace, which `store` holds; `None` if there was
/// none or its backup is gone.
pub fn last_report(workspace: &Path, store: &dyn Store) -> Result<Option<Report>> {
    let Some(migrated) = Migrated::of(workspace, store)? else { return Ok(None) };
    let path = migrated.backup.join(REPORT);
    match files::read_text(&path) {
        Ok(text) => serde_json::from_str(&text).map(Some).map_err(|error| Error::BackupUnusable {
            place: migrated.backup.display().to_string(),
            why: format!("its migration-report.json is damaged: {error}"),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("reading", &path, &error)),
    }
}
