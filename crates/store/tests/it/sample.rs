//! Nouns to write into stores.

use model::*;
use store::{Store, Writer};

use crate::backends::Place;

/// JSON that strict parsers refuse or rewrite, and plain extremes.
pub const ODD_JSON: [&str; 22] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1.0",
    "1e400",
    "-12345678901234567890123456789.000000000000000000000000000001",
    "NaN",
    "-Infinity",
    "\"\"",
    "\"\\ud800 half\"",
    "\"\\u0000\\n\\\"\\\\ \\/\"",
    "\"Größe 项目 🚀 \\ud83d\\ude80\"",
    "\"'); DROP TABLE profiles;--\"",
    "[]",
    "{}",
    "[[],{},[null]]",
    "{\"\":{\"\":\"\"},\"a b\":1,\"é\":2}",
    "{\"x\":NaN,\"y\":[1e400,Infinity,\"\\udc00\"]}",
    "[1,1.0,1.00,10e-1]",
    "{\"key\":\"OTHER-1\",\"fields\":{\"status\":null},\"changelog\":5}",
];

/// Ids that break careless file names, SQL or comparisons.
pub const HOSTILE_IDS: [&str; 12] = [
    "a",
    "A",
    " a",
    "größe",
    "gro\u{308}ße",
    "...",
    "a'b\"c; DROP TABLE profiles;--",
    "%_[a]*?",
    "🚀",
    "con.txt",
    "null",
    "-rf",
];

/// A moment, from its canonical text.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A stamp as a file of the old app holds it.
pub fn stamp(text: &str) -> Option<Stamp> {
    Some(Stamp::read(text, &TimeZone::UTC))
}

/// JSON from its text.
pub fn json(text: &str) -> Json {
    Json::parse(text).unwrap()
}

/// An object from its text.
pub fn object(text: &str) -> Object {
    json(text).as_object().unwrap().clone()
}

/// A document from its text.
pub fn document(text: &str) -> Document {
    Document::parse(text, &mut Tape::new()).unwrap()
}

/// The week of an ISO label.
pub fn week(label: &str) -> Week {
    Week::parse(label).unwrap()
}

/// A profile id.
pub fn profile_id(id: &str) -> ProfileId {
    ProfileId::new(id).unwrap()
}

/// A query key.
pub fn key(profile: &str, query: &str) -> QueryKey {
    QueryKey::parse(profile, query).unwrap()
}

/// A profile named after its id, with nothing set.
pub fn profile(id: &str) -> Profile {
    Profile {
        id: profile_id(id),
        name: format!("Profile {id}"),
        description: None,
        created_at: None,
        last_used: None,
        settings: Settings::default(),
    }
}

/// A query named after its id, with nothing set.
pub fn query(key: &QueryKey) -> Query {
    Query {
        key: key.clone(),
        name: format!("Query {}", key.query),
        jql: "project = A".into(),
        description: None,
        created_at: None,
        updated_at: None,
        last_used: None,
        extra: Object::new(),
    }
}

/// An issue with those `fields`, given as the inside of an object.
pub fn issue_with(key: &str, fields: &str) -> Issue {
    let quoted = Json::text(key).to_compact();
    let text = format!(r#"{{"id":"1","key":{quoted},"fields":{{{fields}}}}}"#);
    Issue { key: key.into(), document: document(&text) }
}

/// An issue of type Task.
pub fn issue(key: &str) -> Issue {
    issue_with(key, r#""issuetype":{"name":"Task"},"status":{"name":"Open"}"#)
}

/// An issue whose document is that text.
pub fn issue_of(key: &str, text: &str) -> Issue {
    Issue { key: key.into(), document: document(text) }
}

/// A changelog with one status change.
pub fn changelog(key: &str, to: &str) -> Changelog {
    let text = format!(
        r#"{{"changelog":{{"histories":[{{"created":"2025-06-02T10:00:00.000+0000","items":[{{"field":"status","fromString":"Open","toString":"{to}"}}]}}],"total":1}}}}"#
    );
    Changelog { key: key.into(), document: document(&text) }
}

/// A snapshot with a value.
pub fn snapshot(label: &str, metric: &str, value: &str) -> Snapshot {
    Snapshot {
        week: week(label),
        metric: metric.into(),
        metrics: json(&format!(r#"{{"value":{value}}}"#)),
        forecast: None,
    }
}

/// A header with every member set.
pub fn header() -> CacheHeader {
    CacheHeader {
        cache_version: Some(json("\"2.0\"")),
        fetched_at: stamp("2025-12-22T16:05:02.176551+00:00"),
        expires_at: Some(at("2025-12-30T00:00:00Z")),
        jql: Some("project = A ORDER BY \"x\"".into()),
        jql_hash: Some("0123456789abcdef".into()),
        fields_requested: Some("status,created".into()),
        last_updated: stamp("2025-12-22T16:05:02.176Z"),
        changed_keys: Some(json("[\"A-1\",\"A-2\"]")),
        told_total: Some(json("2")),
        partial: Some("cut after 2 issues".into()),
        extra: object(r#"{"note":{"by":["hand",null]}}"#),
    }
}

/// A task that was last updated then.
pub fn task(id: &str, status: TaskStatus, updated_at: &str) -> TaskProgress {
    TaskProgress {
        id: id.into(),
        status,
        percent: 40,
        message: "Fetching issues…".into(),
        started_at: at("2025-12-01T00:00:00Z"),
        updated_at: at(updated_at),
    }
}

/// A store with profile `p` and its query `q`, and the key of that.
pub fn workspace(place: &Place) -> (Box<dyn Store>, QueryKey) {
    let store = place.open();
    let key = key("p", "q");
    put(&*store, |writer| {
        writer.put_profile(&profile("p"))?;
        writer.put_query(&query(&key))
    });
    (store, key)
}

/// Runs one transaction that must succeed.
#[track_caller]
pub fn put<R>(store: &dyn Store, work: impl FnOnce(&mut dyn Writer) -> store::Result<R>) -> R {
    store.transact(work).unwrap()
}
