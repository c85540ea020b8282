//! `jira_query_profiles.json`: saved JQL texts, global to the workspace.

use model::Json;
use model::secret::take_secrets;
use store::legacy::{Finding, FindingKind};

use super::Planner;
use crate::error::Result;
use crate::folder::Kind;
use crate::inventory::{ARCHIVED_SAVED_QUERIES, SAVED_QUERIES};
use crate::read::load_list;
use crate::report::Fate;

impl Planner<'_> {
    /// App state that keeps the list; the archived file counts where the real one is missing.
    pub(super) fn saved_queries(&mut self) -> Result<Vec<(String, String)>> {
        let has_root = self.folder.kind(SAVED_QUERIES)? != Kind::Absent;
        let path = if has_root { SAVED_QUERIES } else { ARCHIVED_SAVED_QUERIES };
        if !self.folder.is_file(path)? {
            return Ok(Vec::new());
        }
        if has_root && self.folder.is_file(ARCHIVED_SAVED_QUERIES)? {
            let note = "the list in the root folder counts";
            let finding = Finding::new("", FindingKind::OlderCopy, note);
            self.ledger.find(ARCHIVED_SAVED_QUERIES, &[finding]);
        }
        let Some(mut list) = self.read_list(path)? else { return Ok(Vec::new()) };
        for saved in &mut list {
            self.take_secrets_of(path, saved);
        }
        for saved in &list {
            let text = |name: &str| Some(saved.get(name)?.as_text()?.into_owned());
            self.saved.push((text("name").unwrap_or_default(), text("jql").unwrap_or_default()));
        }
        Ok(vec![("saved_queries".to_owned(), Json::Array(list).to_compact())])
    }

    fn take_secrets_of(&mut self, path: &str, saved: &mut Json) {
        let Json::Object(members) = saved else { return };
        for (member, _) in take_secrets(members) {
            let note = "a secret does not belong here";
            self.ledger.find(path, &[Finding::new(member, FindingKind::SecretRemoved, note)]);
        }
    }

    fn read_list(&mut self, path: &str) -> Result<Option<Vec<Json>>> {
        let (list, outcome) = load_list(self.folder, path)?;
        let fate = match (&list, outcome.is_damaged) {
            (Some(_), false) => Fate::Imported,
            (Some(list), true) if !list.is_empty() => Fate::Partly,
            _ => Fate::Quarantined,
        };
        self.ledger.find(path, &outcome.findings);
        self.ledger.settle(path, fate, outcome.records);
        Ok(list)
    }
}
