//! The active selection: what the registry says if it exists, else what was used last.

use store::legacy::FindingKind;

use super::registry::Registry;
use super::{PlannedProfile, PlannedQuery, Planner};

impl Planner<'_> {
    /// App state for the active profile and query.
    pub(super) fn selection(
        &mut self,
        registry: &Registry,
        profiles: &[PlannedProfile],
    ) -> Vec<(String, String)> {
        let wanted = registry.active_profile.as_deref();
        let named = profiles.iter().find(|p| Some(p.profile.id.as_str()) == wanted);
        let Some(profile) = named.or_else(|| last_used(profiles)) else { return Vec::new() };
        let wanted_query = registry.active_query.as_deref().filter(|_| named.is_some());
        let named_query =
            profile.queries.iter().find(|q| Some(q.query.key.query.as_str()) == wanted_query);
        let query = named_query.or_else(|| newest(&profile.queries));
        if named.is_none() && registry.is_known {
            let note = format!("no such profile; {} was used last", profile.profile.id);
            self.ledger.note("active_profile_id", FindingKind::DanglingSelection, note);
        }
        if named_query.is_none() && registry.is_known {
            let chosen = query.map_or("none", |query| query.query.key.query.as_str());
            let note = format!("no such query in {}; chosen: {chosen}", profile.profile.id);
            self.ledger.note("active_query_id", FindingKind::DanglingSelection, note);
        }
        let mut states = vec![("active_profile_id".to_owned(), profile.profile.id.to_string())];
        if let Some(query) = query {
            states.push(("active_query_id".to_owned(), query.query.key.query.to_string()));
        }
        states
    }
}

/// The profile used last by real time; of equals the first.
fn last_used(profiles: &[PlannedProfile]) -> Option<&PlannedProfile> {
    let used = |planned: &PlannedProfile| planned.profile.last_used.as_ref().and_then(|at| at.at);
    profiles.iter().rev().max_by_key(|planned| used(planned))
}

/// The query made or edited last; of equals the first.
fn newest(queries: &[PlannedQuery]) -> Option<&PlannedQuery> {
    let touched = |planned: &PlannedQuery| {
        let query = &planned.query;
        let stamps = [&query.last_used, &query.updated_at, &query.created_at];
        stamps.into_iter().flatten().filter_map(|stamp| stamp.at).max()
    };
    queries.iter().rev().max_by_key(|planned| (!planned.records.is_empty(), touched(planned)))
}
