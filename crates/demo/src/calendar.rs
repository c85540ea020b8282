//! When the team of the demo works: weeks, office hours, holidays.

use model::{TimeZone, Timestamp, Week};

use crate::draw::Draw;

pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 24 * HOUR;

/// Weeks of history before the week that the demo ends in.
const WEEKS_BEFORE: i32 = 40;
/// Weeks that are lived on after it, so that work is under way at the end; nothing of them shows.
const WEEKS_AFTER: i32 = 5;
/// Monday 1970-01-05 in seconds.
const FIRST_MONDAY: i64 = 4 * DAY;
const OPENS: i64 = 8 * HOUR;
const CLOSES: i64 = 18 * HOUR;

/// One week of the team.
#[derive(Debug, Clone, Copy)]
pub(super) struct Workweek {
    /// Monday 00:00 UTC, in seconds.
    pub start: i64,
    /// How much is worked, in percent of a normal week.
    pub capacity_percent: u32,
}

/// The weeks of the demo, oldest first.
pub(super) fn weeks(as_of: Timestamp) -> Vec<Workweek> {
    let last = week_of(as_of, &TimeZone::UTC).number();
    (last - WEEKS_BEFORE..=last + WEEKS_AFTER).map(workweek).collect()
}

/// The week that a moment lies in.
pub(super) fn week_of(at: Timestamp, zone: &TimeZone) -> Week {
    Week::of(zone.to_datetime(at).date())
}

fn workweek(number: i32) -> Workweek {
    let monday = Week::from_number(number).monday();
    let capacity_percent = match monday.map(|day| day.iso_week_date().week()) {
        Some(52 | 53 | 1) => 20,
        Some(30..=33) => 60,
        _ => 100,
    };
    Workweek { start: FIRST_MONDAY + i64::from(number) * 7 * DAY, capacity_percent }
}

impl Workweek {
    /// A moment in office hours of that week.
    pub fn moment(&self, draw: &mut Draw) -> i64 {
        let day = i64::from(draw.below(5));
        self.start + day * DAY + OPENS + draw.seconds((CLOSES - OPENS) as u32)
    }
}

/// The same moment, moved into office hours: a weekend to its Friday, a night to its day.
pub(super) fn in_office(at: i64) -> i64 {
    let day = (at - FIRST_MONDAY).div_euclid(DAY);
    let second = at.rem_euclid(DAY);
    let weekday = day.rem_euclid(7).min(4);
    let minutes = second % HOUR;
    let open = match second {
        second if second < OPENS => OPENS + minutes,
        second if second >= CLOSES => CLOSES - HOUR + minutes,
        second => second,
    };
    FIRST_MONDAY + (day - day.rem_euclid(7) + weekday) * DAY + open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(at: &str, want: &str) {
        let at: Timestamp = at.parse().unwrap();
        let moved = Timestamp::from_second(in_office(at.as_second())).unwrap();
        assert_eq!(moved.to_string(), want);
    }

    #[test]
    fn nobody_works_at_night_or_on_weekends() {
        check("2026-11-20T10:20:30Z", "2026-11-20T10:20:30Z");
        check("2026-11-20T03:20:30Z", "2026-11-20T08:20:30Z");
        check("2026-11-20T23:20:30Z", "2026-11-20T17:20:30Z");
        check("2026-11-22T12:00:00Z", "2026-11-20T12:00:00Z");
        check("1969-12-31T12:00:00Z", "1969-12-31T12:00:00Z");
    }
}
