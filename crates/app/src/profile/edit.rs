//! Making profiles, and changing what they are called.

use model::{Profile, ProfileId, QueryKey, Settings, Stamp, name};
use store::{Reader, Record, Revision, Writer};

use crate::App;
use crate::draft::{self, Field, ProfileDraft};
use crate::error::{Error, Result};
use crate::lookup;
use crate::new_id;
use crate::parameter::Words;

/// How much of a profile a duplicate gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// Its settings.
    Settings,
    /// And its queries, as if they were never fetched.
    Queries,
    /// And everything that was fetched and calculated for them.
    Data,
}

impl Extent {
    /// All of them, with their words in forms and options.
    pub const ALL: &Words<Extent> =
        &[("settings", Extent::Settings), ("queries", Extent::Queries), ("data", Extent::Data)];
}

impl App {
    /// Makes a profile without settings and queries. An error names the field that is wrong, and
    /// nothing is made.
    pub fn create_profile(&self, draft: &ProfileDraft) -> Result<ProfileId> {
        let mut writer = self.store.write()?;
        let profile = Profile {
            id: self.free_profile_id(&*writer)?,
            name: draft::checked_name(&draft.name)?,
            description: draft::checked_description(&draft.description, None)?,
            created_at: Some(Stamp::at(self.now())),
            last_used: None,
            settings: Settings::default(),
        };
        put(&mut *writer, &profile)?;
        writer.commit()?;
        Ok(profile.id)
    }

    /// What keeps a profile from having that name, as a part of a sentence; `None` if nothing does.
    /// The name of `except` is not taken.
    pub fn check_profile_name(
        &self,
        typed: &str,
        except: Option<&ProfileId>,
    ) -> Result<Option<String>> {
        let name = match draft::checked_name(typed) {
            Ok(name) => name::fold(&name),
            Err(Error::Field { why, .. }) => return Ok(Some(why)),
            Err(error) => return Err(error),
        };
        let profiles = self.store.read()?.profiles()?;
        let others = profiles.into_iter().filter(|other| Some(&other.id) != except);
        let same = others.map(|other| other.name).find(|other| name::fold(other) == name);
        Ok(same.map(|taken| taken_name(&taken)))
    }

    /// Gives a profile the name and description of `draft`. An error if it is not there, if a field
    /// is wrong, or if it was written after the revision that was `seen`; then nothing is changed.
    pub fn edit_profile(&self, id: &ProfileId, draft: &ProfileDraft, seen: Revision) -> Result<()> {
        let mut writer = self.store.write()?;
        let before = lookup::profile(&*writer, id)?;
        draft::refuse_unseen(&*writer, Record::Profile(id), seen, &before.name)?;
        let profile = Profile {
            name: draft::checked_name(&draft.name)?,
            description: draft::checked_description(
                &draft.description,
                before.description.clone(),
            )?,
            ..before.clone()
        };
        if profile == before {
            return Ok(());
        }
        put(&mut *writer, &profile)?;
        Ok(writer.commit()?)
    }

    /// Makes a profile that is set like another one and has as much of it as `extent` says; the
    /// Jira token is never copied. Ids of queries stay the same. An error names the field that is
    /// wrong, and nothing is made.
    pub fn duplicate_profile(
        &self,
        id: &ProfileId,
        name: &str,
        extent: Extent,
    ) -> Result<ProfileId> {
        let mut writer = self.store.write()?;
        let original = lookup::profile(&*writer, id)?;
        let settings =
            Settings { listed_queries: None, active_query_id: None, ..original.settings };
        let copy = Profile {
            id: self.free_profile_id(&*writer)?,
            name: draft::checked_name(name)?,
            created_at: Some(Stamp::at(self.now())),
            last_used: None,
            settings,
            ..original
        };
        put(&mut *writer, &copy)?;
        if extent >= Extent::Queries {
            self.copy_queries(&mut *writer, id, &copy.id, extent)?;
            crate::delivery::copy(&mut *writer, id, &copy.id)?;
        }
        writer.commit()?;
        Ok(copy.id)
    }

    fn copy_queries(
        &self,
        writer: &mut dyn Writer,
        from: &ProfileId,
        to: &ProfileId,
        extent: Extent,
    ) -> Result<()> {
        // Nobody else writes while the transaction is open, so this sees what it began with.
        let reader = self.store.read()?;
        for summary in reader.queries(from)? {
            let Some(query) = reader.query(&summary.key)? else { continue };
            let key = QueryKey::new(to.clone(), query.key.query.clone());
            self.put_copy(writer, query, &key)?;
            if extent == Extent::Data {
                store::copy_data(&*reader, &summary.key, writer, &key)?;
            }
        }
        Ok(())
    }

    fn free_profile_id(&self, reader: &dyn Reader) -> Result<ProfileId> {
        let id = new_id::free("p_", self.now(), |id| {
            Ok(reader.profile(&ProfileId::new(id)?)?.is_some())
        })?;
        Ok(ProfileId::new(id)?)
    }
}

/// Writes a profile; a taken name is the fault of a field.
fn put(writer: &mut dyn Writer, profile: &Profile) -> Result<()> {
    writer.put_profile(profile).map_err(|error| match error {
        store::Error::NameTaken(name) => Error::field(Field::Name, taken_name(&name)),
        other => other.into(),
    })
}

fn taken_name(name: &str) -> String {
    format!("a profile named {name:?} exists already; choose another name")
}

#[cfg(test)]
mod tests;
