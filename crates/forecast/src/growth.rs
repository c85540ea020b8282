//! Whether the scope grows in a forecast, and why.

use serde::Serialize;

use crate::assumptions::{Assumptions, Growth};
use crate::sample::Sample;
use crate::statement::ForecastStatement;

/// Less net growth, as a share of what was done, is negligible.
const NEGLIGIBLE: f64 = 0.05;

/// What a forecast assumes about work that arrives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GrowthUsed {
    /// Whether each drawn week brings what arrived in it.
    pub is_on: bool,
    /// Created less cancelled, per week of the window.
    pub per_week: f64,
    /// Done, per week of the window.
    pub done_per_week: f64,
    /// Both in short.
    pub sentence: ForecastStatement,
}

impl GrowthUsed {
    pub(crate) fn read(sample: &Sample, assumptions: &Assumptions) -> GrowthUsed {
        let wanted = assumptions.growth;
        let share = f64::from(assumptions.arrivals_percent) / 100.0;
        let weeks = sample.used().count().max(1) as f64;
        let arrived: f64 = sample.used().map(|week| week.arrived * share).sum();
        let focus = f64::from(assumptions.focus_percent) / 100.0;
        let done: f64 = sample.used().map(|week| week.done * focus).sum();
        let is_negligible = arrived.abs() < NEGLIGIBLE * done;
        let (per_week, done_per_week) = (arrived / weeks, done / weeks);
        let is_on = match wanted {
            Growth::On => true,
            Growth::Off => false,
            Growth::Auto => !is_negligible,
        };
        let sentence = if is_on {
            ForecastStatement::NewWork { arrived: per_week, done: done_per_week, unit: sample.unit }
        } else {
            ForecastStatement::ScopeStays { is_asked: wanted == Growth::Off }
        };
        GrowthUsed { is_on, per_week, done_per_week, sentence }
    }
}
