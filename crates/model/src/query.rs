//! A query: a named JQL inside a profile; it owns its cached issues, statistics and snapshots.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::QueryKey;
use crate::json::{Json, Object};
use crate::stamp::Stamp;

/// A query as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The profile and the query's id in it, exact.
    pub key: QueryKey,
    /// Its name; two queries may have the same.
    pub name: String,
    /// The JQL as typed; empty if it is not known.
    pub jql: String,
    /// Free text; absent and empty are kept apart.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Option<Stamp>,
    /// When name or JQL were last edited.
    pub updated_at: Option<Stamp>,
    /// When it was last chosen.
    pub last_used: Option<Stamp>,
    /// Members of the legacy file that nobody knows, and what was said of its work.
    pub extra: Object,
}

/// What the work of a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// That of a team, which is never over: new work comes as long as the team works.
    #[default]
    Team,
    /// It has an end, when all of it is done.
    Delivery,
}

/// Member of [`Query::extra`] that says what its work is.
const WORK: &str = "work";

impl WorkKind {
    /// Both with the words for them.
    pub const ALL: &'static [(&'static str, WorkKind)] =
        &[("team", WorkKind::Team), ("delivery", WorkKind::Delivery)];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            WorkKind::Team => "team",
            WorkKind::Delivery => "delivery",
        }
    }
}

impl Query {
    /// What its work was said to be; `None` if nobody did.
    pub fn work(&self) -> Option<WorkKind> {
        let said = self.extra.get(WORK)?.as_text()?;
        WorkKind::ALL.iter().find(|(word, _)| *word == said).map(|(_, kind)| *kind)
    }

    /// Says what its work is.
    pub fn set_work(&mut self, kind: WorkKind) {
        self.extra.set(WORK, Json::text(kind.as_str()));
    }
}

/// A query in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuerySummary {
    /// The profile and the query's id in it.
    pub key: QueryKey,
    /// Its name.
    pub name: String,
    /// Its JQL.
    pub jql: String,
    /// Its description.
    pub description: Option<String>,
    /// When it was last chosen.
    pub last_used: Option<Timestamp>,
    /// How many issues it holds.
    pub issues: u64,
    /// How many changelogs it holds.
    pub changelogs: u64,
    /// When its issues were fetched; `None` before the first sync.
    pub fetched_at: Option<Timestamp>,
    /// When a refetch is due.
    pub expires_at: Option<Timestamp>,
    /// What is missing, if the issues are not all there.
    pub partial: Option<String>,
}
