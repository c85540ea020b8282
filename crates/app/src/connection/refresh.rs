//! What brings the data of a query up to date in this workspace.

use model::{
    Connection, ProfileId, ProfileSettings, QueryKey, Remedy, Timestamp, connection::Auth,
};
use store::Reader;

use crate::App;
use crate::error::Result;
use crate::lookup;

impl App {
    /// A sync where the profile is connected, else what leads to one; the old app and another
    /// migration only where that gives up nothing.
    pub(crate) fn refresh(&self, reader: &dyn Reader, profile: &ProfileId) -> Result<Remedy> {
        let is_connected = self.is_connected(reader, profile)?;
        Ok(Remedy::refresh(is_connected, !is_connected && self.can_migrate_again(reader)?))
    }

    /// The same for a query, which needs a JQL as well.
    pub(crate) fn refresh_query(&self, reader: &dyn Reader, key: &QueryKey) -> Result<Remedy> {
        let refresh = self.refresh(reader, &key.profile)?;
        let lacks_jql = lookup::query(reader, key)?.jql.trim().is_empty();
        Ok(if lacks_jql { refresh.without_jql() } else { refresh })
    }

    /// Whether Jira can be asked: its address is known, and the token if one is needed.
    fn is_connected(&self, reader: &dyn Reader, profile: &ProfileId) -> Result<bool> {
        let settings = reader.profile(profile)?.map(|profile| profile.settings);
        let connection =
            settings.as_ref().map(ProfileSettings::read).unwrap_or_default().connection;
        if connection.server.is_none() {
            return Ok(false);
        }
        let has_token = self.context.access.token.is_some() || self.has_token(profile)?;
        let connection = Connection::of(&connection, has_token);
        Ok(connection.is_ok_and(|connection| has_token || connection.auth == Auth::None))
    }

    /// Whether the workspace was migrated and nothing was fetched since, in any of its queries:
    /// another migration puts the whole database aside.
    pub(crate) fn can_migrate_again(&self, reader: &dyn Reader) -> Result<bool> {
        let migrated_at = self.context.report.as_ref().filter(|report| !report.dry_run);
        let Some(at) = migrated_at.and_then(|report| report.started_at.parse::<Timestamp>().ok())
        else {
            return Ok(false);
        };
        for profile in reader.profiles()? {
            let queries = reader.queries(&profile.id)?;
            if queries.iter().any(|query| query.fetched_at.is_some_and(|fetched| fetched > at)) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
