//! Projects and their versions.

use serde_json::{Value, json};

use super::ask::Ask;
use super::{Answer, Call, Viewer};
use crate::catalog::text_of;
use crate::reply::Reply;

impl Call<'_> {
    /// What lies below `/project`.
    pub(super) fn project(&self, viewer: Viewer, rest: &[&str]) -> Answer {
        match rest {
            [] => Ok(Reply::value(&Value::Array(self.projects(viewer)))),
            ["search"] if self.is_cloud() => self.project_page(viewer),
            [name] => Ok(Reply::value(self.project_called(viewer, name)?)),
            [name, "versions"] => Ok(Reply::value(&self.versions(viewer, name)?)),
            [name, "version"] => {
                let versions = self.versions(viewer, name)?;
                self.page(versions.as_array().cloned().unwrap_or_default(), 50)
            }
            _ => Err(self.no_such_resource()),
        }
    }

    fn versions(&self, viewer: Viewer, name: &str) -> Result<Value, Reply> {
        let project = self.project_called(viewer, name)?;
        Ok(project.get("versions").cloned().unwrap_or_else(|| json!([])))
    }

    /// A project by its key, whatever the capitals, or its id.
    fn project_called(&self, viewer: Viewer, name: &str) -> Result<&Value, Reply> {
        let fits = |(key, value): &(&String, &Value)| {
            key.eq_ignore_ascii_case(name) || text_of(value, "id").is_some_and(|id| id == name)
        };
        let projects = self.world.catalog.projects.iter();
        let project = projects.filter(|_| viewer == Viewer::Member).find(fits);
        project.map(|(_, value)| value).ok_or_else(|| {
            Reply::failure(404, &format!("No project could be found with key '{name}'."))
        })
    }

    /// The list tells less of a project than the project itself.
    fn projects(&self, viewer: Viewer) -> Vec<Value> {
        let all = self.world.catalog.projects.values().filter(|_| viewer == Viewer::Member);
        all.map(|project| {
            let mut told = project.clone();
            if let Some(members) = told.as_object_mut() {
                for long in ["versions", "components", "issueTypes", "description"] {
                    members.shift_remove(long);
                }
            }
            told
        })
        .collect()
    }

    fn project_page(&self, viewer: Viewer) -> Answer {
        self.page(self.projects(viewer), 50)
    }

    /// A page of values as the newer lists give them.
    pub(super) fn page(&self, all: Vec<Value>, size_max: usize) -> Answer {
        let ask = Ask::read(self.request, self.kind)?;
        let size = ask.size(size_max, size_max);
        let total = all.len();
        let is_last = ask.start_at.saturating_add(size) >= total;
        let values: Vec<Value> = all.into_iter().skip(ask.start_at).take(size).collect();
        Ok(Reply::value(&json!({
            "maxResults": size, "startAt": ask.start_at, "total": total, "isLast": is_last,
            "values": values,
        })))
    }
}
