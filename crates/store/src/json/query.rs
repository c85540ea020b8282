//! Queries: `query.json`.

use model::{CacheKind, Object, ProfileId, Query, QueryKey, QuerySummary, Stamp, Timestamp, name};

use super::details::{note_times, restore_times};
use super::layout::{QueryFile, query_file, query_folder};
use super::tx::JsonTx;
use crate::contract::{ReadHeader, ReadQuery, WriteQuery};
use crate::error::{Error, Result};
use crate::legacy;

impl ReadQuery for JsonTx<'_> {
    fn query(&self, key: &QueryKey) -> Result<Option<Query>> {
        let files = self.files();
        if !files.tree.has_query(key) {
            return Ok(None);
        }
        let place = query_file(key, QueryFile::Query);
        let object = files.read_object(&place)?.unwrap_or_default();
        let mut told = legacy::query::decode(key, object, self.zone());
        restore_times(
            &files.details(&place)?,
            [
                ("created_at", &mut told.created_at),
                ("updated_at", &mut told.updated_at),
                ("last_used", &mut told.last_used),
            ],
        );
        Ok(Some(Query {
            key: key.clone(),
            name: told.name.unwrap_or_else(|| key.query.to_string()),
            jql: told.jql.unwrap_or_default(),
            description: told.description,
            created_at: told.created_at,
            updated_at: told.updated_at,
            last_used: told.last_used,
            extra: told.extra,
        }))
    }

    fn queries(&self, profile: &ProfileId) -> Result<Vec<QuerySummary>> {
        let mut listed = Vec::new();
        for key in self.query_keys(profile) {
            let Some(query) = self.query(&key)? else { continue };
            let header = self.header(&key, CacheKind::Issues)?.unwrap_or_default();
            listed.push(QuerySummary {
                issues: self.record_count(&key, CacheKind::Issues)?,
                changelogs: self.record_count(&key, CacheKind::Changelogs)?,
                key,
                name: query.name,
                jql: query.jql,
                description: query.description,
                last_used: query.last_used.and_then(|stamp| stamp.at),
                fetched_at: header.fetched_at.and_then(|stamp| stamp.at),
                expires_at: header.expires_at,
                partial: header.partial,
            });
        }
        listed.sort_by(|a, b| {
            let by_use = b.last_used.cmp(&a.last_used);
            by_use.then_with(|| (&a.name, &a.key.query).cmp(&(&b.name, &b.key.query)))
        });
        Ok(listed)
    }
}

impl WriteQuery for JsonTx<'_> {
    fn put_query(&mut self, query: &Query) -> Result<()> {
        self.require_profile(&query.key.profile)?;
        name::check(&query.name).map_err(|why| Error::invalid("query.name", why))?;
        let mut details = Object::new();
        note_times(
            &mut details,
            &[
                ("created_at", &query.created_at),
                ("updated_at", &query.updated_at),
                ("last_used", &query.last_used),
            ],
        );
        let mut files = self.files_mut();
        let place = query_file(&query.key, QueryFile::Query);
        files.write_object(&place, legacy::query::encode(query), details)?;
        let siblings = files.tree.profiles.entry(query.key.profile.clone()).or_default();
        let is_new = siblings.insert(query.key.query.clone());
        drop(files);
        if is_new {
            self.registry_mut().note_queries_changed();
        }
        tracing::debug!(is_new, "a query was put");
        Ok(())
    }

    fn touch_query(&mut self, key: &QueryKey, at: Timestamp) -> Result<()> {
        let query = self.query(key)?.ok_or_else(|| Error::QueryNotFound(key.clone()))?;
        self.put_query(&Query { last_used: Some(Stamp::at(at)), ..query })
    }

    fn remove_query(&mut self, key: &QueryKey) -> Result<bool> {
        if self.require_query(key).is_err() {
            return Ok(false);
        }
        self.remove_folder(&query_folder(key))?;
        if let Some(queries) = self.files_mut().tree.profiles.get_mut(&key.profile) {
            queries.remove(&key.query);
        }
        self.registry_mut().note_queries_changed();
        tracing::debug!("a query was removed");
        Ok(true)
    }
}

impl JsonTx<'_> {
    pub(super) fn query_keys(&self, profile: &ProfileId) -> Vec<QueryKey> {
        let files = self.files();
        let queries = files.tree.profiles.get(profile).into_iter().flatten();
        queries.map(|query| QueryKey::new(profile.clone(), query.clone())).collect()
    }
}
