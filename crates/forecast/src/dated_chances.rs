//! How likely something has come about by each day, and the dates read off that.

use model::Date;

use crate::calendar::Horizon;
use crate::distribution::Distribution;

/// Sums of rounded shares miss what they stand for by less than this.
const ROUNDING: f64 = 1e-9;

/// The chance of each day that it has come about by then: days in order, chances that only grow.
/// Where the last is less than 1, the rest lies beyond the horizon.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DatedChances {
    days: Vec<(Date, f64)>,
}

impl DatedChances {
    /// Something that has come about by that day.
    pub fn certain(date: Date) -> DatedChances {
        DatedChances { days: vec![(date, 1.0)] }
    }

    /// Of chances of working days.
    pub(crate) fn of(chances: &Distribution, horizon: &Horizon) -> DatedChances {
        let mut days: Vec<(Date, f64)> = Vec::new();
        for day in 1..chances.len() {
            let chance = chances.at_most(day);
            let is_new = days.last().map_or(0.0, |(_, before)| *before) < chance;
            let date = u32::try_from(day).ok().and_then(|day| horizon.date(day));
            days.extend(date.filter(|_| is_new).map(|date| (date, chance)));
        }
        DatedChances { days }
    }

    /// The chance that it has come about by the end of a day.
    pub fn by(&self, date: Date) -> f64 {
        let known = self.days.partition_point(|(day, _)| *day <= date);
        known.checked_sub(1).and_then(|last| self.days.get(last)).map_or(0.0, |(_, chance)| *chance)
    }

    /// The first day by which it has come about with so many percent; `None` if none has.
    pub fn date(&self, percent: u32) -> Option<Date> {
        let wanted = f64::from(percent) / 100.0 - ROUNDING;
        self.days.iter().find(|(_, chance)| *chance >= wanted).map(|(date, _)| *date)
    }

    /// The chance that it never comes about within the horizon.
    pub fn beyond(&self) -> f64 {
        (1.0 - self.days.last().map_or(0.0, |(_, chance)| *chance)).max(0.0)
    }

    /// That both have come about, where neither has to do with the other.
    #[must_use]
    pub fn and(&self, other: &DatedChances) -> DatedChances {
        let mut dates: Vec<Date> =
            self.days.iter().chain(&other.days).map(|(date, _)| *date).collect();
        dates.sort();
        dates.dedup();
        let both = |date: Date| (date, self.by(date) * other.by(date));
        DatedChances { days: dates.into_iter().map(both).filter(|(_, c)| *c > 0.0).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chances(days: &[(&str, f64)]) -> DatedChances {
        DatedChances { days: days.iter().map(|(day, c)| (day.parse().unwrap(), *c)).collect() }
    }

    #[test]
    fn both_are_done_when_the_later_is() {
        let one = chances(&[("2026-01-05", 0.5), ("2026-01-07", 1.0)]);
        let other = chances(&[("2026-01-06", 0.8), ("2026-01-08", 0.9)]);
        let both = one.and(&other);
        let want = [("2026-01-06", 0.4), ("2026-01-07", 0.8), ("2026-01-08", 0.9)];
        assert_eq!(both, chances(&want));
        assert_eq!(both.date(80).unwrap().to_string(), "2026-01-07");
        assert_eq!((both.date(95), both.by("2026-01-05".parse().unwrap())), (None, 0.0));
        assert!((both.beyond() - 0.1).abs() < 1e-12);
        let certain = DatedChances::certain("2026-01-01".parse().unwrap());
        assert_eq!(one.and(&certain).date(50), one.date(50));
    }
}
