//! Categories of statuses, which the old app's database keeps beside its issues and not in them.

use std::collections::BTreeMap;

use model::{Json, Object};

/// Where a category comes from, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The scope of the query itself, which the old app took from Jira.
    Scope,
    /// The scope of another query of the profile.
    OtherQuery,
    /// The scope of a query of another profile with the same Jira.
    OtherProfile,
    /// Issues of the old app's backup.
    Backup,
    /// The profile's lists of statuses.
    Settings,
    /// The issue is resolved.
    Resolved,
}

impl Origin {
    /// The word that stands in a document, and in reports.
    pub fn code(self) -> &'static str {
        match self {
            Origin::Scope => "scope",
            Origin::OtherQuery => "other query",
            Origin::OtherProfile => "other profile",
            Origin::Backup => "backup",
            Origin::Settings => "settings",
            Origin::Resolved => "resolved",
        }
    }
}

/// Which category each status of a query has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Categories(BTreeMap<String, (String, Origin)>);

const DONE: &str = "done";

impl Categories {
    /// Adds a status, unless it is known already.
    pub fn add(&mut self, status: &str, category: &str, origin: Origin) {
        if !category.is_empty() && !self.0.contains_key(status) {
            self.0.insert(status.to_owned(), (category.to_owned(), origin));
        }
    }

    /// Adds what the breakdown of a scope says.
    pub fn add_scope(&mut self, scope: &Json, origin: Origin) {
        for (status, entry) in breakdown(scope) {
            if let Some(category) = entry.get("category").and_then(Json::as_text) {
                self.add(status, &category, origin);
            }
        }
    }

    /// Adds the lists of `project_classification`.
    pub fn add_settings(&mut self, classification: &Json) {
        for (list, category) in [
            ("flow_end_statuses", DONE),
            ("wip_statuses", "indeterminate"),
            ("active_statuses", "indeterminate"),
            ("flow_start_statuses", "indeterminate"),
        ] {
            let statuses = classification.get(list).and_then(Json::as_array).unwrap_or_default();
            for status in statuses.iter().filter_map(Json::as_text) {
                self.add(&status, category, Origin::Settings);
            }
        }
    }

    /// Whether the status is known.
    pub fn knows(&self, status: &str) -> bool {
        self.0.contains_key(status)
    }

    /// The category of an issue in that status.
    pub fn of(&self, status: &str, is_resolved: bool) -> Option<(&str, Origin)> {
        let known = self.0.get(status).map(|(category, origin)| (category.as_str(), *origin));
        known.or_else(|| is_resolved.then_some((DONE, Origin::Resolved)))
    }
}

fn breakdown(scope: &Json) -> impl Iterator<Item = (&str, &Json)> {
    let entries = scope.get("status_breakdown").and_then(Json::as_object);
    entries.into_iter().flat_map(Object::iter)
}

/// Whether the scope was calculated from a delta fetch, which knew no category: its sums are wrong.
pub fn is_of_delta(scope: &Json) -> bool {
    let mut entries = breakdown(scope).peekable();
    entries.peek().is_some()
        && entries.all(|(_, entry)| {
            entry.get("category").and_then(Json::as_text).is_none_or(|text| text.is_empty())
        })
}
