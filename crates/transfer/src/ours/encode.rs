//! Records as lines. Their members are those that `model::members` lists.

use model::json::push_string;
use model::{CacheKind, Document, Json, Members as _, Tape};

use super::DELIVERIES;
use crate::record::Record;

/// Appends the line of a record. One that strict JSON cannot say (`NaN`) stands in the member
/// `lenient` as text.
pub(super) fn line(record: &Record, out: &mut String) {
    let start = out.len();
    match record {
        Record::Profile(profile, deliveries) => {
            let mut object = profile.to_object();
            let list = deliveries.iter().map(|delivery| Json::Object(delivery.to_object()));
            let list = (!deliveries.is_empty()).then(|| Json::Array(list.collect()));
            object.set_some(DELIVERIES, list);
            member("profile", Json::Object(object), out);
        }
        Record::Query(query) => member("query", Json::Object(query.to_object()), out),
        Record::Header(kind, header) => {
            let name = match kind {
                CacheKind::Issues => "issues",
                CacheKind::Changelogs => "changelogs",
            };
            member(name, Json::Object(header.to_object()), out);
        }
        Record::Issue(issue) => document("issue", &issue.key, &issue.document, out),
        Record::Changelog(entry) => document("changelog", &entry.key, &entry.document, out),
        Record::ProjectData(data) => member("project_data", Json::Object(data.to_object()), out),
        Record::Sync(sync) => {
            out.push_str(&format!("{{\"sync\":{}}}", sync.written()));
        }
        Record::Snapshot(snapshot) => {
            member("snapshot", Json::Object(snapshot.to_object()), out);
        }
    }
    if let Some(text) = out.get(start..).filter(|text| !is_strict(text)).map(str::to_owned) {
        out.truncate(start);
        member("lenient", Json::Text(text), out);
    }
}

fn member(name: &str, value: Json, out: &mut String) {
    out.push('{');
    push_string(name, out);
    out.push(':');
    value.write_compact(out);
    out.push('}');
}

fn document(name: &str, key: &str, document: &Document, out: &mut String) {
    out.push('{');
    push_string(name, out);
    out.push_str(":{\"key\":");
    push_string(key, out);
    out.push_str(",\"document\":");
    out.push_str(document.as_str());
    out.push_str("}}");
}

fn is_strict(text: &str) -> bool {
    let may_be_odd = text.contains("NaN") || text.contains("Infinity");
    !may_be_odd || Tape::new().parse(text).is_ok_and(|value| value.oddities().non_finite == 0)
}
