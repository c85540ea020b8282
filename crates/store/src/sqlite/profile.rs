//! The table `profiles`.

use model::{Profile, ProfileId, ProfileSummary, Settings, Stamp, Timestamp, name};
use rusqlite::{Row, named_params, params};

use super::column::{count, json, json_text, object, object_text, stamp, stamp_texts, time};
use super::error::damaged;
use super::revision::Removed;
use super::tx::SqliteTx;
use crate::contract::{ReadProfile, WriteProfile};
use crate::error::{Error, Result};

const ONE: &str = "SELECT * FROM profiles WHERE id = ?1";
const LIST: &str = "SELECT p.id, p.name, p.description, p.last_used,
    (SELECT count(*) FROM queries q WHERE q.profile_id = p.id) AS queries,
    (SELECT coalesce(sum(h.records), 0) FROM queries q
     JOIN cache_headers h ON h.query = q.row AND h.kind = 0
     WHERE q.profile_id = p.id) AS issues,
    (SELECT coalesce(sum(h.records), 0) FROM queries q
     JOIN cache_headers h ON h.query = q.row AND h.kind = 1
     WHERE q.profile_id = p.id) AS changelogs
    FROM profiles p ORDER BY p.last_used DESC, p.name, p.id";
const TWIN: &str = "SELECT id FROM profiles WHERE name_folded = ?1 AND id <> ?2";
const PUT: &str = "INSERT INTO profiles (id, name, name_folded, description,
    created_at, created_at_text, last_used, last_used_text, jira_config, field_mappings,
    forecast_settings, project_classification, flow_type_mappings, show_milestone, show_points,
    listed_queries, active_query_id, older, extra, revision)
    VALUES (:id, :name, :name_folded, :description,
    :created_at, :created_at_text, :last_used, :last_used_text, :jira_config, :field_mappings,
    :forecast_settings, :project_classification, :flow_type_mappings, :show_milestone, :show_points,
    :listed_queries, :active_query_id, :older, :extra, :revision)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded,
    description = excluded.description, created_at = excluded.created_at,
    created_at_text = excluded.created_at_text, last_used = excluded.last_used,
    last_used_text = excluded.last_used_text, jira_config = excluded.jira_config,
    field_mappings = excluded.field_mappings, forecast_settings = excluded.forecast_settings,
    project_classification = excluded.project_classification,
    flow_type_mappings = excluded.flow_type_mappings, show_milestone = excluded.show_milestone,
    show_points = excluded.show_points, listed_queries = excluded.listed_queries,
    active_query_id = excluded.active_query_id, older = excluded.older, extra = excluded.extra,
    revision = excluded.revision";
const RENAME: &str = "UPDATE profiles SET name = ?2, name_folded = ?3, revision = ?4 WHERE id = ?1";
const TOUCH: &str =
    "UPDATE profiles SET last_used = ?2, last_used_text = NULL, revision = ?3 WHERE id = ?1";
const REMOVE: &str = "DELETE FROM profiles WHERE id = ?1";
const QUERY_ROWS: &str = "SELECT row FROM queries WHERE profile_id = ?1";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ONE, TWIN, QUERY_ROWS];

fn profile(row: &Row<'_>) -> rusqlite::Result<Profile> {
    Ok(Profile {
        id: profile_id(row, "id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        created_at: stamp(row, "created_at", "created_at_text")?,
        last_used: stamp(row, "last_used", "last_used_text")?,
        settings: Settings {
            jira_config: json(row, "jira_config")?,
            field_mappings: json(row, "field_mappings")?,
            forecast_settings: json(row, "forecast_settings")?,
            project_classification: json(row, "project_classification")?,
            flow_type_mappings: json(row, "flow_type_mappings")?,
            show_milestone: json(row, "show_milestone")?,
            show_points: json(row, "show_points")?,
            listed_queries: json(row, "listed_queries")?,
            active_query_id: json(row, "active_query_id")?,
            older: object(row, "older")?,
            extra: object(row, "extra")?,
        },
    })
}

fn summary(row: &Row<'_>) -> rusqlite::Result<ProfileSummary> {
    Ok(ProfileSummary {
        id: profile_id(row, "id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        last_used: time(row, "last_used")?,
        queries: count(row, "queries")?,
        issues: count(row, "issues")?,
        changelogs: count(row, "changelogs")?,
    })
}

/// The profile's id in a column.
fn profile_id(row: &Row<'_>, column: &str) -> rusqlite::Result<ProfileId> {
    ProfileId::new(row.get::<_, String>(column)?).map_err(|error| damaged(error.to_string()))
}

impl ReadProfile for SqliteTx<'_> {
    fn profile(&self, id: &ProfileId) -> Result<Option<Profile>> {
        self.one(ONE, [id.as_str()], profile)
    }

    fn profiles(&self) -> Result<Vec<ProfileSummary>> {
        self.all(LIST, [], summary)
    }
}

impl WriteProfile for SqliteTx<'_> {
    fn put_profile(&mut self, profile: &Profile) -> Result<()> {
        self.check_profile_name(&profile.id, &profile.name)?;
        let before = self.profile(&profile.id)?;
        self.put_profile_row(profile)?;
        let points_field = profile.settings.points_field();
        if before.is_some_and(|before| before.settings.points_field() != points_field) {
            for query in self.all(QUERY_ROWS, [profile.id.as_str()], |row| row.get(0))? {
                self.derive_points_anew(query, points_field)?;
            }
        }
        tracing::debug!(count = 1, "put profile");
        Ok(())
    }

    fn rename_profile(&mut self, id: &ProfileId, name: &str) -> Result<()> {
        self.check_profile_name(id, name)?;
        let revision = self.current_revision().cast_signed();
        let row = params![id.as_str(), name, name::fold(name), revision];
        let renamed = self.run(RENAME, row)?;
        tracing::debug!(count = renamed, "rename profile");
        self.expect_profile(id, renamed)
    }

    fn touch_profile(&mut self, id: &ProfileId, at: Timestamp) -> Result<()> {
        let revision = self.current_revision().cast_signed();
        let (at, _) = stamp_texts(Some(&Stamp::at(at)));
        let touched = self.run(TOUCH, params![id.as_str(), at, revision])?;
        tracing::debug!(count = touched, "touch profile");
        self.expect_profile(id, touched)
    }

    fn remove_profile(&mut self, id: &ProfileId) -> Result<bool> {
        let removed = self.run(REMOVE, [id.as_str()])?;
        if removed > 0 {
            self.forget_encoders();
            self.put_removed(Removed::Profile(id))?;
        }
        tracing::debug!(count = removed, "remove profile");
        Ok(removed > 0)
    }
}

impl SqliteTx<'_> {
    fn check_profile_name(&self, id: &ProfileId, name: &str) -> Result<()> {
        name::check(name).map_err(|why| Error::invalid("profile.name", why))?;
        match self.one(TWIN, [name::fold(name).as_str(), id.as_str()], |_| Ok(()))? {
            Some(()) => Err(Error::NameTaken(name.to_owned())),
            None => Ok(()),
        }
    }

    fn put_profile_row(&mut self, profile: &Profile) -> Result<()> {
        let revision = self.written_revision().cast_signed();
        let (created_at, created_at_text) = stamp_texts(profile.created_at.as_ref());
        let (last_used, last_used_text) = stamp_texts(profile.last_used.as_ref());
        let settings = &profile.settings;
        let row = named_params! {
            ":id": profile.id.as_str(),
            ":name": profile.name,
            ":name_folded": name::fold(&profile.name),
            ":description": profile.description,
            ":created_at": created_at,
            ":created_at_text": created_at_text,
            ":last_used": last_used,
            ":last_used_text": last_used_text,
            ":jira_config": json_text(settings.jira_config.as_ref()),
            ":field_mappings": json_text(settings.field_mappings.as_ref()),
            ":forecast_settings": json_text(settings.forecast_settings.as_ref()),
            ":project_classification": json_text(settings.project_classification.as_ref()),
            ":flow_type_mappings": json_text(settings.flow_type_mappings.as_ref()),
            ":show_milestone": json_text(settings.show_milestone.as_ref()),
            ":show_points": json_text(settings.show_points.as_ref()),
            ":listed_queries": json_text(settings.listed_queries.as_ref()),
            ":active_query_id": json_text(settings.active_query_id.as_ref()),
            ":older": object_text(&settings.older),
            ":extra": object_text(&settings.extra),
            ":revision": revision,
        };
        self.run(PUT, row).map(drop)
    }

    /// Notes that a profile was changed, which needs that it was there.
    fn expect_profile(&mut self, id: &ProfileId, changed: usize) -> Result<()> {
        if changed == 0 {
            return Err(Error::ProfileNotFound(id.clone()));
        }
        self.written_revision();
        Ok(())
    }
}
