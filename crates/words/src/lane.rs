//! Lanes of statuses, and who says them.

use metrics::LaneOrigin;
use model::{Lane, StatusCategory};

/// What a lane is called. A waiting one in which work has not begun lies before the start that the
/// profile names.
pub fn lane(lane: Option<Lane>, is_started: bool) -> &'static str {
    match lane {
        Some(Lane::NotStarted) => "not started",
        Some(Lane::Waiting) if !is_started => "waiting, before the start",
        Some(Lane::Waiting) => "waiting",
        Some(Lane::Active) => "active",
        Some(Lane::Done) => "done",
        Some(Lane::NotDelivered) => "not delivered",
        None => "not explained",
    }
}

/// Who says which lane a status is in.
pub fn lane_origin(origin: LaneOrigin, is_chosen: bool) -> &'static str {
    match origin {
        _ if is_chosen => "chosen",
        LaneOrigin::Chosen => "list of the old app",
        LaneOrigin::Category => "from Jira",
        LaneOrigin::Reopened => "entered from done only",
        LaneOrigin::Unexplained => "nothing says it",
    }
}

/// What Jira's category of a status is called.
pub fn category(category: Option<StatusCategory>) -> &'static str {
    match category {
        Some(StatusCategory::Done) => "done",
        Some(StatusCategory::Indeterminate) => "in progress",
        Some(StatusCategory::New) => "to do",
        None => "–",
    }
}
