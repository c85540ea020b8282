//! Issues in an answer: as the sweep sees them, and whole.

use model::json::{Kind, Value};
use model::{Document, TimeZone, stamp};

use crate::changelog::{Histories, id_text};
use model::remote::{Fetched, Stub};

/// An answer that misses what it must have, in words.
pub(crate) type Read<T> = std::result::Result<T, &'static str>;

/// A whole issue, of whose history more may have to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Whole {
    pub stub: Stub,
    pub document: Document,
    pub histories: Histories,
    /// How many histories Jira says there are.
    pub told: Option<u64>,
    /// Whether there may be more than came though nobody says so: none were sent, or what may be cut
    /// short could not be compared with anything.
    pub is_unsure: bool,
}

impl Whole {
    /// Whether it is known, or has to be feared, that histories are missing.
    pub fn lacks_histories(&self) -> bool {
        self.is_unsure || self.told.is_some_and(|told| told > self.histories.count())
    }
}

impl From<Whole> for Fetched {
    fn from(whole: Whole) -> Self {
        // What came is there, whatever the total says.
        let told = whole.told.unwrap_or(0).max(whole.histories.count());
        Self {
            stub: whole.stub,
            document: whole.document,
            changelog: whole.histories.document(),
            histories_told: (!whole.is_unsure).then_some(told),
            histories_received: whole.histories.whole_count(),
        }
    }
}

/// Reads what the sweep needs of an issue.
pub(crate) fn stub(issue: Value<'_>) -> Read<Stub> {
    let id = id_text(issue).ok_or("an issue has no id")?;
    let key = issue.get("key").and_then(|key| key.as_text()).filter(|key| !key.is_empty());
    let updated = issue.get("fields").and_then(|fields| fields.get("updated")?.as_text());
    let updated = updated.and_then(|text| stamp::parse(&text, &TimeZone::UTC));
    Ok(Stub {
        id,
        key: key.ok_or("an issue has no key")?.into_owned(),
        updated: updated.map(|(at, _)| at),
    })
}

/// Reads a whole issue. Its document is what came but for the changelog, nothing else is dropped.
pub(crate) fn whole(issue: Value<'_>) -> Read<Whole> {
    if issue.get("fields").is_none() {
        return Err("an issue has no fields");
    }
    let log = issue.get("changelog");
    let total = log.and_then(|log| count(log.get("total")?));
    let list = log.and_then(|log| list_of(log, "histories"));
    let (histories, doubles) = Histories::read(list);
    Ok(Whole {
        is_unsure: list.is_none(),
        stub: stub(issue)?,
        document: without_changelog(issue),
        histories,
        // What came twice is counted twice, too.
        told: total.map(|total| total.saturating_sub(doubles)),
    })
}

/// A number of things.
pub(crate) fn count(value: Value<'_>) -> Option<u64> {
    value.raw().parse().ok()
}

/// The member of that name, if it is a list.
pub(crate) fn list_of<'v>(value: Value<'v>, name: &str) -> Option<Value<'v>> {
    value.get(name).filter(|list| list.kind() == Kind::Array)
}

/// The issues of an answer, each read by `one`.
pub(crate) fn issues<'v, T>(answer: Value<'v>, one: impl Fn(Value<'v>) -> Read<T>) -> Read<Vec<T>> {
    let list = list_of(answer, "issues").ok_or("there is no list of issues in it")?;
    list.elements().map(one).collect()
}

fn without_changelog(issue: Value<'_>) -> Document {
    let mut text = String::with_capacity(issue.raw().len());
    for (name, value) in issue.members().filter(|(name, _)| !name.is_named("changelog")) {
        text.push(if text.is_empty() { '{' } else { ',' });
        name.write_compact(&mut text);
        text.push(':');
        value.write_compact(&mut text);
    }
    text.push('}');
    text.shrink_to_fit();
    Document::from_stored(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Tape;

    #[track_caller]
    fn check(issue: &str, want: Read<(&str, u64, Option<u64>)>) {
        let mut tape = Tape::new();
        let got = whole(tape.parse(issue).unwrap());
        let facts = got
            .as_ref()
            .map(|whole| (whole.document.as_str(), whole.histories.count(), whole.told));
        assert_eq!(facts.map_err(|why| *why), want, "{issue}");
    }

    #[test]
    fn a_document_is_what_came_without_its_changelog() {
        check(
            r#"{ "expand":"x", "id":"1", "changelog":{"total":2,"histories":[{"id":"5"}]}, "key":"A-1",
                "fields":{"updated":"2025-06-02T10:00:00.000+0000","n":1.50,"s":"\ud800"} }"#,
            Ok((
                r#"{"expand":"x","id":"1","key":"A-1","fields":{"updated":"2025-06-02T10:00:00.000+0000","n":1.50,"s":"\ud800"}}"#,
                1,
                Some(2),
            )),
        );
        // A history that came twice is not one that is missing.
        let document = r#"{"id":"1","fields":{},"key":"A-1"}"#;
        for (histories, count, told) in [
            (r#"{"id":"5"},{"id":"5"},{"id":"6"}"#, 2, 2),
            (r#"{"id":"5"},{"id":"5","n":1},{"id":"6"}"#, 3, 3),
            (r#"{"id":"5"},{"id":"5"}"#, 1, 2),
        ] {
            let log = format!(r#""changelog":{{"total":3,"histories":[{histories}]}}"#);
            let issue = format!(r#"{{"id":"1",{log},"fields":{{}},"key":"A-1"}}"#);
            check(&issue, Ok((document, count, Some(told))));
        }
        check(
            r#"{"id":7,"key":"A-1","fields":{}}"#,
            Ok((r#"{"id":7,"key":"A-1","fields":{}}"#, 0, None)),
        );
        check(r#"{"key":"A-1","fields":{}}"#, Err("an issue has no id"));
        check(r#"{"id":"","key":"A-1","fields":{}}"#, Err("an issue has no id"));
        check(r#"{"id":"1","key":5,"fields":{}}"#, Err("an issue has no key"));
        check(r#"{"id":"1","key":"A-1"}"#, Err("an issue has no fields"));
        check("7", Err("an issue has no fields"));
    }
}
