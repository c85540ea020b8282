//! The workspace at a glance: its profiles and queries, and the migration that made it.

use model::{ProfileSummary, QuerySummary, Timestamp};
use serde::Serialize;
use store::Reader;

use crate::App;
use crate::error::Result;
use crate::report::MigrationSummary;

/// Key of the active profile in the app state.
pub const ACTIVE_PROFILE: &str = "active_profile_id";
/// Key of the active query in the app state.
pub const ACTIVE_QUERY: &str = "active_query_id";

/// A whole workspace.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorkspaceOverview {
    /// Where it is.
    pub address: String,
    /// Bytes on disk.
    pub size_bytes: u64,
    /// Whether it is the demo: generated, nobody's data.
    pub is_demo: bool,
    /// Which profile and query were last chosen.
    pub active: Selection,
    /// What it holds.
    pub totals: Totals,
    /// Profiles, most recently used first.
    pub profiles: Vec<ProfileEntry>,
    /// How many deleted things wait in the trash.
    pub trash: u64,
    /// What its owner has to know now, as sentences.
    pub remarks: Vec<String>,
    /// The migration that made it; `None` if it was not migrated.
    pub migration: Option<MigrationSummary>,
}

/// The stored selection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Selection {
    /// Id of the active profile.
    pub profile: Option<String>,
    /// Id of the active query in it.
    pub query: Option<String>,
}

/// Counts over a workspace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Profiles.
    pub profiles: u64,
    /// Queries.
    pub queries: u64,
    /// Cached issues; one that two queries hold counts twice.
    pub issues: u64,
    /// Cached changelogs.
    pub changelogs: u64,
}

/// A profile in the workspace.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProfileEntry {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Address of its Jira server.
    pub server: Option<String>,
    /// When it was last chosen.
    pub last_used: Option<Timestamp>,
    /// How many issues its queries hold together.
    pub issues: u64,
    /// Its queries, most recently used first.
    pub queries: Vec<QueryEntry>,
}

/// A query in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryEntry {
    /// Id of its profile.
    pub profile: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its JQL.
    pub jql: String,
    /// Its description.
    pub description: Option<String>,
    /// How many issues it holds.
    pub issues: u64,
    /// How many changelogs it holds.
    pub changelogs: u64,
    /// When its issues were fetched; `None` before the first fetch.
    pub fetched_at: Option<Timestamp>,
    /// When it was last chosen.
    pub last_used: Option<Timestamp>,
    /// What is missing, if the issues are not all there.
    pub partial: Option<String>,
    /// Whether it is the one last chosen.
    pub is_active: bool,
}

impl App {
    /// Everything the workspace holds, in counts.
    pub fn workspace(&self) -> Result<WorkspaceOverview> {
        let reader = self.store.read()?;
        let active = selection(&*reader)?;
        let profiles = profile_entries(&*reader, &active)?;
        Ok(WorkspaceOverview {
            address: self.address(),
            size_bytes: self.store.size_bytes()?,
            is_demo: self.is_demo(),
            totals: totals(&profiles),
            trash: self.trash_count(),
            remarks: self.watch.remarks(&*self.store)?,
            migration: MigrationSummary::read(&*reader, self.context.report.as_ref())?,
            active,
            profiles,
        })
    }
}

pub(crate) fn selection(reader: &dyn Reader) -> Result<Selection> {
    Ok(Selection { profile: reader.state(ACTIVE_PROFILE)?, query: reader.state(ACTIVE_QUERY)? })
}

pub(crate) fn profile_entries(
    reader: &dyn Reader,
    active: &Selection,
) -> Result<Vec<ProfileEntry>> {
    reader.profiles()?.into_iter().map(|summary| entry(reader, summary, active)).collect()
}

fn entry(reader: &dyn Reader, summary: ProfileSummary, active: &Selection) -> Result<ProfileEntry> {
    let profile = reader.profile(&summary.id)?;
    let queries = reader.queries(&summary.id)?;
    Ok(ProfileEntry {
        id: summary.id.to_string(),
        name: summary.name,
        description: summary.description,
        server: profile.and_then(|p| p.settings.base_url().map(str::to_owned)),
        last_used: summary.last_used,
        issues: summary.issues,
        queries: queries.into_iter().map(|query| QueryEntry::of(query, active)).collect(),
    })
}

impl QueryEntry {
    pub(crate) fn of(query: QuerySummary, active: &Selection) -> QueryEntry {
        let is_active = active.profile.as_deref() == Some(query.key.profile.as_str())
            && active.query.as_deref() == Some(query.key.query.as_str());
        QueryEntry {
            profile: query.key.profile.into(),
            id: query.key.query.into(),
            name: query.name,
            jql: query.jql,
            description: query.description,
            issues: query.issues,
            changelogs: query.changelogs,
            fetched_at: query.fetched_at,
            last_used: query.last_used,
            partial: query.partial,
            is_active,
        }
    }
}

pub(crate) fn totals(profiles: &[ProfileEntry]) -> Totals {
    let queries = || profiles.iter().flat_map(|profile| &profile.queries);
    Totals {
        profiles: profiles.len() as u64,
        queries: queries().count() as u64,
        issues: queries().map(|query| query.issues).sum(),
        changelogs: queries().map(|query| query.changelogs).sum(),
    }
}
