//! Process behaviour (XmR): which changes of a weekly value are more than its usual ups and downs.
//!
//! Limits are mean ± 2.66 × mean moving range (Shewhart; Wheeler, *Understanding Variation*). Two
//! rules tell a change: a value outside the limits, and [`RUN`] values in a row on one side of the
//! mean.

use serde::Serialize;

/// So many successive values on one side of the mean are no chance.
pub const RUN: usize = 8;
/// Fewer values have no usual.
pub const VALUES_MIN: usize = 6;
/// Three standard deviations of single values, expressed in mean moving ranges of two.
const LIMIT_FACTOR: f64 = 2.66;

/// What is usual for a value that cannot be negative.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Limits {
    /// The mean.
    pub mean: f64,
    /// How much two successive values differ on average.
    pub mean_moving_range: f64,
    /// Values above are unusual.
    pub upper: f64,
    /// Values below are unusual; at least 0.
    pub lower: f64,
}

/// What the newest values say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The newest value is above the limits.
    Above,
    /// It is below them.
    Below,
    /// The newest [`RUN`] values are all above the mean.
    RunAbove,
    /// They are all below it.
    RunBelow,
}

impl Limits {
    /// The limits of values in the order of time; `None` of fewer than two.
    pub fn of(values: &[f64]) -> Option<Limits> {
        let ranges: Vec<f64> =
            values.iter().zip(values.get(1..)?).map(|(a, b)| (b - a).abs()).collect();
        if ranges.is_empty() {
            return None;
        }
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let mean_moving_range = ranges.iter().sum::<f64>() / ranges.len() as f64;
        let reach = LIMIT_FACTOR * mean_moving_range;
        Some(Limits {
            mean,
            mean_moving_range,
            upper: mean + reach,
            lower: (mean - reach).max(0.0),
        })
    }

    /// What the newest values say against these limits; `None` if they are as usual.
    pub fn change(&self, values: &[f64]) -> Option<Change> {
        let newest = *values.last()?;
        let run = values.len().checked_sub(RUN).and_then(|from| values.get(from..));
        let is_run = |beyond: fn(f64, f64) -> bool| {
            run.is_some_and(|run| run.iter().all(|value| beyond(*value, self.mean)))
        };
        if newest > self.upper {
            Some(Change::Above)
        } else if newest < self.lower {
            Some(Change::Below)
        } else if is_run(|value, mean| value > mean) {
            Some(Change::RunAbove)
        } else {
            is_run(|value, mean| value < mean).then_some(Change::RunBelow)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_limits(values: &[f64], want: [f64; 4]) {
        let found = Limits::of(values).unwrap();
        let found = [found.mean, found.mean_moving_range, found.upper, found.lower];
        let is_near = found.iter().zip(want).all(|(found, want)| (found - want).abs() < 1e-9);
        assert!(is_near, "{found:?}");
    }

    #[test]
    fn limits() {
        check_limits(&[10.0, 20.0, 30.0, 40.0], [25.0, 10.0, 51.6, 0.0]);
        check_limits(&[5.0, 5.0], [5.0, 0.0, 5.0, 5.0]);
        check_limits(
            &[8.0, 10.0, 9.0, 11.0],
            [9.5, 5.0 / 3.0, 9.5 + 2.66 * 5.0 / 3.0, 9.5 - 2.66 * 5.0 / 3.0],
        );
        assert_eq!(Limits::of(&[]), None);
        assert_eq!(Limits::of(&[4.0]), None);
    }

    #[track_caller]
    fn check_change(newest: &[f64], want: Option<Change>) {
        let usual = Limits { mean: 5.0, mean_moving_range: 1.0, upper: 7.66, lower: 2.34 };
        assert_eq!(usual.change(newest), want, "{newest:?}");
    }

    #[test]
    fn changes() {
        check_change(&[], None);
        check_change(&[5.0, 9.0, 5.0], None);
        check_change(&[5.0, 7.67], Some(Change::Above));
        check_change(&[5.0, 2.3], Some(Change::Below));
        check_change(&[5.0, 7.66], None);
        check_change(&[6.0; RUN], Some(Change::RunAbove));
        check_change(&[4.0; RUN], Some(Change::RunBelow));
        check_change(&[6.0; RUN - 1], None);
        check_change(&[5.0; RUN], None);
        check_change(&[4.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0], None);
    }
}
