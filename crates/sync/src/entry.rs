//! A changelog as it is stored: in the form of the old app's entries, with the histories as Jira sent
//! them.

use std::collections::HashSet;

use model::changelog::moment;
use model::json::{Value, push_string};
use model::remote::Fetched;
use model::{Changelog, Document, Json, Tape, Timestamp, stamp};

/// When a history was written.
const CREATED: &str = "created";

/// Fields of an issue that stand beside its changelog.
const BESIDE: [&str; 6] =
    ["project", "fixVersions", "status", "issuetype", "created", "resolutiondate"];

/// The entry of an issue; without histories if the server sent none that can be read. Where not all of
/// them came, those that are `known` stay beside what came: histories are never taken back.
pub(super) fn entry(
    fetched: &Fetched,
    known: Option<&Changelog>,
    tapes: &mut [Tape; 2],
) -> Changelog {
    let [of_issue, of_changelog] = tapes;
    let key = &fetched.stub.key;
    let mut text = String::from("{\"key\":");
    push_string(key, &mut text);
    text += ",\"fields\":{";
    let issue = of_issue.parse(fetched.document.as_str()).ok();
    push_members(issue.and_then(|issue| issue.get("fields")), &mut text);
    text += "},\"changelog\":{\"histories\":";
    let came = histories(&fetched.changelog, of_changelog);
    match (known.filter(|_| !fetched.has_whole_history()), came) {
        (Some(known), came) => text += &joined(histories(&known.document, of_issue), came),
        (None, Some(came)) => push_histories(came, &mut text),
        (None, None) => text += "[]",
    }
    if let Some(told) = fetched.histories_told {
        text += &format!(",\"total\":{told}");
    }
    text.push('}');
    // The time of change and not of the fetch: what did not change is then not written again.
    if let Some(updated) = fetched.stub.updated {
        text += ",\"last_updated\":";
        push_string(&stamp::format(updated), &mut text);
    }
    text.push('}');
    Changelog { key: key.clone(), document: Document::from_stored(text) }
}

/// The list of histories of an entry.
fn histories<'t>(entry: &'t Document, tape: &'t mut Tape) -> Option<Value<'t>> {
    tape.parse(entry.as_str()).ok()?.get("changelog")?.get("histories")
}

/// Histories of both lists, oldest first; each once, as the first has it if that says what changed.
fn joined(known: Option<Value<'_>>, came: Option<Value<'_>>) -> String {
    let name = |history: &Value<'_>| match history.get("id") {
        Some(id) => id.as_text().unwrap_or_else(|| id.raw().into()).into_owned(),
        None => history.raw().to_owned(),
    };
    let says = |history: &Value<'_>| history.get("items").is_some();
    let mut all: Vec<Value<'_>> =
        known.iter().flat_map(Value::elements).filter(|history| says(history)).collect();
    let there: HashSet<String> = all.iter().map(name).collect();
    let came = came.iter().flat_map(Value::elements);
    all.extend(came.filter(|history| !there.contains(&name(history))));
    all.sort_by_key(|history| (moment(*history).is_none(), moment(*history)));
    let text = |history: &Value<'_>| {
        let mut json = Json::from(*history);
        write_out_moment(&mut json);
        json.to_compact()
    };
    format!("[{}]", all.iter().map(text).collect::<Vec<_>>().join(","))
}

/// The histories as Jira sent them, but for moments that one of Cloud's ways sends as numbers: the old
/// app reads texts, and the same history must not look like another one by the way it came.
fn push_histories(histories: Value<'_>, text: &mut String) {
    let is_number = |history: Value<'_>| history.get(CREATED).and_then(|at| at.as_f64()).is_some();
    if !histories.elements().any(is_number) {
        return histories.write_compact(text);
    }
    let mut json = Json::from(histories);
    if let Json::Array(list) = &mut json {
        list.iter_mut().for_each(write_out_moment);
    }
    *text += &json.to_compact();
}

/// Puts a moment in milliseconds as Jira's texts have it.
fn write_out_moment(history: &mut Json) {
    let Json::Object(history) = history else { return };
    let told_ms = history.get(CREATED).and_then(Json::as_f64);
    if let Some(at) = told_ms.and_then(|ms| Timestamp::from_millisecond(ms as i64).ok()) {
        history.set(CREATED, Json::text(stamp::format(at).replace('Z', "+0000")));
    }
}

/// The members of `fields` that the old app keeps beside a changelog.
fn push_members(fields: Option<Value<'_>>, text: &mut String) {
    let mut separator = "";
    for name in BESIDE {
        let Some(value) = fields.and_then(|fields| fields.get(name)) else { continue };
        *text += separator;
        push_string(name, text);
        text.push(':');
        value.write_compact(text);
        separator = ",";
    }
}

#[cfg(test)]
mod tests {
    use model::remote::Stub;

    use super::*;

    #[track_caller]
    fn check(document: &str, changelog: &str, want: &str) {
        let mut tape = Tape::new();
        let mut parse = |text: &str| Document::parse(text, &mut tape).unwrap();
        let updated = "2026-11-22T12:00:00Z".parse().ok();
        let fetched = Fetched {
            stub: Stub { id: "1".to_owned(), key: "K\"1".to_owned(), updated },
            document: parse(document),
            changelog: parse(changelog),
            histories_told: Some(2),
            histories_received: 1,
        };
        let entry = entry(&fetched, None, &mut [Tape::new(), Tape::new()]);
        assert_eq!(entry.document.as_str(), want);
        assert_eq!(parse(want).as_str(), want, "it is compact JSON");
    }

    /// What is stored of an issue whose histories are `known`, `came` and told to be so many.
    #[track_caller]
    fn check_kept(known: &str, came: &str, told: Option<u64>, want: &str) {
        let entry_of = |list: &str| {
            Document::from_stored(format!(r#"{{"changelog":{{"histories":[{list}]}}}}"#))
        };
        let known = Changelog { key: "K-1".to_owned(), document: entry_of(known) };
        let fetched = Fetched {
            stub: Stub { id: "1".to_owned(), key: "K-1".to_owned(), updated: None },
            document: Document::from_stored("{}".to_owned()),
            changelog: entry_of(came),
            histories_told: told,
            histories_received: 1,
        };
        let entry = entry(&fetched, Some(&known), &mut [Tape::new(), Tape::new()]);
        let total = told.map_or_else(String::new, |told| format!(r#","total":{told}"#));
        let want =
            format!(r#"{{"key":"K-1","fields":{{}},"changelog":{{"histories":[{want}]{total}}}}}"#);
        assert_eq!(entry.document.as_str(), want);
    }

    #[test]
    fn histories_are_never_taken_back() {
        let (a, b, c) = (
            r#"{"id":"1","created":"2026-01-01T00:00:00.000+0000","items":[{"field":"a"}]}"#,
            r#"{"id":"2","created":"2026-01-02T00:00:00.000+0000","items":[{"field":"b"}]}"#,
            r#"{"id":"3","created":"2026-01-03T00:00:00.000+0000","items":[{"field":"c"}]}"#,
        );
        let both = format!("{a},{b}");
        let all = format!("{a},{b},{c}");
        check_kept(&both, "", None, &both);
        check_kept(&both, c, None, &all);
        check_kept(&both, a, Some(3), &both);
        check_kept(&format!("{b},{c}"), a, Some(9), &all);
        // One that does not say what changed takes the place of none that does.
        let bare = r#"{"id":"2","created":"2026-01-02T00:00:00.000+0000"}"#;
        check_kept(&both, bare, Some(2), &both);
        check_kept(&format!("{a},{bare}"), b, Some(2), &both);
        // What came whole is what there is.
        check_kept(&both, c, Some(1), c);
    }

    #[test]
    fn an_entry_is_what_the_old_app_reads() {
        check(
            r#"{"fields":{"summary":"S","status":{"name":"a\\\"b"},"created":"x","fixVersions":[]}}"#,
            r#"{"changelog":{"histories":[{"items":[{"toString":"\u00e4"}]}]}}"#,
            r#"{"key":"K\"1","fields":{"fixVersions":[],"status":{"name":"a\\\"b"},"created":"x"},"changelog":{"histories":[{"items":[{"toString":"\u00e4"}]}],"total":2},"last_updated":"2026-11-22T12:00:00.000Z"}"#,
        );
        check(
            "{}",
            r#"{"changelog":{"histories":[{"created":1767226380000,"id":"7"},{"created":"x"},5]}}"#,
            r#"{"key":"K\"1","fields":{},"changelog":{"histories":[{"created":"2026-01-01T00:13:00.000+0000","id":"7"},{"created":"x"},5],"total":2},"last_updated":"2026-11-22T12:00:00.000Z"}"#,
        );
        for odd in ["5", "{}", r#"{"changelog":5}"#] {
            check(
                odd,
                odd,
                r#"{"key":"K\"1","fields":{},"changelog":{"histories":[],"total":2},"last_updated":"2026-11-22T12:00:00.000Z"}"#,
            );
        }
    }
}
