//! Changelogs: `jira_changelog_cache.json`. Transitions are derived when they are asked for.

use model::{CacheHeader, CacheKind, Changelog, QueryKey, Tape, Transition, changelog};

use super::records::{Records, check_key};
use super::tx::JsonTx;
use crate::contract::{ReadChangelog, WriteChangelog};
use crate::error::Result;

const KIND: CacheKind = CacheKind::Changelogs;

impl ReadChangelog for JsonTx<'_> {
    fn changelog(&self, query: &QueryKey, key: &str) -> Result<Option<Changelog>> {
        let records = self.records(query, KIND)?;
        let document = records.get(key).cloned();
        Ok(document.map(|document| Changelog { key: key.to_owned(), document }))
    }

    fn each_changelog(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(Changelog) -> Result<()>,
    ) -> Result<()> {
        let records = self.records(query, KIND)?;
        let entry = |(key, document): (&str, &model::Document)| Changelog {
            key: key.to_owned(),
            document: document.clone(),
        };
        records.iter().map(entry).try_for_each(visit)
    }

    fn each_transitions(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, Vec<Transition>) -> Result<()>,
    ) -> Result<()> {
        let records = self.records(query, KIND)?;
        let mut tape = Tape::new();
        records
            .iter()
            .try_for_each(|(key, document)| visit(key, changelog::transitions(document, &mut tape)))
    }

    fn changelog_count(&self, query: &QueryKey) -> Result<u64> {
        self.record_count(query, KIND)
    }
}

impl WriteChangelog for JsonTx<'_> {
    fn put_changelogs(&mut self, query: &QueryKey, changelogs: &[Changelog]) -> Result<()> {
        self.require_query(query)?;
        changelogs.iter().try_for_each(|entry| check_key("changelog.key", &entry.key))?;
        if changelogs.is_empty() {
            return Ok(());
        }
        self.change_records(query, KIND, |records| {
            changelogs.iter().for_each(|entry| records.put(&entry.key, entry.document.clone()));
        })?;
        tracing::debug!(count = changelogs.len(), "changelogs were put");
        Ok(())
    }

    fn replace_changelogs(
        &mut self,
        query: &QueryKey,
        header: &CacheHeader,
        changelogs: &mut dyn Iterator<Item = Changelog>,
    ) -> Result<()> {
        self.require_query(query)?;
        let mut new = Records::with_header(header.clone());
        for entry in changelogs {
            check_key("changelog.key", &entry.key)?;
            new.put(&entry.key, entry.document);
        }
        let count = new.len();
        self.replace_records(query, KIND, new)?;
        tracing::debug!(count, "changelogs were replaced");
        Ok(())
    }

    fn remove_changelogs_of(&mut self, query: &QueryKey, keys: &[&str]) -> Result<u64> {
        let count = self.remove_records_of(query, KIND, keys)?;
        tracing::debug!(count, "changelogs were removed by key");
        Ok(count)
    }

    fn remove_changelogs(&mut self, query: &QueryKey) -> Result<u64> {
        let count = self.remove_records(query, KIND)?;
        tracing::debug!(count, "changelogs were removed");
        Ok(count)
    }
}
