//! What a database holds that the old app's files do not: what replacing it would put aside.

use std::path::Path;

use model::CacheKind;
use serde::Serialize;
use store::{Reader, Record};

use crate::error::Result;
use crate::hold::Hold;
use crate::place;
use crate::verify::Migrated;

/// The metric type of the forecast that is kept of a week.
const FORECAST: &str = "forecast";

/// Work that was done since the migration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Later {
    /// Names of profiles that are new or were changed, their settings too.
    pub profiles: Vec<String>,
    /// Names of queries that are new or were changed.
    pub queries: Vec<String>,
    /// Names of queries whose issues were fetched since.
    pub synced: Vec<String>,
    /// Names of deliveries, which no file of the old app has.
    pub deliveries: Vec<String>,
    /// Names of access keys, which none has either.
    pub access_keys: Vec<String>,
    /// Whether forecasts were kept, which nothing brings back.
    pub has_forecasts: bool,
    /// Whether the database is damaged, so that nobody can say what it holds.
    pub is_unknown: bool,
}

impl Later {
    /// Whether there is nothing that could be missed.
    pub fn is_nothing(&self) -> bool {
        *self == Later::default()
    }
}

/// Looks for it. Where there is no database, there is nothing.
pub fn later_work(workspace: &Path) -> Result<Later> {
    let _hold = Hold::share(workspace)?;
    if !place::holds_database(workspace)? {
        return Ok(Later::default());
    }
    match look(workspace) {
        Err(error) if error.is_damage() => Ok(Later { is_unknown: true, ..Later::default() }),
        found => found,
    }
}

fn look(workspace: &Path) -> Result<Later> {
    let store = place::open_database(&place::database_path(workspace))?;
    let migrated = Migrated::of(workspace, &*store)?;
    let baseline = migrated.and_then(|it| it.state("migration_revision")?.parse().ok());
    let baseline: u64 = baseline.unwrap_or(0);
    let reader: Box<dyn Reader + '_> = store.read()?;
    let is_later = |record: Record<'_>| -> Result<bool> {
        Ok(reader.revision_of(record)?.is_some_and(|revision| revision > baseline))
    };
    let access_keys = reader.access_keys()?.into_iter().map(|key| key.name).collect();
    let mut later = Later { access_keys, ..Later::default() };
    for profile in reader.profiles()? {
        if is_later(Record::Profile(&profile.id))? {
            later.profiles.push(profile.name.clone());
        }
        for delivery in reader.deliveries(&profile.id)? {
            if is_later(Record::Delivery(&delivery.key))? {
                later.deliveries.push(format!("{} / {}", profile.name, delivery.name));
            }
        }
        for query in reader.queries(&profile.id)? {
            let name = format!("{} / {}", profile.name, query.name);
            if is_later(Record::Header(&query.key, CacheKind::Issues))? {
                later.synced.push(name.clone());
            }
            if is_later(Record::Query(&query.key))? {
                later.queries.push(name);
            }
            for kept in reader.snapshots(&query.key, usize::MAX)? {
                let record = Record::Snapshot(&query.key, kept.week, &kept.metric);
                later.has_forecasts |= kept.metric == FORECAST && is_later(record)?;
            }
        }
    }
    Ok(later)
}
