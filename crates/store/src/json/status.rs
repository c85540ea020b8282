//! `burndown_statuses.json` of a profile and `burndown_left.json` of a query, which the old app does
//! not know.

use std::collections::BTreeMap;

use model::{CacheKind, Json, Object, ProfileId, QueryKey, Status, Timestamp, stamp};

use super::files::corrupt;
use super::layout::{QueryFile, absolute, profile_folder, query_file, statuses_file};
use super::tx::JsonTx;
use crate::contract::{CacheRecord, ReadStatus, WriteStatus};
use crate::error::Result;

const STATUSES: &str = "statuses";
const LEFT: &str = "left";

impl ReadStatus for JsonTx<'_> {
    fn statuses(&self, profile: &ProfileId) -> Result<Vec<Status>> {
        let place = statuses_file(profile);
        let Some(object) = self.files().read_object(&place)? else { return Ok(Vec::new()) };
        let damaged = || corrupt(&absolute(self.root(), &place), "a status cannot be read");
        let entries = object.get(STATUSES).and_then(Json::as_array).unwrap_or_default();
        entries.iter().map(|entry| Status::read(entry).ok_or_else(damaged)).collect()
    }
}

impl WriteStatus for JsonTx<'_> {
    fn put_statuses(&mut self, profile: &ProfileId, statuses: &[Status]) -> Result<()> {
        self.require_profile(profile)?;
        if self.statuses(profile)? == statuses {
            return Ok(());
        }
        let mut object = Object::new();
        object.set(STATUSES, Json::Array(statuses.iter().map(Status::to_json).collect()));
        self.files_mut().write_object(&statuses_file(profile), object, Object::new())?;
        tracing::debug!(folder = profile_folder(profile), "put statuses");
        Ok(())
    }
}

impl JsonTx<'_> {
    /// When issues of a query left it, by key.
    pub(super) fn left(&self, query: &QueryKey) -> Result<BTreeMap<String, Timestamp>> {
        let place = query_file(query, QueryFile::Left);
        let Some(object) = self.files().read_object(&place)? else { return Ok(BTreeMap::new()) };
        let damaged = || corrupt(&absolute(self.root(), &place), "a mark cannot be read");
        let marks = object.get(LEFT).and_then(Json::as_object);
        let mark = |(key, at): (&str, &Json)| {
            let at = at.as_text().and_then(|text| text.parse().ok()).ok_or_else(damaged)?;
            Ok((key.to_owned(), at))
        };
        marks.into_iter().flat_map(|marks| marks.iter()).map(mark).collect()
    }

    /// Notes when issues of a query left it.
    pub(super) fn put_left(
        &mut self,
        query: &QueryKey,
        marks: &BTreeMap<String, Timestamp>,
    ) -> Result<()> {
        let mut left = Object::new();
        marks.iter().for_each(|(key, at)| left.set(key.clone(), Json::text(stamp::format(*at))));
        let mut object = Object::new();
        object.set(LEFT, Json::Object(left));
        self.files_mut().write_object(&query_file(query, QueryFile::Left), object, Object::new())
    }

    /// Forgets the marks of a whole cache of issues.
    pub(super) fn forget_all_left<R: CacheRecord>(&mut self, query: &QueryKey) -> Result<()> {
        if R::KIND != CacheKind::Issues || self.left(query)?.is_empty() {
            return Ok(());
        }
        self.put_left(query, &BTreeMap::new())
    }

    /// Forgets the marks of issues that are found again or are stored no more.
    pub(super) fn forget_left<'k>(
        &mut self,
        query: &QueryKey,
        keys: impl Iterator<Item = &'k str>,
    ) -> Result<()> {
        let mut marks = self.left(query)?;
        if marks.is_empty() {
            return Ok(());
        }
        let before = marks.len();
        keys.for_each(|key| {
            marks.remove(key);
        });
        if marks.len() < before { self.put_left(query, &marks) } else { Ok(()) }
    }
}
