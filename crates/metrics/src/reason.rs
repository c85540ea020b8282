//! Why a figure is not known.

use model::{Date, Week};
use serde::{Deserialize, Serialize};

/// Why a figure or a forecast is not known; the crate `words` says it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// The query holds no issues.
    NoIssues,
    /// Jira was asked, and its JQL finds no issue.
    JqlFindsNothing,
    /// No issue of it was created by that day.
    NoneCreatedBy {
        /// The day.
        date: Date,
    },
    /// None of its issues counts.
    NoneCounts {
        /// How many there are.
        issues: u64,
    },
    /// None of its issues names a status or when it was resolved.
    NoStatuses,
    /// Nothing says which statuses mean done.
    DoneIsUndefined,
    /// No complete week lies in the window.
    NoCompleteWeek,
    /// No issue has the dates that a week needs.
    NoDates,
    /// No issue has story points.
    NoPoints,
    /// The issues come from a fetch that did not ask for story points.
    PointsNotRequested,
    /// No issue has the field of story points.
    NoPointsField,
    /// Nothing was done in the weeks that are looked at.
    NothingDone,
    /// Nothing that was done has a recorded start.
    NoRecordedStart,
    /// Statuses that nothing explains leave too few that can be measured.
    StatusesUnexplained {
        /// How many could be measured.
        measured: u64,
        /// Of how many.
        of: u64,
    },
    /// There are too few weeks to tell what is usual.
    ShortBaseline {
        /// How many there are.
        weeks: u64,
        /// How many it takes.
        needed: u64,
    },
    /// No status is mapped as waiting, or none as active.
    NoWaitingStatus,
    /// Nothing that was done spent working time in a waiting or active status.
    NoTimeInWork,
    /// Stored rows do not say what is left.
    RemainingUnknown,
    /// Too few open issues have points.
    TooFewEstimated {
        /// How many do, in percent.
        percent: u32,
        /// How many would have to, in percent.
        needed: u32,
    },
    /// Points need issues, and there are stored counts only.
    PointsNeedIssues,
    /// The sample is too short.
    ShortSample {
        /// Its complete weeks.
        weeks: u64,
        /// How many it takes.
        needed: u64,
        /// When something was done last.
        #[serde(with = "label")]
        last_done: Option<Week>,
    },
    /// Nothing was done in the sample.
    IdleSample {
        /// Its complete weeks.
        weeks: u64,
        /// When something was done last.
        #[serde(with = "label")]
        last_done: Option<Week>,
    },
    /// Something was done in too few weeks of the sample.
    FewBusyWeeks {
        /// In how many.
        busy: u64,
        /// Its complete weeks.
        weeks: u64,
        /// How many it takes.
        needed: u64,
        /// When something was done last.
        #[serde(with = "label")]
        last_done: Option<Week>,
    },
    /// There are too few weeks to try forecasts on.
    ShortPast {
        /// How many it takes.
        needed: u64,
    },
    /// No weekday is worked on.
    NoWorkingDay,
    /// No working day lies before that day.
    NoWorkingDayBy {
        /// The day.
        date: Date,
    },
    /// The day lies beyond the horizon.
    TooFarAway {
        /// The day.
        date: Date,
    },
    /// Nothing is left to do.
    NothingLeft,
    /// It is not known when the issues were fetched.
    FetchTimeUnknown,
    /// The profile names no points field.
    PointsFieldUnset,
    /// The issue has no changelog.
    NoChangelog,
    /// No history says what issues belonged to before.
    NoMembershipHistory,
    /// The queries that it lies in are gone or hold no issue.
    NoQueries,
    /// Nothing belongs to it.
    NothingBelongs,
    /// It was said to be over.
    SaidToBeOver,
    /// No weekly statistics are stored.
    NoStatistics,
    /// No weekly metrics are stored.
    NoSnapshots,
}

/// A week as its ISO label.
mod label {
    use model::Week;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(week: &Option<Week>, to: S) -> Result<S::Ok, S::Error> {
        week.map(|week| week.to_string()).serialize(to)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Week>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        let read = |text: String| Week::parse(&text).ok_or_else(|| D::Error::custom("no week"));
        text.map(read).transpose()
    }
}
