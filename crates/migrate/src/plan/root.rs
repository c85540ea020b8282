//! The layouts of 2025 before profiles: everything in the root folder.

use std::io::Read as _;

use model::{Profile, ProfileId, Query, Settings};
use store::legacy::profile::{Decoded, decode};
use store::legacy::{Finding, FindingKind};

use super::settings::{Candidate, merge};
use super::{ConfigFile, PlannedProfile, PlannedQuery, Planner, query_key};
use crate::error::{Error, Result};
use crate::folder::Kind;
use crate::inventory::ROOT_DATA;
use crate::read::{Content, Loaded, State, load_object};

/// Settings files of the root folder, the newer layout first.
const SETTINGS_FILES: [&str; 2] = ["app_settings.json", "forecast_settings.json"];

const RECORD_FILES: [(&str, Content); 4] = [
    ("jira_cache.json", Content::Issues),
    ("jira_changelog_cache.json", Content::Changelogs),
    ("project_data.json", Content::ProjectData),
    ("metrics_snapshots.json", Content::Snapshots),
];

impl Planner<'_> {
    /// The profile that root files make, unless all of them are copies of what a query has.
    pub(super) fn root_profile(
        &mut self,
        others: &[PlannedProfile],
    ) -> Result<Option<PlannedProfile>> {
        if self.root_is_a_copy(others)? {
            let note = "equal to what a query of the profiles folder holds";
            for name in ROOT_DATA {
                if self.folder.is_file(name)? {
                    let finding = Finding::new("", FindingKind::OlderCopy, note);
                    self.ledger.find(name, &[finding]);
                }
            }
            return Ok(None);
        }
        let id = free_id(others)?;
        let mut files = Vec::new();
        for name in SETTINGS_FILES {
            let loaded = load_object(self.folder, name)?;
            if loaded.state != State::Missing {
                let decoded = decode(&id, loaded.object.clone(), self.zone);
                files.push((name.to_owned(), loaded, decoded));
            }
        }
        let (settings, tokens, config) = self.root_settings(files);
        let query = self.root_query(&id, &settings)?;
        let name = if others.is_empty() { "Default" } else { "Default (root files)" };
        let profile = Profile {
            id,
            name: name.to_owned(),
            description: None,
            created_at: None,
            last_used: None,
            settings,
        };
        let queries = vec![query];
        Ok(Some(PlannedProfile { profile, files: config, queries, tokens }))
    }

    fn root_settings(
        &mut self,
        files: Vec<(String, Loaded, Decoded)>,
    ) -> (Settings, Vec<model::Token>, Vec<ConfigFile>) {
        let candidates: Vec<Candidate> = files
            .iter()
            .map(|(path, _, decoded)| Candidate { path: path.clone(), decoded: decoded.clone() })
            .collect();
        let (settings, overridden) = merge(&candidates);
        let secrets = candidates.iter().flat_map(|candidate| &candidate.decoded.secrets);
        let tokens = secrets.map(|(_, token)| token.clone()).collect();
        let mut config = Vec::new();
        for (path, loaded, decoded) in files {
            let mut findings = decoded.findings;
            let note = "the settings make a profile of their own";
            findings.push(Finding::new("", FindingKind::FilledIn, note));
            let own = overridden.iter().filter(|(file, _)| *file == path);
            findings.extend(own.map(|(_, finding)| finding.clone()));
            self.settle(&path, &loaded, &findings);
            config.push(ConfigFile { path, object: loaded.object, findings });
        }
        (settings, tokens, config)
    }

    fn root_query(&mut self, profile: &ProfileId, settings: &Settings) -> Result<PlannedQuery> {
        let key = query_key(profile, "main")?;
        let from_settings =
            settings.older.get("jql_query").and_then(|jql| Some(jql.as_text()?.into_owned()));
        let jql = match from_settings.filter(|jql| !jql.trim().is_empty()) {
            Some(jql) => jql,
            None => self.recover_jql("")?.unwrap_or_default(),
        };
        let saved = self.saved.iter().find(|(name, saved)| *saved == jql && !name.is_empty());
        let name = saved.and_then(|(name, _)| model::name::repair(name));
        let mut records = Vec::new();
        for (name, content) in RECORD_FILES {
            if self.folder.is_file(name)? {
                records.push((name.to_owned(), content));
            }
        }
        // The CSV is older than project_data.json, which took it over where both are there.
        const CSV: &str = "forecast_statistics.csv";
        if self.folder.is_file(CSV)? {
            if records.iter().any(|(_, content)| *content == Content::ProjectData) {
                let note = "project_data.json took its rows over";
                self.ledger.find(CSV, &[Finding::new("", FindingKind::OlderCopy, note)]);
            } else {
                records.push((CSV.to_owned(), Content::Rows));
            }
        }
        for (path, _) in &records {
            self.ledger.own(path, &key);
        }
        let query = Query {
            key,
            name: name.unwrap_or_else(|| "Main".to_owned()),
            jql,
            description: None,
            created_at: None,
            updated_at: None,
            last_used: None,
            extra: model::Object::new(),
        };
        Ok(PlannedQuery { query, file: None, records, rows: None })
    }

    /// Whether every file of the root equals the one of a query, byte for byte.
    fn root_is_a_copy(&self, others: &[PlannedProfile]) -> Result<bool> {
        let mut names = Vec::new();
        for name in ROOT_DATA {
            if self.folder.is_file(name)? {
                names.push(name);
            }
        }
        for planned in others {
            for query in &planned.queries {
                let base =
                    format!("profiles/{}/queries/{}", planned.profile.id, query.query.key.query);
                let mut equal = true;
                for name in &names {
                    equal = equal && self.are_equal(name, &format!("{base}/{name}"))?;
                }
                if equal {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn are_equal(&self, a: &str, b: &str) -> Result<bool> {
        let bytes = |kind| if let Kind::File { bytes, .. } = kind { Some(bytes) } else { None };
        let (size_a, size_b) = (bytes(self.folder.kind(a)?), bytes(self.folder.kind(b)?));
        if size_a.is_some() && size_a == size_b {
            let read = |path: &str| -> Result<Vec<u8>> {
                let (mut bytes, place) = (Vec::new(), self.folder.place(path)?);
                let mut file = self.folder.open(path)?;
                file.read_to_end(&mut bytes)
                    .map_err(|error| Error::io("reading", &place, &error))?;
                Ok(bytes)
            };
            return Ok(read(a)? == read(b)?);
        }
        Ok(false)
    }
}

fn free_id(others: &[PlannedProfile]) -> Result<ProfileId> {
    let is_taken = |id: &str| others.iter().any(|planned| planned.profile.id.as_str() == id);
    let candidates = std::iter::once("default".to_owned()).chain(
        (0_u32..)
            .map(|n| if n == 0 { "default-root".to_owned() } else { format!("default-root-{n}") }),
    );
    let free = candidates.into_iter().find(|id| !is_taken(id)).unwrap_or_default();
    ProfileId::new(free).map_err(|error| Error::Store(error.into()))
}
