//! Making queries, changing them, and moving them between profiles.

use model::{CacheKind, ProfileId, Query, QueryId, QueryKey, Stamp};
use store::{ACTIVE_PROFILE, ACTIVE_QUERY, Reader, Record, Revision, Writer};

use crate::App;
use crate::active;
use crate::draft::{self, Field, QueryDraft};
use crate::error::{Error, Result};
use crate::lookup;
use crate::{jql, new_id};

impl App {
    /// Makes a query in a profile; without a name it gets one from its JQL. An error names the
    /// field that is wrong, and nothing is made.
    pub fn create_query(&self, profile: &ProfileId, draft: &QueryDraft) -> Result<QueryKey> {
        let mut writer = self.store.write()?;
        lookup::profile(&*writer, profile)?;
        let query = Query {
            key: self.free_query_key(&*writer, profile)?,
            jql: draft.checked_jql()?,
            name: draft.checked_name()?,
            description: draft::checked_description(&draft.description, None)?,
            created_at: Some(Stamp::at(self.now())),
            updated_at: None,
            last_used: None,
            extra: model::Object::new(),
        };
        writer.put_query(&query)?;
        choose_first(&mut *writer, &query.key)?;
        writer.commit()?;
        Ok(query.key)
    }

    /// Gives a query the name, JQL and description of `draft`. With another JQL a refetch is due;
    /// what was fetched stays. An error if it is not there, if a field is wrong, or if it was
    /// written after the revision that was `seen`; then nothing is changed.
    pub fn edit_query(&self, key: &QueryKey, draft: &QueryDraft, seen: Revision) -> Result<()> {
        let mut writer = self.store.write()?;
        let before = lookup::query(&*writer, key)?;
        draft::refuse_unseen(&*writer, Record::Query(key), seen, &before.name)?;
        let is_same_jql = draft::as_typed(&draft.jql) == draft::as_typed(&before.jql);
        let jql = if is_same_jql { before.jql.clone() } else { draft.checked_jql()? };
        let mut query = Query {
            name: draft.checked_name()?,
            description: draft::checked_description(
                &draft.description,
                before.description.clone(),
            )?,
            jql,
            ..before.clone()
        };
        if query == before {
            return Ok(());
        }
        if (&query.name, &query.jql) != (&before.name, &before.jql) {
            query.updated_at = Some(Stamp::at(self.now()));
        }
        writer.put_query(&query)?;
        if !is_same_jql {
            self.make_due(&mut *writer, &before)?;
        }
        Ok(writer.commit()?)
    }

    /// Makes a query like another one beside it, with what was fetched for that one only if
    /// `with_data`. An error names the field that is wrong, and nothing is made.
    pub fn duplicate_query(&self, key: &QueryKey, name: &str, with_data: bool) -> Result<QueryKey> {
        let mut writer = self.store.write()?;
        let original = lookup::query(&*writer, key)?;
        let to = self.free_query_key(&*writer, &key.profile)?;
        let copy = Query { name: draft::checked_name(name)?, ..original };
        self.put_copy(&mut *writer, copy, &to)?;
        if with_data {
            store::copy_data(&*self.store.read()?, key, &mut *writer, &to)?;
        }
        writer.commit()?;
        Ok(to)
    }

    /// Moves a query with all it holds into another profile. It keeps its id where that is free
    /// there, and stays active if it was.
    pub fn move_query(&self, key: &QueryKey, to: &ProfileId) -> Result<QueryKey> {
        let mut writer = self.store.write()?;
        let query = lookup::query(&*writer, key)?;
        lookup::profile(&*writer, to)?;
        if *to == key.profile {
            return Err(Error::field(Field::Profile, "the query is in it; choose another one"));
        }
        let same = QueryKey::new(to.clone(), key.query.clone());
        let is_free = writer.query(&same)?.is_none();
        let moved = if is_free { same } else { self.free_query_key(&*writer, to)? };
        writer.put_query(&Query { key: moved.clone(), ..query })?;
        store::copy_data(&*self.store.read()?, key, &mut *writer, &moved)?;
        let active = active::selection(&*writer)?;
        let is = |text: Option<String>, id: &str| text.as_deref() == Some(id);
        if is(active.profile, key.profile.as_str()) && is(active.query, key.query.as_str()) {
            writer.put_state(ACTIVE_PROFILE, to.as_str())?;
            writer.put_state(ACTIVE_QUERY, moved.query.as_str())?;
        }
        crate::delivery::follow(&mut *writer, key, &moved)?;
        writer.remove_query(key)?;
        writer.commit()?;
        Ok(moved)
    }

    /// Puts a query under another key, as one that was made now.
    pub(crate) fn put_copy(
        &self,
        writer: &mut dyn Writer,
        original: Query,
        key: &QueryKey,
    ) -> Result<()> {
        let created_at = Some(Stamp::at(self.now()));
        let (key, updated_at, last_used) = (key.clone(), None, None);
        Ok(writer.put_query(&Query { key, created_at, updated_at, last_used, ..original })?)
    }

    /// Notes that a refetch is due, and which JQL the issues that stay were fetched with.
    fn make_due(&self, writer: &mut dyn Writer, before: &Query) -> Result<()> {
        let now = self.now();
        for kind in [CacheKind::Issues, CacheKind::Changelogs] {
            let Some(mut header) = writer.header(&before.key, kind)? else { continue };
            header.jql.get_or_insert_with(|| before.jql.clone());
            header.expires_at = Some(header.expires_at.map_or(now, |due| due.min(now)));
            writer.put_header(&before.key, kind, &header)?;
        }
        Ok(())
    }

    fn free_query_key(&self, reader: &dyn Reader, profile: &ProfileId) -> Result<QueryKey> {
        let key = |id: &str| -> Result<QueryKey> {
            Ok(QueryKey::new(profile.clone(), QueryId::new(id)?))
        };
        let id = new_id::free("q_", self.now(), |id| Ok(reader.query(&key(id)?)?.is_some()))?;
        key(&id)
    }
}

/// Where nothing is active yet, the first query that is made becomes it.
fn choose_first(writer: &mut dyn Writer, key: &QueryKey) -> Result<()> {
    if active::selection(writer)?.profile.is_none() {
        writer.put_state(ACTIVE_PROFILE, key.profile.as_str())?;
        writer.put_state(ACTIVE_QUERY, key.query.as_str())?;
    }
    Ok(())
}

/// The JQL that the issues of a query were fetched with, if it is another one now.
pub(crate) fn fetched_with(reader: &dyn Reader, query: &Query) -> Result<Option<String>> {
    let header = reader.short_header(&query.key, CacheKind::Issues)?;
    Ok(jql::fetched_with_other(header.as_ref(), &query.jql).map(str::to_owned))
}

#[cfg(test)]
mod tests;
