//! Profiles of the old app's database (2.5 and later).

use std::collections::HashSet;

use model::{Json, Object, Profile, ProfileId, Settings};
use store::legacy::sqlite::{OldDatabase, Row};
use store::legacy::{Finding, FindingKind, profile, row};

use super::registry::Registry;
use super::settings::are_defaults;
use super::tables::Tables;
use super::{PlannedProfile, PlannedQuery, Planner, query_key, title_of_id};
use crate::error::Result;
use crate::inventory::OLD_DATABASE;
use crate::read::{Loaded, State, load_object};
use crate::row_count::{Owner, RowCount};

/// Groups of settings, which are JSON in their cells.
const GROUPS: [&str; 5] = [
    "jira_config",
    "field_mappings",
    "forecast_settings",
    "project_classification",
    "flow_type_mappings",
];

/// Truth values, which a database keeps as numbers.
const TRUTHS: [&str; 2] = ["show_milestone", "show_points"];

impl Planner<'_> {
    /// The registry that the app state is.
    pub(super) fn database_registry(tables: &Tables) -> Registry {
        let state = |key: &str| tables.states.get(key).cloned();
        Registry::of_selection(state("active_profile_id"), state("active_query_id"))
    }

    /// All profiles of the database, with what JSON beside them says where that counts.
    pub(super) fn database_profiles(
        &mut self,
        database: &OldDatabase,
        tables: &Tables,
        registry: &Registry,
    ) -> Result<Vec<PlannedProfile>> {
        let (mut profiles, mut used) = (Vec::new(), HashSet::new());
        for (written, queries) in &tables.ids {
            let id = self.usable_id("profiles", written, &mut used);
            let Ok(id) = ProfileId::new(id) else { continue };
            let row = tables.profiles.iter().find(|row| row.text("id").as_ref() == Some(written));
            let json = if self.json_counts { self.json_profile(written, registry)? } else { None };
            let mut planned = self.database_profile(id, written, row)?;
            if let Some(json) = &json {
                self.unite_profile(&mut planned, json);
            }
            let mut of_json = json.map(|json| json.queries).unwrap_or_default();
            let mut used = HashSet::new();
            let settings = planned.profile.settings.clone();
            for query in queries {
                let id = self.usable_id("queries", query, &mut used);
                let key = query_key(&planned.profile.id, &id)?;
                let of = (written.as_str(), query.as_str());
                let mut planned_query =
                    self.database_query(key, of, &settings, database, tables)?;
                let is_same = |json: &PlannedQuery| json.query.key.query.as_str() == query;
                if let Some(place) = of_json.iter().position(is_same) {
                    planned_query = self.unite_query(planned_query, of_json.remove(place))?;
                }
                planned.queries.push(planned_query);
            }
            planned.queries.append(&mut of_json);
            profiles.push(planned);
        }
        Ok(profiles)
    }

    /// An id that can be one here, and says so if it is another than the one written.
    fn usable_id(&mut self, table: &str, written: &str, used: &mut HashSet<String>) -> String {
        let id = if ProfileId::new(written).is_ok() && !used.contains(written) {
            written.to_owned()
        } else {
            let safe: String = written
                .chars()
                .map(|c| if c.is_control() || matches!(c, '/' | '\\') { '-' } else { c })
                .take(48)
                .collect();
            let safe = if safe.trim_matches('.').is_empty() { "unnamed".to_owned() } else { safe };
            let numbered = (2_u64..).map(|number| format!("{safe}-{number}"));
            let free = std::iter::once(safe.clone()).chain(numbered).find(|id| !used.contains(id));
            let id = free.unwrap_or_default();
            let note = format!("{written:?} cannot be an id; it is {id:?} now");
            self.find_in_database(table, FindingKind::IdChanged, note);
            id
        };
        used.insert(id.clone());
        id
    }

    fn database_profile(
        &mut self,
        id: ProfileId,
        written: &str,
        row: Option<&Row>,
    ) -> Result<PlannedProfile> {
        let Some(row) = row else {
            let note =
                format!("{written:?}: rows belong to a profile that is not there; made for them");
            self.find_in_database("profiles", FindingKind::Recovered, note);
            let name = title_of_id(id.as_str());
            let settings = Settings::default();
            let (description, created_at, last_used) = (None, None, None);
            let profile = Profile { id, name, description, created_at, last_used, settings };
            return Ok(PlannedProfile {
                profile,
                files: Vec::new(),
                queries: Vec::new(),
                tokens: Vec::new(),
            });
        };
        let object = self.profile_object(&id, row);
        let mut own = profile::decode(&id, object.clone(), self.zone);
        prefer_mapped_points(&mut own);
        let loaded = Loaded { object, state: State::Whole, findings: Vec::new() };
        let mut files = vec![(OLD_DATABASE.to_owned(), loaded, own.clone())];
        if are_defaults(&own.settings) {
            // Only then: a setting that the database has is the newer one.
            files.extend(self.settings_of_copies(&id, written)?);
        }
        let (identity, findings) = self.identity(&id, &own, None, &files);
        let planned = self.assemble(identity, files, None, findings);
        let count = RowCount::taken(1);
        self.ledger.count_rows("profiles", Owner::new(written, ""), count);
        Ok(planned)
    }

    /// A row of `profiles` as its file had it.
    fn profile_object(&mut self, id: &ProfileId, row: &Row) -> Object {
        let mut cells = row.cells.clone();
        for column in row::parse_cells(&mut cells, &GROUPS) {
            if let Some(cell) = cells.remove(&column) {
                self.keep_cell_aside("profiles", row.rowid, &column, &cell);
            }
        }
        let mut object = Object::new();
        for (column, value) in cells {
            let truth = TRUTHS.contains(&column.as_str()).then(|| value.as_f64()).flatten();
            match truth {
                _ if matches!(value, Json::Null) => {}
                Some(number) if number == 0.0 || number == 1.0 => {
                    object.set(column, Json::Bool(number == 1.0));
                }
                _ => object.set(column, value),
            }
        }
        object.set("id", Json::text(id.as_str()));
        object
    }

    /// Settings that only the JSON of the time before the database has.
    fn settings_of_copies(
        &mut self,
        id: &ProfileId,
        written: &str,
    ) -> Result<Vec<(String, Loaded, profile::Decoded)>> {
        for base in self.copies_of(written) {
            let mut found = self.app_settings(id, &base)?;
            let path = format!("{base}/profile.json");
            let loaded = load_object(self.folder, &path)?;
            if loaded.state != State::Missing {
                let decoded = profile::decode(id, loaded.object.clone(), self.zone);
                found.insert(0, (path, loaded, decoded));
            }
            found.retain(|(_, _, decoded)| !are_defaults(&decoded.settings));
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }
}
/// The old app took the field mapped under `general.estimate` before the one of the connection.
fn prefer_mapped_points(own: &mut profile::Decoded) {
    let general = own.settings.field_mappings.as_ref().and_then(|group| group.get("general"));
    let mapped = general.and_then(|general| general.get("estimate")).and_then(Json::as_text);
    let Some(mapped) = mapped.filter(|field| !field.trim().is_empty()).map(|f| f.into_owned())
    else {
        return;
    };
    if let Some(Json::Object(connection)) = &mut own.settings.jira_config
        && connection.get("points_field").is_some_and(|field| *field != Json::text(&mapped))
    {
        connection.set("points_field", Json::text(&mapped));
        let note = "the field mapped under general.estimate counts";
        own.findings.push(Finding::new("jira_config.points_field", FindingKind::Overridden, note));
    }
}
