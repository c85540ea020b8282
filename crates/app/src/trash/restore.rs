//! Back out of the trash: as it was, where its place is free.

use model::ProfileId;
use serde::Serialize;
use store::Writer;

use super::delete::select;
use super::folder::Folder;
use super::{Deleted, TrashEntry, rows};
use crate::App;
use crate::active;
use crate::error::{Error, Result};
use crate::trail::Named;

/// Key of the app state that names what was restored while its file may still be there.
const RESTORED: &str = "trash_restored";

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The profile, or the one that the query is in.
    pub profile: Named,
    /// The query, if it was one.
    pub query: Option<Named>,
    /// What is not as it was, and why; each a sentence.
    pub notes: Vec<String>,
}

impl App {
    /// Puts something of the trash back into the workspace, all of it or nothing; then it is no
    /// longer in the trash. An id or name that is taken gets a number.
    pub fn restore(&self, id: &str) -> Result<Restored> {
        let folder = self.trash_folder()?;
        let mut writer = self.store.write()?;
        let (TrashEntry { deleted, .. }, mut source) = match folder.entry(id) {
            Ok(entry) => {
                let source = folder.open(id)?;
                self.claim(&mut *writer, &folder, id)?;
                (entry, source)
            }
            Err(Error::NotInTrash(_)) => {
                let mut file = folder.begin()?.into_file();
                (rows::take(&mut *writer, id, &mut file)?, file)
            }
            Err(error) => return Err(error),
        };
        let into = home_of(&deleted)?;
        if let Some(profile) = &into
            && writer.profile(profile)?.is_none()
        {
            let (query, profile) = (deleted.name().to_owned(), deleted.profile.name);
            return Err(Error::ProfileGone { profile, query });
        }
        let zone = &self.context.zone;
        let ask = ::transfer::ImportAsk {
            name: None,
            zone,
            day_order: None,
            into: into.as_ref(),
            is_own: true,
            scratch: None,
        };
        let imported = ::transfer::import(&mut source, &mut *writer, &ask)?;
        if active::selection(&*writer)?.profile.is_none() {
            select(&mut *writer, Some(&ProfileId::new(imported.profile.clone())?))?;
        }
        writer.commit()?;
        folder.remove(id)?;
        tracing::info!(id, what = deleted.noun(), "restored");
        let mut notes = imported.notes;
        if deleted.had_token {
            notes.push("its Jira token was not kept, so enter it again".to_owned());
        }
        let query = imported.queries.into_iter().next().filter(|_| deleted.query.is_some());
        Ok(Restored {
            profile: Named { id: imported.profile, name: imported.name },
            query: query.map(|query| Named { id: query.id, name: query.name }),
            notes,
        })
    }
}

impl App {
    /// Notes in the transaction that restores something that it did: whoever restores the same at the
    /// same time, or after a crash that left the file, is told that it is not in the trash any more.
    fn claim(&self, writer: &mut dyn Writer, folder: &Folder, id: &str) -> Result<()> {
        if self.is_of_old_app() {
            return Ok(());
        }
        let before = writer.state(RESTORED)?.unwrap_or_default();
        if before.split(' ').any(|known| known == id) {
            folder.remove(id)?;
            return Err(Error::NotInTrash(id.to_owned()));
        }
        // Those whose file is gone need no mark.
        let marks = before.split(' ').filter(|known| folder.entry(known).is_ok());
        let marks: Vec<&str> = marks.chain([id]).collect();
        Ok(writer.put_state(RESTORED, &marks.join(" "))?)
    }
}

/// Takes a mark away, in the transaction that deletes something under an id that was used before.
pub(super) fn unclaim(writer: &mut dyn Writer, id: &str) -> Result<()> {
    let Some(before) = writer.state(RESTORED)? else { return Ok(()) };
    let marks: Vec<&str> = before.split(' ').filter(|known| *known != id).collect();
    if marks.join(" ") != before {
        writer.put_state(RESTORED, &marks.join(" "))?;
    }
    Ok(())
}

/// The profile that a query goes back into; `None` for a profile.
fn home_of(deleted: &Deleted) -> Result<Option<ProfileId>> {
    let is_query = deleted.query.is_some();
    Ok(is_query.then(|| ProfileId::new(deleted.profile.id.clone())).transpose()?)
}
