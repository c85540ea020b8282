//! Which backups stay: all of a day, then one of each day, week and month; the first one always.

use std::collections::HashSet;
use std::path::Path;

use model::{TimeZone, Timestamp};

use crate::entry::{self, Entry, Kind};
use crate::error::Result;

/// How long every backup stays, in seconds.
const ALL_S: i64 = 24 * 3600;
/// How long one of each day stays, in days; then one of each week, then of each month.
const DAILY_DAYS: i64 = 14;
const WEEKLY_DAYS: i64 = 8 * 7;
const MONTHLY_DAYS: i64 = 2 * 366;
/// How many databases that were put aside stay, of each kind.
const ASIDE_MAX: usize = 5;

/// Removes backups that are no longer needed, after something was put aside; says how many went.
pub fn thin(workspace: &Path, now: Timestamp) -> Result<usize> {
    let surplus = surplus(&entry::list(workspace), now);
    for entry in &surplus {
        tracing::info!(id = entry.id, "a backup that newer ones make up for is removed");
        files::remove(&entry.path)?;
    }
    Ok(surplus.len())
}

/// Those that go; `entries` are newest first. A clock that is wrong once removes nothing: the newest backup was
/// told the time by the clock that is to be checked, so that the one before it counts.
fn surplus(entries: &[Entry], now: Timestamp) -> Vec<Entry> {
    let mut gone = Vec::new();
    let backups: Vec<&Entry> = entries.iter().filter(|entry| entry.kind == Kind::Backup).collect();
    let now = backups.iter().filter_map(|entry| entry.made_at).nth(1).map_or(now, |at| at.min(now));
    let mut taken = HashSet::new();
    for (at, entry) in backups.iter().enumerate() {
        let is_first = at + 1 == backups.len();
        let stays = match entry.made_at {
            // Whoever holds no time holds no reason to go.
            None => true,
            Some(made) => slot(made, now).is_some_and(|slot| slot.is_empty() || taken.insert(slot)),
        };
        if !stays && !is_first {
            gone.push((*entry).clone());
        }
    }
    for kind in [Kind::Replaced, Kind::RolledBack] {
        let of_kind = entries.iter().filter(|entry| entry.kind == kind);
        gone.extend(of_kind.skip(ASIDE_MAX).cloned());
    }
    gone
}

/// Of those in one slot the newest stays; all of an empty slot do; none without one.
fn slot(made: Timestamp, now: Timestamp) -> Option<String> {
    let age_s = now.as_second().saturating_sub(made.as_second());
    let date = TimeZone::UTC.to_datetime(made).date();
    let age_days = age_s / (24 * 3600);
    if age_s < ALL_S {
        Some(String::new())
    } else if age_days < DAILY_DAYS {
        Some(date.to_string())
    } else if age_days < WEEKLY_DAYS {
        Some(date.strftime("%G-W%V").to_string())
    } else if age_days < MONTHLY_DAYS {
        Some(date.strftime("%Y-%m").to_string())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: Kind, made_at: Timestamp) -> Entry {
        let id = format!("{made_at}");
        let path = std::path::PathBuf::from(&id);
        Entry { id, kind, path, made_at: Some(made_at), reason: None, counts: None, bytes: 0 }
    }

    #[test]
    fn a_year_of_daily_backups_leaves_some_of_each_age_and_the_first() {
        let now: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let day = |ago: i64| Timestamp::from_second(now.as_second() - ago * 86_400 - 60).unwrap();
        let mut entries: Vec<Entry> = (0..365).map(|ago| entry(Kind::Backup, day(ago))).collect();
        entries.insert(0, entry(Kind::Backup, now));
        let gone: HashSet<String> = surplus(&entries, now).into_iter().map(|it| it.id).collect();
        let left: Vec<&Entry> = entries.iter().filter(|it| !gone.contains(&it.id)).collect();
        assert!((28..=36).contains(&left.len()), "{}", left.len());
        assert_eq!(left.last().unwrap().id, entries.last().unwrap().id, "the first stays");
        assert_eq!(left.iter().filter(|it| it.made_at >= Some(day(13))).count(), 15);
    }

    /// Two years ahead all but the first would be too old, two years back all are of the future.
    #[test]
    fn one_wrong_clock_removes_nothing() {
        let right: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let at = |days: i64| Timestamp::from_second(right.as_second() + days * 86_400).unwrap();
        let entries: Vec<Entry> = (0..10).map(|ago| entry(Kind::Backup, at(-ago))).collect();
        for days in [-730, 730, 7_300] {
            let mut entries = entries.clone();
            entries.push(entry(Kind::Backup, at(days)));
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.made_at));
            assert_eq!(surplus(&entries, at(days)), [], "{days}");
        }
    }

    #[test]
    fn the_newest_of_those_put_aside_stay() {
        let now: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let at = |n: i64| Timestamp::from_second(now.as_second() - n).unwrap();
        let entries: Vec<Entry> = (0..14).map(|n| entry(Kind::Replaced, at(n))).collect();
        assert_eq!(surplus(&entries, now), entries[5..]);
    }
}
