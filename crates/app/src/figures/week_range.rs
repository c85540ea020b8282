//! Consecutive weeks as URLs, commands and answers write them: `2025-W44`, `2025-W40..2025-W44`.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use model::Week;
use serde::{Serialize, Serializer};

use crate::parameter::{Expected, Parsed};

/// Weeks from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekRange {
    /// The first week.
    pub first: Week,
    /// The last week; not before the first.
    pub last: Week,
}

impl WeekRange {
    /// One week.
    pub fn only(week: Week) -> WeekRange {
        WeekRange { first: week, last: week }
    }

    pub(crate) fn weeks(self) -> RangeInclusive<Week> {
        self.first..=self.last
    }
}

impl FromStr for WeekRange {
    type Err = Expected;

    fn from_str(text: &str) -> Parsed<WeekRange> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let weeks = Week::parse(first.trim()).zip(Week::parse(last.trim()));
        let remedy = "name an ISO week such as 2025-W44, or a range such as 2025-W40..2025-W44";
        weeks
            .filter(|(first, last)| first <= last)
            .map(|(first, last)| WeekRange { first, last })
            .ok_or_else(|| remedy.into())
    }
}

impl fmt::Display for WeekRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.last == self.first { Ok(()) } else { write!(f, "..{}", self.last) }
    }
}

impl Serialize for WeekRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_come_back_as_written() {
        for (text, want) in [
            ("2025-W44", "2025-W44"),
            ("2020-W53..2021-W01", "2020-W53..2021-W01"),
            ("2025-W44..2025-W44", "2025-W44"),
        ] {
            assert_eq!(text.parse::<WeekRange>().unwrap().to_string(), want);
        }
        for bad in ["", "2025-W60", "44", "2025-W44..", "2025-W44..2025-W43", "2025-11-24"] {
            let error = bad.parse::<WeekRange>().unwrap_err().to_string();
            assert!(error.contains("2025-W44"), "{error}");
        }
    }
}
