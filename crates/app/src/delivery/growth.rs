//! How a delivery grows: as its team's finished ones did from the same point on, else as itself did.

use forecast::DeliveryGrowth;
use metrics::DeliveryWeek;

/// With fewer finished deliveries they say nothing about the next one.
const FINISHED_MIN: usize = 5;
/// As far may the part that was done differ at what is taken for the same point.
const SAME_POINT: f64 = 0.1;
/// The last weeks of its own past that are looked at.
const WEEKS_MAX: usize = 12;

/// The growth of a delivery with these weeks, where `finished` are those of the team's finished
/// deliveries.
pub(super) fn growth(weeks: &[DeliveryWeek], finished: &[Vec<DeliveryWeek>]) -> DeliveryGrowth {
    let Some(now) = weeks.last() else { return DeliveryGrowth::None };
    let point = share(now);
    let factors: Vec<f64> = finished.iter().filter_map(|weeks| factor(weeks, point)).collect();
    if factors.len() >= FINISHED_MIN {
        return DeliveryGrowth::Shape { scope: now.scope as f64, factors };
    }
    let complete: Vec<&DeliveryWeek> = weeks.iter().filter(|week| !week.is_partial).collect();
    let change = |pair: &[&DeliveryWeek]| match pair {
        [before, after] => after.scope as f64 - before.scope as f64,
        _ => 0.0,
    };
    let changes: Vec<f64> = complete.windows(2).map(change).collect();
    let first = changes.len().saturating_sub(WEEKS_MAX);
    let recent = changes.get(first..).unwrap_or_default();
    match recent.iter().any(|change| *change != 0.0) {
        true => DeliveryGrowth::Weekly { weeks: recent.to_vec() },
        false => DeliveryGrowth::None,
    }
}

/// Which part of it was done.
fn share(week: &DeliveryWeek) -> f64 {
    if week.scope == 0 { 0.0 } else { week.done as f64 / week.scope as f64 }
}

/// To how many times what it was at the same point a finished delivery grew: from the middle one of
/// the weeks at about that point.
fn factor(weeks: &[DeliveryWeek], point: f64) -> Option<f64> {
    let last = weeks.last()?.scope as f64;
    let begun: Vec<&DeliveryWeek> = weeks.iter().filter(|week| week.scope > 0).collect();
    let far = |week: &DeliveryWeek| (share(week) - point).abs();
    let near: Vec<&&DeliveryWeek> = begun.iter().filter(|week| far(week) <= SAME_POINT).collect();
    let middle = near.get(near.len() / 2).copied();
    let nearest = || begun.iter().min_by(|a, b| far(a).total_cmp(&far(b)));
    let week = middle.or_else(nearest)?;
    Some(last / week.scope as f64)
}

#[cfg(test)]
mod tests {
    use model::Week;

    use super::*;

    fn weeks(rows: &[(u64, u64)]) -> Vec<DeliveryWeek> {
        let week = |(number, (scope, done)): (usize, &(u64, u64))| {
            let week = Week::from_number(2_900 + number as i32);
            let sunday = week.monday().unwrap();
            DeliveryWeek { week, sunday, scope: *scope, done: *done, is_partial: false }
        };
        rows.iter().enumerate().map(week).collect()
    }

    #[test]
    fn a_delivery_grows_as_itself_did_where_few_are_finished() {
        let own = weeks(&[(4, 0), (6, 0), (6, 1), (5, 2)]);
        let want = DeliveryGrowth::Weekly { weeks: vec![2.0, 0.0, -1.0] };
        assert_eq!(growth(&own, &[]), want);
        assert_eq!(growth(&weeks(&[(4, 0), (4, 2)]), &[]), DeliveryGrowth::None);
        assert_eq!(growth(&[], &[]), DeliveryGrowth::None);
    }

    #[test]
    fn a_delivery_grows_as_finished_ones_did_from_the_same_point_on() {
        let finished = weeks(&[(5, 0), (10, 5), (12, 6), (20, 10), (20, 20)]);
        let own = weeks(&[(8, 4)]);
        let five = vec![finished; 5];
        let want = DeliveryGrowth::Shape { scope: 8.0, factors: vec![20.0 / 12.0; 5] };
        assert_eq!(growth(&own, &five), want);
        assert_eq!(growth(&own, &five[..4]), DeliveryGrowth::None);
    }
}
