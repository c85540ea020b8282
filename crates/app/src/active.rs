//! Choosing the profile and the query that commands mean when they name none.

use model::{ProfileId, QueryId, QueryKey};
use serde::Serialize;
use store::{ACTIVE_PROFILE, ACTIVE_QUERY, Reader};

use crate::App;
use crate::error::Result;

/// The stored selection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Selection {
    /// Id of the active profile.
    pub profile: Option<String>,
    /// Id of the active query in it.
    pub query: Option<String>,
}

pub(crate) fn selection(reader: &dyn Reader) -> Result<Selection> {
    Ok(Selection { profile: reader.state(ACTIVE_PROFILE)?, query: reader.state(ACTIVE_QUERY)? })
}

impl App {
    /// Makes a profile the active one, and `query` of it, or else the one it used last. Both are
    /// noted as used now. An error if one of them is not there.
    pub fn choose(&self, profile: &ProfileId, query: Option<&QueryId>) -> Result<Selection> {
        let now = self.now();
        let mut writer = self.store.write()?;
        writer.touch_profile(profile, now)?;
        let query = match query {
            Some(id) => Some(QueryKey::new(profile.clone(), id.clone())),
            None => writer.queries(profile)?.into_iter().next().map(|summary| summary.key),
        };
        writer.put_state(ACTIVE_PROFILE, profile.as_str())?;
        match &query {
            Some(key) => {
                writer.touch_query(key, now)?;
                writer.put_state(ACTIVE_QUERY, key.query.as_str())?;
            }
            None => {
                writer.remove_state(ACTIVE_QUERY)?;
            }
        }
        writer.commit()?;
        let query = query.map(|key| key.query.to_string());
        Ok(Selection { profile: Some(profile.to_string()), query })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::ProfileDraft;
    use crate::sample::Sample;

    #[test]
    fn a_choice_is_remembered_whole_or_not_at_all() {
        let Sample { app, key, .. } = &Sample::issues();
        let active = || app.workspace().unwrap().active;
        let of = |profile: &str, query: Option<&str>| Selection {
            profile: Some(profile.to_owned()),
            query: query.map(str::to_owned),
        };
        let missing = QueryId::new("missing").unwrap();
        assert!(app.choose(&key.profile, Some(&missing)).is_err());
        assert_eq!(active(), Selection::default());
        assert_eq!(app.workspace().unwrap().profiles[0].last_used, None);

        assert_eq!(app.choose(&key.profile, None).unwrap(), of("p", Some("q")));
        assert_eq!(active(), of("p", Some("q")));
        let entry = &app.workspace().unwrap().profiles[0];
        assert_eq!(
            (entry.last_used, entry.queries[0].last_used),
            (Some(app.now()), Some(app.now()))
        );

        let draft = ProfileDraft { name: "Empty".into(), ..ProfileDraft::default() };
        let empty = app.create_profile(&draft).unwrap();
        assert_eq!(app.choose(&empty, None).unwrap(), of(empty.as_str(), None));
        assert_eq!(active(), of(empty.as_str(), None));
    }
}
