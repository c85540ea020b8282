//! A query as its forms show it.

use model::QueryKey;
use serde::Serialize;
use store::{Record, Revision};

use crate::App;
use crate::draft::{QueryDraft, copy_name};
use crate::error::Result;
use crate::query::fetched_with;
use crate::trail::Trail;
use crate::{active, lookup};

/// A query, ready to be edited.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuerySetup {
    /// Which query, and its neighbours.
    pub trail: Trail,
    /// What an edit has to have seen.
    pub revision: Revision,
    /// What can be edited.
    #[serde(flatten)]
    pub draft: QueryDraft,
    /// Whether it is the one last chosen.
    pub is_active: bool,
    /// A free name for a duplicate.
    pub copy_name: String,
    /// The JQL that its issues were fetched with, if it is another one now: they are stale. Empty
    /// if it is not known.
    pub fetched_with: Option<String>,
}

impl App {
    /// A query as its forms show it; an error if it is not there.
    pub fn query_setup(&self, key: &QueryKey) -> Result<QuerySetup> {
        let reader = self.store.read()?;
        let trail = self.trail(&*reader, key)?;
        let query = lookup::query(&*reader, key)?;
        let active = active::selection(&*reader)?;
        Ok(QuerySetup {
            revision: reader.revision_of(Record::Query(key))?.unwrap_or_default(),
            draft: QueryDraft::of(&query),
            is_active: active.profile.as_deref() == Some(key.profile.as_str())
                && active.query.as_deref() == Some(key.query.as_str()),
            copy_name: copy_name(&query.name, &trail.queries),
            fetched_with: fetched_with(&*reader, &query)?,
            trail,
        })
    }
}
