//! Issues of the type, and with the parent, that they had at a moment: an issue that became a sub-task
//! later counted until then.

use std::collections::HashMap;

use model::{Group, GroupField, IssueFacts, Timestamp};

use crate::history::IssueHistory;
use crate::membership::Memberships;

/// What documents say of a type beside its name.
type TypeFacts = (Option<bool>, Option<i8>);

/// The issues with the types and parents of a moment; `None` where they are those of now. What a
/// type is, is told by the issues that have it now.
pub fn with_former_types(
    issues: &[IssueHistory],
    memberships: &Memberships,
    at: Timestamp,
) -> Option<Vec<IssueHistory>> {
    let former = |issue: &IssueHistory| {
        let groups = memberships.before_later_changes(&issue.facts.key, at)?;
        let former = former(&issue.facts, &groups);
        (former.issue_type != issue.facts.issue_type || former.parent != issue.facts.parent)
            .then_some(former)
    };
    let mut changed: Vec<(usize, IssueFacts)> = issues
        .iter()
        .enumerate()
        .filter_map(|(place, issue)| Some((place, former(issue)?)))
        .collect();
    if changed.is_empty() {
        return None;
    }
    let types = types(issues);
    let mut issues = issues.to_vec();
    for (place, facts) in &mut changed {
        let Some(issue) = issues.get_mut(*place) else { continue };
        if facts.issue_type != issue.facts.issue_type {
            let known = facts.type_names().find_map(|name| types.get(name));
            (facts.is_subtask, facts.hierarchy_level) = known.copied().unwrap_or_default();
        }
        issue.facts = std::mem::take(facts);
    }
    Some(issues)
}

/// The facts with the type and the parent that are among these groups.
fn former(facts: &IssueFacts, groups: &[Group]) -> IssueFacts {
    let mut former = facts.clone();
    let of = |field: GroupField| groups.iter().filter(move |group| group.field == field);
    // A document without a type has none in its changes either.
    if let Some(group) = of(GroupField::Type).next()
        && facts.issue_type.as_deref().is_some_and(|name| name != group.name)
    {
        former.issue_type = Some(group.name.as_str().into());
        former.issue_type_id = group.id.as_deref().map(Into::into);
    }
    let is_same = |parent: &str| of(GroupField::Parent).any(|group| group.name == parent);
    if !facts.parent.as_deref().is_some_and(is_same) {
        former.parent = of(GroupField::Parent).next().map(|group| group.name.clone());
    }
    former
}

fn types(issues: &[IssueHistory]) -> HashMap<String, TypeFacts> {
    let mut types = HashMap::new();
    for facts in issues.iter().map(|issue| &issue.facts) {
        for name in facts.type_names() {
            types.entry(name.to_owned()).or_insert((facts.is_subtask, facts.hierarchy_level));
        }
    }
    types
}
