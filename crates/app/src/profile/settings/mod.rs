//! The settings of a profile: what is in force and why, what the issues say about them, and changing
//! them.

use std::sync::Arc;

use model::ProfileId;
use model::settings::fold;
use serde::Serialize;
use store::{Record, Revision};

use crate::App;
use crate::error::Result;
use crate::lookup;
use crate::trail::Trail;

mod edit;
mod evidence;
mod field_names;
mod in_force;
mod lanes;
mod proposal;
mod question;
mod token;

pub use crate::error::Fault;
pub(crate) use edit::faulty;
pub use edit::{Change, SettingsDraft, SettingsEdit, TOKEN, TokenChange, UnknownName};
pub use evidence::{Evidence, Seen};
pub use in_force::{Origin, SettingValue};
pub use lanes::{LaneEdit, LaneList, LanePlace, LaneTo, StatusLane, moved};
pub use metrics::LaneOrigin;
pub use model::Lane;
pub use model::ProfileSettings;
pub use model::settings::{Kind, Noun, SETTINGS, Section, Setting, Why};
pub use proposal::Proposal;

use in_force::SeenIssues;

/// The settings of a profile. They never hold a token.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SettingsList {
    /// Which profile, and its neighbours.
    pub trail: Trail,
    /// What an edit has to have seen.
    pub revision: Revision,
    /// Every setting in the order of the page, with what is in force.
    pub settings: Vec<SettingValue>,
    /// How many weeks the old app looked back at.
    pub old_window_weeks: Option<u16>,
    /// The zone in force where the profile has none of its own.
    pub usual_time_zone: Option<String>,
    /// The kind of authentication in force.
    pub authentication: &'static str,
    /// Whether a token is stored.
    pub has_token: bool,
    /// What is worth a word about the connection, as a sentence.
    pub warning: Option<&'static str>,
}

/// The settings of a profile, ready to be edited.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SettingsPage {
    /// The settings.
    #[serde(flatten)]
    pub list: SettingsList,
    /// What the issues name that settings are about.
    pub evidence: Evidence,
    /// The statuses in the order of the workflow, each with its lane.
    pub lanes: Vec<StatusLane>,
    /// What could be set where nothing is.
    pub proposals: Vec<Proposal>,
    /// What settings of the profile's own name and nothing is called so far.
    pub unknown: Vec<UnknownName>,
}

impl SettingsPage {
    /// A draft that accepts all that is proposed, and answers no question.
    pub fn accepted(&self) -> SettingsDraft {
        let value = |proposal: &Proposal| {
            Some((Setting::find(proposal.name)?, Change::Add(proposal.value.clone())))
        };
        let accepted = self.proposals.iter().filter(|proposal| !proposal.is_question);
        let values = accepted.filter_map(value).collect();
        SettingsDraft { values, ..SettingsDraft::default() }
    }
}

impl SettingsList {
    /// The value of that setting.
    pub fn value(&self, setting: &Setting) -> Option<&SettingValue> {
        self.settings.iter().find(|value| value.name == setting.name)
    }

    /// Whether the profile has its own value of that setting.
    pub fn is_chosen(&self, setting: &Setting) -> bool {
        self.value(setting).is_some_and(|value| value.origin == Origin::Chosen)
    }

    /// The settings that name what the issues name.
    pub fn named_by(&self, noun: Noun, name: &str) -> impl Iterator<Item = &'static Setting> {
        let lists = SETTINGS.iter().filter(move |setting| setting.kind == Kind::Names(noun));
        lists.filter(move |setting| self.is_named(setting, name))
    }

    /// Whether a setting names that; names are compared as figures do it.
    pub fn is_named(&self, setting: &Setting, name: &str) -> bool {
        self.lines(setting).iter().any(|line| fold(line) == fold(name))
    }

    /// What is in force of that setting, a line each.
    pub fn lines(&self, setting: &Setting) -> &[String] {
        self.value(setting).map(|value| value.value.as_slice()).unwrap_or_default()
    }
}

impl App {
    /// What an edit of the profile has to have seen; an error if it is not there.
    pub fn profile_revision(&self, id: &ProfileId) -> Result<Revision> {
        let revision = self.store.read()?.revision_of(Record::Profile(id))?;
        Ok(revision.ok_or_else(|| store::Error::ProfileNotFound(id.clone()))?)
    }

    /// The settings of a profile; an error if it is not there. Issues are looked at only where
    /// Jira's categories say what is in force.
    pub fn settings(&self, id: &ProfileId) -> Result<SettingsList> {
        let reader = self.store.read()?;
        self.settings_list(id, &*reader, &SeenIssues::shared(self, &*reader, id))
    }

    /// The same with what the issues name.
    pub fn profile_settings(&self, id: &ProfileId) -> Result<Arc<SettingsPage>> {
        // Tokens are no records.
        let tokens = (self.has_token(id)?, self.context.access.token.is_some());
        self.remember(id, (id, tokens), || self.find_profile_settings(id))
    }

    fn find_profile_settings(&self, id: &ProfileId) -> Result<SettingsPage> {
        let reader = self.store.read()?;
        let issues = SeenIssues::shared(self, &*reader, id);
        let list = self.settings_list(id, &*reader, &issues)?;
        let settings = ProfileSettings::read(&lookup::profile(&*reader, id)?.settings);
        let evidence = issues.evidence()?.with_listed(&list.settings);
        let lanes = issues.lanes(&settings)?;
        let mut proposals = proposal::of_workflow(&lanes, &settings);
        proposals.extend(question::of_delivery(&lanes, &evidence.resolutions, &settings));
        let mut unknown = Vec::new();
        for setting in SETTINGS.iter().filter(|setting| list.is_chosen(setting)) {
            unknown.extend(edit::unknown_names(setting, list.lines(setting), &settings, &issues)?);
        }
        Ok(SettingsPage { unknown, proposals, lanes, evidence, list })
    }

    fn settings_list(
        &self,
        id: &ProfileId,
        reader: &dyn store::Reader,
        issues: &SeenIssues<'_>,
    ) -> Result<SettingsList> {
        let trail = Trail::to(reader, id, None)?;
        let stored = lookup::profile(reader, id)?.settings;
        let settings = ProfileSettings::read(&stored);
        let has_token = self.has_token(id)?;
        let has_any_token = has_token || self.context.access.token.is_some();
        let values = SETTINGS.iter().map(|setting| in_force::value(setting, &settings, issues));
        Ok(SettingsList {
            trail,
            revision: reader.revision_of(Record::Profile(id))?.unwrap_or_default(),
            settings: values.collect::<Result<_>>()?,
            old_window_weeks: stored.old_window_weeks().map(|weeks| weeks.get()),
            usual_time_zone: self.zone().iana_name().map(str::to_owned),
            authentication: settings.connection.auth_in_force(has_any_token).as_str(),
            has_token,
            warning: edit::connection_warning(&settings.connection, has_any_token),
        })
    }
}

#[cfg(test)]
mod tests;
