//! Whether forecasts came true as often as they said.

use serde::{Deserialize, Serialize};

use crate::statement::ForecastStatement;

/// Fewer forecasts tell nothing about odds.
pub const JUDGED_MIN: usize = 20;
/// A rate this unlikely on either side is no chance.
const TAIL: f64 = 0.025;

/// How often what was said with some chance came true.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HitRate {
    /// The chance that was asked for.
    pub percent: u32,
    /// How many forecasts there were.
    pub forecasts: usize,
    /// How many came true.
    pub hits: usize,
    /// How many should have on average: counts and days are whole, so that a forecast has a little
    /// more chance than was asked for.
    pub expected: f64,
    /// The least and the most hits that chance alone leaves likely (95 %).
    pub band: (usize, usize),
    /// What follows.
    pub verdict: Verdict,
    /// All of it in short.
    pub sentence: ForecastStatement,
}

/// What a hit rate says about the odds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// There are fewer than [`JUDGED_MIN`] forecasts.
    TooFew,
    /// The odds hold.
    Holds,
    /// Less came true than was said.
    TooOptimistic,
    /// More came true than was said.
    TooCautious,
}

/// One forecast that can be judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Outcome {
    /// The chance that it really had.
    pub chance: f64,
    /// Whether it came true.
    pub is_hit: bool,
}

impl HitRate {
    pub(crate) fn judge(percent: u32, outcomes: &[Outcome]) -> HitRate {
        let hits = outcomes.iter().filter(|outcome| outcome.is_hit).count();
        let chances: Vec<f64> = outcomes.iter().map(|outcome| outcome.chance).collect();
        let band = band(&chances);
        let verdict = match hits {
            _ if outcomes.len() < JUDGED_MIN => Verdict::TooFew,
            hits if hits < band.0 => Verdict::TooOptimistic,
            hits if hits > band.1 => Verdict::TooCautious,
            _ => Verdict::Holds,
        };
        // Summing nothing gives a negative zero.
        let expected = chances.iter().sum::<f64>() + 0.0;
        let forecasts = outcomes.len();
        let sentence = ForecastStatement::CameTrue {
            hits: hits as u64,
            forecasts: forecasts as u64,
            expected,
            verdict,
        };
        HitRate { percent, forecasts, hits, expected, band, verdict, sentence }
    }
}

/// The number of hits if each comes with its own chance: the least and the most with [`TAIL`] left
/// on either side. With equal chances this is the binomial distribution.
fn band(chances: &[f64]) -> (usize, usize) {
    let mut masses = vec![1.0];
    for chance in chances {
        let missed = masses.iter().map(|mass| mass * (1.0 - chance)).chain([0.0]);
        let hit = std::iter::once(0.0).chain(masses.iter().map(|mass| mass * chance));
        masses = missed.zip(hit).map(|(missed, hit)| missed + hit).collect();
    }
    let reached = |masses: &mut dyn Iterator<Item = &f64>| {
        let mut sum = 0.0;
        masses
            .take_while(|mass| {
                sum += **mass;
                sum < TAIL
            })
            .count()
    };
    let (low, high) = (reached(&mut masses.iter()), reached(&mut masses.iter().rev()));
    (low, chances.len().saturating_sub(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hits: usize, of: usize, chance: f64, want: (usize, usize, Verdict)) {
        let outcomes: Vec<Outcome> =
            (0..of).map(|number| Outcome { chance, is_hit: number < hits }).collect();
        let found = HitRate::judge(85, &outcomes);
        assert_eq!((found.band.0, found.band.1, found.verdict), want);
    }

    /// The bands are the quantiles 0.025 and 0.975 of the binomial distribution.
    #[test]
    fn rates_are_judged_by_what_chance_allows() {
        check(8, 10, 0.5, (2, 8, Verdict::TooFew));
        check(10, 20, 0.5, (6, 14, Verdict::Holds));
        check(5, 20, 0.5, (6, 14, Verdict::TooOptimistic));
        check(15, 20, 0.5, (6, 14, Verdict::TooCautious));
        check(17, 20, 0.85, (14, 20, Verdict::Holds));
        check(95, 100, 0.95, (90, 99, Verdict::Holds));
        check(0, 0, 0.5, (0, 0, Verdict::TooFew));
    }
}
