//! Issues: `jira_cache.json`. Facts are derived when they are asked for.

use model::{CacheHeader, CacheKind, Issue, IssueFacts, QueryKey, Tape};

use super::records::{Records, check_key};
use super::tx::JsonTx;
use crate::contract::{ReadIssue, ReadProfile, WriteIssue};
use crate::error::Result;

const KIND: CacheKind = CacheKind::Issues;

impl ReadIssue for JsonTx<'_> {
    fn issue(&self, query: &QueryKey, key: &str) -> Result<Option<Issue>> {
        Ok(self.issues(query, &[key])?.pop())
    }

    fn issues(&self, query: &QueryKey, keys: &[&str]) -> Result<Vec<Issue>> {
        let records = self.records(query, KIND)?;
        let issue = |key: &&str| {
            Some(Issue { key: (*key).to_owned(), document: records.get(key)?.clone() })
        };
        Ok(keys.iter().filter_map(issue).collect())
    }

    fn each_issue(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(Issue) -> Result<()>,
    ) -> Result<()> {
        let records = self.records(query, KIND)?;
        let issue = |(key, document): (&str, &model::Document)| Issue {
            key: key.to_owned(),
            document: document.clone(),
        };
        records.iter().map(issue).try_for_each(visit)
    }

    fn each_issue_facts(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(IssueFacts) -> Result<()>,
    ) -> Result<()> {
        let profile = self.profile(&query.profile)?;
        let points_field = profile.as_ref().and_then(|profile| profile.settings.points_field());
        let records = self.records(query, KIND)?;
        let mut tape = Tape::new();
        records.iter().try_for_each(|(key, document)| {
            visit(IssueFacts::derive(key, document, points_field, &mut tape))
        })
    }

    fn issue_count(&self, query: &QueryKey) -> Result<u64> {
        self.record_count(query, KIND)
    }
}

impl WriteIssue for JsonTx<'_> {
    fn put_issues(&mut self, query: &QueryKey, issues: &[Issue]) -> Result<()> {
        self.require_query(query)?;
        issues.iter().try_for_each(|issue| check_key("issue.key", &issue.key))?;
        if issues.is_empty() {
            return Ok(());
        }
        self.change_records(query, KIND, |records| {
            issues.iter().for_each(|issue| records.put(&issue.key, issue.document.clone()));
        })?;
        tracing::debug!(count = issues.len(), "issues were put");
        Ok(())
    }

    fn replace_issues(
        &mut self,
        query: &QueryKey,
        header: &CacheHeader,
        issues: &mut dyn Iterator<Item = Issue>,
    ) -> Result<()> {
        self.require_query(query)?;
        let mut new = Records::with_header(header.clone());
        for issue in issues {
            check_key("issue.key", &issue.key)?;
            new.put(&issue.key, issue.document);
        }
        let count = new.len();
        self.replace_records(query, KIND, new)?;
        tracing::debug!(count, "issues were replaced");
        Ok(())
    }

    fn remove_issues_of(&mut self, query: &QueryKey, keys: &[&str]) -> Result<u64> {
        let count = self.remove_records_of(query, KIND, keys)?;
        tracing::debug!(count, "issues were removed by key");
        Ok(count)
    }

    fn remove_issues(&mut self, query: &QueryKey) -> Result<u64> {
        let count = self.remove_records(query, KIND)?;
        tracing::debug!(count, "issues were removed");
        Ok(count)
    }
}
