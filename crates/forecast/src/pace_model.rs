//! How the pace of futures is drawn: views of the past, a level that walks, and a trend.

use serde::Serialize;

use crate::normal::exponential;

/// The sizes of views, in weeks.
const VIEW_WEEKS: [usize; 5] = [3, 6, 12, 24, 48];
/// From the draw after these on a trend is followed: a quarter.
pub(crate) const QUARTER_WEEKS: u32 = 13;
/// Of a trend one standard deviation above none, the growth of a week: × 1.25 a quarter.
const TREND: f64 = 0.22314355131420976 / 13.0;

/// How the pace of futures is drawn from a history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaceModel {
    /// How many of the last weeks each view draws from; all views have the same share of the
    /// futures, equal ones count as often as they stand.
    pub views: Vec<usize>,
    /// By which the logarithm of the level goes up or down from week to week.
    pub step: f64,
    /// By which the logarithm of the level grows with each week beyond a quarter, in a future whose
    /// trend is one standard deviation above none.
    pub trend: f64,
    /// Which share of its pace the team keeps up; 1 for all of it.
    pub focus: f64,
    /// Which share of the new work comes; 1 for all of it.
    pub arrivals: f64,
}

impl PaceModel {
    /// Every week is drawn from all `weeks`, and nothing else moves: a plain urn.
    pub fn steady(weeks: usize) -> PaceModel {
        PaceModel { views: vec![weeks], step: 0.0, trend: 0.0, focus: 1.0, arrivals: 1.0 }
    }

    /// Views of several lengths of `done`, oldest week first, with a learned step and a trend.
    pub fn of(done: &[f64], step: f64) -> PaceModel {
        PaceModel { views: views(done), step, trend: TREND, focus: 1.0, arrivals: 1.0 }
    }

    /// The same with a share of the pace.
    #[must_use]
    pub fn with_focus(self, focus: f64) -> PaceModel {
        PaceModel { focus, ..self }
    }

    /// The same with a share of the new work.
    #[must_use]
    pub fn with_arrivals(self, arrivals: f64) -> PaceModel {
        PaceModel { arrivals, ..self }
    }

    /// By which factor the pace typically moves within a quarter.
    pub fn factor_a_quarter(&self) -> f64 {
        exponential(self.step * f64::from(QUARTER_WEEKS).sqrt())
    }

    /// The weeks that any view reaches.
    pub fn weeks(&self) -> usize {
        self.views.iter().copied().max().unwrap_or_default()
    }
}

/// The sizes of the views of a history, oldest week first: 3, 6, 12, 24, 48 as far as they fit,
/// and its whole where that adds a quarter or more to the largest. A view without any done work
/// takes the size of the next larger one: three empty weeks are a holiday, not the end.
pub fn views(done: &[f64]) -> Vec<usize> {
    let weeks = done.len();
    let mut sizes: Vec<usize> = VIEW_WEEKS.into_iter().filter(|size| *size <= weeks).collect();
    let largest = sizes.last().copied().unwrap_or_default();
    if weeks < VIEW_WEEKS.into_iter().max().unwrap_or_default() && 4 * weeks >= 5 * largest {
        sizes.push(weeks);
    }
    let is_empty = |size: usize| done.iter().rev().take(size).all(|done| *done == 0.0);
    let mut larger = sizes.last().copied().unwrap_or_default();
    for size in sizes.iter_mut().rev().skip(1) {
        if is_empty(*size) {
            *size = larger;
        }
        larger = *size;
    }
    sizes
}
