//! A forecast as it would have been made after so many weeks, from what was known then.

use metrics::{WeeklyTable, Window};

use crate::assumptions::{Assumptions, Model};
use crate::engine::pace;
use crate::history::{History, HistoryWeek};
use crate::learned_step::PastMisses;
use crate::pace_model::views;
use crate::sample::Sample;
use crate::source::{Answers, Ask, Source};

/// A history that forecasts are made from at any of its weeks.
pub(crate) struct Past<'a> {
    history: History,
    misses: PastMisses,
    assumptions: &'a Assumptions,
}

impl<'a> Past<'a> {
    /// Of a table; see [`Sample::read`] for `points_each`.
    pub fn read(table: &WeeklyTable, assumptions: &'a Assumptions, points_each: f64) -> Past<'a> {
        let history = History::read(table, assumptions, points_each);
        let misses = history.misses();
        Past { history, misses, assumptions }
    }

    /// Its weeks that are not left out, oldest first.
    pub fn weeks(&self) -> Vec<&HistoryWeek> {
        self.history.used()
    }

    /// What it is made with.
    pub fn assumptions(&self) -> &Assumptions {
        self.assumptions
    }

    /// The days it covers, left-out weeks included.
    pub fn window(&self) -> Option<Window> {
        self.history.all(self.assumptions.unit).window()
    }

    /// What would have been drawn from after the first weeks; `None` where nothing would have been
    /// said.
    pub fn sample(&self, known: &[&HistoryWeek]) -> Option<Sample> {
        let size = match self.assumptions.model {
            Model::Views if self.assumptions.chosen_weeks().is_none() => {
                let done: Vec<f64> = known.iter().map(|week| week.week.done).collect();
                views(&done).into_iter().max().unwrap_or_default()
            }
            _ => self.assumptions.recent_weeks(),
        };
        let weeks = known.get(known.len().saturating_sub(size)..)?;
        let weeks = weeks.iter().map(|week| week.week.clone()).collect();
        let sample = Sample { unit: self.assumptions.unit, weeks };
        sample.refusal(None).is_none().then_some(sample)
    }

    /// What it would have answered, with so many futures.
    pub fn answer(&self, sample: &Sample, known: usize, trials: u32, ask: &Ask) -> Answers {
        let step = self.misses.learned(known).step;
        let usual =
            Assumptions { focus_percent: 100, arrivals_percent: 100, ..self.assumptions.clone() };
        let pace = pace(sample, step, &usual);
        Source { sample, model: self.assumptions.model, pace, trials }.answer(ask)
    }
}
