//! What is set up: a profile and a query as their forms show them.

use model::{ProfileId, QueryKey, name};
use serde::Serialize;
use store::{Record, Revision};

use crate::App;
use crate::draft::{ProfileDraft, QueryDraft};
use crate::error::Result;
use crate::lookup;
use crate::trail::{Named, Trail};
use crate::workspace::{self, QueryEntry};

/// A profile, ready to be edited.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProfileSetup {
    /// Which profile, and its neighbours.
    pub trail: Trail,
    /// What an edit has to have seen.
    pub revision: Revision,
    /// What can be edited.
    #[serde(flatten)]
    pub draft: ProfileDraft,
    /// Whether it is the one last chosen.
    pub is_active: bool,
    /// A free name for a duplicate.
    pub copy_name: String,
    /// Its queries, most recently used first.
    pub queries: Vec<QueryEntry>,
}

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
    /// A profile as its forms show it; an error if it is not there.
    pub fn profile_setup(&self, id: &ProfileId) -> Result<ProfileSetup> {
        let reader = self.store.read()?;
        let trail = Trail::to(&*reader, id, None)?;
        let profile = lookup::profile(&*reader, id)?;
        let active = workspace::selection(&*reader)?;
        let queries = reader.queries(id)?;
        Ok(ProfileSetup {
            revision: reader.revision_of(Record::Profile(id))?.unwrap_or_default(),
            draft: ProfileDraft::of(&profile),
            is_active: active.profile.as_deref() == Some(id.as_str()),
            copy_name: copy_name(&profile.name, &trail.profiles),
            queries: queries.into_iter().map(|query| QueryEntry::of(query, &active)).collect(),
            trail,
        })
    }

    /// A query as its forms show it; an error if it is not there.
    pub fn query_setup(&self, key: &QueryKey) -> Result<QuerySetup> {
        let reader = self.store.read()?;
        let trail = Trail::to(&*reader, &key.profile, Some(&key.query))?;
        let query = lookup::query(&*reader, key)?;
        let active = workspace::selection(&*reader)?;
        Ok(QuerySetup {
            revision: reader.revision_of(Record::Query(key))?.unwrap_or_default(),
            draft: QueryDraft::of(&query),
            is_active: active.profile.as_deref() == Some(key.profile.as_str())
                && active.query.as_deref() == Some(key.query.as_str()),
            copy_name: copy_name(&query.name, &trail.queries),
            fetched_with: crate::query::fetched_with(&*reader, &query)?,
            trail,
        })
    }
}

/// `NAME (copy)`, numbered where that is taken, and cut where it is too long.
fn copy_name(original: &str, taken: &[Named]) -> String {
    const SUFFIX: &str = " (copy)";
    let stem: String = original.chars().take(name::NAME_CHARACTERS_MAX - SUFFIX.len()).collect();
    let is_taken = |candidate: &str| {
        taken.iter().any(|named| name::fold(&named.name) == name::fold(candidate))
    };
    name::numbered(&format!("{}{SUFFIX}", stem.trim_end()), is_taken)
}
