//! What is known about a cache as a whole: where it came from, when, and whether it is complete.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::json::{Json, Object};
use crate::stamp::Stamp;
use own_member::{ENTERED_LATER, FORMER_PROJECTS, FORMER_TYPES, NAMED_EPICS, USER_ZONE};

/// Which of a query's two caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CacheKind {
    /// `jira_cache`: the issues.
    Issues,
    /// `jira_changelog_cache`: their histories.
    Changelogs,
}

/// Former names of types of issues, or former keys of projects, by id.
pub type FormerNames = BTreeMap<String, BTreeSet<String>>;

/// The header of a cache. Absent members are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CacheHeader {
    /// Version mark of the old app's file.
    pub cache_version: Option<Json>,
    /// When the records were fetched (`timestamp` in the old app's file).
    pub fetched_at: Option<Stamp>,
    /// When a refetch is due. Never hides or removes anything.
    pub expires_at: Option<Timestamp>,
    /// The JQL they were fetched with.
    pub jql: Option<String>,
    /// The old app's hash of that JQL.
    pub jql_hash: Option<String>,
    /// Which fields were asked for, comma separated.
    pub fields_requested: Option<String>,
    /// Start of the next delta.
    pub last_updated: Option<Stamp>,
    /// Keys that the last fetch changed.
    pub changed_keys: Option<Json>,
    /// The count that the file itself told.
    pub told_total: Option<Json>,
    /// What is missing, if the cache is not complete ("needs a sync").
    pub partial: Option<String>,
    /// Members that nobody knows.
    pub extra: Object,
}

/// Names of the members that syncs keep in [`CacheHeader::extra`] of changelogs.
pub mod own_member {
    /// Holds [`super::CacheHeader::entered_later`].
    pub const ENTERED_LATER: &str = "entered_later";
    /// Holds [`super::CacheHeader::named_epics`].
    pub const NAMED_EPICS: &str = "named_epics";
    /// Holds [`super::CacheHeader::former_types`].
    pub const FORMER_TYPES: &str = "former_types";
    /// Holds [`super::CacheHeader::former_projects`].
    pub const FORMER_PROJECTS: &str = "former_projects";
    /// The zone in which the server shows times to whoever fetched.
    pub const USER_ZONE: &str = "user_zone";
    /// The server that they are of.
    pub const SERVER: &str = "server";
    /// A mark of what the server called things.
    pub const LABELS: &str = "labels";
    /// Keys of issues that have to be asked for again.
    pub const UNFETCHED: &str = "unfetched";
    /// Whether boards were asked for the order of statuses.
    pub const STATUS_ORDER_ASKED: &str = "status_order_asked";

    /// All of them.
    pub const ALL: [&str; 9] = [
        ENTERED_LATER,
        NAMED_EPICS,
        FORMER_TYPES,
        FORMER_PROJECTS,
        USER_ZONE,
        SERVER,
        LABELS,
        UNFETCHED,
        STATUS_ORDER_ASKED,
    ];
}

/// Most keys that a member holds.
const KEYS_MAX: usize = 10_000;
/// Most types or projects of which former names are kept, and most names of each.
const FORMER_IDS_MAX: usize = 1_000;
const FORMER_NAMES_MAX: usize = 20;

impl CacheHeader {
    /// Whether a member of [`CacheHeader::extra`] is one of those that this program keeps there.
    pub fn is_own_member(name: &str) -> bool {
        own_member::ALL.contains(&name)
    }

    /// Keys of issues that came into the query well after they were made, as syncs noticed.
    pub fn entered_later(&self) -> BTreeSet<String> {
        self.keys(ENTERED_LATER)
    }

    /// Keeps such keys.
    pub fn set_entered_later<'k>(&mut self, keys: impl Iterator<Item = &'k String>) {
        self.set_keys(ENTERED_LATER, keys);
    }

    /// Keys of issues in which the field is filled that names epics.
    pub fn named_epics(&self) -> BTreeSet<String> {
        self.keys(NAMED_EPICS)
    }

    /// Keeps such keys.
    pub fn set_named_epics<'k>(&mut self, keys: impl Iterator<Item = &'k String>) {
        self.set_keys(NAMED_EPICS, keys);
    }

    /// Names that types of issues had before they were renamed, by the id of the type.
    pub fn former_types(&self) -> FormerNames {
        self.former(FORMER_TYPES)
    }

    /// Keeps such names.
    pub fn set_former_types(&mut self, types: &FormerNames) {
        self.set_former(FORMER_TYPES, types);
    }

    /// Keys that projects had before they were renamed, by the id of the project.
    pub fn former_projects(&self) -> FormerNames {
        self.former(FORMER_PROJECTS)
    }

    /// Keeps such keys.
    pub fn set_former_projects(&mut self, projects: &FormerNames) {
        self.set_former(FORMER_PROJECTS, projects);
    }

    fn former(&self, member: &str) -> FormerNames {
        let all = self.extra.get(member).and_then(Json::as_object);
        let names = |names: &Json| {
            let names = names.as_array().unwrap_or_default().iter();
            names.filter_map(|name| Some(name.as_text()?.into_owned())).collect()
        };
        let entries = all.into_iter().flat_map(Object::iter);
        entries.map(|(id, value)| (id.to_owned(), names(value))).collect()
    }

    /// The first so many: a server that renames without end must not fill the header.
    fn set_former(&mut self, member: &str, former: &FormerNames) {
        let mut all = Object::new();
        for (id, names) in former.iter().take(FORMER_IDS_MAX) {
            let names = names.iter().take(FORMER_NAMES_MAX).map(Json::text);
            all.set(id, Json::Array(names.collect()));
        }
        self.extra.remove(member);
        self.extra.set_some(member, (!former.is_empty()).then_some(Json::Object(all)));
    }

    /// The name of the zone in which the server showed times to whoever fetched, if it said so.
    pub fn user_zone(&self) -> Option<String> {
        self.extra.get(USER_ZONE).and_then(Json::as_text).map(|zone| zone.into_owned())
    }

    /// Keeps its name.
    pub fn set_user_zone(&mut self, zone: Option<&str>) {
        self.extra.remove(USER_ZONE);
        self.extra.set_some(USER_ZONE, zone.map(Json::text));
    }

    fn keys(&self, member: &str) -> BTreeSet<String> {
        let keys = self.extra.get(member).and_then(Json::as_array).unwrap_or_default();
        keys.iter().filter_map(|key| Some(key.as_text()?.into_owned())).collect()
    }

    fn set_keys<'k>(&mut self, member: &str, keys: impl Iterator<Item = &'k String>) {
        let keys: Vec<Json> = keys.take(KEYS_MAX).map(Json::text).collect();
        self.extra.remove(member);
        self.extra.set_some(member, (!keys.is_empty()).then_some(Json::Array(keys)));
    }
}
