//! Where an answer belongs: its profile and query, and their neighbours.

use metrics::Estimates;
use model::settings::Zone;
use model::{ProfileId, ProfileSettings, QueryId, QueryKey, QuerySummary, TimeZone};
use serde::Serialize;
use store::{Reader, Record, Revision};

use crate::App;
use crate::error::Result;
pub use crate::named::Named;
use crate::stale::Stale;

/// The way from the workspace to an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trail {
    /// The profile.
    pub profile: Named,
    /// The query, below the page of a profile.
    pub query: Option<Named>,
    /// What is wrong with the age of its data, if something is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<Stale>,
    /// What the estimates of the profile are in, where these are no story points.
    #[serde(skip_serializing_if = "Estimates::is_points")]
    pub estimates: Estimates,
    /// The queries, by name, that a sync would bring up to date, of an answer about several.
    #[serde(skip)]
    pub due: Vec<(QueryKey, String)>,
    /// All profiles, most recently used first, for pickers. Not part of JSON answers.
    #[serde(skip)]
    pub profiles: Vec<Named>,
    /// All queries of the profile, most recently used first, for pickers.
    #[serde(skip)]
    pub queries: Vec<Named>,
    /// The zone of the profile; `None` where it has none of its own.
    #[serde(skip)]
    pub zone: Option<TimeZone>,
    /// What an edit of the profile has to have seen.
    #[serde(skip)]
    pub revision: Revision,
    /// Address of the Jira of the profile.
    #[serde(skip)]
    pub server: Option<String>,
}

impl Trail {
    /// The way to a profile, or to a query of it; an error if it is not there.
    pub(crate) fn to(
        reader: &dyn Reader,
        profile: &ProfileId,
        query: Option<&QueryId>,
    ) -> Result<Trail> {
        Ok(Trail::read(reader, profile, query)?.0)
    }

    /// The same, with what is stored of the query.
    fn read(
        reader: &dyn Reader,
        profile: &ProfileId,
        query: Option<&QueryId>,
    ) -> Result<(Trail, Option<QuerySummary>)> {
        let named = |id: &str, name: String| Named { id: id.to_owned(), name };
        let profiles: Vec<Named> =
            reader.profiles()?.into_iter().map(|p| named(p.id.as_str(), p.name)).collect();
        let summaries = reader.queries(profile)?;
        let queries: Vec<Named> =
            summaries.iter().map(|q| named(q.key.query.as_str(), q.name.clone())).collect();
        let of = |list: &[Named], id: &str| list.iter().find(|named| named.id == id).cloned();
        let found = of(&profiles, profile.as_str())
            .ok_or_else(|| store::Error::ProfileNotFound(profile.clone()))?;
        let key = query.map(|id| QueryKey::new(profile.clone(), id.clone()));
        let query = key
            .clone()
            .map(|key| of(&queries, key.query.as_str()).ok_or(store::Error::QueryNotFound(key)));
        let settings = reader.profile(profile)?.map(|profile| profile.settings);
        let server = settings.as_ref().and_then(|stored| stored.base_url().map(str::to_owned));
        let settings = settings.as_ref().map(ProfileSettings::read).unwrap_or_default();
        let estimates = Estimates::of(&settings);
        let zone = settings.calendar.time_zone.map(|Zone(zone)| zone);
        let stored = key.as_ref().and_then(|key| summaries.into_iter().find(|q| q.key == *key));
        let query = query.transpose()?;
        let revision = reader.revision_of(Record::Profile(profile))?.unwrap_or_default();
        let trail = Trail {
            profile: found,
            query,
            stale: None,
            due: Vec::new(),
            estimates,
            profiles,
            queries,
            zone,
            revision,
            server,
        };
        Ok((trail, stored))
    }

    /// The query that it leads to.
    pub fn key(&self) -> Option<QueryKey> {
        QueryKey::parse(&self.profile.id, &self.query.as_ref()?.id).ok()
    }

    /// Where Jira shows an issue; `None` where the profile names no server that a browser can go to.
    pub fn issue_url(&self, key: &str) -> Option<String> {
        jira::issue_page(self.server.as_deref()?, key)
    }

    /// The name of the query, else of the profile.
    pub fn name(&self) -> &str {
        &self.query.as_ref().unwrap_or(&self.profile).name
    }
}

impl App {
    /// The way to a query, with what is wrong with the age of its data; an error if it is not there.
    pub(crate) fn trail(&self, reader: &dyn Reader, key: &QueryKey) -> Result<Trail> {
        let (mut trail, stored) = Trail::read(reader, &key.profile, Some(&key.query))?;
        if let Some(stored) = stored {
            let zone = trail.zone.as_ref().unwrap_or(&self.context.zone);
            trail.stale = self.stale(reader, &stored, zone)?;
        }
        Ok(trail)
    }
}
