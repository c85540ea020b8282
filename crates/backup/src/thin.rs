//! Which backups stay: all of a day, then one of each day, week and month; the first one always.

use std::collections::HashSet;
use std::path::Path;

use model::{TimeZone, Timestamp};

use crate::entry::{self, Entry, Kind};
use crate::error::Result;

/// How long every backup stays, in seconds.
const ALL_S: i64 = 24 * 3600;
/// How long one of each day stays, in days; then one of each week, then of each month.
const DAILY_DAYS: i64 = 14 - CONFIRMED_DAYS as i64;
const WEEKLY_DAYS: i64 = 8 * 7;
const MONTHLY_DAYS: i64 = 2 * 366;
/// How many databases that were put aside stay, of each kind.
const ASIDE_MAX: usize = 5;
/// Of how many days there are newer backups before a time counts.
const CONFIRMED_DAYS: usize = 4;

/// Removes backups that are no longer needed, after something was put aside; says how many went.
pub fn thin(workspace: &Path, now: Timestamp) -> Result<usize> {
    let mut entries = entry::list(workspace);
    entries.retain(|entry| !entry.may_be_of_other);
    let surplus = surplus(&entries, now);
    for entry in &surplus {
        tracing::info!(id = entry.id, "a backup that newer ones make up for is removed");
        files::remove(&entry.path)?;
    }
    Ok(surplus.len())
}

/// Those that go; `entries` are newest first. A clock that is wrong for some days removes nothing: new backups
/// were told the time by the clock that is to be checked, so that one before them counts.
fn surplus(entries: &[Entry], now: Timestamp) -> Vec<Entry> {
    let mut gone = Vec::new();
    let backups: Vec<&Entry> = entries.iter().filter(|entry| entry.kind == Kind::Backup).collect();
    let Some(now) = confirmed(&backups).map(|at| at.min(now)) else { return aside(entries) };
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
    gone.extend(aside(entries));
    gone
}

/// The newest moment of which backups of that many later days were made; none if there are not so many.
fn confirmed(backups: &[&Entry]) -> Option<Timestamp> {
    let mut days = HashSet::new();
    backups.iter().filter_map(|entry| entry.made_at).find(|made| {
        days.insert(TimeZone::UTC.to_datetime(*made).date());
        days.len() > CONFIRMED_DAYS
    })
}

/// Databases that were put aside, but the newest of each kind.
fn aside(entries: &[Entry]) -> Vec<Entry> {
    let of = |kind| entries.iter().filter(move |entry| entry.kind == kind).skip(ASIDE_MAX);
    [Kind::Replaced, Kind::RolledBack].into_iter().flat_map(of).cloned().collect()
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
        let made_at = Some(made_at);
        let (reason, counts, bytes, may_be_of_other) = (None, None, 0, false);
        Entry { id, kind, path, made_at, reason, counts, bytes, may_be_of_other }
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

    /// Two years ahead all but the first would be too old, two years back all are of the future. The clock is
    /// wrong for some backups, of one day or of several.
    #[test]
    fn a_clock_that_is_wrong_for_some_days_removes_nothing() {
        let right: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let at = |days: i64| Timestamp::from_second(right.as_second() + days * 86_400).unwrap();
        let entries: Vec<Entry> = (0..10).map(|ago| entry(Kind::Backup, at(-ago))).collect();
        for days in [-730, 730, 7_300] {
            for wrong in 1..=CONFIRMED_DAYS as i64 {
                let mut entries = entries.clone();
                entries.extend((0..wrong).map(|later| entry(Kind::Backup, at(days + later))));
                entries.sort_by_key(|entry| std::cmp::Reverse(entry.made_at));
                assert_eq!(surplus(&entries, at(days + wrong)), [], "{wrong} from {days} on");
            }
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
