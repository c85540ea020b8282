//! Profiles: `profile.json`, with the registry as second source.

use model::secret::take_secrets;
use model::{Json, Object, Profile, ProfileId, ProfileSummary, Stamp, Timestamp, cp1252, name};

use super::details::{note_times, restore_times};
use super::layout::{check_profile_id, profile_file, profile_folder};
use super::tx::JsonTx;
use crate::contract::{ReadProfile, WriteProfile};
use crate::error::{Error, Result};
use crate::legacy;

impl ReadProfile for JsonTx<'_> {
    fn profile(&self, id: &ProfileId) -> Result<Option<Profile>> {
        if !self.files().tree.profiles.contains_key(id) {
            return Ok(None);
        }
        let place = profile_file(id);
        let object = self.files().read_object(&place)?.unwrap_or_default();
        let details = self.files().details(&place)?;
        let mut told = legacy::profile::decode(id, object, self.zone());
        restore_times(
            &details,
            [("created_at", &mut told.created_at), ("last_used", &mut told.last_used)],
        );
        self.complete_from_registry(id, &mut told);
        Ok(Some(Profile {
            id: id.clone(),
            name: told.name.unwrap_or_else(|| id.to_string()),
            description: told.description,
            created_at: told.created_at,
            last_used: told.last_used,
            settings: told.settings,
        }))
    }

    fn profiles(&self) -> Result<Vec<ProfileSummary>> {
        let mut listed = Vec::new();
        for id in self.profile_ids() {
            let Some(profile) = self.profile(&id)? else { continue };
            let keys = self.query_keys(&id);
            let (mut issues, mut changelogs) = (0, 0);
            for key in &keys {
                issues += self.record_count(key, model::CacheKind::Issues)?;
                changelogs += self.record_count(key, model::CacheKind::Changelogs)?;
            }
            listed.push(ProfileSummary {
                id,
                name: profile.name,
                description: profile.description,
                last_used: profile.last_used.and_then(|stamp| stamp.at),
                queries: keys.len() as u64,
                issues,
                changelogs,
            });
        }
        listed.sort_by(|a, b| {
            b.last_used.cmp(&a.last_used).then_with(|| (&a.name, &a.id).cmp(&(&b.name, &b.id)))
        });
        Ok(listed)
    }
}

impl WriteProfile for JsonTx<'_> {
    fn put_profile(&mut self, profile: &Profile) -> Result<()> {
        name::check(&profile.name).map_err(|why| Error::invalid("profile.name", why))?;
        check_profile_id(&profile.id)?;
        let folded = name::fold(&profile.name);
        for other in self.profile_ids().into_iter().filter(|id| *id != profile.id) {
            if self.profile(&other)?.is_some_and(|other| name::fold(&other.name) == folded) {
                return Err(Error::NameTaken(profile.name.clone()));
            }
        }
        self.write_profile(profile)
    }

    fn rename_profile(&mut self, id: &ProfileId, name: &str) -> Result<()> {
        let profile = self.profile(id)?.ok_or_else(|| Error::ProfileNotFound(id.clone()))?;
        self.put_profile(&Profile { name: name.to_owned(), ..profile })
    }

    fn touch_profile(&mut self, id: &ProfileId, at: Timestamp) -> Result<()> {
        let profile = self.profile(id)?.ok_or_else(|| Error::ProfileNotFound(id.clone()))?;
        self.write_profile(&Profile { last_used: Some(Stamp::at(at)), ..profile })
    }

    fn remove_profile(&mut self, id: &ProfileId) -> Result<bool> {
        if self.require_profile(id).is_err() {
            return Ok(false);
        }
        self.remove_folder(&profile_folder(id))?;
        self.files_mut().tree.profiles.remove(id);
        self.registry_mut().remove(id);
        tracing::debug!("a profile was removed");
        Ok(true)
    }
}

impl JsonTx<'_> {
    /// The registry is the better source of what the file lacks, of text that went through cp1252,
    /// and of a later use.
    fn complete_from_registry(&self, id: &ProfileId, told: &mut legacy::profile::Decoded) {
        let registry = self.registry();
        let Some(entry) = registry.entry(id) else { return };
        let known = legacy::profile::decode(id, entry.clone(), self.zone());
        if told.name.is_none() {
            told.description = told.description.take().or_else(|| known.description.clone());
            told.created_at = told.created_at.take().or(known.created_at);
            told.name = known.name;
        } else {
            unmangle(&mut told.name, known.name);
        }
        unmangle(&mut told.description, known.description);
        let Some(known) = known.last_used else { return };
        // The same text is the same moment, whatever zone it was taken to be of.
        let is_later = told
            .last_used
            .as_ref()
            .is_none_or(|told| known.written() != told.written() && known.is_later_than(told));
        if is_later {
            told.last_used = Some(known);
        }
    }

    fn write_profile(&mut self, profile: &Profile) -> Result<()> {
        let place = profile_file(&profile.id);
        let mut object = legacy::profile::encode(profile);
        if let Some(mut stripped) = self.files().read_object(&place)? {
            let old = stripped.clone();
            take_secrets(&mut stripped);
            restore_secrets(&old, &stripped, &mut object);
        }
        let mut details = Object::new();
        note_times(
            &mut details,
            &[("created_at", &profile.created_at), ("last_used", &profile.last_used)],
        );
        let mut files = self.files_mut();
        files.write_object(&place, object, details)?;
        files.tree.profiles.entry(profile.id.clone()).or_default();
        drop(files);
        self.registry_mut().put(profile);
        tracing::debug!("a profile was put");
        Ok(())
    }

    pub(super) fn profile_ids(&self) -> Vec<ProfileId> {
        self.files().tree.profiles.keys().cloned().collect()
    }
}

/// Takes the registry's text where the file has what cp1252 made of it.
fn unmangle(told: &mut Option<String>, known: Option<String>) {
    let is_better =
        |known: &String| told.as_ref().is_some_and(|told| cp1252::is_mangled_form_of(told, known));
    if let Some(known) = known.filter(is_better) {
        *told = Some(known);
    }
}

/// Puts what `old` has and `stripped` lacks, its secrets, into the same groups of `new`. A secret
/// whose whole group is gone goes with it.
fn restore_secrets(old: &Object, stripped: &Object, new: &mut Object) {
    for (name, value) in old.iter() {
        match (stripped.get(name), new.get_mut(name)) {
            (None, None) => new.set(name, value.clone()),
            (Some(stripped), Some(new)) => restore_secrets_in(value, stripped, new),
            _ => {}
        }
    }
}

fn restore_secrets_in(old: &Json, stripped: &Json, new: &mut Json) {
    match (old, stripped, new) {
        (Json::Object(old), Json::Object(stripped), Json::Object(new)) => {
            restore_secrets(old, stripped, new);
        }
        (Json::Array(old), Json::Array(stripped), Json::Array(new)) if old.len() == new.len() => {
            let pairs = old.iter().zip(stripped).zip(new);
            pairs.for_each(|((old, stripped), new)| restore_secrets_in(old, stripped, new));
        }
        _ => {}
    }
}
