//! What people do in Jira while somebody fetches from it. Issues are named by key or id.

use serde_json::{Value, json};

use super::World;
use crate::catalog::{category, text_of};
use crate::error::{Error, Result};
use crate::issue::{History, Item, Key, Side};
use crate::moment;

impl World {
    /// Creates an issue of a project (which is made if need be) with these fields beside the usual
    /// ones, which may be among them; answers with its key.
    pub fn add(&mut self, project: &str, fields: Value) -> Result<String> {
        self.tick();
        let key = Key { project: project.to_uppercase(), number: self.next_number(project) };
        let now = moment::write(self.now(), self.zone());
        let mut all = json!({
            "summary": format!("Issue {key}"),
            "issuetype": {"id": "10001", "name": "Story", "subtask": false},
            "status": {"id": "1", "name": "To Do"},
            "priority": {"id": "3", "name": "Medium"},
            "resolution": null,
            "resolutiondate": null,
            "assignee": null,
            "labels": [],
            "created": now,
            "updated": now,
        });
        if let (Some(all), Value::Object(fields)) = (all.as_object_mut(), fields) {
            all.extend(fields);
        }
        self.take_in(&json!({"key": key.to_string(), "fields": all}))
    }

    /// Sets a field (not status, project or sprints) and tells so in a history.
    pub fn set(&mut self, key: &str, field: &str, value: &Value) -> Result<()> {
        let name = self.catalog.fields.by_id(field).map(|entry| entry.name.clone());
        let name = name.unwrap_or_else(|| field.to_owned());
        let before = self.issue(key)?.value(field);
        let item = Item {
            field: &name,
            field_id: Some(field),
            from: side_of(&before),
            to: side_of(value),
        };
        self.change(key, &[item])?;
        self.put(key, field, value)
    }

    /// Sets a field without any trace but the value: no history, the same `updated`.
    pub fn set_silently(&mut self, key: &str, field: &str, value: &Value) -> Result<()> {
        self.tick();
        self.put(key, field, value)
    }

    /// Changes `updated` alone, like a comment does.
    pub fn touch(&mut self, key: &str) -> Result<()> {
        self.change(key, &[])
    }

    /// Moves an issue to a status, given by name or id.
    pub fn transition(&mut self, key: &str, status: &str) -> Result<()> {
        let ids = self.catalog.statuses.ids_called(status);
        let to = ids.into_iter().next().ok_or_else(|| Error::NoStatus(status.to_owned()))?;
        let from = self.issue(key)?.status.clone();
        let (from, now) = (self.status_side(&from), self.status_side(&to));
        self.change(key, &[Item { field: "status", field_id: Some("status"), from, to: now }])?;
        self.edit(key, |issue| issue.status = to)
    }

    /// Puts an issue into another project, in which it gets a new key; answers with it.
    pub fn move_to(&mut self, key: &str, project: &str) -> Result<String> {
        let old = self.issue(key)?.key.clone();
        let project = project.to_uppercase();
        self.catalog.see_project(&json!({"key": project, "name": project}));
        let new = Key { number: self.next_number(&project), project };
        let text = |text: &str| (Value::Null, Value::from(text));
        let (from, to) = (text(&old.to_string()), text(&new.to_string()));
        let key_item = Item { field: "Key", field_id: None, from, to };
        let (from, to) = (text(&old.project), text(&new.project));
        let project_item = Item { field: "project", field_id: Some("project"), from, to };
        self.change(key, &[project_item, key_item])?;
        let value = json!({"key": new.project, "name": self.project_name(&new.project)});
        self.put(key, "project", &value)?;
        let id = self.any_id(key)?;
        self.keys.insert(new.clone(), id);
        self.edit(key, |issue| issue.key = new.clone())?;
        Ok(new.to_string())
    }

    /// Deletes an issue.
    pub fn delete(&mut self, key: &str) -> Result<()> {
        let id = self.any_id(key)?;
        self.tick();
        self.issues.remove(&id);
        self.keys.retain(|_, of| *of != id);
        Ok(())
    }

    /// Takes the permission to see an issue away.
    pub fn hide(&mut self, key: &str) -> Result<()> {
        self.tick();
        self.edit(key, |issue| issue.is_hidden = true)
    }

    /// Gives it back.
    pub fn show(&mut self, key: &str) -> Result<()> {
        self.tick();
        self.edit(key, |issue| issue.is_hidden = false)
    }

    /// Makes a status that is told as Jira does (`id`, `name`, `statusCategory`); one that is known
    /// stays as it is. Names may repeat.
    pub fn see_status(&mut self, status: &Value) -> Option<String> {
        self.tick();
        self.catalog.see_status(status)
    }

    /// Gives a status another name. No issue's `updated` and no history changes.
    pub fn rename_status(&mut self, id: &str, name: &str) -> Result<()> {
        self.tick();
        let is_there = self.catalog.statuses.change(id, |value| put_member(value, "name", name));
        is_there.then_some(()).ok_or_else(|| Error::NoStatus(id.to_owned()))
    }

    /// Has documents call a status otherwise than the list and the histories do, as for a reader of
    /// another language.
    pub fn call_status_in_documents(&mut self, id: &str, name: &str) {
        self.tick();
        self.catalog.status_names.insert(id.to_owned(), name.to_owned());
    }

    /// Translates a status in list and documents; histories keep what they were written with.
    pub fn translate_status(&mut self, id: &str, name: &str) -> Result<()> {
        self.tick();
        let translate = |value: &mut Value| {
            let before = text_of(value, "name").unwrap_or_default();
            put_member(value, "untranslatedName", &before);
            put_member(value, "name", name);
        };
        let is_there = self.catalog.statuses.change(id, translate);
        is_there.then_some(()).ok_or_else(|| Error::NoStatus(id.to_owned()))
    }

    /// Gives a type of issues another name, in the list and in every issue. No history changes.
    pub fn rename_type(&mut self, id: &str, name: &str) {
        self.tick();
        self.catalog.issue_types.change(id, |value| put_member(value, "name", name));
        for issue in self.issues.values_mut() {
            let mut told = issue.value("issuetype");
            if text_of(&told, "id").as_deref() == Some(id) {
                put_member(&mut told, "name", name);
                issue.put("issuetype", told.to_string());
                issue.issue_type = name.to_owned();
            }
        }
    }

    /// Puts a status into another category.
    pub fn set_category(&mut self, id: &str, key: &str) -> Result<()> {
        self.tick();
        let put = |value: &mut Value| {
            if let Some(members) = value.as_object_mut() {
                members.insert("statusCategory".to_owned(), category(key));
            }
        };
        let is_there = self.catalog.statuses.change(id, put);
        is_there.then_some(()).ok_or_else(|| Error::NoStatus(id.to_owned()))
    }

    /// The way of an issue through its statuses: the moment of each change, and the ids before and
    /// after it, oldest first.
    pub fn status_path(&self, key: &str) -> Result<Vec<(jiff::Timestamp, String, String)>> {
        let mut path = Vec::new();
        for history in &self.issue(key)?.histories {
            let rest: Value =
                serde_json::from_str(&format!("{{{}}}", history.rest)).unwrap_or_default();
            let items = rest.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
            for item in items.iter().filter(|item| item.get("field") == Some(&json!("status"))) {
                let side = |name| text_of(item, name).unwrap_or_default();
                path.push((history.created, side("from"), side("to")));
            }
        }
        Ok(path)
    }

    /// The id of the status of an issue.
    pub fn status_id(&self, key: &str) -> Result<String> {
        self.issue(key).map(|issue| issue.status.clone())
    }

    /// When an issue was created.
    pub fn created(&self, key: &str) -> Result<jiff::Timestamp> {
        self.issue(key).map(|issue| issue.created)
    }

    /// Makes a sprint that is told as Jira does (`id`, `name`, `state`, dates); one that is known
    /// stays as it is.
    pub fn see_sprint(&mut self, sprint: &Value) -> Option<u64> {
        self.tick();
        self.catalog.see_sprint(sprint)
    }

    /// Changes a member of a sprint, such as its `state`. No issue's `updated` changes.
    pub fn change_sprint(&mut self, id: u64, member: &str, value: &str) -> Result<()> {
        self.tick();
        let sprint = self.catalog.sprints.get_mut(&id).ok_or(Error::NoSprint(id))?;
        put_member(sprint, member, value);
        Ok(())
    }

    /// Puts an issue into these sprints and tells so in a history.
    pub fn plan(&mut self, key: &str, sprints: &[u64]) -> Result<()> {
        if let Some(missing) = sprints.iter().find(|id| !self.catalog.sprints.contains_key(id)) {
            return Err(Error::NoSprint(*missing));
        }
        let from = self.sprint_side(&self.issue(key)?.sprints);
        let to = self.sprint_side(sprints);
        let item = Item { field: "Sprint", field_id: Some(super::SPRINT_FIELD), from, to };
        self.change(key, &[item])?;
        self.edit(key, |issue| issue.sprints = sprints.to_vec())
    }

    /// Bumps `updated` and tells the changes, if there are any, in a history.
    fn change(&mut self, key: &str, items: &[Item]) -> Result<()> {
        self.any_id(key)?;
        self.tick();
        let (at, zone) = (self.now, self.zone.clone());
        let id = self.next_history();
        self.edit(key, |issue| {
            issue.put_updated(at, &zone);
            if !items.is_empty() {
                issue.histories.push(History::of(id, at, items, &zone));
            }
        })
    }

    fn put(&mut self, key: &str, field: &str, value: &Value) -> Result<()> {
        let (text, type_name) = (value.to_string(), text_of(value, "name"));
        self.edit(key, |issue| {
            issue.put(field, text);
            if let ("issuetype", Some(name)) = (field, type_name) {
                issue.issue_type = name;
            }
        })
    }

    fn edit(&mut self, key: &str, edit: impl FnOnce(&mut crate::issue::Issue)) -> Result<()> {
        let id = self.any_id(key)?;
        let issue = self.issues.get_mut(&id).ok_or_else(|| Error::NoIssue(key.to_owned()))?;
        edit(issue);
        Ok(())
    }

    fn status_side(&self, id: &str) -> Side {
        let name = self.catalog.statuses.by_id(id).map(|entry| entry.name.as_str());
        (id.into(), name.into())
    }

    /// Ids and names as Jira lists them: `"465, 470"`.
    fn sprint_side(&self, ids: &[u64]) -> Side {
        let names: Vec<String> =
            ids.iter().filter_map(|id| text_of(self.catalog.sprints.get(id)?, "name")).collect();
        let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
        (ids.join(", ").into(), names.join(", ").into())
    }
}

fn put_member(value: &mut Value, member: &str, text: &str) {
    if let Some(members) = value.as_object_mut() {
        members.insert(member.to_owned(), text.into());
    }
}

/// How a history tells a value: id and words.
fn side_of(value: &Value) -> Side {
    match value {
        Value::Null => (Value::Null, Value::Null),
        Value::String(text) => (Value::Null, text.as_str().into()),
        Value::Object(_) => {
            let words = text_of(value, "name").or_else(|| text_of(value, "displayName"));
            (value.get("id").cloned().unwrap_or_default(), words.into())
        }
        other => (Value::Null, other.to_string().into()),
    }
}
