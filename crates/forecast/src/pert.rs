//! The date that the old app showed, kept as a legacy line beside its true odds.

/// The least that the old app took for a daily rate.
const RATE_MIN: f64 = 0.001;
/// The old app's longest forecast.
const DAYS_MAX: f64 = 730.0;
/// It held its pessimistic duration to so many times the optimistic one.
const PESSIMISM_MAX: f64 = 5.0;

/// After how many calendar days the old app's three-point estimate has `remaining` done.
///
/// Optimistic, likely and pessimistic are the durations at the mean of the best `factor` weeks, of
/// all weeks and of the worst `factor` weeks, with `factor` held to a third of the weeks; the
/// estimate is (optimistic + 4 · likely + pessimistic) ÷ 6. `None` of no weeks.
pub fn pert_days(weeks: &[f64], remaining: f64, factor: usize) -> Option<f64> {
    let mut sorted = weeks.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = if weeks.len() <= 3 { weeks.len() } else { factor.clamp(1, weeks.len() / 3) };
    let worst = mean(sorted.get(..count)?)?;
    let best = mean(sorted.get(weeks.len() - count..)?)?;
    let days_at = |per_week: f64| remaining / (per_week / 7.0).max(RATE_MIN);
    let (optimistic, likely) = (days_at(best), days_at(mean(&sorted)?));
    let estimate = |pessimistic: f64| (optimistic + 4.0 * likely + pessimistic) / 6.0;
    let pessimistic = days_at(worst);
    let held = optimistic * PESSIMISM_MAX;
    // The old app forgot its limit of days when it held the pessimistic duration.
    Some(if pessimistic > held { estimate(held) } else { estimate(pessimistic).min(DAYS_MAX) })
}

fn mean(weeks: &[f64]) -> Option<f64> {
    (!weeks.is_empty()).then(|| weeks.iter().sum::<f64>() / weeks.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(weeks: &[f64], remaining: f64, factor: usize, want: f64) {
        let found = pert_days(weeks, remaining, factor).unwrap();
        assert!((found - want).abs() < 1e-9, "{found}, want {want}");
    }

    #[test]
    fn three_durations_make_one() {
        check(&[7.0; 6], 70.0, 3, 70.0);
        // Best 14 a week, mean 7, worst 3.5: (5 + 4 · 10 + 20) ÷ 6 weeks.
        check(&[14.0, 7.0, 7.0, 3.5, 3.5], 70.0, 1, 7.0 * (5.0 + 40.0 + 20.0) / 6.0);
        // With three weeks or fewer all three are the mean.
        check(&[1.0, 7.0, 13.0], 70.0, 6, 70.0);
        // An empty worst week is held to five times the optimistic duration.
        check(&[0.0, 7.0, 7.0, 14.0], 70.0, 6, 7.0 * (5.0 + 40.0 + 25.0) / 6.0);
        // Nothing done in any week: the least rate, at most two years.
        check(&[0.0; 6], 70.0, 3, DAYS_MAX);
        assert_eq!(pert_days(&[], 70.0, 3), None);
    }
}
