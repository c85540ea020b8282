//! `query.json`.

use model::{Json, Object, Query, QueryKey, Stamp, TimeZone};

use super::finding::{Finding, FindingKind};
use super::take::Taker;

/// What a query file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The name, if there is one; not yet checked.
    pub name: Option<String>,
    /// The JQL, if there is one.
    pub jql: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Option<Stamp>,
    /// When it was last edited.
    pub updated_at: Option<Stamp>,
    /// When it was last chosen.
    pub last_used: Option<Stamp>,
    /// Members that nobody knows.
    pub extra: Object,
    /// What was odd.
    pub findings: Vec<Finding>,
}

/// Reads a query file. The folder's name is the id.
pub fn decode(key: &QueryKey, object: Object, zone: &TimeZone) -> Decoded {
    let mut taker = Taker::of(object, zone);
    if let Some(written) = taker.text("id") {
        let note = if written == key.query.as_str() {
            "the folder's name says the same".to_owned()
        } else {
            format!("the file says {written:?}, the folder's name counts")
        };
        taker.note("id", FindingKind::IdMismatch, note);
    }
    Decoded {
        name: taker.text("name"),
        jql: taker.text("jql"),
        description: taker.text("description"),
        created_at: taker.stamp("created_at"),
        updated_at: taker.stamp("updated_at"),
        last_used: taker.stamp("last_used"),
        extra: taker.rest(),
        findings: taker.findings,
    }
}

/// The file as the old app writes it.
pub fn encode(query: &Query) -> Object {
    let stamp = |at: &Option<Stamp>| at.as_ref().map(|at| Json::text(at.written()));
    let mut object = Object::new();
    object.set("name", Json::text(&query.name));
    object.set("jql", Json::text(&query.jql));
    object.set_some("description", query.description.as_ref().map(Json::text));
    object.set_some("created_at", stamp(&query.created_at));
    object.set_some("updated_at", stamp(&query.updated_at));
    object.set_some("last_used", stamp(&query.last_used));
    for (name, value) in query.extra.iter() {
        object.set(name, value.clone());
    }
    object
}
