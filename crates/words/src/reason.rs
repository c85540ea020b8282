//! Why something is not known.

use metrics::Reason;
use model::Remedy;

use crate::format::{counted, day};
use crate::{Front, remedy};

/// Why a figure is not known and what would change that, as sentences.
pub fn unknown(why: &Reason, what: Remedy, front: Front) -> String {
    format!("{} {}", reason(why), remedy(what, front))
}

/// Why a figure is not known, as a sentence.
pub fn reason(reason: &Reason) -> String {
    let text = match *reason {
        Reason::NoIssues => "The query holds no issues.",
        Reason::JqlFindsNothing => "The JQL of the query finds no issue.",
        Reason::NoneCreatedBy { date } => {
            return format!("No issue was created by {}.", day(date));
        }
        Reason::NoneCounts { issues } => {
            return format!("None of the query's {} counts.", counted(issues, "issue", "issues"));
        }
        Reason::NoStatuses => {
            "None of the issues names a status or when it was resolved, so that nobody knows what is done."
        }
        Reason::DoneIsUndefined => "Nothing says which statuses mean done.",
        Reason::NoCompleteWeek => "No week with issues is over yet.",
        Reason::NoDates => "No issue has the dates that a week needs.",
        Reason::NothingDone => "Nothing was done in these weeks.",
        Reason::NoRecordedStart => "No issue that was done in these weeks has a recorded start.",
        Reason::StatusesUnexplained { measured, of } => {
            let of = counted(of, "item", "items");
            return format!(
                "Only {measured} of {of} could be measured: the others were in statuses that nothing explains."
            );
        }
        Reason::ShortBaseline { weeks, needed } => {
            let weeks = complete_weeks(weeks);
            return format!("What is usual cannot be said of {weeks}; it takes {needed}.");
        }
        Reason::NoWaitingStatus => "Nothing tells waiting from working.",
        Reason::NoTimeInWork => {
            "Nothing that was done in these weeks spent working time in a started status."
        }
        Reason::RemainingUnknown => "The stored rows do not say how much is left.",
        Reason::TooFewEstimated { percent, needed } => {
            return format!(
                "Only {percent} % of the open issues are estimated; a forecast of estimates needs {needed} %."
            );
        }
        Reason::ShortSample { .. } | Reason::IdleSample { .. } | Reason::FewBusyWeeks { .. } => {
            return of_sample(reason);
        }
        Reason::ShortPast { needed } => {
            let weeks = complete_weeks(needed);
            return format!("No past forecast can be made: that takes {weeks}.");
        }
        Reason::NoWorkingDay => "The calendar has no working day.",
        Reason::NoWorkingDayBy { date } => {
            return format!("There is no working day up to {}.", day(date));
        }
        Reason::TooFarAway { date } => return format!("{} is too far away.", day(date)),
        Reason::NothingLeft => "Nothing is left to do.",
        Reason::FetchTimeUnknown => "When the issues were fetched is not known.",
        Reason::NoPoints
        | Reason::PointsNotRequested
        | Reason::NoPointsField
        | Reason::PointsNeedIssues
        | Reason::PointsFieldUnset => of_points(reason),
        Reason::NoChangelog => "No changelog was fetched for this issue.",
        Reason::NoMembershipHistory
        | Reason::NoQueries
        | Reason::SaidToBeOver
        | Reason::NothingBelongs => of_delivery(reason),
        Reason::NoStatistics => "No weekly statistics are stored for this query.",
        Reason::NoSnapshots => "No weekly metrics are stored for this query.",
    };
    text.to_owned()
}

fn of_points(reason: &Reason) -> &'static str {
    match reason {
        Reason::PointsNotRequested => {
            "The field of estimates was not fetched yet, so they are not known."
        }
        Reason::NoPointsField => "No issue has the field that estimates are read from.",
        Reason::PointsNeedIssues => {
            "A forecast in points needs issues; this query has stored counts only."
        }
        Reason::PointsFieldUnset => "No field is mapped as the points field of this profile.",
        _ => "No issue is estimated.",
    }
}

fn of_delivery(reason: &Reason) -> &'static str {
    match reason {
        Reason::NoMembershipHistory => {
            "What belonged to it on past days is not known: the stored histories hold changes of the status alone."
        }
        Reason::NoQueries => "It lies in no query that is there.",
        Reason::SaidToBeOver => "It was said to be over.",
        _ => "No item belongs to it.",
    }
}

fn complete_weeks(count: u64) -> String {
    counted(count, "complete week", "complete weeks")
}

/// What a sample lacks, and of when the last work in it is.
fn of_sample(reason: &Reason) -> String {
    let (lack, last_done) = match *reason {
        Reason::ShortSample { weeks, needed, last_done } => {
            let weeks = complete_weeks(weeks);
            (format!("The sample has {weeks}; a forecast needs {needed}."), last_done)
        }
        Reason::FewBusyWeeks { busy, weeks, needed, last_done } => {
            let weeks = complete_weeks(weeks);
            let lack =
                format!("Work was done in only {busy} of {weeks}; a forecast needs {needed}.");
            (lack, last_done)
        }
        Reason::IdleSample { weeks, last_done } => {
            let weeks = complete_weeks(weeks);
            (format!("Nothing was done in the {weeks} of the sample."), last_done)
        }
        _ => (String::new(), None),
    };
    let last = last_done.map(|week| format!(" The last done work is of {week}."));
    lack + &last.unwrap_or_default()
}
