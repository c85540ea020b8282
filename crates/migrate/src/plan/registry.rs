//! `profiles/profiles.json`: names, order and the active selection; the folders are the truth.

use model::secret::take_secrets;
use model::{Json, Object};
use store::legacy::{Finding, FindingKind};

use super::Planner;
use crate::error::Result;
use crate::read::State;
use crate::report::Fate;

/// What the registry says.
#[derive(Debug, Default)]
pub(super) struct Registry {
    /// Entries in their order: id as written, and the entry with its secrets.
    pub entries: Vec<(String, Object)>,
    pub active_profile: Option<String>,
    pub active_query: Option<String>,
    /// Whether it could be read at all; if not, no folder is "not in the registry".
    pub is_known: bool,
    version: Option<Json>,
    extra: Object,
}

impl Registry {
    /// The selection alone, as the app state of the old app's database keeps it.
    pub fn of_selection(active_profile: Option<String>, active_query: Option<String>) -> Registry {
        Registry { active_profile, active_query, is_known: true, ..Registry::default() }
    }

    /// Forgets entries of profiles that the old app's database holds.
    pub fn leave_out(&mut self, of_database: &std::collections::HashSet<String>) {
        self.entries.retain(|(id, _)| !of_database.contains(id));
    }

    pub fn entry(&self, id: &str) -> Option<&Object> {
        self.entries.iter().find(|(known, _)| known == id).map(|(_, entry)| entry)
    }

    /// App state that keeps what the registry says beyond profiles and selection.
    pub fn states(&self) -> Vec<(String, String)> {
        let mut states = Vec::new();
        if let Some(version) = &self.version {
            states.push(("registry_version".to_owned(), version.to_compact()));
        }
        if !self.extra.is_empty() {
            let extra = Json::Object(self.extra.clone()).to_compact();
            states.push(("registry_extra".to_owned(), extra));
        }
        states
    }
}

impl Planner<'_> {
    pub(super) fn registry(&mut self) -> Result<Registry> {
        let (path, loaded) = self.load_or_temporary("profiles", "profiles.json")?;
        let mut object = loaded.object.clone();
        let mut findings = Vec::new();
        let entries = match object.remove("profiles") {
            Some(Json::Object(entries)) => entries
                .into_iter()
                .filter_map(|(id, entry)| entry_of(Some(id), entry, &mut findings))
                .collect(),
            Some(Json::Array(entries)) => {
                let note = "a list of profiles was taken by the id of each";
                findings.push(Finding::new("profiles", FindingKind::Coerced, note));
                entries
                    .into_iter()
                    .filter_map(|entry| entry_of(None, entry, &mut findings))
                    .collect()
            }
            Some(other) => {
                let note = format!("{} where profiles belong", other.kind_name());
                findings.push(Finding::new("profiles", FindingKind::WrongType, note));
                Vec::new()
            }
            None => Vec::new(),
        };
        let mut text = |name: &str| {
            let value = object.remove(name)?;
            let text = value.as_text().map(|text| text.into_owned());
            if text.is_none() && value != Json::Null {
                let note = format!("{} where an id belongs", value.kind_name());
                findings.push(Finding::new(name, FindingKind::WrongType, note));
            }
            text
        };
        let active_profile = text("active_profile_id");
        let active_query = text("active_query_id");
        // The token of an entry is taken with its profile; what is left here must hold none.
        let mut extra = object;
        let version = extra.remove("version");
        take_secrets(&mut extra);
        for (name, _) in extra.iter() {
            findings.push(Finding::new(name, FindingKind::UnknownMember, "kept as it is"));
        }
        if !entries.is_empty() {
            let note = "entries are stale copies; names, order, use and selection were taken";
            findings.push(Finding::new("profiles", FindingKind::StaleRegistry, note));
        }
        let is_known = loaded.state == State::Whole;
        self.settle(&path, &loaded, &findings);
        if entries.iter().any(|(_, entry)| !take_secrets(&mut entry.clone()).is_empty()) {
            self.ledger.token_files.push(path.clone());
        }
        if loaded.is_usable() {
            let fate = if is_known { Fate::Imported } else { Fate::Partly };
            self.ledger.account(&path).records = 0;
            self.ledger.settle(&path, fate, entries.len() as u64);
        }
        Ok(Registry { entries, active_profile, active_query, is_known, version, extra })
    }
}

fn entry_of(
    id: Option<String>,
    entry: Json,
    findings: &mut Vec<Finding>,
) -> Option<(String, Object)> {
    let written = || entry.get("id").and_then(|id| Some(id.as_text()?.into_owned()));
    let id = id.or_else(written);
    match (id, entry) {
        (Some(id), Json::Object(entry)) => Some((id, entry)),
        (Some(id), other) => {
            let note = format!("{} where an entry belongs", other.kind_name());
            findings.push(Finding::new(format!("profiles.{id}"), FindingKind::WrongType, note));
            Some((id, Object::new()))
        }
        (None, _) => {
            let note = "an entry without an id was left out";
            findings.push(Finding::new("profiles", FindingKind::BadRecord, note));
            None
        }
    }
}
