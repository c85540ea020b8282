//! What the document and the changelog of one item under way say beside its facts: who has it,
//! whether it is flagged, what it is part of, when it was last touched.

use model::changelog::{self, Change};
use model::json::Json;
use model::{QueryKey, Tape, TimeZone, Timestamp};
use serde::Serialize;
use store::Reader;

use crate::error::Result;

/// Names of the field that flags an issue as impeded, in small letters.
const FLAG_FIELDS: [&str; 4] = ["flagged", "markiert", "gekennzeichnet", "marqué"];
/// What Jira writes into that field unless an administrator changed it.
const IMPEDIMENT: &str = "Impediment";
/// Parts of names of statuses in which work is blocked, in small letters.
const BLOCKED: [&str; 6] = ["block", "on hold", "impeded", "impediment", "bloque", "bloqué"];

/// What is known of one item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(super) struct Detail {
    pub assignee: Option<String>,
    pub is_flagged: bool,
    /// Key of its epic, where only a link of its history names one.
    pub epic: Option<String>,
    pub changed: Option<Timestamp>,
}

/// Whether the name of a status says that work in it is blocked.
pub(super) fn is_blocked_status(name: &str) -> bool {
    let name = name.to_lowercase();
    BLOCKED.iter().any(|part| name.contains(part))
}

impl Detail {
    /// As far as is known at a moment; the assignee is today's.
    pub fn read(
        reader: &dyn Reader,
        query: &QueryKey,
        key: &str,
        moment: Timestamp,
    ) -> Result<Detail> {
        let mut tape = Tape::new();
        let changes = reader.changelog(query, key)?;
        let changes = changes.map(|entry| changelog::changes(&entry.document, &mut tape));
        let document = reader.issue(query, key)?.and_then(|issue| issue.document.to_json().ok());
        Ok(Detail::of(document.as_ref(), changes.as_deref().unwrap_or_default(), moment))
    }

    fn of(document: Option<&Json>, changes: &[Change], moment: Timestamp) -> Detail {
        let known: Vec<&Change> =
            changes.iter().filter(|change| change.at.is_some_and(|at| at <= moment)).collect();
        let last_of = |is_it: &dyn Fn(&str) -> bool| {
            known.iter().rev().find(|change| is_it(&change.field.to_lowercase())).copied()
        };
        let fields = document.and_then(|document| document.get("fields"));
        let text = |value: &Json| value.as_text().map(|text| text.into_owned());
        let assignee = fields.and_then(|fields| fields.get("assignee"));
        let assignee = assignee.and_then(|one| one.get("displayName").or_else(|| one.get("name")));
        let flagged = last_of(&|field| FLAG_FIELDS.contains(&field));
        let said = |change: &Change| change.to.clone().filter(|to| !to.is_empty());
        let updated = fields.and_then(|fields| fields.get("updated")).and_then(text);
        let updated =
            updated.and_then(|text| model::stamp::parse(&text, &TimeZone::UTC)).map(|(at, _)| at);
        let updated = updated.filter(|at| *at <= moment);
        Detail {
            assignee: assignee.and_then(text).filter(|name| !name.is_empty()),
            is_flagged: match flagged {
                Some(change) => said(change).is_some(),
                None => fields.is_some_and(has_impediment),
            },
            epic: last_of(&|field| field == "epic link").and_then(said),
            changed: known.iter().filter_map(|change| change.at).max().max(updated),
        }
    }
}

/// Whether a field of options holds the usual impediment.
fn has_impediment(fields: &Json) -> bool {
    let is_impediment = |option: &Json| {
        let value = option.get("value").and_then(Json::as_text);
        value.is_some_and(|value| value == IMPEDIMENT)
    };
    let fields = fields.as_object().into_iter().flat_map(|fields| fields.iter());
    fields
        .filter(|(name, _)| name.starts_with("customfield_"))
        .any(|(_, value)| value.as_array().is_some_and(|options| options.iter().any(is_impediment)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn change(day: &str, field: &str, to: &str) -> Change {
        Change {
            at: Some(at(&format!("{day}T10:00:00Z"))),
            field: field.to_owned(),
            from: None,
            to: Some(to.to_owned()),
        }
    }

    #[track_caller]
    fn check(document: &str, changes: &[Change], want: (bool, Option<&str>, Option<&str>)) {
        let document = Json::parse(document).unwrap();
        let found = Detail::of(Some(&document), changes, at("2025-06-10T00:00:00Z"));
        let told = (found.is_flagged, found.assignee.as_deref(), found.epic.as_deref());
        assert_eq!(told, want);
    }

    #[test]
    fn the_history_tells_of_the_flag_as_of_the_moment() {
        let set = change("2025-06-02", "Flagged", "Impediment");
        let lifted = change("2025-06-09", "Flagged", "");
        let later = change("2025-06-11", "Flagged", "Impediment");
        let empty = r#"{"fields":{}}"#;
        check(empty, &[], (false, None, None));
        check(empty, std::slice::from_ref(&set), (true, None, None));
        check(empty, &[set, lifted], (false, None, None));
        check(empty, &[later], (false, None, None));
    }

    #[test]
    fn a_document_tells_where_no_history_does() {
        let flagged = r#"{"fields":{"assignee":{"displayName":"Ada"},
            "customfield_1":[{"value":"Impediment"}]}}"#;
        check(flagged, &[], (true, Some("Ada"), None));
        let other = r#"{"fields":{"assignee":null,"customfield_1":[{"value":"Linux"}]}}"#;
        check(other, &[change("2025-06-01", "Epic Link", "ABC-1")], (false, None, Some("ABC-1")));
    }

    #[test]
    fn statuses_that_say_so_are_blocked() {
        for (name, want) in
            [("Blocked", true), ("On Hold", true), ("In Progress", false), ("Impediment", true)]
        {
            assert_eq!(is_blocked_status(name), want, "{name}");
        }
    }
}
