//! Which way of splitting a team's pace among its deliveries would have been right in its past.

use model::delivery::DeliverySplit;

/// The shares in a week are those of so many weeks before it.
const WEEKS_BEFORE: usize = 12;
/// Fewer items tell nothing.
const ITEMS_MIN: u64 = 20;
/// So much of each chance is the same for all deliveries: what a way holds for impossible does happen.
const EVEN: f64 = 0.1;

/// A delivery in a past week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PastWork {
    /// Items of it that were open when the week began.
    pub open: u64,
    /// Items of it that were done in the week.
    pub done: u64,
}

/// The way that would have said better to which delivery each item went that was done; `weeks` from the
/// oldest on, each with all deliveries of the team in their order. `None` where too few items tell.
///
/// For each item the chance of its delivery is looked up: in order 1 ÷ *k* for each of the first *k* ≤ `at_once`
/// deliveries that were open, by share (*d* + 1) ÷ Σ (*d* + 1) over the open ones with *d* items done in the
/// twelve weeks before; both mixed with a tenth of even chances. The way with the greater sum of logarithms is
/// the likelier one (the logarithmic score of Good, *Rational Decisions*, 1952).
pub fn likelier_split(weeks: &[Vec<PastWork>], at_once: usize) -> Option<DeliverySplit> {
    let Scores { items, order, share } = scores(weeks, at_once);
    let likelier = if share > order { DeliverySplit::Share } else { DeliverySplit::Order };
    (items >= ITEMS_MIN).then_some(likelier)
}

/// The sums of logarithms of so many items.
struct Scores {
    items: u64,
    order: f64,
    share: f64,
}

fn scores(weeks: &[Vec<PastWork>], at_once: usize) -> Scores {
    let (mut items, mut order, mut share) = (0, 0.0, 0.0);
    for (number, week) in weeks.iter().enumerate().skip(WEEKS_BEFORE) {
        let running: Vec<usize> = places(week, |work| work.open + work.done > 0);
        if running.len() < 2 {
            continue;
        }
        let before = weeks.get(number - WEEKS_BEFORE..number).unwrap_or_default();
        let done = |place: &usize| {
            let of_week = |week: &Vec<PastWork>| week.get(*place).map_or(0, |work| work.done);
            1.0 + before.iter().map(of_week).sum::<u64>() as f64
        };
        let all: f64 = running.iter().map(done).sum();
        let first: Vec<usize> =
            places(week, |work| work.open > 0).into_iter().take(at_once.max(1)).collect();
        let mixed = |chance: f64| (EVEN / running.len() as f64 + (1.0 - EVEN) * chance).ln();
        for place in &running {
            let count = week.get(*place).map_or(0, |work| work.done);
            let in_order = if first.contains(place) { 1.0 / first.len() as f64 } else { 0.0 };
            order += count as f64 * mixed(in_order);
            share += count as f64 * mixed(done(place) / all);
            items += count;
        }
    }
    Scores { items, order, share }
}

fn places(week: &[PastWork], is_one: impl Fn(&PastWork) -> bool) -> Vec<usize> {
    week.iter().enumerate().filter(|(_, work)| is_one(work)).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many weeks in which each delivery had so many open and done.
    fn weeks(count: usize, of_each: &[(u64, u64)]) -> Vec<Vec<PastWork>> {
        let week = of_each.iter().map(|(open, done)| PastWork { open: *open, done: *done });
        vec![week.collect(); count]
    }

    #[track_caller]
    fn check(weeks: &[Vec<PastWork>], at_once: usize, want: Option<DeliverySplit>) {
        assert_eq!(likelier_split(weeks, at_once), want);
    }

    #[test]
    fn who_did_the_first_alone_works_in_order() {
        let before = weeks(12, &[(20, 3), (20, 0)]);
        // The first is done with the twelfth week; the second follows.
        check(&[before, weeks(12, &[(0, 0), (20, 3)])].concat(), 1, None);
        let both = [weeks(12, &[(20, 3), (20, 1)]), weeks(12, &[(20, 3), (20, 0)])].concat();
        check(&both, 1, Some(DeliverySplit::Order));
    }

    #[test]
    fn who_did_some_of_each_works_by_share() {
        check(&weeks(24, &[(40, 1), (40, 4)]), 1, Some(DeliverySplit::Share));
        // Two at once, both alike: order says the same as shares, and is the usual way.
        check(&weeks(24, &[(40, 2), (40, 2)]), 2, Some(DeliverySplit::Order));
        check(&weeks(24, &[(40, 6), (40, 1), (40, 2)]), 2, Some(DeliverySplit::Share));
    }

    #[test]
    fn few_items_and_few_weeks_tell_nothing() {
        check(&weeks(24, &[(40, 0), (40, 1)]), 1, None);
        check(&weeks(12, &[(40, 4), (40, 4)]), 1, None);
        check(&weeks(24, &[(40, 4)]), 1, None);
        check(&[], 1, None);
    }

    #[test]
    fn the_scores_are_those_that_a_hand_works_out() {
        // 24 items of the second in weeks with one running delivery before it: order gives each
        // ln 0.05 = -2.9957; shares are (0 + 1) and (24 + 1) of 26: ln (0.05 + 0.9 × 25 / 26) = -0.0884.
        // With two at once order gives ln 0.5 = -0.6931.
        let one = weeks(24, &[(5, 0), (40, 2)]);
        for (at_once, order) in [(1, -71.8976), (2, -16.6355)] {
            let found = scores(&one, at_once);
            assert_eq!(found.items, 24);
            assert!((found.order - order).abs() < 1e-3, "{}", found.order);
            assert!((found.share + 2.1219).abs() < 1e-3, "{}", found.share);
        }
    }
}
