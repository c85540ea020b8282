//! An issue with its history, as the figures take it in.

use std::collections::HashMap;

use model::{IssueFacts, Transition};

/// What is cached of one issue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IssueHistory {
    /// Its facts as last fetched.
    pub facts: IssueFacts,
    /// Its status changes, oldest first; `None` if its changelog was never fetched.
    pub transitions: Option<Vec<Transition>>,
}

impl IssueHistory {
    /// Brings issues and changelogs together by key, in the order of the issues. Changelogs of
    /// issues that are not there are left out.
    pub fn join(
        issues: impl IntoIterator<Item = IssueFacts>,
        changelogs: impl IntoIterator<Item = (String, Vec<Transition>)>,
    ) -> Vec<IssueHistory> {
        let mut by_key: HashMap<String, Vec<Transition>> = changelogs.into_iter().collect();
        let history = |facts: IssueFacts| {
            let transitions = by_key.remove(&facts.key);
            IssueHistory { facts, transitions }
        };
        issues.into_iter().map(history).collect()
    }
}
