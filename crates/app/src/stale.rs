//! Data that is older than the refresh interval, or whose last sync failed: every page and command of
//! a query says so first.

use model::{Date, QueryKey, QuerySummary, Remedy, SyncOutcome, SyncRecord, TimeZone, Timestamp};
use serde::Serialize;
use store::Reader;
use sync::FRESH_HOURS;

use crate::App;
use crate::error::Result;

/// What is wrong with the age of the data of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stale {
    /// When it was fetched; `None` where that is not known.
    pub fetched_at: Option<Timestamp>,
    /// The day of that in the zone of the profile.
    pub fetched_on: Option<Date>,
    /// Whether it is older than the refresh interval.
    pub is_due: bool,
    /// The last sync, if it failed.
    pub failed: Option<FailedSync>,
    /// What brings it up to date.
    pub remedy: Remedy,
}

/// A sync that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedSync {
    /// When it ended.
    pub at: Timestamp,
    /// How, as a sentence.
    pub message: String,
}

/// A query whose last sync failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedQuery {
    /// Its profile, by name.
    pub profile: String,
    /// Its name.
    pub query: String,
    /// How the sync ended.
    pub failed: FailedSync,
}

impl App {
    /// The queries whose last sync failed.
    pub fn failed_syncs(&self) -> Result<Vec<FailedQuery>> {
        let reader = self.store.read()?;
        let mut found = Vec::new();
        for profile in reader.profiles()? {
            for query in reader.queries(&profile.id)? {
                if let Some(failed) = last_failed(&*reader, &query.key)? {
                    let profile = profile.name.clone();
                    found.push(FailedQuery { profile, query: query.name, failed });
                }
            }
        }
        Ok(found)
    }

    /// What is wrong with the age of the data of a query; `None` where nothing is: it is fresh and the
    /// last sync did not fail, it was never fetched, or it is that of the demo, which renews itself.
    pub(crate) fn stale(
        &self,
        reader: &dyn Reader,
        query: &QuerySummary,
        zone: &TimeZone,
    ) -> Result<Option<Stale>> {
        if self.is_demo() {
            return Ok(None);
        }
        let failed = last_failed(reader, &query.key)?;
        let is_due = is_due(query, self.now());
        if !is_due && failed.is_none() {
            return Ok(None);
        }
        let fetched_at = query.fetched_at;
        Ok(Some(Stale {
            fetched_at,
            fetched_on: fetched_at.map(|at| zone.to_datetime(at).date()),
            is_due,
            failed,
            remedy: self.refresh_query(reader, &query.key)?,
        }))
    }
}

/// Of what was never fetched nothing can be too old.
fn is_due(query: &QuerySummary, now: Timestamp) -> bool {
    let interval = std::time::Duration::from_secs(FRESH_HOURS * 3_600);
    let usual = |fetched: Timestamp| fetched.checked_add(interval).ok();
    match (query.expires_at.or_else(|| query.fetched_at.and_then(usual)), query.fetched_at) {
        (Some(due), _) => due <= now,
        (None, None) => query.issues > 0,
        (None, Some(_)) => false,
    }
}

fn last_failed(reader: &dyn Reader, key: &QueryKey) -> Result<Option<FailedSync>> {
    let last = reader.syncs(key, 1)?.into_iter().next();
    let failed = last.filter(|sync| sync.outcome == SyncOutcome::Failed);
    Ok(failed.map(|SyncRecord { ended_at: at, message, .. }| FailedSync { at, message }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    fn stale(sample: &Sample, change: impl FnOnce(&mut QuerySummary)) -> Option<Stale> {
        let reader = sample.app.store.read().unwrap();
        let mut query = crate::lookup::summary(&*reader, &sample.key).unwrap();
        change(&mut query);
        sample.app.stale(&*reader, &query, &TimeZone::UTC).unwrap()
    }

    /// The sample is of June 2025, and it is November 2026.
    #[test]
    fn what_is_older_than_the_interval_is_stale() {
        let sample = Sample::issues();
        let found = stale(&sample, |_| ()).unwrap();
        assert_eq!((found.is_due, found.failed), (true, None));
        assert_eq!(found.fetched_on, Date::new(2025, 6, 25).ok());
        assert_eq!(found.remedy, Remedy::ConnectJira);
        let now = sample.app.now();
        let ago = |hours: u64| now.checked_sub(std::time::Duration::from_secs(hours * 3_600)).ok();
        assert_eq!(stale(&sample, |query| query.fetched_at = ago(23)), None);
        assert!(stale(&sample, |query| query.fetched_at = ago(25)).unwrap().is_due);
        // What was stored as due counts, whatever is usual.
        let for_a_week = |query: &mut QuerySummary| {
            (query.fetched_at, query.expires_at) = (ago(100), now.checked_add(hour()).ok());
        };
        assert_eq!(stale(&sample, for_a_week), None);
        // Never fetched: there is nothing to be old.
        let never = |query: &mut QuerySummary| (query.fetched_at, query.issues) = (None, 0);
        assert_eq!(stale(&sample, never), None);
        assert!(stale(&sample, |query| query.fetched_at = None).unwrap().is_due);
    }

    fn hour() -> std::time::Duration {
        std::time::Duration::from_secs(3_600)
    }

    #[test]
    fn a_failed_sync_is_told_until_one_does_not_fail() {
        let sample = Sample::issues();
        let now = sample.app.now();
        let add = |outcome| {
            let message = "there is no computer called x".to_owned();
            let record = SyncRecord { ended_at: now, outcome, message, ..SyncRecord::default() };
            sample.app.store.transact(|tx| tx.add_sync(&sample.key, &record)).unwrap();
        };
        add(SyncOutcome::Failed);
        let fresh = |query: &mut QuerySummary| query.fetched_at = Some(now);
        let found = stale(&sample, fresh).unwrap();
        assert!(!found.is_due);
        assert_eq!(found.failed.unwrap().message, "there is no computer called x");
        add(SyncOutcome::Cancelled);
        assert_eq!(stale(&sample, fresh), None);
    }
}
