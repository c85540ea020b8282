//! Chances of whole numbers, and the percentiles read off them.

/// Sums of rounded shares miss what they stand for by less than this.
const ROUNDING: f64 = 1e-9;

/// How likely each whole number from 0 on is not exceeded. Where the chances do not add up to 1,
/// the rest lies beyond all numbers: work that does not finish.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    cumulative: Vec<f64>,
}

impl Distribution {
    /// Of the chance of 0, of 1, and so on.
    pub fn of_masses(masses: Vec<f64>) -> Distribution {
        let mut sum = 0.0;
        let mut cumulative = masses;
        for value in &mut cumulative {
            sum += *value;
            *value = sum;
        }
        Distribution { cumulative }
    }

    /// Of how many of `trials` came to 0, to 1, and so on.
    pub fn of_counts(counts: &[u32], trials: u32) -> Distribution {
        let mut sum = 0_u64;
        let share = |count: &u32| {
            sum += u64::from(*count);
            sum as f64 / f64::from(trials.max(1))
        };
        Distribution { cumulative: counts.iter().map(share).collect() }
    }

    /// The chance of at most `value`.
    pub fn at_most(&self, value: usize) -> f64 {
        self.cumulative.get(value).or(self.cumulative.last()).copied().unwrap_or_default()
    }

    /// The chance of at least `value`.
    pub fn at_least(&self, value: usize) -> f64 {
        1.0 - value.checked_sub(1).map_or(0.0, |below| self.at_most(below))
    }

    /// The chance of exactly `value`.
    pub fn exactly(&self, value: usize) -> f64 {
        self.at_most(value) - value.checked_sub(1).map_or(0.0, |below| self.at_most(below))
    }

    /// The chance of none of the numbers.
    pub fn beyond(&self) -> f64 {
        (1.0 - self.at_most(usize::MAX)).max(0.0)
    }

    /// The smallest number that is not exceeded with at least this chance; `None` if it lies beyond.
    pub fn smallest_within(&self, chance: f64) -> Option<usize> {
        let found = self.cumulative.partition_point(|share| *share < chance - ROUNDING);
        (found < self.cumulative.len()).then_some(found)
    }

    /// The largest number that is reached with at least this chance.
    pub fn largest_reached(&self, chance: f64) -> usize {
        self.cumulative.partition_point(|share| *share <= 1.0 - chance + ROUNDING)
    }

    /// The numbers it knows chances of: those below.
    pub fn len(&self) -> usize {
        self.cumulative.len()
    }

    /// Whether it knows no number at all.
    pub fn is_empty(&self) -> bool {
        self.cumulative.is_empty()
    }
}
