//! Records as lines. Every member is named here; nothing is written that is not.

use model::json::push_string;
use model::{
    CacheHeader, CacheKind, Document, Json, Object, Profile, ProjectData, Query, Settings,
    Snapshot, Stamp, Tape, Timestamp, Week, stamp,
};

use crate::record::Record;

/// Appends the line of a record. One that strict JSON cannot say (`NaN`) stands in the member
/// `lenient` as text.
pub(super) fn line(record: &Record, out: &mut String) {
    let start = out.len();
    match record {
        Record::Profile(profile) => member("profile", Json::from(encode_profile(profile)), out),
        Record::Query(query) => member("query", Json::from(encode_query(query)), out),
        Record::Header(kind, header) => {
            let name = match kind {
                CacheKind::Issues => "issues",
                CacheKind::Changelogs => "changelogs",
            };
            member(name, Json::from(encode_header(header)), out);
        }
        Record::Issue(issue) => document("issue", &issue.key, &issue.document, out),
        Record::Changelog(entry) => document("changelog", &entry.key, &entry.document, out),
        Record::ProjectData(data) => member("project_data", Json::from(encode_data(data)), out),
        Record::Sync(sync) => {
            out.push_str(&format!("{{\"sync\":{}}}", sync.written()));
        }
        Record::Snapshot(snapshot) => {
            member("snapshot", Json::from(encode_snapshot(snapshot)), out);
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

fn text(text: &Option<String>) -> Option<Json> {
    text.as_ref().map(Json::text)
}

/// The canonical form, or both the moment and the text it was read from.
fn encode_stamp(stamp: &Option<Stamp>) -> Option<Json> {
    let Stamp { at, text: written } = stamp.as_ref()?;
    let at = at.map(encode_time);
    if written.is_none() && at.is_some() {
        return at;
    }
    let mut object = Object::new();
    object.set_some("at", at);
    object.set_some("text", text(written));
    Some(Json::Object(object))
}

fn encode_time(at: Timestamp) -> Json {
    Json::text(stamp::format(at))
}

fn encode_profile(profile: &Profile) -> Object {
    let mut object = Object::new();
    object.set("id", Json::text(profile.id.as_str()));
    object.set("name", Json::text(&profile.name));
    object.set_some("description", text(&profile.description));
    object.set_some("created_at", encode_stamp(&profile.created_at));
    object.set_some("last_used", encode_stamp(&profile.last_used));
    object.set("settings", Json::Object(encode_settings(&profile.settings)));
    object
}

fn encode_settings(settings: &Settings) -> Object {
    let mut object = Object::new();
    for (name, group) in settings.groups() {
        object.set_some(name, group.clone());
    }
    set_members(&mut object, "older", &settings.older);
    set_members(&mut object, "extra", &settings.extra);
    object
}

fn set_members(object: &mut Object, name: &str, members: &Object) {
    if !members.is_empty() {
        object.set(name, Json::Object(members.clone()));
    }
}

fn encode_query(query: &Query) -> Object {
    let mut object = Object::new();
    object.set("id", Json::text(query.key.query.as_str()));
    object.set("name", Json::text(&query.name));
    object.set("jql", Json::text(&query.jql));
    object.set_some("description", text(&query.description));
    object.set_some("created_at", encode_stamp(&query.created_at));
    object.set_some("updated_at", encode_stamp(&query.updated_at));
    object.set_some("last_used", encode_stamp(&query.last_used));
    set_members(&mut object, "extra", &query.extra);
    object
}

fn encode_header(header: &CacheHeader) -> Object {
    let mut object = Object::new();
    object.set_some("cache_version", header.cache_version.clone());
    object.set_some("fetched_at", encode_stamp(&header.fetched_at));
    object.set_some("expires_at", header.expires_at.map(encode_time));
    object.set_some("jql", text(&header.jql));
    object.set_some("jql_hash", text(&header.jql_hash));
    object.set_some("fields_requested", text(&header.fields_requested));
    object.set_some("last_updated", encode_stamp(&header.last_updated));
    object.set_some("changed_keys", header.changed_keys.clone());
    object.set_some("told_total", header.told_total.clone());
    object.set_some("partial", text(&header.partial));
    set_members(&mut object, "extra", &header.extra);
    object
}

fn encode_data(data: &ProjectData) -> Object {
    let mut object = Object::new();
    object.set_some("statistics", data.statistics.clone());
    object.set_some("project_scope", data.project_scope.clone());
    object.set_some("metadata", data.metadata.clone());
    object.set_some("metrics_history", data.metrics_history.clone());
    set_members(&mut object, "totals", &data.totals);
    object.set_some("version", data.version.clone());
    object.set_some("last_updated", encode_stamp(&data.last_updated));
    object.set_some("partial", text(&data.partial));
    set_members(&mut object, "extra", &data.extra);
    object
}

fn encode_snapshot(snapshot: &Snapshot) -> Object {
    let mut object = Object::new();
    object.set("week", encode_week(snapshot.week));
    object.set("metric", Json::text(&snapshot.metric));
    object.set("metrics", snapshot.metrics.clone());
    object.set_some("forecast", snapshot.forecast.clone());
    object
}

/// The ISO label; beyond years of four digits the number of the week.
fn encode_week(week: Week) -> Json {
    let label = week.to_string();
    if Week::parse(&label) == Some(week) {
        Json::Text(label)
    } else {
        Json::integer(i64::from(week.number()))
    }
}
