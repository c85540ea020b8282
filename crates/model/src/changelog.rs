//! The dated field changes of one issue.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::json::{Document, Kind, Tape, Value};
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
    /// Name of the status before; a store makes each name once for all transitions.
    pub from: Option<Arc<str>>,
    /// Name of the status after.
    pub to: Option<Arc<str>>,
}

/// One change of any field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When; `None` if the entry names no readable time.
    pub at: Option<Timestamp>,
    /// Name of the field.
    pub field: String,
    /// What it was, as Jira shows it.
    pub from: Option<String>,
    /// What it became.
    pub to: Option<String>,
}

/// Status changes of an entry, oldest first whatever the order it was received in.
pub fn transitions(document: &Document, tape: &mut Tape) -> Vec<Transition> {
    tape.parse(document.as_str()).map(transitions_of).unwrap_or_default()
}

/// The same from a parsed entry.
pub fn transitions_of(entry: Value<'_>) -> Vec<Transition> {
    let mut found = each_item(entry, |at, item| {
        let is_status = item.get("field").is_some_and(|field| field.is_named("status"));
        let name = |member| item.get(member)?.as_text().map(Arc::from);
        let transition = |at| Transition { at, from: name("fromString"), to: name("toString") };
        at.filter(|_| is_status).map(transition)
    });
    oldest_first(&mut found, |transition| Some(transition.at));
    found
}

/// All changes of an entry, oldest first; those without a readable time at the end.
pub fn changes(document: &Document, tape: &mut Tape) -> Vec<Change> {
    let Ok(entry) = tape.parse(document.as_str()) else { return Vec::new() };
    let mut found = each_item(entry, |at, item| {
        let field = text(item, "field").unwrap_or_default();
        Some(Change { at, field, from: text(item, "fromString"), to: text(item, "toString") })
    });
    oldest_first(&mut found, |change| change.at);
    found
}

fn each_item<T>(
    entry: Value<'_>,
    take: impl Fn(Option<Timestamp>, Value<'_>) -> Option<T>,
) -> Vec<T> {
    let mut found = Vec::new();
    let histories = entry.get("changelog").and_then(|changelog| changelog.get("histories"));
    for history in histories.iter().flat_map(Value::elements) {
        let at = moment(history);
        found.extend(
            history.get("items").iter().flat_map(Value::elements).filter_map(|i| take(at, i)),
        );
    }
    found
}

/// When a history was made. Jira writes a text, in some answers milliseconds since 1970.
pub fn moment(history: Value<'_>) -> Option<Timestamp> {
    let created = history.get("created")?;
    if created.kind() == Kind::Number {
        return Timestamp::from_millisecond(created.raw().parse().ok()?).ok();
    }
    stamp::parse(&created.as_text()?, &TimeZone::UTC).map(|(at, _)| at)
}

fn text(item: Value<'_>, name: &str) -> Option<String> {
    Some(item.get(name)?.as_text()?.into_owned())
}

/// Cloud sends newest first. A reversed list keeps changes of one instant in their true order.
fn oldest_first<T>(found: &mut [T], at: impl Fn(&T) -> Option<Timestamp>) {
    let mut dated = found.iter().filter_map(&at);
    let (first, last) = (dated.next(), dated.next_back());
    if last.is_some() && first > last {
        found.reverse();
    }
    found.sort_by_key(|change| (at(change).is_none(), at(change)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_text_or_milliseconds() {
        for (created, want) in [
            (r#""2025-06-02T10:00:00.000+0200""#, Some("2025-06-02T08:00:00.000Z")),
            ("1748851200000", Some("2025-06-02T08:00:00.000Z")),
            ("1e400", None),
            ("99999999999999999", None),
            ("null", None),
        ] {
            let text = format!(r#"{{"created":{created}}}"#);
            let mut tape = Tape::new();
            let at = moment(tape.parse(&text).unwrap()).map(stamp::format);
            assert_eq!(at.as_deref(), want, "{created}");
        }
    }

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
        assert_eq!(order, ["A", "B", "C"].map(Arc::from));
        let all = changes(&document, &mut tape);
        assert_eq!((all.len(), all.first().unwrap().field.as_str()), (8, "Sprint"));
        assert!(all.last().unwrap().at.is_none());
    }
}
