//! Statuses: which one a change or a document means, what the server says of each, and the lane
//! that a profile puts it in.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::{Json, Object};

/// Which status is meant. Names change (renamed, translated, two statuses with one name), ids do
/// not; changes that old programs kept may have only one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct StatusRef {
    /// The id that the server gave it.
    pub id: Option<Arc<str>>,
    /// What it was called, in the language of whoever asked.
    pub name: Option<Arc<str>>,
}

impl StatusRef {
    /// A status of that name, without an id.
    pub fn named(name: &str) -> StatusRef {
        StatusRef { id: None, name: Some(Arc::from(name)) }
    }

    /// A status of that id and name.
    pub fn known(id: &str, name: &str) -> StatusRef {
        StatusRef { id: Some(Arc::from(id)), name: Some(Arc::from(name)) }
    }

    /// Whether both are one status: by their ids, by their names where an id is not told.
    pub fn is_same(&self, other: &StatusRef) -> bool {
        match (&self.id, &other.id) {
            (Some(id), Some(other)) => id == other,
            _ => self.name.is_some() && self.name == other.name,
        }
    }

    /// Whether nothing tells which status it is.
    pub fn is_empty(&self) -> bool {
        self.id.is_none() && self.name.is_none()
    }
}

/// What the server says a status is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusCategory {
    /// Not begun.
    New,
    /// Under way.
    Indeterminate,
    /// Over.
    Done,
}

impl StatusCategory {
    /// The category of a key; `None` of `undefined` and of keys that nobody knows.
    pub fn of_key(key: &str) -> Option<StatusCategory> {
        match key {
            "new" => Some(StatusCategory::New),
            "indeterminate" => Some(StatusCategory::Indeterminate),
            "done" => Some(StatusCategory::Done),
            _ => None,
        }
    }

    /// Its key.
    pub fn key(self) -> &'static str {
        match self {
            StatusCategory::New => "new",
            StatusCategory::Indeterminate => "indeterminate",
            StatusCategory::Done => "done",
        }
    }
}

/// A status as the server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its id.
    pub id: String,
    /// What it is called now.
    pub name: String,
    /// What it is called in no language, if the server says so.
    pub untranslated_name: Option<String>,
    /// What it is for; `None` if the server does not say.
    pub category: Option<StatusCategory>,
    /// Key or id of the only project that has it; `None` if all may.
    pub project: Option<String>,
    /// Its place in the workflow, as a board or the histories show it.
    pub order: Option<u32>,
    /// When a sync saw it last.
    pub seen_last: Option<Timestamp>,
    /// Whether the last list that was fetched did not have it any more.
    pub is_gone: bool,
}

impl Status {
    /// Reads what [`to_json`](Status::to_json) gives; `None` if it is damaged.
    pub fn read(entry: &Json) -> Option<Status> {
        let text =
            |name: &str| entry.get(name).and_then(Json::as_text).map(|text| text.into_owned());
        Some(Status {
            id: text("id")?,
            name: text("name")?,
            untranslated_name: text("untranslated_name"),
            category: text("category").as_deref().and_then(StatusCategory::of_key),
            project: text("project"),
            order: entry.get("order").and_then(Json::as_f64).map(|order| order as u32),
            seen_last: text("seen_last").and_then(|text| text.parse().ok()),
            is_gone: entry.get("is_gone").and_then(Json::as_bool).unwrap_or_default(),
        })
    }

    /// As it stands in files.
    pub fn to_json(&self) -> Json {
        let mut object = Object::new();
        let text = |text: &Option<String>| text.as_deref().map(Json::text);
        object.set("id", Json::text(&*self.id));
        object.set("name", Json::text(&*self.name));
        object.set_some("untranslated_name", text(&self.untranslated_name));
        object.set_some("category", self.category.map(|category| Json::text(category.key())));
        object.set_some("project", text(&self.project));
        object.set_some("order", self.order.map(|order| Json::integer(order.into())));
        object.set_some("seen_last", self.seen_last.map(|at| Json::text(at.to_string())));
        object.set("is_gone", Json::Bool(self.is_gone));
        Json::Object(object)
    }
}

/// Where a profile puts a status. Every status is in one lane at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Nobody has begun.
    NotStarted,
    /// Begun, and nobody works on it.
    Waiting,
    /// Somebody works on it.
    Active,
    /// Delivered.
    Done,
    /// Over without being delivered.
    NotDelivered,
}

impl Lane {
    /// All lanes, in the order of a workflow.
    pub const ALL: [Lane; 5] =
        [Lane::NotStarted, Lane::Waiting, Lane::Active, Lane::Done, Lane::NotDelivered];

    /// The word for it in settings, commands and answers.
    pub fn key(self) -> &'static str {
        match self {
            Lane::NotStarted => "not-started",
            Lane::Waiting => "waiting",
            Lane::Active => "active",
            Lane::Done => "done",
            Lane::NotDelivered => "not-delivered",
        }
    }

    /// The lane of a word.
    pub fn of_key(key: &str) -> Option<Lane> {
        Lane::ALL.into_iter().find(|lane| lane.key() == key.trim())
    }

    /// Whether work on an item in it has begun and is not over.
    pub fn is_started(self) -> bool {
        matches!(self, Lane::Waiting | Lane::Active)
    }

    /// Whether an item in it is over, delivered or not.
    pub fn is_over(self) -> bool {
        matches!(self, Lane::Done | Lane::NotDelivered)
    }
}
