//! Little's law as a check: work in progress is what finishes per day times how long it takes.
//!
//! John D. C. Little, *A Proof for the Queuing Formula: L = λW* (1961). It holds for averages over a
//! time in which about as much is started as is finished; the farther these are apart, the less the
//! figures can agree.

use model::Remedy;
use serde::Serialize;

use crate::arrivals::Arrivals;
use crate::cycle_time_scatter::CycleTimes;
use crate::measured::Measured;
use crate::reason::Reason;
use crate::work_in_progress::WorkInProgress;

/// Arrivals and departures that differ by more are said.
const IMBALANCE_MAX: f64 = 0.2;

/// The three averages of Little's law, each measured on its own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LittlesLaw {
    /// How many items were under way on average.
    pub mean_under_way: f64,
    /// How many items with a known cycle time were finished per day.
    pub finished_per_day: f64,
    /// How many calendar days these took on average.
    pub mean_days: f64,
    /// What the law makes of the last two.
    pub expected_under_way: f64,
    /// How many items were started.
    pub started: u64,
    /// How many of those that had been started were finished.
    pub finished: u64,
    /// Whether the last two differ by no more than a fifth.
    pub is_balanced: bool,
}

/// The check over one window.
pub fn littles_law(
    times: &Measured<CycleTimes>,
    arrivals: &Measured<Arrivals>,
    progress: &Measured<WorkInProgress>,
) -> Measured<LittlesLaw> {
    times.then(|times, rule| {
        let Measured::Known { value: progress, window, sample, .. } = progress else {
            return progress
                .then(|_, _| Measured::unavailable(Reason::NoDates, Remedy::SeeDataNotes));
        };
        let Some(arrivals) = arrivals.known() else {
            return Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek);
        };
        let finished = times.items.len() as f64;
        let finished_per_day = finished / *sample as f64;
        let mean_days = times.items.iter().map(|item| f64::from(item.days)).sum::<f64>() / finished;
        let started = arrivals.started as f64;
        Measured::Known {
            value: LittlesLaw {
                mean_under_way: progress.mean,
                finished_per_day,
                mean_days,
                expected_under_way: finished_per_day * mean_days,
                started: arrivals.started,
                finished: times.items.len() as u64,
                is_balanced: (started - finished).abs() <= IMBALANCE_MAX * started.max(finished),
            },
            sample: times.items.len() as u64,
            window: *window,
            rule: rule.to_owned(),
            notes: Vec::new(),
        }
    })
}
