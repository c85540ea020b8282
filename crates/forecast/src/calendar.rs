//! Which days are worked on, and which date a number of working days leads to.

use std::collections::BTreeSet;

use model::settings::Weekdays;
use model::{Date, Week};
use serde::Serialize;

/// No forecast looks further: what a team does in five years is not in its last twelve weeks.
pub const HORIZON_YEARS: i16 = 5;

/// The days of a week that are worked on, and the days that are not although they are among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkingCalendar {
    /// Whether Monday, Tuesday, … Sunday are worked on.
    pub weekdays: [bool; 7],
    /// Holidays.
    pub holidays: BTreeSet<Date>,
}

impl Default for WorkingCalendar {
    /// Monday to Friday, without holidays.
    fn default() -> WorkingCalendar {
        WorkingCalendar { weekdays: Weekdays::default().0, holidays: BTreeSet::new() }
    }
}

impl WorkingCalendar {
    /// Whether that day is worked on.
    pub fn works_on(&self, date: Date) -> bool {
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        let is_weekday = self.weekdays.get(weekday).copied().unwrap_or_default();
        is_weekday && !self.holidays.contains(&date)
    }

    /// How many days of that week are worked on.
    pub fn days_in(&self, week: Week) -> u32 {
        let dates = week.monday().into_iter().flat_map(|monday| days_from(monday).take(7));
        dates.filter(|date| self.works_on(*date)).count() as u32
    }

    /// How many days a week without holidays has.
    pub fn days_a_week(&self) -> u32 {
        self.weekdays.iter().filter(|works| **works).count() as u32
    }
}

/// The working days that a forecast may reach, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Horizon {
    days: Vec<Date>,
}

impl Horizon {
    /// The working days of [`HORIZON_YEARS`] from `earliest` on; `None` if there is none.
    pub fn new(calendar: &WorkingCalendar, earliest: Date) -> Option<Horizon> {
        let works = |date: &Date| calendar.works_on(*date);
        let span = 366 * usize::try_from(HORIZON_YEARS).ok()?;
        let days: Vec<Date> = days_from(earliest).take(span).filter(works).collect();
        (!days.is_empty()).then_some(Horizon { days })
    }

    /// The first of them.
    pub fn first(&self) -> Option<Date> {
        self.days.first().copied()
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.days.len() as u32
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The date of working day `day`; `None` of day 0 and of days that are too far away.
    pub fn date(&self, day: u32) -> Option<Date> {
        self.days.get(day.checked_sub(1)? as usize).copied()
    }

    /// How many working days have passed at the end of `date`.
    pub fn days_by(&self, date: Date) -> u32 {
        self.days.partition_point(|day| *day <= date) as u32
    }
}

/// That day and those after it.
fn days_from(first: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |date| date.tomorrow().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_and_holidays_are_no_working_days() {
        let holidays = ["2025-12-25", "2025-12-26", "2025-12-27"].map(date).into();
        let calendar = WorkingCalendar { holidays, ..WorkingCalendar::default() };
        let horizon = Horizon::new(&calendar, date("2025-12-24")).unwrap();
        let days = [1, 2, 3, 7].map(|day| horizon.date(day).unwrap().to_string());
        assert_eq!(days, ["2025-12-24", "2025-12-29", "2025-12-30", "2026-01-05"]);
        assert_eq!(horizon.date(0), None);
        assert_eq!(horizon.date(horizon.len() + 1), None);
        let passed = ["2025-12-23", "2025-12-24", "2025-12-28", "2025-12-29"];
        assert_eq!(passed.map(|day| horizon.days_by(date(day))), [0, 1, 1, 2]);
        assert_eq!(calendar.days_in(Week::of(date("2025-12-22"))), 3);
        assert_eq!(calendar.days_a_week(), 5);
    }

    #[test]
    fn a_calendar_may_have_no_day() {
        let calendar = WorkingCalendar { weekdays: [false; 7], ..WorkingCalendar::default() };
        assert_eq!(Horizon::new(&calendar, date("2025-12-24")), None);
        // The end of the calendar is the end of the horizon.
        let last = Horizon::new(&WorkingCalendar::default(), Date::MAX).unwrap();
        assert_eq!(last.len(), 1);
    }
}
