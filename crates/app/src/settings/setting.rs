//! Every setting that can be changed: its name, its kind, and where it is kept.

use model::{Json, Object, Settings};

use super::catalog::SETTINGS;
use super::kind::Kind;

/// One setting of a profile. Two are the same if their names are.
#[derive(Debug)]
pub struct Setting {
    /// Its name in forms, commands and JSON.
    pub name: &'static str,
    /// Which form it is in.
    pub section: Section,
    /// What it is called on a page.
    pub label: &'static str,
    /// What it does, as a sentence.
    pub hint: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What is in force where it is not set.
    pub usual: &'static [&'static str],
    pub(super) group: Group,
    pub(super) path: &'static [&'static str],
}

/// A group of settings that are saved together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What figures look at, and what they are held against.
    Forecast,
    /// When work is done.
    Calendar,
    /// What statuses mean.
    Workflow,
    /// Which resolutions mean that nothing was delivered.
    Outcome,
    /// What types and projects mean.
    Types,
    /// How to reach Jira.
    Connection,
}

impl Section {
    /// All of them in the order of the page, with their words.
    pub const ALL: [(Section, &'static str); 6] = [
        (Section::Forecast, "forecast"),
        (Section::Calendar, "calendar"),
        (Section::Workflow, "workflow"),
        (Section::Outcome, "outcome"),
        (Section::Types, "types"),
        (Section::Connection, "connection"),
    ];

    /// The section of that word.
    pub fn parse(word: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|(_, known)| *known == word).map(|(section, _)| section)
    }

    /// Its word in forms and JSON.
    pub fn as_str(self) -> &'static str {
        let found = Section::ALL.into_iter().find(|(section, _)| *section == self);
        found.map_or("", |(_, word)| word)
    }

    /// Its settings in order.
    pub fn settings(self) -> impl Iterator<Item = &'static Setting> {
        SETTINGS.iter().filter(move |setting| setting.section == self)
    }
}

/// A group of `profile.json`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Group {
    Connection,
    Forecast,
    Classification,
    FlowTypes,
    ShowPoints,
}

impl Group {
    fn of(self, settings: &Settings) -> &Option<Json> {
        match self {
            Self::Connection => &settings.jira_config,
            Self::Forecast => &settings.forecast_settings,
            Self::Classification => &settings.project_classification,
            Self::FlowTypes => &settings.flow_type_mappings,
            Self::ShowPoints => &settings.show_points,
        }
    }

    fn of_mut(self, settings: &mut Settings) -> &mut Option<Json> {
        match self {
            Self::Connection => &mut settings.jira_config,
            Self::Forecast => &mut settings.forecast_settings,
            Self::Classification => &mut settings.project_classification,
            Self::FlowTypes => &mut settings.flow_type_mappings,
            Self::ShowPoints => &mut settings.show_points,
        }
    }
}

impl PartialEq for Setting {
    fn eq(&self, other: &Setting) -> bool {
        self.name == other.name
    }
}

impl Eq for Setting {}

impl Setting {
    /// The setting of that name.
    pub fn find(name: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// What is stored, as lines; nothing if it is not set or means nothing.
    pub(crate) fn stored(&self, settings: &Settings) -> Vec<String> {
        self.get(settings).map(|value| self.kind.lines(value)).unwrap_or_default()
    }

    /// What is in force: what is stored, else what is usual.
    pub(crate) fn in_force(&self, settings: &Settings) -> Vec<String> {
        if self.is_set(settings) {
            return self.stored(settings);
        }
        self.usual.iter().map(|line| (*line).to_owned()).collect()
    }

    /// Whether nothing on the list is another choice than no list.
    pub(super) fn can_be_emptied(&self) -> bool {
        matches!(self.kind, Kind::Names(_)) && !self.usual.is_empty()
    }

    /// Whether the profile has its own value.
    pub(crate) fn is_set(&self, settings: &Settings) -> bool {
        !self.stored(settings).is_empty() || (self.can_be_emptied() && self.get(settings).is_some())
    }

    pub(super) fn get<'s>(&self, settings: &'s Settings) -> Option<&'s Json> {
        let group = self.group.of(settings).as_ref()?;
        self.path.iter().try_fold(group, |value, member| value.get(member))
    }

    /// Stores a value, or takes it away. An error says what is in the way; nothing is changed then.
    pub(super) fn put(&self, settings: &mut Settings, value: Option<Json>) -> Result<(), String> {
        put_at(self.group.of_mut(settings), self.path, value)
    }
}

fn put_at(place: &mut Option<Json>, path: &[&str], value: Option<Json>) -> Result<(), String> {
    let Some((member, rest)) = path.split_first() else {
        *place = value;
        return Ok(());
    };
    let mut members = match place {
        None | Some(Json::Null) => Object::new(),
        Some(Json::Object(members)) => members.clone(),
        Some(_) => {
            let why = "the profile keeps something else in its place; correct the file it came \
                       from and migrate again";
            return Err(why.to_owned());
        }
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
