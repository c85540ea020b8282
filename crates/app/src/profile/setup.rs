//! A profile as its forms show it.

use model::ProfileId;
use serde::Serialize;
use store::{Record, Revision};

use crate::App;
use crate::draft::{ProfileDraft, copy_name};
use crate::error::Result;
use crate::trail::Trail;
use crate::workspace::QueryEntry;
use crate::{active, lookup};

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

impl App {
    /// A profile as its forms show it; an error if it is not there.
    pub fn profile_setup(&self, id: &ProfileId) -> Result<ProfileSetup> {
        let reader = self.store.read()?;
        let trail = Trail::to(&*reader, id, None)?;
        let profile = lookup::profile(&*reader, id)?;
        let active = active::selection(&*reader)?;
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
}
