//! Teams of which the truth is known.

use forecast::{Chance, Step};
use rand_core::Rng;
use rand_pcg::Pcg64;

/// Chances smaller than this end a table.
const TABLE_END: f64 = 1e-9;

/// How a team's weeks come about: what is done and what arrives are independent of each other and
/// of other weeks.
pub struct Process {
    /// What it is called in the table.
    pub name: &'static str,
    done: Vec<f64>,
    arrived: Vec<f64>,
}

/// The four of the study.
pub fn processes() -> [Process; 4] {
    let nothing = || vec![1.0];
    let dispersed = || negative_binomial(6.0, 24.0);
    let mut bursty: Vec<f64> = poisson(12.0).iter().map(|chance| chance / 2.0).collect();
    if let Some(empty) = bursty.first_mut() {
        *empty += 0.5;
    }
    [
        Process { name: "steady", done: poisson(6.0), arrived: nothing() },
        Process { name: "over-dispersed", done: dispersed(), arrived: nothing() },
        Process { name: "bursty", done: bursty, arrived: nothing() },
        Process { name: "growing", done: dispersed(), arrived: poisson(2.0) },
    ]
}

/// The over-dispersed one of them.
pub fn over_dispersed() -> Process {
    Process { name: "over-dispersed", done: negative_binomial(6.0, 24.0), arrived: vec![1.0] }
}

fn poisson(mean: f64) -> Vec<f64> {
    table((-mean).exp(), |below| mean / (below + 1.0))
}

/// With number of successes mean² ÷ (variance − mean).
fn negative_binomial(mean: f64, variance: f64) -> Vec<f64> {
    let size = mean * mean / (variance - mean);
    let success = mean / variance;
    table(success.powf(size), |below| (below + size) / (below + 1.0) * (1.0 - success))
}

/// Chances of 0, 1, 2, …: the first, and the ratio of the next one to that of a number.
fn table(first: f64, ratio: impl Fn(f64) -> f64) -> Vec<f64> {
    let (mut chances, mut sum) = (vec![first], first);
    while 1.0 - sum > TABLE_END && chances.len() < 1_000 {
        let below = chances.len() - 1;
        let next = chances.get(below).copied().unwrap_or_default() * ratio(below as f64);
        chances.push(next);
        sum += next;
    }
    chances
}

impl Process {
    /// Every week that can be, for the exact engine.
    pub fn chances(&self) -> Vec<Chance> {
        let arrived = || (0..).zip(&self.arrived);
        let week = |(done, chance): (u32, &f64)| {
            let chance = *chance;
            arrived().map(move |(arrived, share)| Chance {
                step: Step { done, arrived, days: 1 },
                share: chance * share,
            })
        };
        (0..).zip(&self.done).flat_map(week).collect()
    }

    /// The next week.
    pub fn week(&self, random: &mut Random) -> Step {
        let done = random.number(&self.done);
        let arrived = random.number(&self.arrived).cast_signed();
        Step { done, arrived, days: 1 }
    }
}

/// Random numbers of the study, none of which the forecasts see.
pub struct Random(Pcg64);

impl Random {
    /// Those of one run of one cell.
    pub fn of_run(cell: u64, run: u64) -> Random {
        Random(Pcg64::new(u128::from(cell) << 64 | u128::from(run), 1))
    }

    /// Between 0 and 1.
    pub fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number with these chances.
    fn number(&mut self, chances: &[f64]) -> u32 {
        let share = self.share();
        let mut sum = 0.0;
        let below = chances.iter().take_while(|chance| {
            sum += **chance;
            sum <= share
        });
        below.count().min(chances.len() - 1) as u32
    }
}
