//! What settings could be, told from the statuses that occur. A proposal is made where nothing is
//! set, and it is saved only if somebody accepts it.

use model::settings::usual_names::{is_usually_delivered, is_usually_not_delivered};
use model::settings::{Field, LaneChoice, Section, Setting};
use model::{Lane, ProfileSettings, StatusCategory};
use serde::Serialize;

use super::lanes::StatusLane;

/// Parts of names of statuses in which work waits.
const WAITING: [&str; 12] = [
    "wait",
    "block",
    "hold",
    "pending",
    "queue",
    "paused",
    "warte",
    "blockiert",
    "pause",
    "attente",
    "espera",
    "bloque",
];

/// A value that a setting could have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The name of the setting.
    pub name: &'static str,
    /// Its value, a line each.
    pub value: Vec<String>,
    /// What speaks for it, as a sentence.
    pub why: String,
    /// Whether somebody has to decide: it is not set when all that is proposed is accepted.
    pub is_question: bool,
}

/// Lanes that statuses could be in: of all that occur, also those that nobody is in now, as long as
/// the profile says nothing about statuses; else of those that nothing explains.
pub(super) fn of_workflow(statuses: &[StatusLane], settings: &ProfileSettings) -> Vec<Proposal> {
    let is_set = |section: Section| section.settings().any(|one| one.field(settings).is_set());
    let is_all = !is_set(Section::Lists) && settings.workflow.lanes.is_empty();
    let is_open = |status: &&StatusLane| {
        status.is_seen && !status.is_chosen && (is_all || status.lane.is_none())
    };
    let open: Vec<(&StatusLane, Lane)> = statuses
        .iter()
        .filter(is_open)
        .filter_map(|status| Some((status, lane(status)?)))
        .collect();
    Lane::ALL.into_iter().filter_map(|lane| propose(lane, &open)).collect()
}

fn lane(status: &StatusLane) -> Option<Lane> {
    let of_category = status.category.map(|category| match category {
        StatusCategory::New => Lane::NotStarted,
        StatusCategory::Indeterminate => Lane::Active,
        StatusCategory::Done => Lane::Done,
    });
    let lane = status.lane.or(of_category).or_else(|| by_name(&status.name))?;
    Some(if lane == Lane::Active && waits(&status.name) { Lane::Waiting } else { lane })
}

/// Where Jira counts it as nothing, a usual name says what it is for.
fn by_name(name: &str) -> Option<Lane> {
    if is_usually_not_delivered(name) {
        return Some(Lane::NotDelivered);
    }
    is_usually_delivered(name).then_some(Lane::Done)
}

fn waits(name: &str) -> bool {
    let name = name.to_lowercase();
    WAITING.iter().any(|word| name.contains(word))
}

fn propose(lane: Lane, open: &[(&StatusLane, Lane)]) -> Option<Proposal> {
    let setting = Setting::find("lanes")?;
    let meant: Vec<&StatusLane> =
        open.iter().filter(|(_, of)| *of == lane).map(|(status, _)| *status).collect();
    let lines: Vec<String> = meant
        .iter()
        .map(|status| LaneChoice { status: status.status.clone(), lane }.to_string())
        .collect();
    // What could not be saved is not proposed.
    let mut typed: Vec<LaneChoice> = Vec::new();
    typed.set(&lines.iter().map(String::as_str).collect::<Vec<_>>()).ok()?;
    let value = Some(typed.lines()).filter(|value| !value.is_empty())?;
    let counts = meant
        .iter()
        .map(|status| format!("{} ({} now, entered {}×)", status.name, status.now, status.entered));
    let why = format!("{}: {}.", reason(lane), counts.collect::<Vec<_>>().join(", "));
    Some(Proposal { name: setting.name, value, why, is_question: false })
}

fn reason(lane: Lane) -> &'static str {
    match lane {
        Lane::NotStarted => "Not started, as Jira counts them as to do",
        Lane::Waiting => "Waiting, as their names say or as they are entered from what is done",
        Lane::Active => {
            "Active, as Jira counts them as in progress and no name says that work waits"
        }
        Lane::Done => "Done, as Jira counts them as done or their names say so",
        Lane::NotDelivered => {
            "Not delivered, as their names say so and Jira does not count them as open"
        }
    }
}

#[cfg(test)]
mod tests {
    use metrics::LaneOrigin;
    use model::{Json, Settings};

    use super::*;

    fn status(id: &str, name: &str, category: Option<StatusCategory>, now: u64) -> StatusLane {
        let lane = category.map(|category| match category {
            StatusCategory::New => Lane::NotStarted,
            StatusCategory::Indeterminate => Lane::Active,
            StatusCategory::Done => Lane::Done,
        });
        StatusLane {
            status: id.to_owned(),
            name: name.to_owned(),
            other_names: Vec::new(),
            project: None,
            category,
            lane,
            is_started: false,
            origin: LaneOrigin::Category,
            is_chosen: false,
            usual: lane,
            now,
            entered: now * 2,
            is_seen: true,
        }
    }

    #[track_caller]
    fn check(statuses: &[StatusLane], classification: &str, want: &[&str]) {
        let group = Json::parse(classification).ok();
        let settings = Settings { project_classification: group, ..Settings::default() };
        let found = of_workflow(statuses, &ProfileSettings::read(&settings));
        let found: Vec<String> = found.iter().map(|proposal| proposal.value.join("|")).collect();
        assert_eq!(found, want, "{classification}");
        assert!(
            of_workflow(statuses, &ProfileSettings::read(&settings))
                .iter()
                .all(|p| p.name == "lanes")
        );
    }

    #[test]
    fn categories_and_names_say_which_lane_statuses_are_in() {
        use StatusCategory::{Done, Indeterminate, New};
        let statuses = [
            status("1", "Open", Some(New), 4),
            status("2", "In Review", Some(Indeterminate), 0),
            status("3", "Waiting for customer", Some(Indeterminate), 2),
            status("4", "Closed", Some(Done), 9),
            status("Reopened", "Reopened", None, 0),
        ];
        let all = ["1 not-started", "3 waiting", "2 active", "4 done"];
        check(&statuses, "{}", &all);
        check(&statuses, r#"{"flow_end_statuses":[],"bug_types":["Bug"]}"#, &all);
        check(&statuses, r#"{"wip_statuses":["In Review"]}"#, &[]);
        check(&[status("a\u{1b}b", "a", Some(Done), 1)], "{}", &[]);
        // A list is in force, and Jira's category speaks of what it leaves out.
        let unlisted = StatusLane { lane: None, ..status("4", "Closed", Some(Done), 9) };
        check(&[unlisted], r#"{"flow_end_statuses":["Done"]}"#, &["4 done"]);
        // Jira counts them as nothing.
        let nameless = [status("5", "Fertig", None, 3), status("6", "Wont Do", None, 1)];
        check(&nameless, "{}", &["5 done", "6 not-delivered"]);
        let why = &of_workflow(&statuses, &ProfileSettings::default())[3].why;
        assert_eq!(
            why,
            "Done, as Jira counts them as done or their names say so: Closed (9 now, entered 18×)."
        );
    }
}
