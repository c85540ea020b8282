//! ISO weeks as numbers, so that they can be counted and compared across years.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

/// A Monday-to-Sunday week: the number of Mondays since Monday 1970-01-05.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Week(i32);

const FIRST_MONDAY: Date = jiff::civil::date(1970, 1, 5);

impl Week {
    /// The week of that number.
    pub fn from_number(number: i32) -> Week {
        Week(number)
    }

    /// Mondays since 1970-01-05.
    pub fn number(self) -> i32 {
        self.0
    }

    /// The week that `date` lies in.
    pub fn of(date: Date) -> Week {
        let days = (date - FIRST_MONDAY).get_days();
        Week(days.div_euclid(7))
    }

    /// Its Monday; `None` beyond the calendar's range.
    pub fn monday(self) -> Option<Date> {
        FIRST_MONDAY.checked_add(i64::from(self.0).checked_mul(7)?.days()).ok()
    }

    /// Reads `2025-W44`, and `2025-44` as some builds of the old app wrote it.
    pub fn parse(label: &str) -> Option<Week> {
        let (year, week) = label.split_once('-')?;
        let week = week.strip_prefix('W').unwrap_or(week);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || !(1..=2).contains(&week.len()) || !digits(year) || !digits(week) {
            return None;
        }
        let week =
            ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()?;
        Some(Week::of(week.date()))
    }
}

impl std::fmt::Display for Week {
    /// The ISO label with the ISO year, e.g. `2026-W01`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.monday() {
            Some(monday) => {
                let iso = monday.iso_week_date();
                write!(f, "{:04}-W{:02}", iso.year(), iso.week())
            }
            None => write!(f, "week {}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_round_trip_over_year_ends() {
        for (date, label) in [
            ((2025, 12, 29), "2026-W01"),
            ((2026, 1, 4), "2026-W01"),
            ((2021, 1, 3), "2020-W53"),
            ((1970, 1, 1), "1970-W01"),
            ((1969, 12, 28), "1969-W52"),
        ] {
            let week = Week::of(jiff::civil::date(date.0, date.1, date.2));
            assert_eq!(week.to_string(), label);
            assert_eq!(Week::parse(label), Some(week));
        }
        assert_eq!(Week::parse("2025-44"), Week::parse("2025-W44"));
        for bad in ["", "2025", "2025-W60", "2025-W53", "2025-W00", "25-W01", "2025-Wxx", "2025-+1"]
        {
            assert_eq!(Week::parse(bad), None, "{bad}");
        }
    }
}
