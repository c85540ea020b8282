//! The dated field changes of one issue.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::issue::{Resolution, id_member};
use crate::json::{Document, Kind, Tape, Value};
use crate::stamp;
use crate::status::StatusRef;

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
    /// The status before; a store makes each once for all transitions.
    pub from: Option<Arc<StatusRef>>,
    /// The status after.
    pub to: Option<Arc<StatusRef>>,
}

/// One change of the resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolutionChange {
    /// When.
    pub at: Timestamp,
    /// What it was.
    pub from: Resolution,
    /// What it became.
    pub to: Resolution,
}

/// What figures need of a changelog.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangelogFacts {
    /// Status changes, oldest first.
    pub transitions: Vec<Transition>,
    /// Changes of the resolution, oldest first.
    pub resolutions: Vec<ResolutionChange>,
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

impl ChangelogFacts {
    /// Reads the facts out of an entry, whatever order it was received in.
    pub fn derive(document: &Document, tape: &mut Tape) -> ChangelogFacts {
        tape.parse(document.as_str()).map(ChangelogFacts::of).unwrap_or_default()
    }

    /// The same from a parsed entry.
    pub fn of(entry: Value<'_>) -> ChangelogFacts {
        let mut changes = each_item(entry, |at, item| fact(at?, item));
        oldest_first(&mut changes, |change| Some(change.at()));
        let mut facts = ChangelogFacts::default();
        for change in changes {
            match change {
                Fact::Status(transition) => facts.transitions.push(transition),
                Fact::Resolution(change) => facts.resolutions.push(change),
            }
        }
        let mut before = None;
        for same_moment in facts.transitions.chunk_by_mut(|a, b| a.at == b.at) {
            chain(same_moment, before.as_deref());
            before = same_moment.last().and_then(|last| last.to.clone());
        }
        facts
    }
}

/// Changes of one moment in the only order in which each begins where the one before ended; as they are, where
/// none or several are such.
fn chain(changes: &mut [Transition], before: Option<&StatusRef>) {
    let begins_at = |change: &Transition, status: Option<&StatusRef>| {
        change.from.as_deref().zip(status).is_some_and(|(from, status)| from.is_same(status))
    };
    let follows = |pair: &[Transition]| match pair {
        [first, second] => begins_at(second, first.to.as_deref()),
        _ => true,
    };
    let is_first = |change: &&Transition| {
        begins_at(change, before)
            || !changes.iter().any(|other| begins_at(change, other.to.as_deref()))
    };
    let mut firsts = changes.iter().filter(is_first);
    let (Some(first), None) = (firsts.next(), firsts.next()) else { return };
    if changes.windows(2).all(follows) && changes.first() == Some(first) {
        return;
    }
    let mut left: Vec<&Transition> =
        changes.iter().filter(|it| !std::ptr::eq(*it, first)).collect();
    let mut chained = vec![first.clone()];
    while let Some(next) = left
        .iter()
        .position(|change| begins_at(change, chained.last().and_then(|last| last.to.as_deref())))
    {
        chained.push(left.remove(next).clone());
    }
    if left.is_empty() {
        changes.clone_from_slice(&chained);
    }
}

/// A change that figures need.
enum Fact {
    Status(Transition),
    Resolution(ResolutionChange),
}

impl Fact {
    fn at(&self) -> Timestamp {
        match self {
            Fact::Status(transition) => transition.at,
            Fact::Resolution(change) => change.at,
        }
    }
}

fn fact(at: Timestamp, item: Value<'_>) -> Option<Fact> {
    let field = item.get("field")?;
    if field.is_named("status") {
        let (from, to) = (status(item, "from", "fromString"), status(item, "to", "toString"));
        return Some(Fact::Status(Transition { at, from, to }));
    }
    field.is_named("resolution").then(|| {
        let named = |name| match text(item, name).filter(|name| !name.is_empty()) {
            Some(name) => Resolution::Named(name),
            None => Resolution::Unresolved,
        };
        let (from, to) = (named("fromString"), named("toString"));
        Fact::Resolution(ResolutionChange { at, from, to })
    })
}

fn status(item: Value<'_>, id: &str, name: &str) -> Option<Arc<StatusRef>> {
    let name = item.get(name).and_then(|name| name.as_text());
    let name = name.filter(|name| !name.is_empty()).map(Arc::from);
    let status = StatusRef { id: id_member(item, id), name };
    (!status.is_empty()).then(|| Arc::new(status))
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

/// The changes of an entry that are dated, oldest first, as they stand there.
pub fn dated_items(entry: Value<'_>) -> Vec<(Timestamp, Value<'_>)> {
    let mut found = each_item(entry, |at, item| Some((at?, item)));
    oldest_first(&mut found, |(at, _)| Some(*at));
    found
}

pub(crate) fn each_item<'v, T>(
    entry: Value<'v>,
    take: impl Fn(Option<Timestamp>, Value<'v>) -> Option<T>,
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
pub(crate) fn oldest_first<T>(found: &mut [T], at: impl Fn(&T) -> Option<Timestamp>) {
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

    /// Each change is `FROM>TO`; those joined by a plus are of one moment.
    #[track_caller]
    fn check_order(told: &str, want: &str) {
        let mut histories = Vec::new();
        for (day, group) in told.split(' ').enumerate() {
            for change in group.split('+') {
                let (from, to) = change.split_once('>').unwrap();
                histories.push(format!(
                    r#"{{"created":"2025-06-{:02}T10:00:00.000Z","items":[{{"field":"status","from":"{from}","to":"{to}"}}]}}"#,
                    day + 1
                ));
            }
        }
        let text = format!(r#"{{"changelog":{{"histories":[{}]}}}}"#, histories.join(","));
        let mut tape = Tape::new();
        let document = Document::parse(&text, &mut tape).unwrap();
        let facts = ChangelogFacts::derive(&document, &mut tape);
        let id = |status: &Option<Arc<StatusRef>>| status.as_ref().unwrap().id.clone().unwrap();
        let found = facts.transitions.iter().map(|it| format!("{}>{}", id(&it.from), id(&it.to)));
        assert_eq!(found.collect::<Vec<_>>().join(" "), want, "{told}");
    }

    #[test]
    fn changes_of_one_moment_follow_on_each_other() {
        check_order("1>2 2>3+3>4 4>5", "1>2 2>3 3>4 4>5");
        check_order("2>3+1>2 3>4", "1>2 2>3 3>4");
        check_order("1>2 3>4+2>3", "1>2 2>3 3>4");
        check_order("1>2 4>5+3>4+2>3 5>6", "1>2 2>3 3>4 4>5 5>6");
        check_order("1>2 3>2+2>3", "1>2 2>3 3>2");
        // Nothing says which of them came first, or they do not hang together.
        check_order("2>1+1>2", "2>1 1>2");
        check_order("1>2 5>6+3>4", "1>2 5>6 3>4");
        check_order("1>2 2>3+2>4", "1>2 2>3 2>4");
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
        let order: Vec<_> = ChangelogFacts::derive(&document, &mut tape)
            .transitions
            .into_iter()
            .map(|t| t.to.unwrap())
            .collect();
        assert_eq!(order, ["A", "B", "C"].map(|name| Arc::new(StatusRef::named(name))));
        let all = changes(&document, &mut tape);
        assert_eq!((all.len(), all.first().unwrap().field.as_str()), (8, "Sprint"));
        assert!(all.last().unwrap().at.is_none());
    }
}
