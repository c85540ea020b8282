//! Queries of a profile: every folder is one.

use model::{ProfileId, Query};
use store::legacy::query::decode;
use store::legacy::{Finding, FindingKind};

use super::{ConfigFile, PlannedQuery, Planner, query_key, repaired_name, title_of_id};
use crate::error::Result;
use crate::folder::Kind;
use crate::read::{Content, State, peek_text};
use crate::report::Fate;

impl Planner<'_> {
    pub(super) fn queries(&mut self, id: &ProfileId, base: &str) -> Result<Vec<PlannedQuery>> {
        let path = format!("{base}/queries");
        if !matches!(self.folder.kind(&path)?, Kind::Folder | Kind::Absent) {
            let note = "a file or link stands where the queries belong";
            self.ledger.find(&path, &[Finding::new("", FindingKind::NotAFile, note)]);
            self.ledger.settle(&path, Fate::Quarantined, 0);
        }
        let mut queries = Vec::new();
        for query in self.id_folders(&path)? {
            queries.push(self.query(id, &query, &format!("{path}/{query}"))?);
        }
        self.note_ghosts(&queries);
        Ok(queries)
    }

    fn query(&mut self, profile: &ProfileId, id: &str, base: &str) -> Result<PlannedQuery> {
        let key = query_key(profile, id)?;
        let (path, loaded) = self.load_or_temporary(base, "query.json")?;
        let decoded = decode(&key, loaded.object.clone(), self.zone);
        let mut findings = decoded.findings;
        let filled = |member: &str, from: &str| {
            Finding::new(member, FindingKind::FilledIn, format!("taken from {from}"))
        };
        let jql = match decoded.jql {
            Some(jql) => jql,
            None => {
                let recovered = self.recover_jql(base)?;
                findings.push(filled("jql", "the JQL its data was fetched with"));
                recovered.unwrap_or_default()
            }
        };
        let name = decoded.name.and_then(|name| repaired_name(&name, &mut findings));
        let name = name.unwrap_or_else(|| {
            findings.push(filled("name", "a saved JQL or the folder's name"));
            let saved = self.saved.iter().find(|(_, saved)| !jql.is_empty() && *saved == jql);
            saved.map_or_else(|| title_of_id(id), |(name, _)| name.clone())
        });
        if loaded.state == State::Missing {
            let note = "query.json is missing; name and JQL were made up from what is there";
            self.ledger.note(base, FindingKind::FilledIn, note);
        }
        self.settle(&path, &loaded, &findings);
        let records = self.record_files(base)?;
        for (record, _) in &records {
            self.ledger.own(record, &key);
        }
        self.ledger.own(&path, &key);
        self.own_settings(base, &key);
        let file = (loaded.state != State::Missing).then_some(ConfigFile {
            path,
            object: loaded.object,
            findings,
        });
        let query = Query {
            key,
            name,
            jql,
            description: decoded.description,
            created_at: decoded.created_at,
            updated_at: decoded.updated_at,
            last_used: decoded.last_used,
            extra: decoded.extra,
        };
        Ok(PlannedQuery { query, file, records, rows: None })
    }

    fn own_settings(&mut self, base: &str, key: &model::QueryKey) {
        let path = format!("{base}/app_settings.json");
        if matches!(self.folder.kind(&path), Ok(Kind::File { .. })) {
            self.ledger.own(&path, key);
        }
    }

    /// The record files of a query folder that are there, in the order they are read.
    pub(super) fn record_files(&mut self, base: &str) -> Result<Vec<(String, Content)>> {
        let mut records = Vec::new();
        for (name, content) in [
            ("jira_cache.json", Content::Issues),
            ("jira_changelog_cache.json", Content::Changelogs),
            ("project_data.json", Content::ProjectData),
            ("metrics_snapshots.json", Content::Snapshots),
        ] {
            records.extend(self.record_file(base, name)?.map(|path| (path, content)));
        }
        Ok(records)
    }

    /// A JQL from the caches of a query that lost its own.
    pub(super) fn recover_jql(&self, base: &str) -> Result<Option<String>> {
        let prefix = if base.is_empty() { String::new() } else { format!("{base}/") };
        for (file, names) in [
            ("app_settings.json", ["jql_query"].as_slice()),
            ("jira_cache.json", &["jql_query"]),
            ("project_data.json", &["metadata", "jira_query"]),
        ] {
            if let Some(jql) = peek_text(self.folder, &format!("{prefix}{file}"), names)? {
                return Ok(Some(jql));
            }
        }
        Ok(None)
    }

    /// An import of the old app left a copy without data: `q_<date>_<time>`.
    fn note_ghosts(&mut self, queries: &[PlannedQuery]) {
        for ghost in queries.iter().filter(|query| query.records.is_empty()) {
            let id = ghost.query.key.query.as_str();
            let digits: Vec<&str> = id.split('_').skip(1).collect();
            let is_stamp = matches!(digits.as_slice(), [date, time] if date.len() == 8 && time.len() == 6
                && date.bytes().chain(time.bytes()).all(|byte| byte.is_ascii_digit()));
            let has_twin = queries.iter().any(|other| {
                other.query.key != ghost.query.key
                    && other.query.name == ghost.query.name
                    && other.query.jql == ghost.query.jql
            });
            if let Some(file) = ghost.file.as_ref().filter(|_| is_stamp && has_twin) {
                let note = "a copy without data that an import of the old app left; taken as it is";
                let finding = Finding::new("", FindingKind::GhostQuery, note);
                self.ledger.find(&file.path, &[finding]);
            }
        }
    }
}
