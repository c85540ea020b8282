//! The table `profiles`.

use model::{Profile, ProfileId, ProfileSummary, Settings, Stamp, Timestamp, name};

use super::check::Checked;
use super::driver::{Row, params};
use super::field::{json, json_text, object, object_text, stamp, stamp_text, stamp_time, time};
use super::revision::Removed;
use super::tx::SqlTx;
use crate::contract::{ReadProfile, WriteProfile};
use crate::error::{Error, Result};

columns! {
    table profiles;
    key id;
    set name, name_folded, description, created_at, created_at_text, last_used, last_used_text,
        jira_config, field_mappings, forecast_settings, project_classification, flow_type_mappings,
        show_milestone, show_points, listed_queries, active_query_id, older, extra, revision;
}

columns! {
    select summary;
    id = "p.id",
    name = "p.name",
    description = "p.description",
    last_used = "p.last_used",
    queries = "(SELECT count(*) FROM queries q WHERE q.profile_id = p.id)",
    issues = "(SELECT CAST(coalesce(sum(h.records), 0) AS BIGINT) FROM queries q
        JOIN cache_headers h ON h.query = q.row AND h.kind = 0 WHERE q.profile_id = p.id)",
    changelogs = "(SELECT CAST(coalesce(sum(h.records), 0) AS BIGINT) FROM queries q
        JOIN cache_headers h ON h.query = q.row AND h.kind = 1 WHERE q.profile_id = p.id)";
}

const ONE: &str = statement!(profiles::SELECT, "WHERE id = ?");
const LIST: &str = statement!(
    summary::SELECT,
    "FROM profiles p ORDER BY p.last_used DESC NULLS LAST, p.name, p.id"
);
const TWIN: &str = "SELECT id FROM profiles WHERE name_folded = ? AND id <> ?";
const RENAME: &str = "UPDATE profiles SET name = ?, name_folded = ?, revision = ? WHERE id = ?";
const TOUCH: &str =
    "UPDATE profiles SET last_used = ?, last_used_text = NULL, revision = ? WHERE id = ?";
const REMOVE: &str = "DELETE FROM profiles WHERE id = ?";
const QUERY_ROWS: &str = "SELECT row FROM queries WHERE profile_id = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ONE, TWIN, QUERY_ROWS];

fn profile(row: &Row<'_>) -> Result<Profile> {
    Ok(Profile {
        id: profile_id(row, profiles::id)?,
        name: row.get(profiles::name)?,
        description: row.get(profiles::description)?,
        created_at: stamp(row, profiles::created_at, profiles::created_at_text)?,
        last_used: stamp(row, profiles::last_used, profiles::last_used_text)?,
        settings: Settings {
            jira_config: json(row, profiles::jira_config)?,
            field_mappings: json(row, profiles::field_mappings)?,
            forecast_settings: json(row, profiles::forecast_settings)?,
            project_classification: json(row, profiles::project_classification)?,
            flow_type_mappings: json(row, profiles::flow_type_mappings)?,
            show_milestone: json(row, profiles::show_milestone)?,
            show_points: json(row, profiles::show_points)?,
            listed_queries: json(row, profiles::listed_queries)?,
            active_query_id: json(row, profiles::active_query_id)?,
            older: object(row, profiles::older)?,
            extra: object(row, profiles::extra)?,
        },
    })
}

fn profile_summary(row: &Row<'_>) -> Result<ProfileSummary> {
    Ok(ProfileSummary {
        id: profile_id(row, summary::id)?,
        name: row.get(summary::name)?,
        description: row.get(summary::description)?,
        last_used: time(row, summary::last_used)?,
        queries: row.get(summary::queries)?,
        issues: row.get(summary::issues)?,
        changelogs: row.get(summary::changelogs)?,
    })
}

/// The profile's id in a column.
fn profile_id(row: &Row<'_>, column: usize) -> Result<ProfileId> {
    ProfileId::new(row.get::<String>(column)?).map_err(|error| row.damaged(error.to_string()))
}

impl ReadProfile for SqlTx<'_> {
    fn profile(&self, id: &ProfileId) -> Result<Option<Profile>> {
        self.expect(Checked::Profiles)?;
        self.one(ONE, params![id.as_str()], profile)
    }

    fn profiles(&self) -> Result<Vec<ProfileSummary>> {
        for what in [Checked::Profiles, Checked::Queries, Checked::Headers] {
            self.expect(what)?;
        }
        self.all(LIST, &[], profile_summary)
    }
}

impl WriteProfile for SqlTx<'_> {
    fn put_profile(&mut self, profile: &Profile) -> Result<()> {
        self.check_profile_name(&profile.id, &profile.name)?;
        let before = self.profile(&profile.id)?;
        self.put_profile_row(profile)?;
        let points_field = profile.settings.points_field();
        if before.is_some_and(|before| before.settings.points_field() != points_field) {
            for query in self.all(QUERY_ROWS, params![profile.id.as_str()], |row| row.get(0))? {
                self.expect_of(Checked::IssueFacts, query)?;
                self.derive_issue_facts_anew(query)?;
            }
        }
        tracing::debug!(id = %profile.id, "put profile");
        Ok(())
    }

    fn rename_profile(&mut self, id: &ProfileId, name: &str) -> Result<()> {
        self.check_profile_name(id, name)?;
        let revision = self.current_revision();
        let renamed = self.run(RENAME, params![name, name::fold(name), revision, id.as_str()])?;
        tracing::debug!(%id, count = renamed, "rename profile");
        self.expect_profile(id, renamed)
    }

    fn touch_profile(&mut self, id: &ProfileId, at: Timestamp) -> Result<()> {
        let revision = self.current_revision();
        let at = stamp_time(&Some(Stamp::at(at)));
        let touched = self.run(TOUCH, params![at, revision, id.as_str()])?;
        tracing::debug!(count = touched, "touch profile");
        self.expect_profile(id, touched)
    }

    fn remove_profile(&mut self, id: &ProfileId) -> Result<bool> {
        let removed = self.run(REMOVE, params![id.as_str()])?;
        if removed > 0 {
            self.forget_encoders();
            self.forget_checks_of_gone()?;
            self.put_removed(Removed::Profile(id))?;
        }
        tracing::debug!(%id, count = removed, "remove profile");
        Ok(removed > 0)
    }
}

impl SqlTx<'_> {
    fn check_profile_name(&self, id: &ProfileId, name: &str) -> Result<()> {
        name::check(name).map_err(|why| Error::invalid("profile.name", why))?;
        match self.one(TWIN, params![name::fold(name), id.as_str()], |_| Ok(()))? {
            Some(()) => Err(Error::NameTaken(name.to_owned())),
            None => Ok(()),
        }
    }

    fn put_profile_row(&mut self, profile: &Profile) -> Result<()> {
        let revision = self.written_revision();
        let settings = &profile.settings;
        let row = profiles::Row {
            id: profile.id.as_str().into(),
            name: profile.name.as_str().into(),
            name_folded: name::fold(&profile.name).into(),
            description: (&profile.description).into(),
            created_at: stamp_time(&profile.created_at).into(),
            created_at_text: stamp_text(&profile.created_at).into(),
            last_used: stamp_time(&profile.last_used).into(),
            last_used_text: stamp_text(&profile.last_used).into(),
            jira_config: json_text(settings.jira_config.as_ref()).into(),
            field_mappings: json_text(settings.field_mappings.as_ref()).into(),
            forecast_settings: json_text(settings.forecast_settings.as_ref()).into(),
            project_classification: json_text(settings.project_classification.as_ref()).into(),
            flow_type_mappings: json_text(settings.flow_type_mappings.as_ref()).into(),
            show_milestone: json_text(settings.show_milestone.as_ref()).into(),
            show_points: json_text(settings.show_points.as_ref()).into(),
            listed_queries: json_text(settings.listed_queries.as_ref()).into(),
            active_query_id: json_text(settings.active_query_id.as_ref()).into(),
            older: object_text(&settings.older).into(),
            extra: object_text(&settings.extra).into(),
            revision: revision.into(),
        };
        self.run(profiles::UPSERT, &row.values()).map(drop)
    }

    /// Notes that a profile was changed, which needs that it was there.
    fn expect_profile(&mut self, id: &ProfileId, changed: u64) -> Result<()> {
        if changed == 0 {
            return Err(Error::ProfileNotFound(id.clone()));
        }
        self.written_revision();
        Ok(())
    }
}
