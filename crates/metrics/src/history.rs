//! An issue with its history, as the figures take it in.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use model::{ChangelogFacts, IssueFacts, ResolutionChange, Timestamp, Transition};

/// What is cached of one issue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IssueHistory {
    /// Its facts as last fetched.
    pub facts: IssueFacts,
    /// Its status changes, oldest first; `None` if its changelog was never fetched.
    pub transitions: Option<Vec<Transition>>,
    /// Changes of its resolution, oldest first.
    pub resolutions: Vec<ResolutionChange>,
    /// Whether the field is filled in it that names epics.
    pub is_named_epic: bool,
}

impl IssueHistory {
    fn take(&mut self, changes: ChangelogFacts) {
        self.transitions = Some(changes.transitions);
        self.resolutions = changes.resolutions;
    }

    /// Brings issues and changelogs together by key, in the order of the issues. Changelogs of
    /// issues that are not there are left out.
    pub fn join(
        issues: impl IntoIterator<Item = IssueFacts>,
        changelogs: impl IntoIterator<Item = (String, ChangelogFacts)>,
    ) -> Vec<IssueHistory> {
        let mut histories = Histories::default();
        issues.into_iter().for_each(|facts| histories.add_issue(facts));
        changelogs.into_iter().for_each(|(key, changes)| histories.add_changes(&key, changes));
        histories.finish().0
    }
}

/// How many issues without a changelog may lie between two that have one before keys are looked up.
const SKIPPED_MAX: usize = 8;

/// Issues and changelogs while they are brought together by key: first all issues, then all
/// changelogs. Both are mostly stored in the same order, so that few keys have to be looked up.
#[derive(Debug, Default)]
pub struct Histories {
    issues: Vec<IssueHistory>,
    /// The place after the issue that got its changes last.
    next: usize,
    /// Changes of issues that do not come next.
    others: HashMap<String, ChangelogFacts>,
}

impl Histories {
    /// None yet, with room for so many issues: to move them as they become more takes a tenth of the time.
    pub fn with_room(issues: usize) -> Histories {
        Histories { issues: Vec::with_capacity(issues), ..Histories::default() }
    }

    /// Adds an issue.
    pub fn add_issue(&mut self, facts: IssueFacts) {
        self.issues.push(IssueHistory { facts, ..IssueHistory::default() });
    }

    /// Says which issues have the name of an epic. They are part of nothing, though that name may look
    /// like a key.
    pub fn name_epics(&mut self, keys: &BTreeSet<String>) {
        for issue in self.issues.iter_mut().filter(|_| !keys.is_empty()) {
            issue.is_named_epic = keys.contains(&issue.facts.key);
            if issue.is_named_epic && issue.facts.hierarchy_level.is_none() {
                issue.facts.parent = None;
            }
        }
    }

    /// Adds the changes of the issue with that key.
    pub fn add_changes(&mut self, key: &str, changes: ChangelogFacts) {
        let ahead = self.issues.iter_mut().enumerate().skip(self.next).take(SKIPPED_MAX);
        match ahead.into_iter().find(|(_, issue)| issue.facts.key == key) {
            Some((place, issue)) => {
                issue.take(changes);
                self.next = place + 1;
            }
            None => {
                self.others.insert(key.to_owned(), changes);
            }
        }
    }

    /// The issues with their changes, and how many changelogs belong to none of them.
    pub fn finish(mut self) -> (Vec<IssueHistory>, u64) {
        if !self.others.is_empty() {
            for issue in &mut self.issues {
                if let Some(changes) = self.others.remove(&issue.facts.key) {
                    issue.take(changes);
                }
            }
        }
        call_projects_alike(&mut self.issues);
        (self.issues, self.others.len() as u64)
    }
}

/// A project whose key was changed is still one: issues that were last fetched before lie in it by the
/// key that the one says which changed last.
fn call_projects_alike(issues: &mut [IssueHistory]) {
    let mut keys: Vec<Called> = Vec::new();
    let mut has_several = false;
    for IssueHistory { facts, .. } in &*issues {
        let (Some(id), Some(key)) = (&facts.project_id, &facts.project) else { continue };
        let told = || (Arc::clone(id), Arc::clone(key), facts.updated);
        match keys.iter_mut().find(|(known, _, _)| Arc::ptr_eq(known, id) || known == id) {
            None => keys.push(told()),
            Some(known) => {
                has_several |= !Arc::ptr_eq(&known.1, key) && known.1 != *key;
                if facts.updated > known.2 {
                    *known = told();
                }
            }
        }
    }
    for IssueHistory { facts, .. } in issues.iter_mut().filter(|_| has_several) {
        let called = keys.iter().find(|(id, _, _)| Some(id) == facts.project_id.as_ref());
        facts.project = called.map(|(_, key, _)| Arc::clone(key)).or(facts.project.take());
    }
}

/// Id and key of a project, and when the issue was changed that says so.
type Called = (Arc<str>, Arc<str>, Option<Timestamp>);
