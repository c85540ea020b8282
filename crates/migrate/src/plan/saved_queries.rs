//! `jira_query_profiles.json`: saved JQL texts, global to the workspace.

use model::secret::take_secrets;
use model::{Json, Tape};
use store::legacy::split::{Piece, split};
use store::legacy::{Finding, FindingKind};

use super::Planner;
use crate::error::{Error, Result};
use crate::folder::Kind;
use crate::inventory::{ARCHIVED_SAVED_QUERIES, SAVED_QUERIES};
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
        let place = self.folder.place(path)?;
        let (mut list, mut findings, mut tape) = (Vec::new(), Vec::new(), Tape::new());
        let end = split::<_, std::io::Error>(self.folder.open(path)?, &[], &mut |piece| {
            if let Piece::Element(_, text) = piece {
                match tape.parse(&text.text) {
                    Ok(value) => list.push(Json::from(value)),
                    Err(error) => {
                        let path = format!("[{}]", list.len());
                        findings.push(Finding::new(
                            path,
                            FindingKind::BadRecord,
                            error.to_string(),
                        ));
                    }
                }
            }
            Ok(())
        })
        .map_err(|error| Error::io("reading", &place, &error))?;
        let is_list = end.opens_with == Some(b'[');
        if let Some(at) = end.damaged_at() {
            let kind = if is_list { FindingKind::Cut } else { FindingKind::Unreadable };
            findings.push(Finding::new("", kind, format!("the file breaks at byte {at}")));
        } else if !is_list {
            let note = "no list where saved queries belong";
            findings.push(Finding::new("", FindingKind::Unreadable, note));
        }
        let fate = match (is_list, findings.is_empty()) {
            (true, true) => Fate::Imported,
            (true, false) if !list.is_empty() => Fate::Partly,
            _ => Fate::Quarantined,
        };
        self.ledger.find(path, &findings);
        self.ledger.settle(path, fate, list.len() as u64);
        Ok(is_list.then_some(list))
    }
}
