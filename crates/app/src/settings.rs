//! The settings of a profile: what they are, what in the data speaks for them, and changing them.

use model::connection::Auth;
use model::{Profile, ProfileId, Settings};
use serde::Serialize;
use store::{Record, Revision};

use crate::App;
use crate::draft;
use crate::error::Result;
use crate::lookup;
use crate::trail::Trail;

mod catalog;
mod evidence;
mod kind;
mod proposal;
mod setting;
mod settings_draft;
mod token;

pub use catalog::SETTINGS;
pub use evidence::{Evidence, Seen};
pub use kind::{Kind, Noun};
pub use proposal::Proposal;
pub use setting::{Section, Setting};
pub use settings_draft::{Fault, SettingsDraft, TOKEN, TokenChange};

/// The settings of a profile, ready to be edited. They never hold a token.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProfileSettings {
    /// Which profile, and its neighbours.
    pub trail: Trail,
    /// What an edit has to have seen.
    pub revision: Revision,
    /// Every setting in the order of the page.
    pub settings: Vec<SettingValue>,
    /// What the issues name that settings are about.
    pub evidence: Evidence,
    /// What could be set where nothing is.
    pub proposals: Vec<Proposal>,
    /// How many weeks the old app looked back at.
    pub old_window_weeks: Option<String>,
    /// The zone in force where the profile has none of its own.
    pub usual_time_zone: Option<String>,
    /// The kind of authentication in force.
    pub authentication: &'static str,
    /// Whether a token is stored.
    pub has_token: bool,
    /// What is worth a word about the connection, as a sentence.
    pub warning: Option<&'static str>,
}

/// One setting and its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SettingValue {
    /// Its name.
    pub name: &'static str,
    /// The form it is in.
    pub section: &'static str,
    /// What is in force, a line each; of a setting that is no list at most one.
    pub value: Vec<String>,
    /// Whether the profile has its own value.
    pub is_set: bool,
}

impl ProfileSettings {
    /// A draft that accepts all that is proposed.
    pub fn accepted(&self) -> SettingsDraft {
        let value = |proposal: &Proposal| {
            Some((Setting::find(proposal.name)?, Some(proposal.value.clone())))
        };
        let values = self.proposals.iter().filter_map(value).collect();
        SettingsDraft { values, ..SettingsDraft::default() }
    }

    /// The value of that setting.
    pub fn value(&self, setting: &Setting) -> Option<&SettingValue> {
        self.settings.iter().find(|value| value.name == setting.name)
    }

    /// The settings that name what the issues name.
    pub fn named_by(&self, noun: Noun, name: &str) -> impl Iterator<Item = &'static Setting> {
        let lists = SETTINGS.iter().filter(move |setting| setting.kind == Kind::Names(noun));
        lists.filter(move |setting| self.is_named(setting, name))
    }

    /// Whether a setting names that; names are compared as figures do it.
    pub fn is_named(&self, setting: &Setting, name: &str) -> bool {
        let name = metrics::fold(name);
        self.lines(setting).iter().any(|line| metrics::fold(line) == name)
    }

    /// What is in force of that setting, a line each.
    pub fn lines(&self, setting: &Setting) -> &[String] {
        self.value(setting).map(|value| value.value.as_slice()).unwrap_or_default()
    }
}

impl App {
    /// The settings of a profile; an error if it is not there.
    pub fn profile_settings(&self, id: &ProfileId) -> Result<ProfileSettings> {
        let reader = self.store.read()?;
        let trail = Trail::to(&*reader, id, None)?;
        let profile = lookup::profile(&*reader, id)?;
        let has_token = self.has_token(id)?;
        let has_any_token = has_token || self.context.access.token.is_some();
        let settings = profile.settings;
        let evidence = Evidence::gather(&*reader, id, &settings)?;
        Ok(ProfileSettings {
            trail,
            revision: reader.revision_of(Record::Profile(id))?.unwrap_or_default(),
            settings: SETTINGS.iter().map(|setting| value_of(setting, &settings)).collect(),
            proposals: proposal::of_workflow(&evidence.statuses, &settings),
            evidence,
            old_window_weeks: settings_draft::old_window(&settings),
            usual_time_zone: self.zone().iana_name().map(str::to_owned),
            authentication: Auth::word(&settings, has_any_token),
            has_token,
            warning: settings_draft::connection_warning(&settings, has_any_token),
        })
    }

    /// Gives a profile the values of `draft`. An error if it is not there, if fields are wrong (it
    /// names all of them), or if it was written after the revision that was `seen`; then nothing is
    /// changed. A stored token is forgotten where the address leads to another server.
    pub fn edit_settings(
        &self,
        id: &ProfileId,
        draft: &SettingsDraft,
        seen: Revision,
    ) -> Result<()> {
        let mut writer = self.store.write()?;
        let before = lookup::profile(&*writer, id)?;
        draft::refuse_unseen(&*writer, Record::Profile(id), seen, &before.name)?;
        let settings = draft.applied(&before.settings)?;
        let is_elsewhere = settings_draft::leads_elsewhere(&before.settings, &settings);
        // Forgotten before the new address is in force: no moment has a token beside an address
        // that it was not given for.
        self.prepare_token(id, &draft.token, is_elsewhere)?;
        if settings == before.settings {
            drop(writer);
        } else {
            writer.put_profile(&Profile { settings, ..before })?;
            writer.commit()?;
        }
        self.store_token(id, &draft.token)
    }
}

fn value_of(setting: &'static Setting, settings: &Settings) -> SettingValue {
    SettingValue {
        name: setting.name,
        section: setting.section.as_str(),
        value: setting.in_force(settings),
        is_set: setting.is_set(settings),
    }
}

#[cfg(test)]
mod tests;
