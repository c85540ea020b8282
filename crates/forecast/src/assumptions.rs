//! What a forecast takes for granted: everything that a "what if" can change.

use std::collections::BTreeSet;

use metrics::Unit;
use model::settings::WINDOW_WEEKS_USUAL;
use model::{Date, Week};
use serde::{Deserialize, Serialize};

use crate::calendar::WorkingCalendar;

/// How the future is drawn from the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Views of the past of several lengths, at a pace that moves as it did.
    #[default]
    Views,
    /// Each trial weighs the weeks of the window anew, as a small sample is not the truth; the pace
    /// is taken to stay as it was.
    Bootstrap,
    /// Every week is as likely as any other: plain resampling, without any simulation.
    Exact,
}

/// Whether work that arrives makes the backlog longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Growth {
    /// On where it is not negligible in the sample.
    #[default]
    Auto,
    /// On.
    On,
    /// Off: the scope stays as it is.
    Off,
}

/// The assumptions of a forecast. The default ones are the base forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assumptions {
    /// What is counted.
    pub unit: Unit,
    /// How the future is drawn.
    pub model: Model,
    /// How many complete weeks figures look back, and models without views; `None` for all there
    /// are. Views reach further back unless it is another window than the usual one.
    pub window_weeks: Option<usize>,
    /// Whether that window was asked for, even if it is the usual one: views reach no further.
    #[serde(skip)]
    pub is_window_asked: bool,
    /// Weeks that the user left out.
    #[serde(serialize_with = "labels")]
    pub excluded: BTreeSet<Week>,
    /// Whether the scope grows as it did.
    pub growth: Growth,
    /// How much of its pace the team can keep up, in percent; 100 is the pace of the sample.
    pub focus_percent: u32,
    /// How much of the new work comes, in percent; 100 is what came in the sample.
    pub arrivals_percent: u32,
    /// No work before that day.
    pub start: Option<Date>,
    /// Work to be done instead of what is open.
    pub remaining: Option<f64>,
    /// Work added to it.
    pub added: f64,
    /// How many futures are drawn.
    pub trials: u32,
    /// Which days are worked on.
    pub calendar: WorkingCalendar,
}

impl Assumptions {
    /// The window, if it was asked for or is another one than the usual: views reach no further back than
    /// that.
    pub(crate) fn chosen_weeks(&self) -> Option<usize> {
        let usual = usize::from(WINDOW_WEEKS_USUAL);
        self.window_weeks.filter(|weeks| self.is_window_asked || *weeks != usual)
    }

    /// The weeks of the window; more than there are for all.
    pub(crate) fn recent_weeks(&self) -> usize {
        self.window_weeks.unwrap_or(usize::MAX)
    }

    /// Whether the work is what is open, rather than an amount that was asked for.
    pub fn is_open(&self) -> bool {
        self.remaining.is_none() && self.added == 0.0
    }
}

impl Default for Assumptions {
    fn default() -> Assumptions {
        Assumptions {
            unit: Unit::Items,
            model: Model::Views,
            window_weeks: Some(WINDOW_WEEKS_USUAL.into()),
            is_window_asked: false,
            excluded: BTreeSet::new(),
            growth: Growth::Auto,
            focus_percent: 100,
            arrivals_percent: 100,
            start: None,
            remaining: None,
            added: 0.0,
            trials: 20_000,
            calendar: WorkingCalendar::default(),
        }
    }
}

fn labels<S: serde::Serializer>(weeks: &BTreeSet<Week>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(weeks.iter().map(Week::to_string))
}
