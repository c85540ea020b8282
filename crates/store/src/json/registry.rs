//! `profiles.json`: the old app's list of profiles and its active selection.

use model::{Json, Object, Profile, ProfileId};

use super::files::Files;
use super::layout::{self, REGISTRY};
use crate::error::Result;
use crate::legacy;

/// App state that stands in the registry.
pub(super) const ACTIVE: [&str; 2] = ["active_profile_id", "active_query_id"];

/// The registry, kept in step with the folders.
#[derive(Debug)]
pub(super) struct Registry {
    /// Entries by profile id.
    entries: Object,
    /// All other members.
    rest: Object,
    is_changed: bool,
}

impl Registry {
    pub(super) fn load(files: &Files) -> Result<Registry> {
        let mut rest = files.read_object(REGISTRY)?.unwrap_or_default();
        let entries = match rest.remove("profiles") {
            Some(Json::Object(entries)) => entries,
            _ => Object::new(),
        };
        Ok(Registry { entries, rest, is_changed: false })
    }

    /// The entry of a profile, often a stale copy of its file.
    pub(super) fn entry(&self, id: &ProfileId) -> Option<&Object> {
        self.entries.get(id.as_str())?.as_object()
    }

    /// Ids of all entries.
    pub(super) fn ids(&self) -> Vec<&str> {
        self.entries.iter().map(|(id, _)| id).collect()
    }

    /// One of [`ACTIVE`].
    pub(super) fn active(&self, name: &str) -> Option<String> {
        Some(self.rest.get(name)?.as_text()?.into_owned())
    }

    pub(super) fn set_active(&mut self, name: &str, value: Option<&str>) {
        self.rest.set(name, value.map_or(Json::Null, Json::text));
        self.is_changed = true;
    }

    /// Brings the entry in step with the profile: the whole of it if it is new, else what the old
    /// app keeps in step too. What else an entry holds, a token for one, stays.
    pub(super) fn put(&mut self, profile: &Profile) {
        let new = legacy::profile::encode(profile);
        self.is_changed = true;
        match self.entries.get_mut(profile.id.as_str()) {
            Some(Json::Object(entry)) => {
                for name in ["id", "name", "description", "created_at", "last_used"] {
                    match new.get(name) {
                        Some(value) => entry.set(name, value.clone()),
                        None => drop(entry.remove(name)),
                    }
                }
            }
            _ => self.entries.set(profile.id.as_str(), Json::Object(new)),
        }
    }

    pub(super) fn remove(&mut self, id: &ProfileId) {
        self.entries.remove(id.as_str());
        self.is_changed = true;
    }

    /// The set of queries of some profile is another one now.
    pub(super) fn note_queries_changed(&mut self) {
        self.is_changed = true;
    }

    /// Stages the file if it changed: every profile has an entry that lists its queries.
    pub(super) fn flush(&mut self, files: &mut Files) -> Result<()> {
        if !self.is_changed {
            return Ok(());
        }
        for (id, queries) in files.tree.profiles.clone() {
            if self.entry(&id).is_none() {
                let entry = entry_from_file(files, &id)?;
                self.entries.set(id.as_str(), Json::Object(entry));
            }
            let entry = self.entries.get_mut(id.as_str());
            let Some(Json::Object(entry)) = entry else { continue };
            let listed = entry.get("queries").and_then(Json::as_array).unwrap_or_default();
            let listed: Vec<_> = listed.iter().filter_map(Json::as_text).collect();
            let is_new = |id: &&str| !listed.iter().any(|listed| listed == id);
            let here = |id: &str| queries.iter().any(|query| query.as_str() == id);
            let ids = queries.iter().map(|query| query.as_str());
            let stay = listed.iter().map(|id| &**id).filter(|id| here(id));
            let list = stay.chain(ids.filter(is_new)).map(Json::text).collect();
            entry.set("queries", Json::Array(list));
        }
        if self.rest.get("version").is_none() {
            self.rest.set("version", Json::text("3.0"));
        }
        let mut object = self.rest.clone();
        object.set("profiles", Json::Object(self.entries.clone()));
        self.is_changed = false;
        files.write_object(REGISTRY, object, Object::new())
    }
}

/// A short entry for a profile that only has a folder, as a migration of the old app wrote it.
fn entry_from_file(files: &Files, id: &ProfileId) -> Result<Object> {
    let file = files.read_object(&layout::profile_file(id))?.unwrap_or_default();
    let mut entry = Object::new();
    for name in ["name", "created_at"] {
        entry.set_some(name, file.get(name).cloned());
    }
    if entry.get("name").is_none() {
        entry.set("name", Json::text(id.as_str()));
    }
    Ok(entry)
}
