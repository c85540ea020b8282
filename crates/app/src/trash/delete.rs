//! Deleting: into the trash, proven there, and only then out of the store.

use std::io::{BufWriter, Read, Seek, Write as _};

use files::NamedTempFile;

use model::{ProfileId, QueryKey, Timestamp};
use serde::Serialize;
use store::{ACTIVE_PROFILE, ACTIVE_QUERY, Reader, Revision, Writer};

use super::folder::{Folder, Pending};
use super::restore::unclaim;
use super::{Deleted, Thing, TrashEntry, rows};
use crate::App;
use crate::active::{self, Selection};
use crate::error::{Error, Result};
use crate::trail::{Named, Trail};
use crate::transfer::{self, Content, ImportHow, Imported};

/// What would go with a deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Going {
    /// Where it is.
    pub trail: Trail,
    /// What would be in the trash.
    #[serde(flatten)]
    pub deleted: Deleted,
    /// Names of the queries that would go, most recently used first.
    pub query_names: Vec<String>,
    /// Until when it could be restored.
    pub until: Timestamp,
}

/// A copy of something, proven equal to it.
struct Proven {
    file: NamedTempFile,
    deleted: Deleted,
}

/// Where it lies before what it is a copy of goes.
enum Placed {
    /// In the folder, which shows it afterwards.
    InFolder(Pending),
    /// In the store, by the transaction that removes the thing.
    InStore(TrashEntry),
}

impl Thing {
    fn profile(&self) -> &ProfileId {
        match self {
            Thing::Profile(id) => id,
            Thing::Query(key) => &key.profile,
        }
    }

    fn query(&self) -> Option<&QueryKey> {
        match self {
            Thing::Profile(_) => None,
            Thing::Query(key) => Some(key),
        }
    }

    fn is_active(&self, active: &Selection) -> bool {
        let query = self.query().map(|key| key.query.as_str());
        active.profile.as_deref() == Some(self.profile().as_str())
            && query.is_none_or(|query| active.query.as_deref() == Some(query))
    }
}

impl App {
    /// What would go if that were deleted; an error if it is not there.
    pub fn going(&self, thing: &Thing) -> Result<Going> {
        let reader = self.store.read()?;
        let trail = Trail::to(&*reader, thing.profile(), thing.query().map(|key| &key.query))?;
        let deleted = self.describe(&*reader, thing)?;
        let query_names = match &trail.query {
            Some(query) => vec![query.name.clone()],
            None => trail.queries.iter().map(|query| query.name.clone()).collect(),
        };
        let until = deleted.until();
        Ok(Going { trail, deleted, query_names, until })
    }

    /// Puts a profile or a query into the trash, with all below it. If it was the active one, the one
    /// used last of those that are left is active then. After an error it is still there.
    pub fn delete(&self, thing: &Thing) -> Result<TrashEntry> {
        let (entry, ()) = self.delete_and(thing, &mut |_| Ok(()), &mut |_| {})?;
        Ok(entry)
    }

    /// Imports a file in place of a profile, which goes into the trash: both happen, or nothing
    /// does. The new profile is active if the old one was.
    pub fn import_instead(
        &self,
        source: &mut (impl Read + Seek),
        how: impl Into<ImportHow>,
        profile: &ProfileId,
    ) -> Result<(TrashEntry, Imported)> {
        let how = how.into();
        let thing = Thing::Profile(profile.clone());
        let was_active = thing.is_active(&active::selection(&*self.store.read()?)?);
        self.check_room(source)?;
        let scratch = self.scratch()?;
        let import = &mut |writer: &mut dyn Writer| {
            let imported =
                transfer::import_into(source, writer, self.zone(), &how, scratch.path())?;
            self.drop_token(writer, &imported.profile)?;
            if was_active {
                select(writer, Some(&ProfileId::new(imported.profile.clone())?))?;
            }
            Ok(imported)
        };
        let (entry, imported) = self.delete_and(&thing, import, &mut |_| {})?;
        self.keep_forecasts_of(&imported);
        Ok((entry, imported))
    }

    /// What an import in place of a profile would do. Nothing is changed.
    pub fn preview_import_instead(
        &self,
        source: &mut (impl Read + Seek),
        how: impl Into<ImportHow>,
        profile: &ProfileId,
    ) -> Result<Imported> {
        let mut profiles = self.store.read()?.profiles()?;
        let before = profiles.len();
        profiles.retain(|summary| summary.id != *profile);
        if profiles.len() == before {
            return Err(store::Error::ProfileNotFound(profile.clone()).into());
        }
        transfer::preview(&profiles, self.zone(), source, &how.into(), &self.scratch()?)
    }

    /// Deletes, and does something in the same transaction. `step` is told each step that is done.
    pub(super) fn delete_and<R>(
        &self,
        thing: &Thing,
        then: &mut dyn FnMut(&mut dyn Writer) -> Result<R>,
        step: &mut dyn FnMut(&str),
    ) -> Result<(TrashEntry, R)> {
        let folder = self.trash_folder()?;
        let (seen, copy) = self.keep(&folder, thing, step)?;
        let mut writer = self.store.write()?;
        // The transaction that is open counts as one more. If somebody wrote since, the copy is made
        // anew while nobody can.
        let copy = if writer.revision()? == seen + 1 {
            copy
        } else {
            drop(copy);
            self.keep_in(&*writer, &folder, thing, step)?
        };
        let copy = self.place(&mut *writer, &folder, copy)?;
        step("pending");
        let answer = match self.remove(&mut *writer, thing, then) {
            Ok(answer) => answer,
            Err(error) => {
                if let Placed::InFolder(copy) = copy {
                    folder.discard(copy)?;
                }
                return Err(error);
            }
        };
        step("removed");
        // Whether a commit that fails was one, nobody knows: the copy stays, and the next look at the
        // trash decides by what the store holds.
        writer.commit()?;
        step("committed");
        let entry = match copy {
            Placed::InFolder(copy) => folder.settle(copy)?,
            Placed::InStore(entry) => entry,
        };
        step("kept");
        self.forget_token(thing);
        tracing::info!(id = entry.id, what = entry.deleted.noun(), "deleted");
        if let Err(error) = self.remove_old_trash() {
            tracing::warn!(%error, "what is too old in the trash is not removed");
        }
        Ok((entry, answer))
    }

    /// Puts a copy where the trash is, with everything that lets it last.
    fn place(&self, writer: &mut dyn Writer, folder: &Folder, copy: Proven) -> Result<Placed> {
        let Proven { mut file, deleted } = copy;
        if self.is_on_server() {
            return Ok(Placed::InStore(rows::put(writer, file.as_file_mut(), &deleted)?));
        }
        let copy = folder.keep(file, deleted.deleted_at)?;
        if !self.is_of_old_app() {
            unclaim(writer, copy.id())?;
        }
        Ok(Placed::InFolder(copy))
    }

    /// Writes a copy and proves it. Gives the revision that it is a copy of.
    fn keep(
        &self,
        folder: &Folder,
        thing: &Thing,
        step: &mut dyn FnMut(&str),
    ) -> Result<(Revision, Proven)> {
        let reader = self.store.read()?;
        Ok((reader.revision()?, self.keep_in(&*reader, folder, thing, step)?))
    }

    fn keep_in(
        &self,
        reader: &dyn Reader,
        folder: &Folder,
        thing: &Thing,
        step: &mut dyn FnMut(&str),
    ) -> Result<Proven> {
        let deleted = self.describe(reader, thing)?;
        let mut file = folder.begin()?;
        step("begun");
        let note = serde_json::to_string(&deleted).map_err(std::io::Error::other);
        let ask = ::transfer::ExportAsk {
            query: thing.query().map(|key| &key.query),
            content: Content::Everything,
            is_gzip: true,
            program_version: &self.context.version,
            exported_at: deleted.deleted_at,
            zone: &self.context.zone,
            note: Some(&note.map_err(::transfer::Error::from)?),
        };
        let mut out = BufWriter::new(file.as_file_mut());
        ::transfer::export_profile(reader, thing.profile(), &ask, &mut out)
            .and_then(|_| Ok(out.flush()?))
            .map_err(not_kept)?;
        drop(out);
        file.as_file().sync_all().map_err(|error| not_kept(error.into()))?;
        step("written");
        ::transfer::verify_kept(reader, thing.profile(), ask.query, file.as_file_mut())
            .map_err(not_kept)?;
        step("proven");
        Ok(Proven { file, deleted })
    }

    /// Removes what was copied and does what comes with it, uncommitted.
    fn remove<R>(
        &self,
        writer: &mut dyn Writer,
        thing: &Thing,
        then: &mut dyn FnMut(&mut dyn Writer) -> Result<R>,
    ) -> Result<R> {
        let was_active = thing.is_active(&active::selection(&*writer)?);
        let next = match thing {
            Thing::Profile(id) => {
                writer.remove_profile(id)?;
                writer.profiles()?.into_iter().next().map(|profile| profile.id)
            }
            Thing::Query(key) => {
                writer.remove_query(key)?;
                Some(key.profile.clone())
            }
        };
        if was_active {
            select(writer, next.as_ref())?;
        }
        then(writer)
    }

    /// What the trash says of a thing that is deleted now.
    fn describe(&self, reader: &dyn Reader, thing: &Thing) -> Result<Deleted> {
        let id = thing.profile();
        let profile = crate::lookup::profile(reader, id)?;
        let named = |id: &str, name: String| Named { id: id.to_owned(), name };
        let query = thing.query().map(|key| crate::lookup::query(reader, key)).transpose()?;
        let mut going = reader.queries(id)?;
        going.retain(|summary| thing.query().is_none_or(|key| summary.key == *key));
        Ok(Deleted {
            profile: named(id.as_str(), profile.name),
            query: query.map(|query| named(query.key.query.as_str(), query.name)),
            deleted_at: self.now(),
            queries: going.len() as u64,
            issues: going.iter().map(|query| query.issues).sum(),
            changelogs: going.iter().map(|query| query.changelogs).sum(),
            had_token: thing.query().is_none() && self.has_token(id)?,
        })
    }

    /// Removes the token of a profile that was deleted. One that stays behind is of no use to
    /// anybody but its profile, so that the deletion does not fail for it.
    fn forget_token(&self, thing: &Thing) {
        let Thing::Profile(id) = thing else { return };
        let forgotten = self.change_secrets(|file| file.remove(id));
        if let Err(error) = forgotten {
            tracing::warn!(%error, "the token of a deleted profile is still in the secret file");
        }
    }
}

/// Makes a profile, with the query it used last, the active one; nothing if there is none.
pub(super) fn select(writer: &mut dyn Writer, profile: Option<&ProfileId>) -> Result<()> {
    let query = match profile {
        Some(id) => writer.queries(id)?.into_iter().next().map(|query| query.key.query),
        None => None,
    };
    let states = [
        (ACTIVE_PROFILE, profile.map(ProfileId::as_str)),
        (ACTIVE_QUERY, query.as_ref().map(|id| id.as_str())),
    ];
    for (key, value) in states {
        match value {
            Some(value) => writer.put_state(key, value)?,
            None => {
                writer.remove_state(key)?;
            }
        }
    }
    Ok(())
}

fn not_kept(error: ::transfer::Error) -> Error {
    match error {
        // That it is not there has nothing to do with the trash.
        ::transfer::Error::Store(error) => Error::Store(error),
        other => Error::NotKept(other),
    }
}
