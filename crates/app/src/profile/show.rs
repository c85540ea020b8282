//! One profile: its connection, its settings and its queries.

use model::{Json, ProfileId, Settings, Timestamp};
use serde::Serialize;

use crate::App;
use crate::active;
use crate::error::Result;
use crate::trail::Trail;
use crate::workspace::QueryEntry;

/// One profile. It never holds a token.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProfileOverview {
    /// Which profile, and its neighbours.
    pub trail: Trail,
    /// Its description.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was last chosen.
    pub last_used: Option<Timestamp>,
    /// Address of its Jira server.
    pub server: Option<String>,
    /// The Jira field that holds story points.
    pub points_field: Option<String>,
    /// Its queries, most recently used first.
    pub queries: Vec<QueryEntry>,
    /// Groups of settings that are set, in the order of the old app.
    pub settings: Vec<SettingsGroup>,
}

/// One group of settings as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SettingsGroup {
    /// Its name in `profile.json`.
    pub name: String,
    /// Its value.
    pub value: Json,
}

impl App {
    /// One profile; an error if it is not there.
    pub fn profile(&self, id: &ProfileId) -> Result<ProfileOverview> {
        let reader = self.store.read()?;
        let trail = Trail::to(&*reader, id, None)?;
        let profile =
            reader.profile(id)?.ok_or_else(|| store::Error::ProfileNotFound(id.clone()))?;
        let active = active::selection(&*reader)?;
        let queries = reader.queries(id)?;
        Ok(ProfileOverview {
            trail,
            description: profile.description,
            created_at: profile.created_at.and_then(|stamp| stamp.at),
            last_used: profile.last_used.and_then(|stamp| stamp.at),
            server: profile.settings.base_url().map(str::to_owned),
            points_field: profile.settings.points_field().map(str::to_owned),
            queries: queries.into_iter().map(|query| QueryEntry::of(query, &active)).collect(),
            settings: groups(&profile.settings),
        })
    }
}

fn groups(settings: &Settings) -> Vec<SettingsGroup> {
    let is_shown = |name: &str| !matches!(name, "listed_queries" | "active_query_id");
    let groups = settings.groups().into_iter().filter(|(name, _)| is_shown(name));
    let groups = groups.filter_map(|(name, value)| Some((name, value.clone()?)));
    let members = |object: &model::Object| Json::from(object.clone());
    let rest = [("older settings", &settings.older), ("unknown settings", &settings.extra)];
    let rest = rest.into_iter().filter(|(_, object)| !object.is_empty());
    let rest = rest.map(|(name, object)| (name, members(object)));
    let group = |(name, value): (&str, Json)| SettingsGroup { name: name.to_owned(), value };
    groups.chain(rest).map(group).collect()
}
