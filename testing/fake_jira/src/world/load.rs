//! Issues and lists taken in, from values or from files of real Jira answers.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{SPRINT_FIELD, World};
use crate::catalog::{Catalog, text_of};
use crate::error::{Error, Result};
use crate::field;
use crate::issue::{History, Issue, Key, in_zone, number};
use crate::moment;

/// The lists of a data folder, by the ends of their files' names.
const LISTS: [(&str, See); 5] = [
    ("-statuses.json", |catalog, value| {
        catalog.see_status(value);
    }),
    ("-issuetypes.json", |catalog, value| {
        catalog.issue_types.see(value);
    }),
    ("-fields.json", |catalog, value| {
        catalog.fields.see(value);
    }),
    ("-projects.json", Catalog::see_project),
    ("-sprints.json", |catalog, value| {
        catalog.see_sprint(value);
    }),
];

/// Takes an entry of a list in.
type See = fn(&mut Catalog, &Value);

impl World {
    /// Reads files of issues (`*.jsonl.gz`) and lists (`*-statuses.json` and so on), or all those of
    /// a folder. Lists come first, so that they say what issues tell only in part. Sprints, statuses
    /// and types with the same id are taken for the same, so keep data of several servers apart.
    pub fn load(paths: &[PathBuf]) -> Result<World> {
        let mut world = World::new();
        let mut files = Vec::new();
        for path in paths {
            files.extend(files_of(path)?);
        }
        files.sort_by_key(|path| path.extension().is_some_and(|it| it == "gz"));
        for file in &files {
            world.take_in_file(file)?;
        }
        Ok(world)
    }

    fn take_in_file(&mut self, path: &Path) -> Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".jsonl.gz") {
            return self.take_in_lines(path);
        }
        let Some((_, see)) = LISTS.iter().find(|(end, _)| name.ends_with(end)) else {
            return Ok(());
        };
        let text = std::fs::read_to_string(path).map_err(|why| unreadable(path, why))?;
        let list: Vec<Value> = serde_json::from_str(&text).map_err(|why| unreadable(path, why))?;
        list.iter().for_each(|value| see(&mut self.catalog, value));
        Ok(())
    }

    fn take_in_lines(&mut self, path: &Path) -> Result<()> {
        let file = File::open(path).map_err(|why| unreadable(path, why))?;
        for line in BufReader::new(GzDecoder::new(file)).lines() {
            let line = line.map_err(|why| unreadable(path, why))?;
            let issue = serde_json::from_str(&line).map_err(|why| unreadable(path, why))?;
            self.take_in(&issue).map_err(|why| unreadable(path, why))?;
        }
        Ok(())
    }

    /// Takes an issue in as a search gives it (`key`, `fields`, `changelog`, in any order of its
    /// histories); what is missing is made up, the same each time. Answers with its key.
    pub fn take_in(&mut self, issue: &Value) -> Result<String> {
        let malformed = |what: &str| Error::Malformed(what.to_owned());
        let key = text_of(issue, "key").and_then(|key| Key::read(&key));
        let key = key.ok_or_else(|| malformed("it has no key"))?;
        if self.keys.contains_key(&key) {
            return Err(malformed(&format!("{key} is there already")));
        }
        let fields = issue.get("fields").and_then(Value::as_object);
        let fields = fields.ok_or_else(|| malformed(&format!("{key} has no fields")))?;
        let histories = self.histories_of(issue);
        let [created, updated] = times_of(fields, &histories)
            .ok_or_else(|| malformed(&format!("{key} does not say when it was created")))?;
        let id = self.free_id(issue);
        let mut taken = Issue {
            id,
            key: key.clone(),
            is_hidden: false,
            created,
            updated,
            status: self.status_of(fields),
            issue_type: fields
                .get("issuetype")
                .and_then(|it| text_of(it, "name"))
                .unwrap_or_default(),
            sprints: self.sprints_of(fields),
            fields: self.field_texts(fields),
            histories,
        };
        taken.put_updated(updated, &self.zone);
        self.see_what_it_refers_to(&key, fields);
        let latest = self.numbers.entry(key.project.clone()).or_default();
        *latest = key.number.max(*latest);
        self.issues.insert(id, taken);
        self.keys.insert(key.clone(), id);
        self.revision += 1;
        Ok(key.to_string())
    }

    fn free_id(&mut self, issue: &Value) -> u64 {
        let told = issue.get("id").and_then(number);
        told.filter(|id| !self.issues.contains_key(id)).unwrap_or_else(|| {
            self.next_issue += 1;
            self.next_issue - 1
        })
    }

    fn histories_of(&mut self, issue: &Value) -> Vec<History> {
        let told = issue.get("changelog").and_then(|it| it.get("histories")?.as_array());
        let mut histories = Vec::new();
        // Made-up ids grow with time, as real ones do.
        let mut told: Vec<&Value> = told.into_iter().flatten().collect();
        told.sort_by_key(|it| it.get("created").and_then(|at| moment::read(at.as_str()?)));
        for value in told {
            let invented = self.next_history();
            histories.extend(History::read(value, invented, &self.zone));
            self.see_former_statuses(value);
        }
        histories.sort_by_key(|history| (history.created, history.id));
        histories
    }

    /// Statuses that no issue is in now are on Jira's list all the same.
    fn see_former_statuses(&mut self, history: &Value) {
        let items = history.get("items").and_then(Value::as_array).into_iter().flatten();
        for item in items.filter(|it| it.get("field").is_some_and(|field| field == "status")) {
            for (id, name) in [("from", "fromString"), ("to", "toString")] {
                let (id, name) = (text_of(item, id), text_of(item, name));
                let is_known = |id: &String| self.catalog.statuses.by_id(id).is_some();
                if !id.as_ref().is_some_and(is_known) && name.is_some() {
                    self.catalog.see_status(&json!({"id": id, "name": name}));
                }
            }
        }
    }

    fn status_of(&mut self, fields: &Map<String, Value>) -> String {
        let status = fields.get("status").and_then(|it| self.catalog.see_status(it));
        status.unwrap_or_default()
    }

    fn sprints_of(&mut self, fields: &Map<String, Value>) -> Vec<u64> {
        let told = fields.get(SPRINT_FIELD).and_then(Value::as_array).into_iter().flatten();
        told.filter_map(|sprint| self.catalog.see_sprint(sprint)).collect()
    }

    fn field_texts(&mut self, fields: &Map<String, Value>) -> Vec<(String, String)> {
        let mut texts = Vec::with_capacity(fields.len() + 1);
        for (name, value) in fields {
            if name != "status" && name != SPRINT_FIELD {
                let text = value.to_string();
                let text = in_zone(&text, &self.zone).unwrap_or(text);
                texts.push((name.clone(), text));
            }
            if self.catalog.fields.by_id(name).is_none() {
                self.catalog.fields.see(&field::described(name));
            }
        }
        texts
    }

    fn see_what_it_refers_to(&mut self, key: &Key, fields: &Map<String, Value>) {
        let catalog = &mut self.catalog;
        let lists = [
            ("issuetype", &mut catalog.issue_types),
            ("priority", &mut catalog.priorities),
            ("resolution", &mut catalog.resolutions),
        ];
        for (name, list) in lists {
            fields.get(name).and_then(|value| list.see(value));
        }
        let named = json!({"key": key.project});
        let project = fields.get("project").filter(|it| text_of(it, "key").is_some());
        catalog.see_project(project.unwrap_or(&named));
        for name in ["fixVersions", "versions"] {
            let versions = fields.get(name).and_then(Value::as_array).into_iter().flatten();
            versions.for_each(|version| catalog.see_version(&key.project, version));
        }
    }
}

/// When an issue was created and last changed, as it says or as its histories do.
fn times_of(fields: &Map<String, Value>, histories: &[History]) -> Option<[Timestamp; 2]> {
    let told = |name: &str| fields.get(name).and_then(|at| moment::read(at.as_str()?));
    let created = told("created").or_else(|| histories.first().map(|it| it.created))?;
    let latest = histories.last().map_or(created, |it| it.created);
    Some([created, told("updated").unwrap_or(latest)])
}

fn files_of(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).map_err(|why| unreadable(path, why))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

fn unreadable(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::Unreadable { file: path.display().to_string(), why: why.to_string() }
}
