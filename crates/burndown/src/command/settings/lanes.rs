//! `burndown settings lane`: the statuses of a profile in order, each with its lane.

use app::settings::{LaneList, Setting, StatusLane};
use model::Lane;
use model::plain::one_line;
use words::format::count;

use crate::run::Run;
use crate::table::{Side, Table};

/// Says of statuses that come to a list and were put into another lane that the lane counts.
pub fn warn_of_chosen(run: &Run, found: &LaneList, list: &Setting, added: &[String]) {
    for name in added {
        let mut known = found.lanes.iter().filter(|status| status.is_chosen);
        let Some(status) = known.find(|of| of.status == *name || of.is_called(name)) else {
            continue;
        };
        let meant = match list.name {
            "done" => Some(Lane::Done),
            "active" => Some(Lane::Active),
            _ => None,
        };
        let agrees = meant.map_or(status.is_started, |meant| status.lane == Some(meant));
        if agrees {
            continue;
        }
        let (name, lane) = (one_line(name), words::lane(status.lane, status.is_started));
        run.output.warn(&format!(
            "{name} was put into the lane “{lane}”, which counts instead of the list {}; \
             `burndown settings lane \"{name}\" --unset` lets the list say it, \
             `burndown settings lane \"{name}\" LANE` puts it into another",
            list.name
        ));
    }
}

/// The statuses that occur; the others that the server lists are only counted.
pub fn table(run: &Run, found: &LaneList) -> String {
    let is_shown = |status: &&StatusLane| status.is_seen || status.is_chosen;
    let mut table = Table::new(&[
        ("status", Side::Left),
        ("id", Side::Left),
        ("lane", Side::Left),
        ("by", Side::Left),
        ("Jira says", Side::Left),
        ("issues now", Side::Right),
        ("entered", Side::Right),
    ]);
    let shown: Vec<&StatusLane> = found.lanes.iter().filter(is_shown).collect();
    shown.iter().for_each(|status| table.row(row(status)));
    let name = one_line(&found.trail.profile.name);
    if found.lanes.is_empty() {
        return format!("No statuses of {name} are known yet; they come with the first sync.\n");
    }
    let others = found.lanes.len() - shown.len();
    let others = match others {
        0 => String::new(),
        1 => "\n1 more status is on the list of the server.\n".to_owned(),
        more => format!("\n{more} more statuses are on the list of the server.\n"),
    };
    format!("Lanes of {name}\n\n{}{others}", table.into_text(run.output.width, &run.output.head))
}

fn row(status: &StatusLane) -> [String; 7] {
    let id = if status.status == status.name { "" } else { &status.status };
    [
        one_line(&status.name),
        one_line(id),
        words::lane(status.lane, status.is_started).to_owned(),
        words::lane_origin(status.origin, status.is_chosen).to_owned(),
        words::category(status.category).to_owned(),
        count(status.now),
        count(status.entered),
    ]
}
