//! What the document and the changelog of one item under way say beside its facts: who has it,
//! whether it is flagged, what it is part of, when it was last touched.

use model::changelog;
use model::json::{Kind, Value};
use model::{QueryKey, Tape, TimeZone, Timestamp};
use serde::Serialize;
use store::Reader;

use crate::error::Result;

/// Names of the field that flags an issue as impeded; small and large letters are the same.
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
        let (entry, issue) = (reader.changelog(query, key)?, reader.issue(query, key)?);
        let (mut entry_tape, mut issue_tape) = (Tape::new(), Tape::new());
        let entry = entry.as_ref().and_then(|entry| entry_tape.parse(entry.document.as_str()).ok());
        let issue = issue.as_ref().and_then(|issue| issue_tape.parse(issue.document.as_str()).ok());
        Ok(Detail::of(issue, entry, moment))
    }

    fn of(document: Option<Value<'_>>, entry: Option<Value<'_>>, moment: Timestamp) -> Detail {
        let mut changes = entry.map(changelog::dated_items).unwrap_or_default();
        changes.retain(|(at, _)| *at <= moment);
        // What the last change of a field set it to.
        let last_of = |names: &[&str]| {
            let is_one = |field: Value<'_>| {
                let field = field.as_text();
                field.is_some_and(|field| names.iter().any(|name| field.eq_ignore_ascii_case(name)))
            };
            let mut found = changes.iter().rev().map(|(_, item)| item);
            let found = found.find(|item| item.get("field").is_some_and(is_one))?;
            Some(found.get("toString").and_then(text).filter(|to| !to.is_empty()))
        };
        let fields = document.and_then(|document| document.get("fields"));
        let field = |name: &str| fields.and_then(|fields| fields.get(name));
        let assignee = field("assignee");
        let assignee = assignee.and_then(|one| one.get("displayName").or_else(|| one.get("name")));
        let updated = field("updated").and_then(|updated| updated.as_text());
        let updated =
            updated.and_then(|text| model::stamp::parse(&text, &TimeZone::UTC)).map(|(at, _)| at);
        let updated = updated.filter(|at| *at <= moment);
        Detail {
            assignee: assignee.and_then(text).filter(|name| !name.is_empty()),
            is_flagged: match last_of(&FLAG_FIELDS) {
                Some(set) => set.is_some(),
                None => fields.is_some_and(has_impediment),
            },
            epic: last_of(&["Epic Link"]).flatten(),
            changed: changes.last().map(|(at, _)| *at).max(updated),
        }
    }
}

fn text(value: Value<'_>) -> Option<String> {
    value.as_text().map(|text| text.into_owned())
}

/// Whether a field of options holds the usual impediment.
fn has_impediment(fields: Value<'_>) -> bool {
    let is_impediment = |option: Value<'_>| {
        option.get("value").and_then(|value| value.as_text()).is_some_and(|text| text == IMPEDIMENT)
    };
    let is_custom =
        |name: Value<'_>| name.as_text().is_some_and(|name| name.starts_with("customfield_"));
    let mut custom = fields.members().filter(|(name, _)| is_custom(*name));
    custom.any(|(_, value)| value.kind() == Kind::Array && value.elements().any(is_impediment))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of a document after changes, each with its day, field and new text.
    #[track_caller]
    fn check(
        document: &str,
        changes: &[(&str, &str, &str)],
        want: (bool, Option<&str>, Option<&str>),
    ) {
        let history = |(day, field, to): &(&str, &str, &str)| {
            format!(
                r#"{{"created":"{day}T10:00:00.000+0000","items":[{{"field":"{field}","toString":"{to}"}}]}}"#
            )
        };
        let histories: Vec<String> = changes.iter().map(history).collect();
        let entry = format!(r#"{{"changelog":{{"histories":[{}]}}}}"#, histories.join(","));
        let (mut document_tape, mut entry_tape) = (Tape::new(), Tape::new());
        let document = document_tape.parse(document).unwrap();
        let entry = entry_tape.parse(&entry).unwrap();
        let moment = "2025-06-10T00:00:00Z".parse().unwrap();
        let found = Detail::of(Some(document), Some(entry), moment);
        let told = (found.is_flagged, found.assignee.as_deref(), found.epic.as_deref());
        assert_eq!(told, want);
        let known = changes.iter().map(|(day, ..)| *day).filter(|day| *day < "2025-06-10");
        let day = found.changed.map(|at| at.to_string()[..10].to_owned());
        assert_eq!(day.as_deref(), known.max());
    }

    #[test]
    fn the_history_tells_of_the_flag_as_of_the_moment() {
        let set = ("2025-06-02", "Flagged", "Impediment");
        let lifted = ("2025-06-09", "FLAGGED", "");
        let later = ("2025-06-11", "Flagged", "Impediment");
        let empty = r#"{"fields":{}}"#;
        check(empty, &[], (false, None, None));
        check(empty, &[set], (true, None, None));
        check(empty, &[set, lifted], (false, None, None));
        // Cloud sends newest first.
        check(empty, &[lifted, set], (false, None, None));
        check(empty, &[later], (false, None, None));
    }

    #[test]
    fn a_document_tells_where_no_history_does() {
        let flagged = r#"{"fields":{"assignee":{"displayName":"Ada"},
            "customfield_1":[{"value":"Impediment"}]}}"#;
        check(flagged, &[], (true, Some("Ada"), None));
        let other = r#"{"fields":{"assignee":null,"customfield_1":[{"value":"Linux"}]}}"#;
        check(other, &[("2025-06-01", "Epic Link", "ABC-1")], (false, None, Some("ABC-1")));
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
