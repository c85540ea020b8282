//! Which issues belong to a delivery at a moment: what their documents say, with later changes
//! undone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::{Date, Remedy, Timestamp};
use model::{Group, GroupField, IssueFacts, Membership, MembershipChange, MembershipChanges, Rule};

use crate::reason::Reason;
use crate::weeks::AsOf;

/// What the issues of a query belong to, and what they belonged to before.
#[derive(Debug, Clone, Default)]
pub struct Memberships {
    issues: HashMap<String, IssueMembership>,
    /// Groups as they are now, by field and id: their names and days stay when a change is undone.
    groups: HashMap<(GroupField, String), Group>,
    /// Whether any changelog holds more than changes of the status.
    tells: bool,
}

/// One issue.
#[derive(Debug, Clone, Default)]
struct IssueMembership {
    now: Membership,
    changes: MembershipChanges,
}

/// By what an issue belongs to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipOf {
    /// By what was so at the moment.
    Moment,
    /// By what is so now, whatever the moment.
    Today,
}

/// A version, epic, label, component, sprint or type with its issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupNow<'m> {
    /// Which field names it.
    pub field: GroupField,
    /// Its name.
    pub name: &'m str,
    /// The release date of a version, the last day of a sprint.
    pub day: Option<Date>,
    /// Whether the version is released or the sprint closed.
    pub is_over: bool,
    /// Keys of its issues, in no order.
    pub keys: Vec<&'m str>,
}

/// The rule of a delivery, asked of the issues of one query.
#[derive(Debug, Clone, Copy)]
pub struct Belonging<'m> {
    /// The issues.
    pub memberships: &'m Memberships,
    /// The rule.
    pub rule: &'m Rule,
    /// By what.
    pub of: MembershipOf,
}

impl Memberships {
    /// Adds an issue.
    pub fn add(&mut self, key: &str, now: Membership) {
        for group in &now.groups {
            if let Some(id) = &group.id {
                self.groups.insert((group.field, id.clone()), group.clone());
            }
        }
        self.issues.entry(key.to_owned()).or_default().now = now;
    }

    /// Adds the changes of an issue; those of one that is not there are passed over.
    pub fn add_changes(&mut self, key: &str, changes: MembershipChanges) {
        self.tells |= changes.is_some();
        if let Some(issue) = self.issues.get_mut(key) {
            issue.changes = changes;
        }
    }

    /// Says which issues have the name of an epic, on a server that tells no levels of types. They are part
    /// of nothing, though that name may look like a key.
    pub fn name_epics(&mut self, keys: &BTreeSet<String>) {
        for key in keys {
            if let Some(issue) = self.issues.get_mut(key) {
                issue.now.groups.retain(|group| group.field != GroupField::Parent);
            }
        }
    }

    /// Whether it is known what issues belonged to before.
    pub fn tell_the_past(&self) -> bool {
        self.tells
    }

    /// Jira's id of an issue.
    pub fn issue_id(&self, key: &str) -> Option<&str> {
        self.issues.get(key)?.now.issue_id.as_deref()
    }

    /// The groups that issues belong to now, by field and name.
    pub fn groups_now(&self) -> Vec<GroupNow<'_>> {
        let mut found: BTreeMap<(GroupField, &str), GroupNow<'_>> = BTreeMap::new();
        for (key, issue) in &self.issues {
            for group in &issue.now.groups {
                let now = found.entry((group.field, &group.name)).or_insert_with(|| GroupNow {
                    field: group.field,
                    name: &group.name,
                    day: None,
                    is_over: false,
                    keys: Vec::new(),
                });
                // Issues that were fetched long ago may not know it yet.
                now.day = now.day.max(group.day);
                now.is_over |= group.is_over;
                now.keys.push(key);
            }
        }
        found.into_values().collect()
    }

    /// What an issue belonged to at a moment, or belongs to now; a sub-task to what the issue above
    /// it does.
    pub fn groups_of(&self, facts: &IssueFacts, at: Timestamp, of: MembershipOf) -> Vec<Group> {
        self.groups_at(facts, (of == MembershipOf::Moment).then_some(at))
    }

    /// What an issue itself belonged to at a moment; `None` if nothing changed after it.
    pub(crate) fn before_later_changes(&self, key: &str, then: Timestamp) -> Option<Vec<Group>> {
        let last = self.changes(key).last()?;
        (last.at > then).then(|| self.own_groups(key, Some(then)))
    }

    fn changes(&self, key: &str) -> &[MembershipChange] {
        let issue = self.issues.get(key);
        issue.and_then(|issue| issue.changes.as_deref()).unwrap_or_default()
    }

    /// The groups of an issue of which nothing ever changed and that has none from elsewhere, which
    /// is so of most: they need no copies.
    fn unchanged(&self, facts: &IssueFacts) -> Option<&[Group]> {
        if facts.is_subtask == Some(true) {
            return None;
        }
        let Some(issue) = self.issues.get(&facts.key) else { return Some(&[]) };
        let is_unchanged = issue.changes.as_ref().is_none_or(Vec::is_empty);
        is_unchanged.then_some(issue.now.groups.as_slice())
    }

    /// The groups of one issue then, as they are called now.
    fn own_groups(&self, key: &str, then: Option<Timestamp>) -> Vec<Group> {
        let Some(issue) = self.issues.get(key) else { return Vec::new() };
        let Some(then) = then else { return issue.now.groups.clone() };
        let changes = self.changes(key);
        let known = changes.partition_point(|change| change.at <= then);
        let mut groups = issue.now.before(changes.get(known..).unwrap_or_default());
        for group in &mut groups {
            let id = group.id.clone().unwrap_or_default();
            if let Some(now) = self.groups.get(&(group.field, id)) {
                group.clone_from(now);
            }
        }
        groups
    }

    /// The groups of an issue then, `None` for now. A sub-task has the versions of the issue above
    /// it if it has none of its own, and belongs to what that is a part of.
    fn groups_at(&self, facts: &IssueFacts, then: Option<Timestamp>) -> Vec<Group> {
        let mut groups = self.own_groups(&facts.key, then);
        if facts.is_subtask != Some(true) {
            return groups;
        }
        let parent = groups.iter().find(|group| group.field == GroupField::Parent);
        let Some(parent) = parent.map(|parent| parent.name.clone()) else { return groups };
        let has_version = groups.iter().any(|group| group.field == GroupField::FixVersion);
        let above = self.own_groups(&parent, then).into_iter();
        groups.extend(above.filter(|group| match group.field {
            GroupField::FixVersion => !has_version,
            GroupField::Parent => true,
            _ => false,
        }));
        groups
    }

    /// When what an issue belongs to may have changed, oldest first.
    fn moments(&self, facts: &IssueFacts) -> Vec<Timestamp> {
        let mut moments: Vec<Timestamp> =
            self.changes(&facts.key).iter().map(|change| change.at).collect();
        if facts.is_subtask == Some(true) {
            let parents = self.issues.get(&facts.key).into_iter().flat_map(|i| &i.now.groups);
            let parents = parents.filter(|group| group.field == GroupField::Parent);
            for parent in parents {
                moments.extend(self.changes(&parent.name).iter().map(|change| change.at));
            }
            moments.sort();
        }
        moments.dedup();
        moments
    }
}

impl Belonging<'_> {
    /// Whether an issue belongs to the delivery then.
    pub fn holds(&self, facts: &IssueFacts, then: Timestamp) -> bool {
        let then = (self.of == MembershipOf::Moment).then_some(then);
        self.holds_at(facts, then)
    }

    fn holds_at(&self, facts: &IssueFacts, then: Option<Timestamp>) -> bool {
        if !self.rule.needs_history() {
            return true;
        }
        let summary = facts.summary.as_deref();
        match self.memberships.unchanged(facts) {
            Some(groups) => self.rule.holds(groups, summary),
            None => self.rule.holds(&self.memberships.groups_at(facts, then), summary),
        }
    }

    /// Since when an issue belonged to it and since when not any more, by turns, up to the moment;
    /// the first is the beginning of time.
    pub(crate) fn turns(&self, facts: &IssueFacts, as_of: &AsOf) -> Vec<(Timestamp, bool)> {
        if self.of == MembershipOf::Today || !self.rule.needs_history() {
            return vec![(Timestamp::MIN, self.holds_at(facts, None))];
        }
        let moments = self.memberships.moments(facts);
        let known = moments.into_iter().filter(|at| as_of.knows(*at));
        let mut turns: Vec<(Timestamp, bool)> = Vec::new();
        for at in std::iter::once(Timestamp::MIN).chain(known) {
            let holds = self.holds_at(facts, Some(at));
            if turns.last().is_none_or(|(_, before)| *before != holds) {
                turns.push((at, holds));
            }
        }
        turns
    }

    /// Why it is not known what belonged to it at a moment that is not the newest; `None` if it is.
    pub fn unknown_past(&self, refresh: Remedy) -> Option<(Reason, Remedy)> {
        let is_known = self.of == MembershipOf::Today
            || !self.rule.needs_history()
            || self.memberships.tell_the_past();
        (!is_known).then_some((Reason::NoMembershipHistory, refresh))
    }
}
