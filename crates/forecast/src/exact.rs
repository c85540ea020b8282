//! Plain resampling without any simulation: every way the weeks can be drawn, weighed.
//!
//! No noise and no seed. It takes the history for the whole truth, which makes it overconfident on
//! small samples; it is offered as a choice and is what the simulation is tested against.

use std::collections::BTreeMap;

use crate::distribution::Distribution;
use crate::workload::{Step, Workload};

/// States less likely than this are dropped; all of them together cannot change a percent.
const NEGLIGIBLE: f64 = 1e-15;

/// A period and how likely it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// The period.
    pub step: Step,
    /// From 0 to 1; those of all periods add up to 1.
    pub share: f64,
}

/// The periods of a history, each as likely as any other; equal ones are put together.
pub fn equal_chances(steps: &[Step]) -> Vec<Chance> {
    let mut counts: BTreeMap<Step, u32> = BTreeMap::new();
    for step in steps {
        *counts.entry(*step).or_default() += 1;
    }
    let total = steps.len() as f64;
    let chance = |(step, count): (Step, u32)| Chance { step, share: f64::from(count) / total };
    counts.into_iter().map(chance).collect()
}

/// On which working day the work is done, 0 if nothing is left.
pub fn exact_when(workload: &Workload<'_>) -> Distribution {
    when_of_chances(&equal_chances(workload.steps), workload.remaining, workload.days_max)
}

/// How much is done in the first `days` working days.
pub fn exact_how_many(steps: &[Step], days: u32) -> Distribution {
    let chances = equal_chances(steps);
    let mut ended = Masses::default();
    let mut pending = Pending::starting_at(0);
    while let Some((day, masses)) = pending.next() {
        let left = days - day;
        if left == 0 {
            ended.add_shifted(&masses, 0, 1.0);
            continue;
        }
        for Chance { step, share } in &chances {
            let days = step.days.max(1);
            let target = if days <= left { pending.on(day + days) } else { &mut ended };
            target.add_shifted(&masses, step.done_by(left) as usize, *share);
        }
    }
    Distribution::of_masses(ended.0)
}

/// On which working day the work is done, where the periods are not equally likely.
pub fn when_of_chances(chances: &[Chance], remaining: u32, days_max: u32) -> Distribution {
    let mut finished = Masses::default();
    if remaining == 0 {
        finished.add(0, 1.0);
        return Distribution::of_masses(finished.0);
    }
    let mut pending = Pending::starting_at(remaining as usize);
    while let Some((day, masses)) = pending.next() {
        for Chance { step, share } in chances {
            let end = day + step.days.max(1);
            let split = masses.len().min(step.done as usize + 1);
            let (ending, rest) = masses.split_at(split);
            for (left, mass) in ending.iter().enumerate() {
                finished.add((day + step.day_of(left as u32)) as usize, mass * share);
            }
            // What is left after the period: the first of the rest leaves 1 and what has arrived.
            let first = i64::from(step.arrived) + 1;
            let cancelled = usize::try_from(1 - first).unwrap_or(0).min(rest.len());
            let (ending, rest) = rest.split_at(cancelled);
            finished.add(end as usize, ending.iter().sum::<f64>() * share);
            if end < days_max {
                pending.on(end).add_shifted(
                    rest,
                    usize::try_from(first.max(1)).unwrap_or(1),
                    *share,
                );
            }
        }
    }
    finished.0.truncate(days_max as usize + 1);
    Distribution::of_masses(finished.0)
}

/// The chance of each whole number.
#[derive(Default)]
struct Masses(Vec<f64>);

impl Masses {
    fn add(&mut self, value: usize, mass: f64) {
        self.add_shifted(&[mass], value, 1.0);
    }

    /// Adds `masses`, weighed, to the numbers from `shift` on.
    fn add_shifted(&mut self, masses: &[f64], shift: usize, weight: f64) {
        let end = shift + masses.len();
        if self.0.len() < end {
            self.0.resize(end, 0.0);
        }
        let targets = self.0.get_mut(shift..end).unwrap_or_default();
        targets.iter_mut().zip(masses).for_each(|(target, mass)| *target += mass * weight);
    }
}

/// How things may stand on the evenings of days to come.
struct Pending(BTreeMap<u32, Masses>);

impl Pending {
    fn starting_at(value: usize) -> Pending {
        let mut pending = Pending(BTreeMap::new());
        pending.on(0).add(value, 1.0);
        pending
    }

    fn on(&mut self, day: u32) -> &mut Masses {
        self.0.entry(day).or_default()
    }

    /// The next day with all that can be on its evening.
    fn next(&mut self) -> Option<(u32, Vec<f64>)> {
        let (day, Masses(mut masses)) = self.0.pop_first()?;
        let kept = masses.iter().rposition(|mass| *mass > NEGLIGIBLE).map_or(0, |last| last + 1);
        masses.truncate(kept);
        Some((day, masses))
    }
}
