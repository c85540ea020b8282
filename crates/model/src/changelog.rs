//! The dated field changes of one issue.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::json::{Document, Tape, Value};
use crate::stamp;

/// A cached changelog: the entry as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changelog {
    /// Key of the issue.
    pub key: String,
    /// The entry as received.
    pub document: Document,
}

/// One change of status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// When; changes without a readable time are not transitions.
    pub at: Timestamp,
    /// Name of the status before.
    pub from: Option<String>,
    /// Name of the status after.
    pub to: Option<String>,
}

/// Status changes of an entry, oldest first whatever the order it was received in.
pub fn transitions(document: &Document, tape: &mut Tape) -> Vec<Transition> {
    tape.parse(document.as_str()).map(transitions_of).unwrap_or_default()
}

/// The same from a parsed entry.
pub fn transitions_of(entry: Value<'_>) -> Vec<Transition> {
    let mut found = Vec::new();
    let histories = entry.get("changelog").and_then(|changelog| changelog.get("histories"));
    for history in histories.iter().flat_map(Value::elements) {
        let created = history.get("created").and_then(|created| created.as_text());
        let at = created.and_then(|text| stamp::parse(&text, &TimeZone::UTC));
        let Some((at, _)) = at else { continue };
        for item in history.get("items").iter().flat_map(Value::elements) {
            if item.get("field").is_some_and(|field| field.is_named("status")) {
                let text = |name| item.get(name).and_then(|v| Some(v.as_text()?.into_owned()));
                found.push(Transition { at, from: text("fromString"), to: text("toString") });
            }
        }
    }
    // Cloud sends newest first. A reversed list keeps changes of one instant in their true order.
    let is_newest_first =
        matches!((found.first(), found.last()), (Some(a), Some(b)) if a.at > b.at);
    if is_newest_first {
        found.reverse();
    }
    found.sort_by_key(|transition| transition.at);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_first_is_turned_around() {
        let entry = |items: &str| format!(r#"{{"changelog":{{"histories":[{items}]}}}}"#);
        let change = |at: &str, from: &str, to: &str| {
            format!(
                r#"{{"created":"{at}","items":[{{"field":"status","fromString":"{from}","toString":"{to}"}},{{"field":"Sprint"}}]}}"#
            )
        };
        let (t1, t2) = ("2025-06-02T10:00:00.000+0000", "2025-06-03T10:00:00.000+0000");
        let text = entry(
            &[
                change(t2, "B", "C"),
                change(t1, "A", "B"),
                change(t1, "", "A"),
                change("?", "x", "y"),
            ]
            .join(","),
        );
        let mut tape = Tape::new();
        let document = Document::parse(&text, &mut tape).unwrap();
        let order: Vec<_> =
            transitions(&document, &mut tape).into_iter().map(|t| t.to.unwrap()).collect();
        assert_eq!(order, ["A", "B", "C"]);
    }
}
