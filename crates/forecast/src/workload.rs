//! What the engines work on: periods of history and the work that is left, in whole numbers.

/// What happened in one period of history, in grains of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step {
    /// Done.
    pub done: u32,
    /// Created less cancelled; 0 where growth is left out.
    pub arrived: i32,
    /// Working days that it took; 0 counts as 1.
    pub days: u32,
}

/// A question to an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workload<'s> {
    /// The periods to draw from, each as likely as any other.
    pub steps: &'s [Step],
    /// Grains that are left.
    pub remaining: u32,
    /// Working days after which the engine gives up.
    pub days_max: u32,
}

impl Step {
    /// A period of one day without arrivals.
    pub fn day(done: u32) -> Step {
        Step { done, arrived: 0, days: 1 }
    }

    /// What of it is done by the end of its day `day`: a period's work is spread evenly.
    pub fn done_by(self, day: u32) -> u32 {
        if day >= self.days { self.done } else { self.done.saturating_mul(day) / self.days }
    }

    /// The day of it by whose end `left` is done; more than its days if that is not in it.
    pub fn day_of(self, left: u32) -> u32 {
        if self.done == 0 {
            return self.days.saturating_add(1);
        }
        left.saturating_mul(self.days).div_ceil(self.done)
    }
}
