//! What a signal states, as codes and values.

use model::Remedy;
use serde::{Deserialize, Serialize};

use crate::note::Note;

/// What a signal says or shows; the crate `words` says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SignalStatement {
    /// Work in progress is older than 85 % of what was finished.
    OldWork {
        /// How many items.
        items: u64,
    },
    /// The oldest of it.
    OldestWork {
        /// Its key.
        key: String,
        /// How old it is.
        days: i32,
        /// Its status.
        status: Option<String>,
        /// What 85 % of the finished ones took at most.
        p85_days: i32,
    },
    /// More arrives than gets done.
    MoreArrives,
    /// In how many weeks, and how much.
    Growth {
        /// Weeks in which more arrived.
        grown: u64,
        /// Of so many.
        weeks: u64,
        /// How much more in all.
        more: f64,
    },
    /// The last week is above the usual.
    UnusuallyMuch,
    /// The last week is below the usual.
    UnusuallyLittle,
    /// The last weeks are all above the mean.
    ThroughputRisen,
    /// The last weeks are all below the mean.
    ThroughputFallen,
    /// The last weeks are as others.
    ThroughputAsUsual,
    /// Nothing was created and nothing done.
    Standstill {
        /// For so many complete weeks.
        weeks: u64,
    },
    /// Whether all of the work is in the data.
    IsDataComplete,
    /// The last week beside the usual ones.
    LastWeek {
        /// Done in it.
        done: f64,
        /// The least that is usual.
        least: f64,
        /// The most that is usual.
        most: f64,
    },
    /// Weeks of the sample are beyond the usual.
    UnusualWeeks {
        /// Their labels.
        weeks: Vec<String>,
    },
    /// The first of them beside the usual ones.
    UnusualWeek {
        /// Its label.
        week: String,
        /// Done in it.
        done: f64,
        /// The least that is usual.
        least: f64,
        /// The most that is usual.
        most: f64,
    },
    /// Weeks that a forecast can be made without.
    LeaveOut {
        /// Their labels.
        weeks: Vec<String>,
    },
    /// The last weeks lie on one side of the mean.
    Run {
        /// How many weeks.
        weeks: u64,
        /// Whether above.
        is_above: bool,
        /// The mean.
        mean: f64,
    },
    /// What a data note says.
    Note {
        /// The note.
        note: Box<Note>,
    },
    /// What can be done about it.
    Remedy {
        /// The remedy.
        remedy: Remedy,
    },
}
