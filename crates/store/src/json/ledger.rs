//! `burndown.json`: what the old layout has no place for.
//!
//! It holds revisions, app state, tasks, access keys, and per file the details that the file itself cannot
//! say. The old app may write a file behind our back; a *seal* of the file as we wrote it tells,
//! and the details of a file whose seal is broken no longer count.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek};

use model::hash::{FNV_BASIS, fnv1a};
use model::{AccessKey, Json, Members as _, Object, TaskProgress, Timestamp};

use super::layout::{ancestors, lies_in};
use crate::contract::Revision;
use crate::error::Result;

/// Version of the stored form that this program writes.
pub(super) const VERSION: u32 = 1;

/// The member of a task or an access key that its name in the ledger says.
const ID: &str = "id";
/// The group of access keys.
const ACCESS_KEYS: &str = "access_keys";

/// The content of `burndown.json`.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    pub revision: Revision,
    states: BTreeMap<String, State>,
    tasks: BTreeMap<String, TaskProgress>,
    access_keys: BTreeMap<String, AccessKey>,
    files: BTreeMap<String, Entry>,
    is_changed: bool,
}

/// A key of the app state.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// `None` if it was removed or if its value stands in the registry.
    pub value: Option<String>,
    pub revision: Revision,
}

/// What is known of a file or of a folder that was removed.
#[derive(Debug, Clone, Default)]
struct Entry {
    revision: Revision,
    seal: Option<String>,
    details: Object,
}

impl Ledger {
    /// Reads the file's object; `Err` says what is wrong with it.
    pub(super) fn decode(mut object: Object) -> std::result::Result<Ledger, String> {
        let mut ledger = Ledger {
            revision: revision_in(&object).ok_or("its `revision` is no number")?,
            ..Ledger::default()
        };
        for (key, state) in take_members(&mut object, "states") {
            let value = state.get("value").and_then(Json::as_text).map(|text| text.into_owned());
            ledger.states.insert(key, State { value, revision: revision_in(&state).unwrap_or(0) });
        }
        for (id, task) in take_members(&mut object, "tasks") {
            let task = decode_task(&id, task)?;
            ledger.tasks.insert(id, task);
        }
        for (id, mut key) in take_members(&mut object, ACCESS_KEYS) {
            key.set(ID, Json::text(&id));
            let key = AccessKey::take_from(&mut key, "access_key", None)?;
            ledger.access_keys.insert(id, key);
        }
        for (place, mut entry) in take_members(&mut object, "files") {
            let revision = revision_in(&entry).unwrap_or(0);
            let seal = entry.get("seal").and_then(Json::as_text).map(|text| text.into_owned());
            let details = match entry.remove("details") {
                Some(Json::Object(details)) => details,
                _ => Object::new(),
            };
            ledger.files.insert(place, Entry { revision, seal, details });
        }
        Ok(ledger)
    }

    /// The file's object.
    pub(super) fn encode(&self) -> Object {
        let mut object = Object::new();
        object.set("version", Json::integer(VERSION.into()));
        object.set("revision", number(self.revision));
        let states = self.states.iter().map(|(key, state)| {
            let mut entry = Object::new();
            entry.set_some("value", state.value.as_ref().map(Json::text));
            entry.set("revision", number(state.revision));
            (key.clone(), Json::Object(entry))
        });
        object.set("states", Json::Object(states.collect()));
        let tasks = self.tasks.values().map(|task| (task.id.clone(), encode_task(task)));
        object.set("tasks", Json::Object(tasks.collect()));
        if !self.access_keys.is_empty() {
            let keys = self.access_keys.values();
            let keys = keys.map(|key| (key.id.clone(), without_id(key.to_object())));
            object.set(ACCESS_KEYS, Json::Object(keys.collect()));
        }
        let files = self.files.iter().map(|(place, entry)| {
            let mut member = Object::new();
            member.set("revision", number(entry.revision));
            member.set_some("seal", entry.seal.as_ref().map(Json::text));
            if !entry.details.is_empty() {
                member.set("details", Json::Object(entry.details.clone()));
            }
            (place.clone(), Json::Object(member))
        });
        object.set("files", Json::Object(files.collect()));
        object
    }

    /// The revision that last wrote or removed the file or a folder it lay in.
    pub(super) fn revision_of(&self, place: &str) -> Option<Revision> {
        let places = std::iter::once(place).chain(ancestors(place));
        places.filter_map(|place| Some(self.files.get(place)?.revision)).max()
    }

    /// Whether details are kept for a file, whether or not its seal still holds.
    pub(super) fn has_details(&self, place: &str) -> bool {
        self.files.get(place).is_some_and(|entry| entry.seal.is_some())
    }

    /// Details of a file that has this seal.
    pub(super) fn details(&self, place: &str, seal: &str) -> Option<&Object> {
        let entry = self.files.get(place)?;
        (entry.seal.as_deref() == Some(seal)).then_some(&entry.details)
    }

    /// Whether this transaction noted anything.
    pub(super) fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// Keys of the app state, removed ones included.
    pub(super) fn states(&self) -> &BTreeMap<String, State> {
        &self.states
    }

    pub(super) fn tasks(&self) -> &BTreeMap<String, TaskProgress> {
        &self.tasks
    }

    pub(super) fn put_task(&mut self, task: &TaskProgress) {
        self.is_changed = true;
        self.tasks.insert(task.id.clone(), task.clone());
    }

    pub(super) fn remove_task(&mut self, id: &str) -> bool {
        let was_there = self.tasks.remove(id).is_some();
        self.is_changed |= was_there;
        was_there
    }

    pub(super) fn access_keys(&self) -> &BTreeMap<String, AccessKey> {
        &self.access_keys
    }

    pub(super) fn put_access_key(&mut self, key: &AccessKey) {
        self.is_changed = true;
        self.access_keys.insert(key.id.clone(), key.clone());
    }

    pub(super) fn remove_access_key(&mut self, id: &str) -> bool {
        let was_there = self.access_keys.remove(id).is_some();
        self.is_changed |= was_there;
        was_there
    }

    /// Notes that this transaction wrote a file.
    pub(super) fn note_written(&mut self, place: &str, seal: Option<String>, details: Object) {
        self.is_changed = true;
        let entry = Entry { revision: self.revision, seal, details };
        self.files.insert(place.to_owned(), entry);
    }

    /// Notes that this transaction removed a file or a folder with all that is in it.
    pub(super) fn note_removed(&mut self, place: &str) {
        self.files.retain(|known, _| !lies_in(known, place));
        self.note_written(place, None, Object::new());
    }

    /// Notes that this transaction wrote or removed a key of the app state.
    pub(super) fn note_state(&mut self, key: &str, value: Option<&str>) {
        self.is_changed = true;
        let state = State { value: value.map(str::to_owned), revision: self.revision };
        self.states.insert(key.to_owned(), state);
    }
}

fn number(revision: Revision) -> Json {
    Json::Number(revision.to_string().into())
}

fn revision_in(object: &Object) -> Option<Revision> {
    match object.get("revision")? {
        Json::Number(text) => text.parse().ok(),
        _ => None,
    }
}

/// Takes the objects of a group, by name.
fn take_members(object: &mut Object, group: &str) -> Vec<(String, Object)> {
    let Some(Json::Object(members)) = object.remove(group) else { return Vec::new() };
    let object = |(name, value)| match value {
        Json::Object(object) => Some((name, object)),
        _ => None,
    };
    members.into_iter().filter_map(object).collect()
}

/// The members of a task but for its id, which names it.
fn encode_task(task: &TaskProgress) -> Json {
    without_id(task.to_object())
}

fn without_id(mut object: Object) -> Json {
    object.remove(ID);
    Json::Object(object)
}

fn decode_task(id: &str, mut object: Object) -> std::result::Result<TaskProgress, String> {
    object.set(ID, Json::text(id));
    TaskProgress::take_from(&mut object, "task", None)
}

/// A point in time among details.
pub(super) fn time_in(object: &Object, name: &str) -> Option<Timestamp> {
    object.get(name)?.as_text()?.parse().ok()
}

/// Length and the beginning's FNV-1a hash of a file: the old app's files begin with the time they
/// were written at. The file is read from its start and left there.
pub(super) fn seal(file: &mut File) -> io::Result<String> {
    const HEAD_BYTES: u64 = 1_024;
    let length = file.metadata()?.len();
    let mut head = Vec::new();
    file.rewind()?;
    file.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(format!("{length}-{:016x}", fnv1a(FNV_BASIS, &head)))
}

/// Refuses a form that a newer program wrote.
pub(super) fn check_version(object: &Object, place: &str) -> Result<()> {
    let version = match object.get("version") {
        Some(Json::Number(text)) => text.parse().unwrap_or(u32::MAX),
        _ => VERSION,
    };
    if version > VERSION {
        let place = place.to_owned();
        return Err(crate::Error::TooNew { place, found: version, supported: VERSION });
    }
    Ok(())
}
