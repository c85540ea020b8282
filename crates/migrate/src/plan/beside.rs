//! JSON beside a database that the old app never finished: the JSON counts, and what it lacks comes
//! from the database, member by member and per query kind by kind.

use model::{Json, Profile, ProfileId};
use store::legacy::profile::encode;
use store::legacy::{Finding, FindingKind};

use super::registry::Registry;
use super::settings::{are_defaults, fill};
use super::{ConfigFile, PlannedProfile, PlannedQuery, Planner};
use crate::error::Result;
use crate::folder::Kind;
use crate::inventory::OLD_DATABASE;
use crate::read::{Content, QueryRows, holds_records};
use crate::report::Fate;
use crate::row_count::{Owner, RowCount};

/// Kinds of records in the order they are read.
const CONTENTS: [Content; 4] =
    [Content::Issues, Content::Changelogs, Content::ProjectData, Content::Snapshots];

impl Planner<'_> {
    /// What the files of a profile's folder say, if there is one.
    pub(super) fn json_profile(
        &mut self,
        written: &str,
        registry: &Registry,
    ) -> Result<Option<PlannedProfile>> {
        let Ok(id) = ProfileId::new(written) else { return Ok(None) };
        if self.folder.kind(&format!("profiles/{id}"))? != Kind::Folder {
            return Ok(None);
        }
        self.profile(id, registry.entry(written)).map(Some)
    }

    /// Puts the settings of a profile together from its JSON and its row. Queries are left alone.
    pub(super) fn unite_profile(&mut self, planned: &mut PlannedProfile, json: &PlannedProfile) {
        let (own, row) = (json.profile.clone(), planned.profile.clone());
        let file = json.files.iter().find(|file| is_profile_file(&file.path));
        let has = |member: &str| {
            file.is_some_and(|file| file.object.get(member).is_some_and(|it| *it != Json::Null))
        };
        let mut united = Profile {
            name: if has("name") { own.name.clone() } else { row.name.clone() },
            description: own.description.clone().or_else(|| row.description.clone()),
            created_at: own.created_at.clone().or_else(|| row.created_at.clone()),
            last_used: own.last_used.clone().or_else(|| row.last_used.clone()),
            ..row.clone()
        };
        // Settings without a connection were made up by the old app.
        let is_made_up = are_defaults(&own.settings) && !are_defaults(&row.settings);
        let (first, second) = if is_made_up { (&row, &own) } else { (&own, &row) };
        united.settings = first.settings.clone();
        fill(&mut united.settings, &second.settings);
        let mut files = Vec::new();
        for (before, theirs) in [(&own, json.files.clone()), (&row, planned.files.clone())] {
            let mut findings = differences(before, &united);
            findings.push(Finding::new("", FindingKind::FilledIn, "JSON and database together"));
            for mut file in theirs {
                self.ledger.find(&file.path, &findings);
                file.findings.extend(findings.iter().cloned());
                files.push(file);
            }
        }
        planned.profile = united;
        planned.files = files;
        planned.tokens.splice(0..0, json.tokens.iter().cloned());
    }

    /// One query from its files and its rows.
    pub(super) fn unite_query(
        &mut self,
        database: PlannedQuery,
        json: PlannedQuery,
    ) -> Result<PlannedQuery> {
        let Some(rows) = database.rows.clone() else { return Ok(json) };
        let mut records = Vec::new();
        for content in CONTENTS {
            let file = json.records.iter().find(|(_, kind)| *kind == content).cloned();
            let of_rows = database.records.iter().find(|(_, kind)| *kind == content).cloned();
            match (file, of_rows) {
                (Some(file), Some(of_rows)) => {
                    if holds_records(self.folder, &file.0, content)? {
                        self.leave_rows_to_json(&rows, content, &file.0);
                        records.push(file);
                    } else {
                        self.leave_file_to_rows(&file.0);
                        records.push(of_rows);
                    }
                }
                (file, of_rows) => records.extend(file.or(of_rows)),
            }
        }
        let rows = records.iter().any(|(path, _)| path == OLD_DATABASE).then_some(rows);
        let is_told = json.file.as_ref().is_some_and(|file| !file.object.is_empty());
        if !is_told {
            return Ok(PlannedQuery { records, rows, ..database });
        }
        let (mut query, mut file) = (json.query, json.file);
        let has = |member: &str| {
            let text = file.as_ref().and_then(|file| file.object.get(member)?.as_text());
            text.is_some_and(|text| !text.trim().is_empty())
        };
        let row = database.query;
        if !has("name") {
            query.name = row.name;
        }
        if !has("jql") && !row.jql.trim().is_empty() {
            query.jql = row.jql;
        }
        query.description = query.description.or(row.description);
        query.created_at = query.created_at.or(row.created_at);
        query.updated_at = query.updated_at.or(row.updated_at);
        query.last_used = query.last_used.or(row.last_used);
        for (name, value) in row.extra.iter() {
            if query.extra.get(name).is_none() {
                query.extra.set(name, value.clone());
            }
        }
        if let Some(file) = &mut file {
            let note = "what it lacks was taken from the old app's database";
            let mut filled = vec![Finding::new("", FindingKind::FilledIn, note)];
            // A blank text is not lacking to a comparison.
            for member in ["name", "jql"].into_iter().filter(|member| !has_text(file, member)) {
                filled.push(Finding::new(member, FindingKind::FilledIn, note));
            }
            self.ledger.find(&file.path, &filled);
            file.findings.extend(filled);
        }
        Ok(PlannedQuery { query, file, records, rows })
    }

    fn leave_rows_to_json(&mut self, rows: &QueryRows, content: Content, path: &str) {
        let count = rows.count_of(content);
        if count == 0 {
            return;
        }
        let note = format!(
            "{}/{}: {count} rows left to {path}: the old app never finished bringing its JSON in",
            rows.profile, rows.query
        );
        let tables = QueryRows::tables(content);
        self.find_in_database(tables.join(", "), FindingKind::KeptAside, note);
        for table in tables {
            let aside = RowCount::kept_aside(rows.count(table));
            self.ledger.count_rows(table, Owner::new(&rows.profile, &rows.query), aside);
        }
    }

    fn leave_file_to_rows(&mut self, path: &str) {
        let note = "no record in it can be read; those of the old app's database were taken";
        self.ledger.find(path, &[Finding::new("", FindingKind::Unreadable, note)]);
        self.ledger.settle(path, Fate::Quarantined, 0);
    }
}

fn has_text(file: &ConfigFile, member: &str) -> bool {
    let text = file.object.get(member).and_then(Json::as_text);
    text.is_some_and(|text| !text.trim().is_empty())
}

/// The profile's own file, or a left-over temporary one of it.
fn is_profile_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with("profile"))
}

/// Members of one side that the other side says better.
fn differences(before: &Profile, after: &Profile) -> Vec<Finding> {
    let (before, after) = (Json::Object(encode(before)), Json::Object(encode(after)));
    let differing = model::json::differences(&before, &after).into_iter();
    let overridden = differing.filter(|difference| difference.left.is_some()).map(|difference| {
        let note = "JSON and database differ here; the other counts";
        Finding::new(difference.path, FindingKind::Overridden, note)
    });
    overridden.collect()
}
