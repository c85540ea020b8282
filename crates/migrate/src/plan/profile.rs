//! Profiles: folders first, then what only the registry knows.

use model::{Object, Profile, ProfileId, Stamp, cp1252};
use store::legacy::profile::{Decoded, decode};
use store::legacy::{Finding, FindingKind};

use super::registry::Registry;
use super::settings::{Candidate, are_defaults, merge};
use super::{ConfigFile, PlannedProfile, Planner, repaired_name, title_of_id};
use crate::error::Result;
use crate::folder::Kind;
use crate::read::{Loaded, State, load_object};

impl Planner<'_> {
    /// Profiles in the registry's order, then those it does not know.
    pub(super) fn profiles(&mut self, registry: &Registry) -> Result<Vec<PlannedProfile>> {
        let mut folders = Vec::new();
        for id in self.id_folders("profiles")? {
            if self.of_database.contains(&id) {
                continue;
            }
            let is_empty = self.folder.list(&format!("profiles/{id}"))?.is_empty();
            if registry.entry(&id).is_some() || !is_empty {
                folders.push(id);
            }
        }
        let place = |id: &String| registry.entries.iter().position(|(known, _)| known == id);
        folders.sort_by_key(|id| (place(id).unwrap_or(usize::MAX), id.clone()));
        let mut profiles = Vec::new();
        for text in &folders {
            let Ok(id) = ProfileId::new(text) else { continue };
            if registry.is_known && registry.entry(text).is_none() {
                let note = "the registry does not know this folder; it was taken";
                self.ledger.note(&format!("profiles/{id}"), FindingKind::NotInRegistry, note);
            }
            profiles.push(self.profile(id, registry.entry(text))?);
        }
        for (text, entry) in &registry.entries {
            if !folders.contains(text) {
                profiles.extend(self.registered_only(text, entry));
            }
        }
        Ok(profiles)
    }

    pub(super) fn profile(
        &mut self,
        id: ProfileId,
        entry: Option<&Object>,
    ) -> Result<PlannedProfile> {
        let base = format!("profiles/{id}");
        let (path, loaded) = self.load_or_temporary(&base, "profile.json")?;
        let own = decode(&id, loaded.object.clone(), self.zone);
        let registered = entry.map(|entry| decode(&id, entry.clone(), self.zone));
        let mut files = vec![(path.clone(), loaded, own.clone())];
        files.extend(self.app_settings(&id, &base)?);
        let (identity, findings) = self.identity(&id, &own, registered.as_ref(), &files);
        let mut planned = self.assemble(identity, files, registered.as_ref(), findings);
        planned.queries = self.queries(&id, &base)?;
        self.note_lost_queries(&planned, &base, entry);
        Ok(planned)
    }

    /// `app_settings.json` of the profile and of its queries, where builds of 2025 left them.
    pub(super) fn app_settings(
        &mut self,
        id: &ProfileId,
        base: &str,
    ) -> Result<Vec<(String, Loaded, Decoded)>> {
        let mut paths = vec![format!("{base}/app_settings.json")];
        for query in self.folder.list(&format!("{base}/queries"))? {
            if query.kind == Kind::Folder {
                paths.push(format!("{}/app_settings.json", query.path));
            }
        }
        let mut found = Vec::new();
        for path in paths {
            let loaded = load_object(self.folder, &path)?;
            if loaded.state != State::Missing {
                let decoded = decode(id, loaded.object.clone(), self.zone);
                found.push((path, loaded, decoded));
            }
        }
        Ok(found)
    }

    /// Name, description and times, each from the best source.
    pub(super) fn identity(
        &self,
        id: &ProfileId,
        own: &Decoded,
        registered: Option<&Decoded>,
        files: &[(String, Loaded, Decoded)],
    ) -> (Profile, Vec<Finding>) {
        let mut findings = Vec::new();
        let exists = files.first().is_some_and(|(_, loaded, _)| loaded.state != State::Missing);
        let known = |pick: fn(&Decoded) -> Option<&String>| registered.and_then(pick);
        let name = best_text("name", own.name.as_ref(), known(|d| d.name.as_ref()), &mut findings);
        let name = name.and_then(|name| repaired_name(&name, &mut findings)).unwrap_or_else(|| {
            findings.push(filled_in("name", "the folder's name"));
            title_of_id(id.as_str())
        });
        let description = best_text(
            "description",
            own.description.as_ref(),
            known(|d| d.description.as_ref()),
            &mut findings,
        );
        let created_at = own.created_at.clone().or_else(|| {
            let created_at = registered?.created_at.clone()?;
            findings.push(filled_in("created_at", "the registry"));
            Some(created_at)
        });
        let last_used =
            last_used(own.last_used.as_ref(), registered.and_then(|r| r.last_used.as_ref()));
        if own.last_used.is_none() && last_used.is_some() {
            findings.push(filled_in("last_used", "the registry"));
        }
        let has_id = files.first().is_some_and(|(_, loaded, _)| loaded.object.get("id").is_some());
        if exists && !has_id {
            findings.push(filled_in("id", "the folder's name"));
        }
        let settings = model::Settings::default();
        (Profile { id: id.clone(), name, description, created_at, last_used, settings }, findings)
    }

    /// Puts identity and settings together and accounts for every file.
    pub(super) fn assemble(
        &mut self,
        mut profile: Profile,
        files: Vec<(String, Loaded, Decoded)>,
        registered: Option<&Decoded>,
        identity_findings: Vec<Finding>,
    ) -> PlannedProfile {
        let is_whole = files.first().is_some_and(|(_, loaded, _)| loaded.state == State::Whole);
        let candidate = |(path, _, decoded): &(String, Loaded, Decoded)| Candidate {
            path: path.clone(),
            decoded: decoded.clone(),
        };
        let mut candidates: Vec<Candidate> = files.iter().map(candidate).collect();
        // A profile.json that the old app made up must not win over real settings.
        let first_is_default =
            candidates.first().is_some_and(|c| are_defaults(&c.decoded.settings));
        if first_is_default && candidates.iter().any(|c| !are_defaults(&c.decoded.settings)) {
            candidates.rotate_left(1);
        }
        if let Some(entry) = registered.filter(|_| !is_whole) {
            candidates.push(Candidate { path: String::new(), decoded: entry.clone() });
        }
        let (settings, overridden) = merge(&candidates);
        profile.settings = settings;
        let registered_tokens =
            registered.map(|entry| entry.secrets.as_slice()).unwrap_or_default();
        let found = candidates.iter().flat_map(|c| &c.decoded.secrets).chain(registered_tokens);
        // The connection's own token is the live one; others are left-overs of older builds.
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|(path, _)| path != "jira_config.token");
        let tokens = found.into_iter().map(|(_, token)| token.clone()).collect();
        let mut config = Vec::new();
        for (place, (path, loaded, decoded)) in files.into_iter().enumerate() {
            let mut findings = decoded.findings;
            if place == 0 && loaded.state != State::Missing {
                findings.extend(identity_findings.iter().cloned());
            } else if place > 0 {
                let note = "settings count for the whole profile";
                findings.push(Finding::new("", FindingKind::FilledIn, note));
            }
            let own = overridden.iter().filter(|(file, _)| *file == path);
            findings.extend(own.map(|(_, finding)| finding.clone()));
            self.settle(&path, &loaded, &findings);
            self.ledger.account(&path).profile = Some(profile.id.to_string());
            if loaded.state != State::Missing {
                config.push(ConfigFile { path, object: loaded.object, findings });
            }
        }
        PlannedProfile { profile, files: config, queries: Vec::new(), tokens }
    }

    /// A profile that only the registry knows: its settings are all there is.
    fn registered_only(&mut self, text: &str, entry: &Object) -> Option<PlannedProfile> {
        let path = format!("profiles.{text}");
        let Ok(id) = ProfileId::new(text) else {
            let note = "the id cannot be a folder's name; the entry was left out";
            self.ledger.note(&path, FindingKind::UnsafeId, note);
            return None;
        };
        let decoded = decode(&id, entry.clone(), self.zone);
        let note = "the registry knows this profile, its folder is gone; made from the entry";
        self.ledger.note(&path, FindingKind::NoFolder, note);
        let mut findings = Vec::new();
        let name = decoded.name.as_ref().and_then(|name| repaired_name(name, &mut findings));
        findings.iter().for_each(|finding| self.ledger.notes.add(finding));
        let tokens = decoded.secrets.iter().map(|(_, token)| token.clone()).collect();
        let profile = Profile {
            name: name.unwrap_or_else(|| title_of_id(id.as_str())),
            id,
            description: decoded.description,
            created_at: decoded.created_at,
            last_used: decoded.last_used,
            settings: decoded.settings,
        };
        Some(PlannedProfile { profile, files: Vec::new(), queries: Vec::new(), tokens })
    }

    /// Queries that a list names and no folder holds.
    fn note_lost_queries(&mut self, planned: &PlannedProfile, base: &str, entry: Option<&Object>) {
        let registered = entry.and_then(|entry| entry.get("queries"));
        let listed = [planned.profile.settings.listed_queries.as_ref(), registered];
        let mut lost: Vec<String> = listed
            .into_iter()
            .flatten()
            .flat_map(|list| list.as_array().unwrap_or_default())
            .filter_map(|id| Some(id.as_text()?.into_owned()))
            .filter(|id| planned.queries.iter().all(|query| query.query.key.query.as_str() != id))
            .collect();
        lost.sort();
        lost.dedup();
        for id in lost {
            let note = "a list names this query, no folder holds it";
            self.ledger.note(&format!("{base}/queries/{id}"), FindingKind::NoFolder, note);
        }
    }
}

fn filled_in(path: &str, from: &str) -> Finding {
    Finding::new(path, FindingKind::FilledIn, format!("taken from {from}"))
}

/// The profile's own text, unless the registry has the one that it is a mangled form of.
fn best_text(
    member: &'static str,
    own: Option<&String>,
    registered: Option<&String>,
    findings: &mut Vec<Finding>,
) -> Option<String> {
    match (own, registered) {
        (Some(own), Some(registered)) if cp1252::is_mangled_form_of(own, registered) => {
            let note =
                format!("{own:?} is {registered:?} read as cp1252; the registry's was taken");
            findings.push(Finding::new(member, FindingKind::NameUnmangled, note));
            Some(registered.clone())
        }
        (Some(own), _) => {
            if let Some(better) = cp1252::unmangle(own) {
                let note =
                    format!("{own:?} may have been {better:?}; it was kept, rename it if so");
                findings.push(Finding::new(member, FindingKind::NameMangled, note));
            }
            Some(own.clone())
        }
        (None, Some(registered)) => {
            findings.push(filled_in(member, "the registry"));
            Some(registered.clone())
        }
        (None, None) => None,
    }
}

/// The later use of both; the profile's own text is kept beside the moment.
fn last_used(own: Option<&Stamp>, registered: Option<&Stamp>) -> Option<Stamp> {
    match (own, registered) {
        (Some(own), Some(registered)) if registered.is_later_than(own) => {
            Some(Stamp { at: registered.at, text: Some(own.written()) })
        }
        (own, registered) => own.or(registered).cloned(),
    }
}
