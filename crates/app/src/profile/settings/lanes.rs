//! The statuses of a profile in the order of its workflow, each with its lane, what told so and how
//! often it is used; and changing the lane or the place of one.

use metrics::{AsOf, IssueHistory, KnownStatus, LaneOrigin, Statuses, Workflow};
use model::settings::{LaneChoice, ProfileSettings, Setting, Why, fold};
use model::{Lane, ProfileId, Status, StatusCategory, TimeZone, Timestamp};
use serde::Serialize;
use store::Revision;

use super::edit::{Change, SettingsDraft, faulty};
use super::in_force::SeenIssues;
use crate::App;
use crate::error::Result;
use crate::lookup;
use crate::trail::Trail;

/// Name of the setting that holds lanes.
const LANES: &str = "lanes";
/// Name of the setting that holds the order of statuses.
const ORDER: &str = "status-order";
/// Most statuses that an error lists.
const LISTED_MAX: usize = 12;

/// A status and the lane it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusLane {
    /// By what a choice names it: its id, or its name where the server lists none.
    pub status: String,
    /// What it is called now.
    pub name: String,
    /// What else it is or was called.
    pub other_names: Vec<String>,
    /// The only project that has it, if only one does.
    pub project: Option<String>,
    /// What Jira says it is for.
    pub category: Option<StatusCategory>,
    /// Its lane; `None` if nothing explains it.
    pub lane: Option<Lane>,
    /// Whether work in it has begun.
    pub is_started: bool,
    /// What told the lane.
    pub origin: LaneOrigin,
    /// Whether it was put into its lane, rather than that a list or Jira says so.
    pub is_chosen: bool,
    /// The lane it would be in if it were not put into one.
    pub usual: Option<Lane>,
    /// How many issues are in it now.
    pub now: u64,
    /// How often issues entered it.
    pub entered: u64,
    /// Whether an issue is or was in it.
    pub is_seen: bool,
}

/// The statuses of a profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LaneList {
    /// Which profile, and its neighbours.
    pub trail: Trail,
    /// What an edit has to have seen.
    pub revision: Revision,
    /// Its statuses in the order of the workflow.
    pub lanes: Vec<StatusLane>,
}

/// What becomes of a status.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LaneEdit {
    /// Its id or its name.
    pub status: String,
    /// Its lane from now on.
    pub lane: LaneTo,
    /// Where it comes to stand.
    pub place: Option<LanePlace>,
}

/// The lane of a status from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LaneTo {
    /// The one it is in.
    #[default]
    Same,
    /// The one that a list or Jira says.
    Usual,
    /// This one.
    Chosen(Lane),
}

/// A place beside another status, by its id or name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum LanePlace {
    Before(String),
    After(String),
}

impl StatusLane {
    /// Whether that is its id or one of its names.
    pub fn is_called(&self, name: &str) -> bool {
        let names = std::iter::once(&self.name).chain(&self.other_names);
        names.into_iter().any(|known| fold(known) == fold(name))
    }
}

impl App {
    /// The statuses of a profile with their lanes; an error if it is not there.
    pub fn lanes(&self, id: &ProfileId) -> Result<LaneList> {
        let reader = self.store.read()?;
        let settings = ProfileSettings::read(&lookup::profile(&*reader, id)?.settings);
        Ok(LaneList {
            trail: Trail::to(&*reader, id, None)?,
            revision: self.profile_revision(id)?,
            lanes: SeenIssues::shared(self, &*reader, id).lanes(&settings)?,
        })
    }

    /// Statuses that occur and that nothing places in a lane, by the name of their profile.
    pub fn unplaced_statuses(&self) -> Result<Vec<(String, Vec<String>)>> {
        let reader = self.store.read()?;
        let mut found = Vec::new();
        for profile in reader.profiles()? {
            let settings = ProfileSettings::read(&lookup::profile(&*reader, &profile.id)?.settings);
            let lanes = SeenIssues::shared(self, &*reader, &profile.id).lanes(&settings)?;
            let open = lanes.into_iter().filter(|lane| lane.is_seen && lane.lane.is_none());
            let names: Vec<String> = open.map(|lane| lane.name).collect();
            if !names.is_empty() {
                found.push((profile.name, names));
            }
        }
        Ok(found)
    }

    /// Puts a status into a lane, or elsewhere in the order. An error names the statuses there are
    /// where none or several are meant.
    pub fn edit_lane(&self, id: &ProfileId, edit: &LaneEdit) -> Result<LaneList> {
        let LaneList { lanes, revision, .. } = self.lanes(id)?;
        let status = named(&lanes, &edit.status)?;
        let line = |lane| LaneChoice { status: status.clone(), lane }.to_string();
        let mut draft = SettingsDraft::default();
        let mut change = |name, change| {
            draft.values.extend(Setting::find(name).map(|setting| (setting, change)));
        };
        let stands = lanes.iter().find(|lane| lane.status == status);
        match (edit.lane, stands.filter(|lane| lane.is_chosen).and_then(|lane| lane.lane)) {
            (LaneTo::Chosen(lane), _) => change(LANES, Change::Add(vec![line(lane)])),
            (LaneTo::Usual, Some(lane)) => change(LANES, Change::Remove(vec![line(lane)])),
            (LaneTo::Usual, None) | (LaneTo::Same, _) => {}
        }
        if let Some(place) = &edit.place {
            let (other, after) = match place {
                LanePlace::Before(other) => (named(&lanes, other)?, 0),
                LanePlace::After(other) => (named(&lanes, other)?, 1),
            };
            let mut order: Vec<String> = lanes.iter().map(|lane| lane.status.clone()).collect();
            order.retain(|known| *known != status || status == other);
            let at = order.iter().position(|known| *known == other).unwrap_or_default();
            if status != other {
                order.insert(at + after, status.clone());
            }
            change(ORDER, Change::Set(order));
        }
        self.edit_settings(id, &draft, revision)?;
        self.lanes(id)
    }
}

/// `order` with a status one place earlier or later.
pub fn moved(order: &[String], status: &str, is_later: bool) -> Vec<String> {
    let mut order = order.to_vec();
    if let Some(place) = order.iter().position(|known| known == status) {
        let other = if is_later { place + 1 } else { place.saturating_sub(1) };
        if other < order.len() {
            order.swap(place, other);
        }
    }
    order
}

/// The status that an id or a name means. Before anything was fetched any name is one.
fn named(lanes: &[StatusLane], wanted: &str) -> Result<String> {
    let wanted = wanted.trim();
    if lanes.is_empty() || lanes.iter().any(|lane| lane.status == wanted) {
        return Ok(wanted.to_owned());
    }
    let mut found: Vec<&StatusLane> = lanes.iter().filter(|lane| lane.is_called(wanted)).collect();
    if found.iter().any(|lane| lane.is_seen) {
        found.retain(|lane| lane.is_seen);
    }
    let listed = |lanes: &[&StatusLane]| {
        let shown = lanes.iter().take(LISTED_MAX);
        shown.map(|lane| format!("{} ({})", lane.name, lane.status)).collect::<Vec<_>>().join(", ")
    };
    match found.as_slice() {
        [one] => Ok(one.status.clone()),
        [] => {
            let seen: Vec<&StatusLane> = lanes.iter().filter(|lane| lane.is_seen).collect();
            Err(faulty(LANES, Why::NoStatus { name: wanted.to_owned(), there: listed(&seen) }))
        }
        several => {
            let there = listed(several);
            Err(faulty(LANES, Why::SeveralStatuses { name: wanted.to_owned(), there }))
        }
    }
}

/// The statuses that occur in these issues and those that the server lists, in order.
pub(super) fn of_issues(
    histories: &[IssueHistory],
    listed: &[Status],
    settings: &ProfileSettings,
    now: Timestamp,
) -> Vec<StatusLane> {
    let as_of = AsOf::moment(now, TimeZone::UTC);
    let workflow = Workflow::of(settings);
    let unchosen = Workflow { lanes: Vec::new(), ..workflow.clone() };
    let usual = Statuses::learn(&unchosen, listed, histories, &as_of);
    let statuses = Statuses::learn(&workflow, listed, histories, &as_of);
    let order = statuses.in_order(histories, &as_of);
    // Without the list of the server nobody could tell what an id is called.
    let is_listed = |id: &&str| listed.iter().any(|status| status.id == **id);
    let row = |usage: metrics::StatusUse<'_, '_>| {
        let KnownStatus { id, names, project, category, meaning, origin, occurs, .. } =
            usage.status;
        let mut names = names.iter().map(|name| (*name).to_owned());
        let name = names.next().or_else(|| id.map(str::to_owned)).unwrap_or_default();
        StatusLane {
            status: id.filter(is_listed).map_or_else(|| name.clone(), str::to_owned),
            other_names: names.collect(),
            project: project.map(str::to_owned),
            category: *category,
            lane: meaning.lane,
            is_started: meaning.is_started,
            origin: *origin,
            is_chosen: workflow.lane_of(*id, &usage.status.names).is_some(),
            usual: usual.known().get(usage.place).and_then(|known| known.meaning.lane),
            now: usage.now,
            entered: usage.entered,
            is_seen: *occurs,
            name,
        }
    };
    order.into_iter().map(row).collect()
}
