//! Process behaviour: which weeks differ from the others by more than their usual ups and downs.

use model::Week;
use serde::Serialize;

use crate::measured::{Measured, Window};
use crate::throughput::Throughput;
use crate::weeks::sunday;

/// From the mean moving range to the limits: 3 ÷ 1.128, the factor for ranges of two values
/// (Shewhart; Wheeler, *Understanding Variation*).
const LIMIT_FACTOR: f64 = 2.66;
/// So many values in a row on one side of the mean are no chance (Western Electric, Wheeler).
const RUN_MIN: usize = 8;

/// A chart of individual values with their moving range (XmR).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProcessBehaviour {
    /// The mean of the values.
    pub mean: f64,
    /// The mean distance of neighbours.
    pub mean_range: f64,
    /// Values above are signals.
    pub upper: f64,
    /// Values below are signals; counts have no limit below 0.
    pub lower: f64,
    /// What stands out, by the place of its first value.
    pub signals: Vec<Signal>,
}

/// Values that are no chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Signal {
    /// Why.
    pub rule: SignalRule,
    /// Whether they are above the mean.
    pub is_above: bool,
    /// The place of the first value.
    pub first: usize,
    /// The place of the last value.
    pub last: usize,
}

/// Why values are no chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalRule {
    /// A value lies outside the limits.
    OutsideLimits,
    /// Eight or more in a row lie on one side of the mean.
    Run,
}

/// The process behaviour of the throughput, with places among its weeks.
pub fn process_behaviour(throughput: &Measured<Throughput>) -> Measured<ProcessBehaviour> {
    throughput.then(|throughput, rule| match chart(&throughput.weeks) {
        None => Measured::unavailable(
            "One week has no neighbour to be compared with.",
            "Wait for another week, or choose a longer window.",
        ),
        Some(value) => Measured::Known {
            value,
            sample: throughput.weeks.len() as u64,
            window: window(throughput),
            rule: rule.to_owned(),
            notes: Vec::new(),
        },
    })
}

fn window(throughput: &Throughput) -> Option<Window> {
    let last = throughput.first.number() + i32::try_from(throughput.weeks.len()).ok()? - 1;
    Some(Window { first: throughput.first.monday()?, last: sunday(Week::from_number(last))? })
}

/// The chart of values, oldest first; `None` of fewer than two.
fn chart(counts: &[f64]) -> Option<ProcessBehaviour> {
    let ranges: Vec<f64> =
        counts.iter().zip(counts.get(1..)?).map(|(a, b)| (a - b).abs()).collect();
    let (mean, mean_range) = (mean(counts)?, mean(&ranges)?);
    let distance = LIMIT_FACTOR * mean_range;
    let (upper, lower) = (mean + distance, (mean - distance).max(0.0));
    let mut signals = outside(counts, lower, upper);
    signals.extend(runs(counts, mean));
    signals.sort_by_key(|signal| signal.first);
    Some(ProcessBehaviour { mean, mean_range, upper, lower, signals })
}

fn outside(counts: &[f64], lower: f64, upper: f64) -> Vec<Signal> {
    let signal = |(at, count): (usize, &f64)| Signal {
        rule: SignalRule::OutsideLimits,
        is_above: *count > upper,
        first: at,
        last: at,
    };
    let is_outside = |(_, count): &(usize, &f64)| **count < lower || **count > upper;
    counts.iter().enumerate().filter(is_outside).map(signal).collect()
}

/// A value that equals the mean ends a run.
fn runs(counts: &[f64], mean: f64) -> Vec<Signal> {
    let side = |count: &f64| count.partial_cmp(&mean);
    let mut first = 0;
    let mut found = Vec::new();
    for run in counts.chunk_by(|a, b| side(a) == side(b)) {
        let is_above = run.first().is_some_and(|count| *count > mean);
        let is_on_mean = run.first().is_some_and(|count| *count == mean);
        if run.len() >= RUN_MIN && !is_on_mean {
            let last = first + run.len() - 1;
            found.push(Signal { rule: SignalRule::Run, is_above, first, last });
        }
        first += run.len();
    }
    found
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(counts: &[f64], want: [f64; 4]) -> Vec<Signal> {
        let found = chart(counts).unwrap();
        let limits = [found.mean, found.mean_range, found.upper, found.lower];
        for (got, want) in limits.into_iter().zip(want) {
            assert!((got - want).abs() < 1e-9, "{limits:?}");
        }
        found.signals
    }

    #[test]
    fn limits_follow_from_neighbours() {
        assert_eq!(check(&[10.0, 20.0, 30.0, 40.0], [25.0, 10.0, 51.6, 0.0]), []);
        assert_eq!(check(&[7.0; 20], [7.0, 0.0, 7.0, 7.0]), []);
        assert_eq!(chart(&[3.0]), None);
        assert_eq!(chart(&[]), None);
    }

    #[test]
    fn what_stands_out_is_a_signal() {
        let outlier = [5.0, 6.0, 5.0, 4.0, 5.0, 6.0, 4.0, 5.0, 5.0, 20.0, 5.0, 5.0];
        let outside = Signal { rule: SignalRule::OutsideLimits, is_above: true, first: 9, last: 9 };
        let run = |is_above, first, last| Signal { rule: SignalRule::Run, is_above, first, last };
        // One large value lifts the mean, so that all before it lie below.
        let found = chart(&outlier).unwrap().signals;
        assert_eq!(found, [run(false, 0, 8), outside]);
        let change = [[4.0, 6.0].repeat(4), [7.0, 9.0].repeat(4)].concat();
        let found = chart(&change).unwrap().signals;
        assert_eq!(found, [run(false, 0, 7), run(true, 8, 15)]);
        // Seven in a row are chance, and a value on the mean ends a row.
        let found = chart(&change[1..15]).unwrap().signals;
        assert_eq!(found, []);
        let found = chart(&[4.0, 4.0, 4.0, 4.0, 5.0, 4.0, 4.0, 4.0, 4.0, 13.0]);
        assert!(found.unwrap().signals.iter().all(|signal| signal.rule != SignalRule::Run));
    }
}
