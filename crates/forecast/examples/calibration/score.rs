//! How often what was said on past days came true, and by how much it missed.

use forecast::{
    Distribution, PaceModel, PastMisses, PastWeek, Step, Trials, Weights, Workload, drawn_how_many,
    drawn_when,
};

use super::real::Origin;

/// The chances that are looked at.
pub const PERCENTS: [u32; 4] = [50, 70, 85, 95];
/// How many weeks ahead it is asked how much is done.
pub const WEEKS: [usize; 3] = [4, 8, 12];
/// Of how many items it is asked when they are done.
pub const ITEMS: [u32; 3] = [10, 20, 40];
/// All questions: amounts, dates, and the date of as many as are open.
pub const QUESTIONS: usize = WEEKS.len() + ITEMS.len() + 1;
const DAYS: u32 = 5;
/// Five years.
const DAYS_MAX: u32 = 261 * DAYS;

/// How forecasts are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forecaster {
    /// Views, a learned step and a trend.
    Views,
    /// An urn of the last twelve weeks.
    Urn,
    /// Plain resampling of the last twelve weeks.
    Plain,
}

/// How many forecasts could be judged, how many held, and what they missed, by question.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// Judged forecasts, of each percentile.
    pub judged: [[u32; 4]; QUESTIONS],
    /// Those that held.
    pub held: [[u32; 4]; QUESTIONS],
    /// The chances that the amounts were said to have, summed over the forecasts: whole items rarely
    /// have the one that was asked for.
    said: [[f64; 4]; WEEKS.len()],
    /// The mean pinball loss of the percentiles of amounts, summed over the forecasts.
    loss: [f64; WEEKS.len()],
}

impl Score {
    /// How many percent held.
    pub fn percent(&self, question: usize, percent: usize) -> f64 {
        let (held, judged) = (self.held[question][percent], self.judged[question][percent]);
        100.0 * f64::from(held) / f64::from(judged.max(1))
    }

    /// The mean chance that the amounts of a horizon were said to have, in percent.
    pub fn said(&self, horizon: usize, percent: usize) -> f64 {
        100.0 * self.said[horizon][percent] / f64::from(self.judged[horizon][percent].max(1))
    }

    /// The mean loss of the amounts of a horizon, in items.
    pub fn loss(&self, horizon: usize) -> f64 {
        self.loss[horizon] / f64::from(self.judged[horizon][0].max(1))
    }

    /// Makes the forecasts of a past day and looks what came; none where none would have been made.
    pub fn look(&mut self, origin: &Origin, forecaster: Forecaster, trials: u32) {
        let Some((steps, pace, weights)) = forecaster.draw(&origin.done) else { return };
        let trials = Trials { count: trials, seed: origin.done.len() as u64, weights };
        for (question, weeks) in WEEKS.into_iter().enumerate() {
            if let Some(came) = origin.done_in(weeks) {
                let said = drawn_how_many(&steps, DAYS * weeks as u32, &pace, &trials);
                self.judge_amount(question, &said, f64::from(came));
            }
        }
        for (number, items) in ITEMS.into_iter().chain([origin.open]).enumerate() {
            if items > 0 {
                let workload = Workload { steps: &steps, remaining: items, days_max: DAYS_MAX };
                let said = drawn_when(&workload, &pace, &trials);
                self.judge_date(WEEKS.len() + number, &said, items, origin);
            }
        }
    }

    fn judge_amount(&mut self, question: usize, said: &Distribution, came: f64) {
        let mut loss = 0.0;
        for (place, percent) in PERCENTS.into_iter().enumerate() {
            let chance = f64::from(percent) / 100.0;
            let reached = said.largest_reached(chance);
            let amount = reached as f64;
            self.said[question][place] += said.at_least(reached);
            self.judged[question][place] += 1;
            self.held[question][place] += u32::from(came >= amount);
            let missed = came - amount;
            loss += if missed >= 0.0 { missed * (1.0 - chance) } else { -missed * chance };
        }
        self.loss[question] += loss / PERCENTS.len() as f64;
    }

    /// A date beyond the data cannot be judged, whatever came.
    fn judge_date(&mut self, question: usize, said: &Distribution, items: u32, origin: &Origin) {
        for (place, percent) in PERCENTS.into_iter().enumerate() {
            let day = said.smallest_within(f64::from(percent) / 100.0);
            if let Some(done) = day.and_then(|day| origin.done_by(day)) {
                self.judged[question][place] += 1;
                self.held[question][place] += u32::from(done >= items);
            }
        }
    }
}

impl Forecaster {
    /// The weeks, the pace and the weights; `None` where nothing would be said.
    fn draw(self, all: &[u32]) -> Option<(Vec<Step>, PaceModel, Weights)> {
        let done = match self {
            Forecaster::Views => all.get(1..)?,
            Forecaster::Urn | Forecaster::Plain => &all[all.len().saturating_sub(12)..],
        };
        let recent = done.iter().rev().take(12);
        if recent.filter(|done| **done > 0).count() < 3 {
            return None;
        }
        let steps = done.iter().map(|done| Step { done: *done, arrived: 0, days: DAYS }).collect();
        let pace = match self {
            Forecaster::Views => moving(done),
            Forecaster::Urn | Forecaster::Plain => PaceModel::steady(done.len()),
        };
        let weights = if self == Forecaster::Plain { Weights::Equal } else { Weights::Drawn };
        Some((steps, pace, weights))
    }
}

/// The pace that a history of done items leads to.
pub fn moving(done: &[u32]) -> PaceModel {
    let amounts: Vec<f64> = done.iter().map(|done| f64::from(*done)).collect();
    let past: Vec<PastWeek> =
        amounts.iter().map(|done| PastWeek { done: *done, items: *done }).collect();
    PaceModel::of(&amounts, PastMisses::of(&past).learned(done.len()).step)
}
