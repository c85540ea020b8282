//! `jira_cache.json` and `jira_changelog_cache.json` behind the contract. Facts and transitions are
//! derived when they are asked for.

use model::{CacheHeader, CacheKind, IssueFacts, QueryKey, Tape, Transition, changelog};

use super::records::Records;
use super::tx::JsonTx;
use crate::contract::{
    CacheRecord, ReadCache, ReadChangelog, ReadIssue, ReadProfile, WriteCache, WriteChangelog,
    WriteIssue,
};
use crate::error::Result;

impl<R: CacheRecord> ReadCache<R> for JsonTx<'_> {
    fn cached(&self, query: &QueryKey, key: &str) -> Result<Option<R>> {
        let records = self.records(query, R::KIND)?;
        Ok(records.get(key).map(|document| R::new(key.to_owned(), document.clone())))
    }

    fn each_cached(&self, query: &QueryKey, visit: &mut dyn FnMut(R) -> Result<()>) -> Result<()> {
        let records = self.records(query, R::KIND)?;
        let record =
            |(key, document): (&str, &model::Document)| R::new(key.to_owned(), document.clone());
        records.iter().map(record).try_for_each(visit)
    }

    fn cached_count(&self, query: &QueryKey) -> Result<u64> {
        self.record_count(query, R::KIND)
    }
}

impl<R: CacheRecord> WriteCache<R> for JsonTx<'_> {
    fn put_cached(&mut self, query: &QueryKey, records: &[R]) -> Result<()> {
        self.require_query(query)?;
        records.iter().try_for_each(R::check_key)?;
        if records.is_empty() {
            return Ok(());
        }
        self.change_records(query, R::KIND, |known| {
            records.iter().for_each(|record| known.put(record.key(), record.document().clone()));
        })?;
        tracing::debug!(count = records.len(), cache = ?R::KIND, "put records");
        Ok(())
    }

    fn replace_cached(
        &mut self,
        query: &QueryKey,
        header: &CacheHeader,
        records: &mut dyn Iterator<Item = R>,
    ) -> Result<()> {
        self.require_query(query)?;
        let mut new = Records::with_header(header.clone());
        for record in records {
            record.check_key()?;
            new.put(record.key(), record.document().clone());
        }
        let count = new.len();
        self.replace_records(query, R::KIND, new)?;
        tracing::debug!(count, cache = ?R::KIND, "replace records");
        Ok(())
    }

    fn remove_cached_of(&mut self, query: &QueryKey, keys: &[&str]) -> Result<u64> {
        let count = self.remove_records_of(query, R::KIND, keys)?;
        tracing::debug!(count, cache = ?R::KIND, "remove records by key");
        Ok(count)
    }

    fn remove_cached(&mut self, query: &QueryKey) -> Result<u64> {
        let count = self.remove_records(query, R::KIND)?;
        tracing::debug!(count, cache = ?R::KIND, "remove records");
        Ok(count)
    }
}

impl ReadIssue for JsonTx<'_> {
    fn each_issue_facts(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(IssueFacts) -> Result<()>,
    ) -> Result<()> {
        let profile = self.profile(&query.profile)?;
        let points_field = profile.as_ref().and_then(|profile| profile.settings.points_field());
        let records = self.records(query, CacheKind::Issues)?;
        let mut tape = Tape::new();
        records.iter().try_for_each(|(key, document)| {
            visit(IssueFacts::derive(key, document, points_field, &mut tape))
        })
    }
}

impl ReadChangelog for JsonTx<'_> {
    fn each_transitions(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, Vec<Transition>) -> Result<()>,
    ) -> Result<()> {
        let records = self.records(query, CacheKind::Changelogs)?;
        let mut tape = Tape::new();
        records
            .iter()
            .try_for_each(|(key, document)| visit(key, changelog::transitions(document, &mut tape)))
    }
}

impl WriteIssue for JsonTx<'_> {}

impl WriteChangelog for JsonTx<'_> {}
