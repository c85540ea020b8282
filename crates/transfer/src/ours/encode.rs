//! Records as lines. Their members are those that `model::members` lists.

use model::json::push_string;
use model::{CacheKind, Document, Json, Members as _, Status, Tape, Timestamp};

use super::{DELIVERIES, LEFT, STATUSES};
use crate::record::{Record, WholeProfile};

/// Appends the line of a record. One that strict JSON cannot say (`NaN`) stands in the member
/// `lenient` as text.
pub(super) fn line(record: &Record, out: &mut String) {
    let start = out.len();
    match record {
        Record::Profile(whole) => {
            let WholeProfile { profile, deliveries, statuses } = &**whole;
            let mut object = profile.to_object();
            let list = |list: Vec<Json>| (!list.is_empty()).then_some(Json::Array(list));
            let each = deliveries.iter().map(|delivery| Json::Object(delivery.to_object()));
            object.set_some(DELIVERIES, list(each.collect()));
            object.set_some(STATUSES, list(statuses.iter().map(Status::to_json).collect()));
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
        Record::Issue(issue, left) => document("issue", &issue.key, *left, &issue.document, out),
        Record::Changelog(entry) => document("changelog", &entry.key, None, &entry.document, out),
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

fn document(name: &str, key: &str, left: Option<Timestamp>, document: &Document, out: &mut String) {
    out.push('{');
    push_string(name, out);
    out.push_str(":{\"key\":");
    push_string(key, out);
    if let Some(left) = left {
        out.push_str(&format!(",\"{LEFT}\":\"{left}\""));
    }
    out.push_str(",\"document\":");
    out.push_str(document.as_str());
    out.push_str("}}");
}

fn is_strict(text: &str) -> bool {
    let may_be_odd = text.contains("NaN") || text.contains("Infinity");
    !may_be_odd || Tape::new().parse(text).is_ok_and(|value| value.oddities().non_finite == 0)
}
