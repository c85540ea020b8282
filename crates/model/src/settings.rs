//! The settings of a profile as typed values. They are read once from the stored [`Settings`], and
//! written back so that what they do not know, and what did not change, stays to the byte.

use std::collections::BTreeSet;

use crate::json::{Json, Object};
use crate::profile::Settings;

mod catalog;
mod field;
mod lane;
mod names;
pub mod points_fields;
pub mod usual_names;
mod value;
mod why;

pub use catalog::{Kind, Noun, SETTINGS, Section, Setting};
pub use field::Field;
pub use lane::{LaneChoice, NameList};
pub use names::{NameSet, fold};
pub use points_fields::PointsFields;
pub use usual_names::NOT_DELIVERED;
pub use value::{
    Address, AuthKind, CycleTimeStart, Day, Email, MILESTONE_NAME_CHARACTERS_MAX, MILESTONES_MAX,
    Milestone, PERCENTS, Percent, PertWeeks, Switch, WEEKDAYS, WEEKS_MAX, Weekdays, WindowWeeks,
    YEARS, Zone,
};
pub use why::Why;

/// Complete weeks that figures look back at where nothing else is chosen.
pub const WINDOW_WEEKS_USUAL: u16 = 12;
/// The chance that sentences name where nothing else is chosen, in percent.
pub const PERCENT_USUAL: u32 = 85;
/// How many best and worst weeks the old app took where nothing else is chosen.
pub const PERT_WEEKS_USUAL: u16 = 3;
/// The old app's name for the window, which it keeps beside ours.
const OLD_WINDOW: &str = "data_points_count";

/// What a profile is set to. `None` and empty mean that it says nothing.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "a field is named as its setting")]
pub struct ProfileSettings {
    pub connection: ConnectionSettings,
    pub forecast: ForecastSettings,
    pub calendar: CalendarSettings,
    pub workflow: WorkflowSettings,
    pub roles: RoleSettings,
    /// Whether story points are offered beside items.
    pub points: Option<Switch>,
}

/// How to reach Jira. Texts are as they stand, also where they could not be typed today.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "a field is named as its setting")]
pub struct ConnectionSettings {
    pub server: Option<Address>,
    pub auth: Option<AuthKind>,
    pub email: Option<Email>,
    /// Whether the old app was told that there is no token: it kept an empty one.
    pub is_without_token: bool,
    /// The fields of story points; see [`Settings::points_field`] for what is in force.
    pub points_field: PointsFields,
}

/// What figures look at, and what they are held against.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "a field is named as its setting")]
pub struct ForecastSettings {
    pub window_weeks: Option<WindowWeeks>,
    pub percent: Option<Percent>,
    pub deadline: Option<Day>,
    /// The one milestone that the old app knew.
    pub milestone: Option<Day>,
    /// All others.
    pub milestones: Vec<Milestone>,
    pub pert_weeks: Option<PertWeeks>,
}

/// When work is done.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "a field is named as its setting")]
pub struct CalendarSettings {
    pub time_zone: Option<Zone>,
    pub working_days: Option<Weekdays>,
    pub holidays: BTreeSet<Day>,
}

/// What statuses and resolutions mean.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "a field is named as its setting")]
pub struct WorkflowSettings {
    pub started: NameSet,
    pub in_progress: NameSet,
    /// Somebody works on it, rather than it waits.
    pub active: NameSet,
    pub done: NameSet,
    /// Resolutions and statuses; an empty list is another choice than none.
    pub not_delivered: Option<NameSet>,
    /// Resolutions and statuses of which the team says that they are delivered.
    pub delivered: NameSet,
    /// Statuses by id or name, each in one lane.
    pub lanes: Vec<LaneChoice>,
    /// Statuses by id or name, in the order of the workflow.
    pub status_order: NameList,
    pub cycle_time_start: Option<CycleTimeStart>,
}

/// What types and projects mean for deliveries.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "a field is named as its setting")]
pub struct RoleSettings {
    /// Types that only hold other issues and do not count.
    pub parent_types: NameSet,
    pub bug_types: NameSet,
    pub deployment_types: NameSet,
    pub feature_types: NameSet,
    pub defect_types: NameSet,
    pub debt_types: NameSet,
    pub risk_types: NameSet,
    /// Projects whose issues count; all if empty.
    pub development_projects: NameSet,
    pub deployment_projects: NameSet,
    pub count_subtasks: Option<Switch>,
    pub count_parents: Option<Switch>,
}

impl ProfileSettings {
    /// Reads the stored settings; what means nothing is passed over.
    pub fn read(stored: &Settings) -> ProfileSettings {
        let mut settings = ProfileSettings::default();
        for setting in &SETTINGS {
            if let Some(value) = setting.stored(stored) {
                setting.field_mut(&mut settings).read(value);
            }
        }
        let token = stored.jira_config.as_ref().and_then(|config| config.get("token"));
        settings.connection.is_without_token =
            token.and_then(Json::as_text).is_some_and(|token| token.is_empty());
        settings
    }

    /// What holds where a profile says nothing.
    pub fn usual() -> ProfileSettings {
        let mut usual = ProfileSettings { points: Some(Switch::On), ..ProfileSettings::default() };
        usual.forecast.window_weeks = WindowWeeks::new(WINDOW_WEEKS_USUAL);
        usual.forecast.percent = Percent::new(PERCENT_USUAL);
        usual.forecast.pert_weeks = PertWeeks::new(PERT_WEEKS_USUAL);
        usual.calendar.working_days = Some(Weekdays::default());
        usual.workflow.cycle_time_start = Some(CycleTimeStart::Last);
        usual.roles.count_subtasks = Some(Switch::On);
        usual.roles.count_parents = Some(Switch::On);
        usual.workflow.not_delivered = Some(NOT_DELIVERED.iter().collect());
        usual
    }

    /// The stored settings with these values. Only what is another value than before is written.
    /// Errors name the settings that something is in the way of.
    pub fn applied_to(&self, before: &Settings) -> Result<Settings, Vec<(&'static Setting, Why)>> {
        let mut after = before.clone();
        let old = ProfileSettings::read(before);
        let mut faults = Vec::new();
        for setting in &SETTINGS {
            let (field, was) = (setting.field(self), setting.field(&old));
            // What stands there and means nothing stays until something is put in its place.
            if field.is_same(was) && field.is_set() == was.is_set() {
                continue;
            }
            let value = field.write(setting.stored(before));
            let mut groups = after.groups_mut().into_iter();
            let Some((_, group)) = groups.find(|(name, _)| *name == setting.group) else {
                continue;
            };
            if let Err(why) = put_at(group, setting.path, value) {
                faults.push((setting, why));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        self.keep_in_step(&old, &mut after);
        Ok(after)
    }

    /// Members that the old app keeps beside a setting and reads instead of it.
    fn keep_in_step(&self, old: &ProfileSettings, after: &mut Settings) {
        if let (Some(weeks), Some(Json::Object(forecast))) =
            (self.forecast.window_weeks, &mut after.forecast_settings)
            && old.forecast.window_weeks != Some(weeks)
        {
            forecast.set(OLD_WINDOW, Json::integer(weeks.get().into()));
        }
        let has_milestone = self.forecast.milestone.is_some();
        if old.forecast.milestone.is_some() != has_milestone {
            after.show_milestone = Some(Json::Bool(has_milestone));
        }
        let is_connected = self.connection.server.is_some();
        if let Some(Json::Object(connection)) = &mut after.jira_config
            && old.connection.server.is_some() != is_connected
        {
            connection.set("configured", Json::Bool(is_connected));
        }
    }

    /// Over how many complete weeks figures are unless they are asked for otherwise.
    pub fn window_weeks(&self) -> usize {
        self.forecast.window_weeks.map_or(WINDOW_WEEKS_USUAL, WindowWeeks::get).into()
    }

    /// The chance that sentences name, in percent.
    pub fn percent(&self) -> u32 {
        self.forecast.percent.map_or(PERCENT_USUAL, Percent::get)
    }

    /// Whether story points are offered beside items.
    pub fn offers_points(&self) -> bool {
        self.points != Some(Switch::Off)
    }

    /// How many best and worst weeks the old app's date is made of.
    pub fn pert_weeks(&self) -> usize {
        self.forecast.pert_weeks.map_or(PERT_WEEKS_USUAL, PertWeeks::get).into()
    }
}

impl ForecastSettings {
    /// All deadlines by date: the two of the old app, and the others.
    pub fn all_milestones(&self) -> Vec<Milestone> {
        let old = [("Deadline", self.deadline), ("Milestone", self.milestone)];
        let old = old.into_iter().filter_map(|(name, day)| Some(Milestone::new(name, day?)));
        let mut all: Vec<Milestone> = old.chain(self.milestones.iter().cloned()).collect();
        all.sort();
        all
    }

    /// Sets a milestone in place of one of that name, ignoring case. `Deadline` and `Milestone` are
    /// those that the old app knows.
    pub fn put_milestone(&mut self, milestone: Milestone) -> Result<(), Why> {
        if let Some(day) = self.of_old_app(&milestone.name) {
            *day = Some(milestone.date);
            return Ok(());
        }
        self.milestones.retain(|other| !other.is_named(&milestone.name));
        if self.milestones.len() >= MILESTONES_MAX {
            return Err(Why::TooMany { max: MILESTONES_MAX });
        }
        self.milestones.push(milestone);
        self.milestones.sort();
        Ok(())
    }

    /// Takes the milestone of that name away; whether there was one.
    pub fn remove_milestone(&mut self, name: &str) -> bool {
        if let Some(day) = self.of_old_app(name) {
            return day.take().is_some();
        }
        let before = self.milestones.len();
        self.milestones.retain(|other| !other.is_named(name));
        self.milestones.len() < before
    }

    /// Moves those that were put among the others although the old app knows them.
    pub fn sort_out_milestones(&mut self) {
        let taken = std::mem::take(&mut self.milestones);
        for milestone in taken {
            match self.of_old_app(&milestone.name) {
                Some(day) => *day = Some(milestone.date),
                None => self.milestones.push(milestone),
            }
        }
    }

    fn of_old_app(&mut self, name: &str) -> Option<&mut Option<Day>> {
        match name.to_lowercase().as_str() {
            "deadline" => Some(&mut self.deadline),
            "milestone" => Some(&mut self.milestone),
            _ => None,
        }
    }
}

impl Settings {
    /// How many weeks the old app looked back at. It filled this in by itself, so nobody need have
    /// chosen it, and figures do not follow it.
    pub fn old_window_weeks(&self) -> Option<WindowWeeks> {
        let mut weeks: Option<WindowWeeks> = None;
        weeks.read(self.forecast_settings.as_ref()?.get(OLD_WINDOW)?);
        weeks
    }
}

/// Stores a value in a group, or takes it away; an error where the group is something else.
fn put_at(place: &mut Option<Json>, path: &[&str], value: Option<Json>) -> Result<(), Why> {
    let Some((member, rest)) = path.split_first() else {
        *place = value;
        return Ok(());
    };
    let mut members = match place {
        None | Some(Json::Null) => Object::new(),
        Some(Json::Object(members)) => members.clone(),
        Some(_) => return Err(Why::InTheWay),
    };
    let mut inner = members.get(member).cloned();
    put_at(&mut inner, rest, value)?;
    match inner {
        Some(value) => members.set(*member, value),
        None => drop(members.remove(member)),
    }
    *place = Some(Json::Object(members));
    Ok(())
}

#[cfg(test)]
mod tests;
