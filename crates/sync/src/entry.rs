//! A changelog as it is stored: in the form of the old app's entries, with the histories as Jira sent
//! them.

use model::json::{Value, push_string};
use model::remote::Fetched;
use model::{Changelog, Document, Json, Tape, Timestamp, stamp};

/// When a history was written.
const CREATED: &str = "created";

/// Fields of an issue that stand beside its changelog.
const BESIDE: [&str; 6] =
    ["project", "fixVersions", "status", "issuetype", "created", "resolutiondate"];

/// The entry of an issue; without histories if the server sent none that can be read.
pub(super) fn entry(fetched: &Fetched, tapes: &mut [Tape; 2]) -> Changelog {
    let [of_issue, of_changelog] = tapes;
    let key = &fetched.stub.key;
    let mut text = String::from("{\"key\":");
    push_string(key, &mut text);
    text += ",\"fields\":{";
    let issue = of_issue.parse(fetched.document.as_str()).ok();
    push_members(issue.and_then(|issue| issue.get("fields")), &mut text);
    text += "},\"changelog\":{\"histories\":";
    let changelog = of_changelog.parse(fetched.changelog.as_str()).ok();
    let histories = changelog.and_then(|entry| entry.get("changelog")?.get("histories"));
    match histories {
        Some(histories) => push_histories(histories, &mut text),
        None => text += "[]",
    }
    text += &format!(",\"total\":{}}}", fetched.histories_told);
    // The time of change and not of the fetch: what did not change is then not written again.
    if let Some(updated) = fetched.stub.updated {
        text += ",\"last_updated\":";
        push_string(&stamp::format(updated), &mut text);
    }
    text.push('}');
    Changelog { key: key.clone(), document: Document::from_stored(text) }
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
            histories_told: 2,
            histories_received: 1,
        };
        let entry = entry(&fetched, &mut [Tape::new(), Tape::new()]);
        assert_eq!(entry.document.as_str(), want);
        assert_eq!(parse(want).as_str(), want, "it is compact JSON");
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
