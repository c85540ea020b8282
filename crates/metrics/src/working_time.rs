//! How much of a stretch of time lies on working days.

use model::{Date, Timestamp};

use crate::weeks::{AsOf, start_of};

const DAY_SECONDS: f64 = 86_400.0;

/// Working time from a first day on, in days of 24 hours.
#[derive(Debug, Clone)]
pub struct WorkingTime {
    /// Where each day begins; one more than there are days.
    starts: Vec<Timestamp>,
    /// Working seconds before each of them.
    passed: Vec<f64>,
    /// Whether each day is worked on.
    works: Vec<bool>,
}

impl WorkingTime {
    /// Of the days from `first` to that of the moment; `works` says which are worked on.
    pub fn new(first: Date, as_of: &AsOf, works: &dyn Fn(Date) -> bool) -> WorkingTime {
        let mut time = WorkingTime { starts: Vec::new(), passed: Vec::new(), works: Vec::new() };
        let (mut date, mut passed) = (first, 0.0);
        while let Some(start) = start_of(date, as_of.zone()) {
            if let (Some(before), Some(true)) = (time.starts.last(), time.works.last()) {
                passed += seconds(*before, start);
            }
            time.starts.push(start);
            time.passed.push(passed);
            if date > as_of.date() {
                break;
            }
            time.works.push(works(date));
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        time
    }

    /// Working time between two moments, in days with fractions; of what lies before the first day
    /// nothing counts.
    pub fn days_between(&self, from: Timestamp, to: Timestamp) -> f64 {
        ((self.seconds_by(to) - self.seconds_by(from)) / DAY_SECONDS).max(0.0)
    }

    fn seconds_by(&self, at: Timestamp) -> f64 {
        let Some(day) = self.starts.partition_point(|start| *start <= at).checked_sub(1) else {
            return 0.0;
        };
        let (start, passed) = (self.starts.get(day), self.passed.get(day));
        let (Some(start), Some(passed)) = (start, passed) else { return 0.0 };
        let works = self.works.get(day).copied().unwrap_or_default();
        passed + if works { seconds(*start, at) } else { 0.0 }
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use model::TimeZone;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(zone: &str, from: &str, to: &str, want: f64) {
        let zone = TimeZone::get(zone).unwrap();
        let as_of = AsOf::end_of(Date::new(2025, 4, 30).unwrap(), zone);
        let weekdays = |date: Date| date.weekday().to_monday_zero_offset() < 5;
        let time = WorkingTime::new(Date::new(2025, 3, 24).unwrap(), &as_of, &weekdays);
        let found = time.days_between(at(from), at(to));
        assert!((found - want).abs() < 1e-9, "{found}, want {want}");
    }

    #[test]
    fn only_working_days_count() {
        // Friday noon to Monday noon.
        check("UTC", "2025-03-28T12:00:00Z", "2025-03-31T12:00:00Z", 1.0);
        // Within a day; within a weekend.
        check("UTC", "2025-03-28T06:00:00Z", "2025-03-28T12:00:00Z", 0.25);
        check("UTC", "2025-03-29T06:00:00Z", "2025-03-30T12:00:00Z", 0.0);
        // From before the first day; to the last one.
        check("UTC", "2025-03-01T00:00:00Z", "2025-03-25T00:00:00Z", 1.0);
        check("UTC", "2025-04-30T00:00:00Z", "2025-05-05T00:00:00Z", 1.0);
        // The Sunday of the change of clocks is not worked on.
        check("Europe/Berlin", "2025-03-28T23:00:00Z", "2025-03-31T22:00:00Z", 1.0);
        check("UTC", "2025-04-02T00:00:00Z", "2025-04-01T00:00:00Z", 0.0);
    }
}
