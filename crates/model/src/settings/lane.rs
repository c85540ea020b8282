//! Lanes that a profile puts statuses in, the order of statuses, and the four lists of the old app
//! that say the same of them.

use std::fmt;
use std::str::FromStr;

use super::field::{Field, LINES_MAX, Value, elements, parsed, written};
use super::names::{NameSet, fold};
use super::value::{WORD_CHARACTERS_MAX, checked_name};
use super::why::Why;
use super::{ProfileSettings, WorkflowSettings};
use crate::json::Json;
use crate::profile::Settings;
use crate::status::{Lane, Status, StatusCategory};

/// A status in a lane.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneChoice {
    /// The id of the status; its name where the server gives none.
    pub status: String,
    /// The lane.
    pub lane: Lane,
}

/// The status first, then the lane: `In Review waiting`.
impl FromStr for LaneChoice {
    type Err = Why;

    fn from_str(line: &str) -> Result<LaneChoice, Why> {
        let (status, lane) = line.trim().rsplit_once(char::is_whitespace).unwrap_or((line, ""));
        let lane = Lane::of_key(lane)
            .ok_or(Why::NotOneOf("not-started, waiting, active, done, not-delivered"))?;
        Ok(LaneChoice { status: checked_name(status.trim(), WORD_CHARACTERS_MAX)?, lane })
    }
}

impl fmt::Display for LaneChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.lane.key())
    }
}

impl Value for LaneChoice {}

/// Each status in one lane: of two lines about a status the later one holds.
impl Field for Vec<LaneChoice> {
    fn lines(&self) -> Vec<String> {
        self.iter().map(LaneChoice::to_string).collect()
    }

    fn is_set(&self) -> bool {
        !self.is_empty()
    }

    fn set(&mut self, lines: &[&str]) -> Result<(), Why> {
        *self = each_once(parsed(self.iter(), lines, LINES_MAX)?);
        Ok(())
    }

    fn unset(&mut self) {
        self.clear();
    }

    fn read(&mut self, stored: &Json) {
        *self = each_once(elements(stored).iter().filter_map(LaneChoice::from_json).collect());
    }

    fn write(&self, before: Option<&Json>) -> Option<Json> {
        written(self.iter(), before)
    }
}

fn each_once(choices: Vec<LaneChoice>) -> Vec<LaneChoice> {
    let mut kept: Vec<LaneChoice> = Vec::with_capacity(choices.len());
    for choice in choices {
        kept.retain(|other| fold(&other.status) != fold(&choice.status));
        kept.push(choice);
    }
    kept.sort();
    kept
}

/// Ids or names in an order that matters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameList(Vec<String>);

impl NameList {
    /// The names in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Field for NameList {
    fn lines(&self) -> Vec<String> {
        self.0.clone()
    }

    fn is_set(&self) -> bool {
        !self.0.is_empty()
    }

    fn set(&mut self, lines: &[&str]) -> Result<(), Why> {
        let mut names: NameSet = self.0.iter().collect();
        names.set(lines)?;
        self.0 = names.lines();
        Ok(())
    }

    fn unset(&mut self) {
        self.0.clear();
    }

    fn read(&mut self, stored: &Json) {
        self.0 = NameSet::read(stored).lines();
    }

    fn write(&self, _: Option<&Json>) -> Option<Json> {
        self.is_set().then(|| Json::Array(self.0.iter().map(Json::text).collect()))
    }
}

impl Settings {
    /// The same as the old app can use it: its four lists say what the lanes do, and points are in
    /// one field. Without chosen lanes the lists stay as they are.
    pub fn for_old_app(&self, statuses: &[Status]) -> Settings {
        self.with_old_lists(statuses).with_one_points_field()
    }

    fn with_old_lists(&self, statuses: &[Status]) -> Settings {
        let mut settings = ProfileSettings::read(self);
        if settings.workflow.lanes.is_empty() {
            return self.clone();
        }
        settings.workflow.write_old_lists(statuses);
        settings.applied_to(self).unwrap_or_else(|_| self.clone())
    }
}

impl WorkflowSettings {
    fn write_old_lists(&mut self, statuses: &[Status]) {
        let chosen: Vec<(Vec<&str>, Lane)> =
            self.lanes.iter().map(|choice| (names_of(choice, statuses), choice.lane)).collect();
        let is_chosen = |name: &str| {
            chosen.iter().flat_map(|(names, _)| names).any(|known| fold(known) == fold(name))
        };
        let of_category = |category| {
            let is_it = |status: &&Status| status.category == Some(category);
            let names = statuses.iter().filter(is_it).map(|status| status.name.as_str());
            names.filter(|name| !is_chosen(name)).collect::<Vec<&str>>()
        };
        let added = |is_wanted: fn(Lane) -> bool| {
            let wanted = chosen.iter().filter(|(_, lane)| is_wanted(*lane));
            wanted.filter_map(|(names, _)| names.first().copied()).collect::<Vec<&str>>()
        };
        // A list that is empty says that categories count; with the first name on it they do not.
        let list = |list: &NameSet, category, is_wanted| -> NameSet {
            let added = added(is_wanted);
            let kept = list.iter().filter(|name| !is_chosen(name));
            match list.is_empty() && !added.is_empty() {
                true => of_category(category).into_iter().chain(added).collect(),
                false => kept.chain(added).collect(),
            }
        };
        let has_start = !self.started.is_empty();
        let done = list(&self.done, StatusCategory::Done, Lane::is_over);
        let in_progress = list(&self.in_progress, StatusCategory::Indeterminate, Lane::is_started);
        let active = list(&self.active, StatusCategory::Indeterminate, |lane| lane == Lane::Active);
        if has_start {
            self.started = list(&self.started, StatusCategory::Indeterminate, Lane::is_started);
        }
        (self.done, self.in_progress, self.active) = (done, in_progress, active);
    }
}

/// What a status is called; its id where the server lists none such.
fn names_of<'s>(choice: &'s LaneChoice, statuses: &'s [Status]) -> Vec<&'s str> {
    let listed = statuses.iter().find(|status| status.id == choice.status);
    let Some(status) = listed else { return vec![&choice.status] };
    let untranslated = status.untranslated_name.as_deref();
    std::iter::once(status.name.as_str()).chain(untranslated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(id: &str, name: &str, category: &str) -> Status {
        Status {
            id: id.to_owned(),
            name: name.to_owned(),
            untranslated_name: None,
            category: StatusCategory::of_key(category),
            project: None,
            order: None,
            seen_last: None,
            is_gone: false,
        }
    }

    #[track_caller]
    fn check(classification: &str, want: &str) {
        let statuses = [
            status("1", "Open", "new"),
            status("2", "Doing", "indeterminate"),
            status("3", "Review", "indeterminate"),
            status("4", "Closed", "done"),
            status("5", "Rejected", "done"),
        ];
        let stored = Settings {
            project_classification: Json::parse(classification).ok(),
            ..Settings::default()
        };
        let written = stored.with_old_lists(&statuses).project_classification.unwrap();
        assert_eq!(written.to_compact(), want);
    }

    #[test]
    fn lanes_are_written_back_as_the_lists_of_the_old_app() {
        let untouched = r#"{"flow_end_statuses":["Closed","closed "],"wip_statuses":"Doing"}"#;
        check(untouched, untouched);
        check(
            r#"{"flow_end_statuses":["Closed","Review"],"wip_statuses":["Doing"],"active_statuses":["Doing"],"lanes":["3 waiting"]}"#,
            r#"{"flow_end_statuses":["Closed"],"wip_statuses":["Doing","Review"],"active_statuses":["Doing"],"lanes":["3 waiting"]}"#,
        );
        check(
            r#"{"flow_start_statuses":["Doing"],"wip_statuses":["Doing"],"lanes":["2 done","Review active"]}"#,
            r#"{"flow_start_statuses":["Review"],"wip_statuses":["Review"],"lanes":["2 done","Review active"],"active_statuses":["Review"],"flow_end_statuses":["Closed","Rejected","Doing"]}"#,
        );
        // Nothing was listed and nothing has to be.
        check(r#"{"lanes":["1 not-started"]}"#, r#"{"lanes":["1 not-started"]}"#);
    }

    #[test]
    fn a_status_is_in_one_lane() {
        let mut lanes: Vec<LaneChoice> = Vec::new();
        lanes.set(&["In Review active", "7 done", "in review waiting"]).unwrap();
        assert_eq!(lanes.lines(), ["7 done", "in review waiting"]);
        assert!(lanes.set(&["In Review parked"]).is_err());
    }
}
