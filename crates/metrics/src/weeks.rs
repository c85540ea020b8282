//! Monday-to-Sunday weeks of a time zone, and the moment up to which anything is known.

use std::ops::Range;

use model::{Date, TimeZone, Timestamp, Week};
use serde::Serializer;

use crate::measured::Window;

/// The moment that figures are computed for. Whatever happened later is not known.
#[derive(Debug, Clone)]
pub struct AsOf {
    at: Timestamp,
    zone: TimeZone,
}

/// Dates beyond are errors of a clock or a hand; they would only make endless tables.
const LAST_DATE: Date = Date::constant(2200, 1, 1);

/// Which complete weeks a figure looks back at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The last complete ones, at most that many.
    Last(usize),
    /// All since the first event.
    All,
}

impl AsOf {
    /// That moment, seen in that zone; moments outside 1970 to 2200 become its ends.
    pub fn moment(at: Timestamp, zone: TimeZone) -> AsOf {
        let last = start_of(LAST_DATE, &zone).unwrap_or(Timestamp::MAX);
        AsOf { at: at.clamp(Timestamp::UNIX_EPOCH, last), zone }
    }

    /// The last moment of that day.
    pub fn end_of(date: Date, zone: TimeZone) -> AsOf {
        let next = date.tomorrow().ok().and_then(|next| start_of(next, &zone));
        let last = next.map_or(Timestamp::MAX, |start| start - std::time::Duration::from_nanos(1));
        AsOf::moment(last, zone)
    }

    /// The moment itself.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The zone that days are seen in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Its day.
    pub fn date(&self) -> Date {
        self.date_of(self.at)
    }

    /// The day of another moment.
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The week it lies in.
    pub fn week(&self) -> Week {
        Week::of(self.date())
    }

    /// Whether `at` is not later.
    pub fn knows(&self, at: Timestamp) -> bool {
        at <= self.at
    }

    /// Whether all of `week` has passed.
    pub fn is_complete(&self, week: Week) -> bool {
        let next = Week::from_number(week.number().saturating_add(1));
        start_of_week(next, &self.zone)
            .is_some_and(|start| start <= self.at + std::time::Duration::from_nanos(1))
    }

    /// The last moment of a week.
    pub(crate) fn end_of_week(&self, week: Week) -> Timestamp {
        let next = Week::from_number(week.number().saturating_add(1));
        let start = start_of_week(next, &self.zone);
        start.map_or(Timestamp::MAX, |start| start - std::time::Duration::from_nanos(1))
    }

    /// From the first moment of a window to the first one after it.
    pub(crate) fn moments_of(&self, window: Window) -> Range<Timestamp> {
        let next = window.last.tomorrow().ok().and_then(|next| start_of(next, &self.zone));
        let first = start_of(window.first, &self.zone);
        first.unwrap_or(Timestamp::MIN)..next.unwrap_or(Timestamp::MAX)
    }

    /// The weeks from `first` to this moment's own; none if `first` is later.
    pub(crate) fn axis_from(&self, first: Week) -> WeekAxis {
        let weeks = first.number()..=self.week().number();
        let starts = weeks.map_while(|n| start_of_week(Week::from_number(n), &self.zone)).collect();
        WeekAxis { first, starts }
    }
}

/// Consecutive weeks.
pub(crate) struct WeekAxis {
    first: Week,
    starts: Vec<Timestamp>,
}

impl WeekAxis {
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// The place of the week that `at` lies in; `None` before the first one. The last is open-ended.
    pub fn place(&self, at: Timestamp) -> Option<usize> {
        self.starts.partition_point(|start| *start <= at).checked_sub(1)
    }

    pub fn place_of(&self, week: Week) -> Option<usize> {
        let place = usize::try_from(week.number() - self.first.number()).ok()?;
        (place < self.len()).then_some(place)
    }

    pub fn weeks(&self) -> impl Iterator<Item = Week> {
        (self.first.number()..).map(Week::from_number).take(self.len())
    }
}

/// The Sunday of a week.
pub(crate) fn sunday(week: Week) -> Option<Date> {
    Week::from_number(week.number().saturating_add(1)).monday()?.yesterday().ok()
}

/// Writes a week as its ISO label, for members of other answers too.
pub fn as_label<S: Serializer>(week: &Week, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(week)
}

fn start_of_week(week: Week, zone: &TimeZone) -> Option<Timestamp> {
    start_of(week.monday()?, zone)
}

/// The first moment of a day; where midnight is skipped, the first one after the gap.
pub(crate) fn start_of(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    date.to_zoned(zone.clone()).ok().map(|start| start.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[track_caller]
    fn check(at: &str, zone_name: &str, want: &str) {
        let at: Timestamp = at.parse().unwrap();
        let as_of = AsOf::moment(at, zone(zone_name));
        assert_eq!(as_of.week().to_string(), want);
        let axis = as_of.axis_from(Week::from_number(as_of.week().number() - 3));
        assert_eq!((axis.place(at), axis.len()), (Some(3), 4));
    }

    #[test]
    fn a_moment_lies_in_the_week_of_its_zone() {
        // Sunday 23:30 in Berlin is Sunday in New York and Monday in Tokyo.
        check("2025-11-23T22:30:00Z", "Europe/Berlin", "2025-W47");
        check("2025-11-23T22:30:00Z", "America/New_York", "2025-W47");
        check("2025-11-23T22:30:00Z", "Asia/Tokyo", "2025-W48");
        // Week 53 and week 1.
        check("2021-01-03T23:30:00Z", "UTC", "2020-W53");
        check("2021-01-03T23:30:00Z", "Europe/Berlin", "2021-W01");
        check("2025-12-29T00:00:00Z", "UTC", "2026-W01");
        // Clocks change on a Sunday: the week has 167 or 169 hours.
        check("2025-03-30T21:59:59Z", "Europe/Berlin", "2025-W13");
        check("2025-03-30T22:00:00Z", "Europe/Berlin", "2025-W14");
        check("2025-10-26T22:59:59Z", "Europe/Berlin", "2025-W43");
        check("2025-10-26T23:00:00Z", "Europe/Berlin", "2025-W44");
    }

    #[test]
    fn a_week_is_complete_with_its_last_moment() {
        let sunday = model::Date::new(2025, 3, 30).unwrap();
        let is_complete = |as_of: AsOf| as_of.is_complete(Week::of(sunday));
        for zone in ["Europe/Berlin", "America/New_York", "UTC"].map(zone) {
            let end = AsOf::end_of(sunday, zone.clone());
            assert_eq!(end.date(), sunday);
            let earlier = end.at() - std::time::Duration::from_nanos(1);
            assert!(!is_complete(AsOf::moment(earlier, zone)));
            assert!(is_complete(end));
        }
    }

    #[test]
    fn absurd_moments_are_bounded() {
        let as_of = |at| AsOf::moment(at, TimeZone::UTC);
        assert_eq!(as_of(Timestamp::MAX).date(), LAST_DATE);
        assert_eq!(as_of(Timestamp::MIN).date().year(), 1970);
        assert_eq!(AsOf::end_of(Date::MAX, TimeZone::UTC).date(), LAST_DATE);
        assert_eq!(as_of(Timestamp::UNIX_EPOCH).axis_from(Week::from_number(5)).len(), 0);
    }
}
