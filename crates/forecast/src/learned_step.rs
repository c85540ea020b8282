//! By how much the pace of a team moves from week to week, learned from its own past: from what
//! forecasts that could have been made then would have missed beyond what their draws explain.

use serde::Serialize;

use crate::pace_model::views;

/// Weeks that a past forecast looks ahead.
const AHEAD: usize = 12;
/// Past forecasts look back at most so far: two years of them.
const LOOK_BACK: usize = 116;
/// Fewer past forecasts teach nothing.
const FORECASTS_MIN: usize = 26;
/// Busy weeks, of the last [`AHEAD`], without which no forecast is made.
const BUSY_MIN: usize = 3;
/// How many quarters the assumption of a steady pace weighs.
const STEADY_QUARTERS: f64 = 2.0;
/// The variance of the mean of 12 weeks of a walk with step 1: 12/3 + ½.
const WALK_VARIANCE: f64 = 4.5;
/// No pace moves faster: × 3 a quarter.
const STEP_MAX: f64 = 0.3;

/// A complete week of history.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PastWeek {
    /// Items or points done.
    pub done: f64,
    /// Items done.
    pub items: f64,
}

/// What was learned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LearnedStep {
    /// From how many past forecasts, which overlap.
    pub forecasts: usize,
    /// By how much they missed beyond what their draws explain, as a squared share of the amount;
    /// `None` where there are too few of them.
    pub excess: Option<f64>,
    /// The step: by which the logarithm of the level goes up or down from week to week.
    pub step: f64,
}

/// What a past forecast missed, as squared shares of the amount.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Miss {
    /// By what it missed.
    pub missed: f64,
    /// By what its draws would have let it miss.
    pub allowed: f64,
}

/// What forecasts after each week of a history missed. They depend on nothing later than their own
/// twelve weeks, so that one reading serves every forecast of the past.
#[derive(Debug, Clone, PartialEq)]
pub struct PastMisses {
    /// By how many weeks were known; `None` where no forecast could be made, or is not over.
    by_weeks: Vec<Option<Miss>>,
}

impl PastMisses {
    /// Of a history, oldest week first.
    pub fn of(history: &[PastWeek]) -> PastMisses {
        let done: Vec<f64> = history.iter().map(|week| week.done).collect();
        let sums = Sums::of(history);
        PastMisses { by_weeks: (0..=done.len()).map(|known| miss(&done, &sums, known)).collect() }
    }

    /// Of a forecast made when so many weeks were known.
    pub fn after(&self, weeks: usize) -> Option<Miss> {
        self.by_weeks.get(weeks).copied().flatten()
    }

    /// What may be learned when so many weeks are known.
    pub fn learned(&self, weeks: usize) -> LearnedStep {
        let last = weeks.saturating_sub(AHEAD);
        let first = weeks.saturating_sub(LOOK_BACK).max(AHEAD);
        let misses = self.by_weeks.get(first..=last).unwrap_or_default().iter().flatten();
        let (mut forecasts, mut sum) = (0, 0.0);
        for miss in misses {
            forecasts += 1;
            sum += miss.missed - miss.allowed;
        }
        if forecasts < FORECASTS_MIN {
            return LearnedStep { forecasts, excess: None, step: 0.0 };
        }
        let excess = sum / forecasts as f64;
        let quarters = forecasts as f64 / AHEAD as f64;
        let variance = quarters / (quarters + STEADY_QUARTERS) * excess / WALK_VARIANCE;
        let step = variance.clamp(0.0, STEP_MAX * STEP_MAX).sqrt();
        LearnedStep { forecasts, excess: Some(excess), step }
    }
}

fn miss(done: &[f64], sums: &Sums, known: usize) -> Option<Miss> {
    let (past, future) = done.split_at_checked(known)?;
    let recent = past.get(known.checked_sub(AHEAD)?..)?;
    let is_made = recent.iter().filter(|done| **done > 0.0).count() >= BUSY_MIN;
    if !is_made || future.len() < AHEAD {
        return None;
    }
    let ahead = AHEAD as f64;
    let (mut means, mut variances) = (Vec::new(), 0.0);
    for size in views(past) {
        let weeks = size as f64;
        let (sum, squares) = sums.between(known - size, known);
        let mean = sum / weeks;
        let variance = (squares / weeks - mean * mean).max(0.0);
        means.push(ahead * mean);
        // What so many draws from an urn of so many weeks vary by.
        variances += ahead * (ahead + weeks) / (weeks + 1.0) * variance;
    }
    let count = means.len() as f64;
    let center = means.iter().sum::<f64>() / count;
    let between = means.iter().map(|mean| (mean - center) * (mean - center)).sum::<f64>() / count;
    let outcome = sums.between(known, known + AHEAD).0;
    let scale = center + sums.amount_of_an_item(known);
    let missed = (outcome - center) / scale;
    let allowed = (variances / count + between) / (scale * scale);
    Some(Miss { missed: missed * missed, allowed })
}

/// Sums over the first weeks.
struct Sums {
    done: Vec<f64>,
    squares: Vec<f64>,
    items: Vec<f64>,
}

impl Sums {
    fn of(history: &[PastWeek]) -> Sums {
        let sums = |value: fn(&PastWeek) -> f64| {
            let mut sum = 0.0;
            let next = |week: &PastWeek| {
                sum += value(week);
                sum
            };
            std::iter::once(0.0).chain(history.iter().map(next)).collect::<Vec<f64>>()
        };
        Sums {
            done: sums(|week| week.done),
            squares: sums(|week| week.done * week.done),
            items: sums(|week| week.items),
        }
    }

    /// Of done amounts and their squares, from one week up to another.
    fn between(&self, first: usize, end: usize) -> (f64, f64) {
        let between = |sums: &[f64]| {
            let at = |place: usize| sums.get(place).copied().unwrap_or_default();
            at(end) - at(first)
        };
        (between(&self.done), between(&self.squares))
    }

    /// What a done item of the first weeks amounts to: 1 where items are counted.
    fn amount_of_an_item(&self, known: usize) -> f64 {
        let at = |sums: &[f64]| sums.get(known).copied().unwrap_or_default();
        let items = at(&self.items);
        if items > 0.0 { at(&self.done) / items } else { 1.0 }
    }
}
