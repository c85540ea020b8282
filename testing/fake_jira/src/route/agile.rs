//! Boards and sprints. Each project has a board, numbered in the order of the projects' keys: scrum
//! where its issues have sprints, kanban elsewhere.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::catalog::CATEGORIES;
use crate::reply::Reply;
use crate::world::POINTS_FIELD;

/// Boards and sprints come in pages of that many.
const PAGE_MAX: usize = 50;

struct Board<'a> {
    id: usize,
    project: &'a str,
    sprints: BTreeSet<u64>,
}

impl Board<'_> {
    fn kind(&self) -> &'static str {
        if self.sprints.is_empty() { "kanban" } else { "scrum" }
    }
}

impl Call<'_> {
    /// What lies below `/rest/agile/1.0`.
    pub(super) fn agile(&self, rest: &[&str]) -> Answer {
        match rest {
            ["board"] => self.boards_asked(),
            ["board", id] => Ok(Reply::value(&self.told_board(&self.board(id)?))),
            ["board", id, "configuration"] => Ok(self.configuration(&self.board(id)?)),
            ["board", id, "sprint"] => self.sprints_of(&self.board(id)?),
            ["sprint", id] => self.sprint(id),
            _ => Err(self.no_such_resource()),
        }
    }

    fn boards(&self) -> Vec<Board<'_>> {
        let projects = self.world.catalog.projects.keys().enumerate();
        projects
            .map(|(place, project)| {
                let issues = self.world.issues.values();
                let issues = issues.filter(|issue| issue.key.project == *project);
                let sprints = issues.flat_map(|issue| issue.sprints.iter().copied()).collect();
                Board { id: place + 1, project, sprints }
            })
            .collect()
    }

    fn board(&self, id: &str) -> Result<Board<'_>, Reply> {
        let board = self.boards().into_iter().find(|board| board.id.to_string() == id);
        board.ok_or_else(|| {
            Reply::failure(404, "The requested board cannot be viewed because it does not exist.")
        })
    }

    fn boards_asked(&self) -> Answer {
        let wanted = |name| self.request.parameter(name);
        let fits = |board: &Board| {
            wanted("type").is_none_or(|it| it.split(',').any(|kind| kind == board.kind()))
                && wanted("projectKeyOrId").is_none_or(|key| key == board.project)
        };
        let boards = self.boards();
        self.page(
            boards.iter().filter(|it| fits(it)).map(|it| self.told_board(it)).collect(),
            PAGE_MAX,
        )
    }

    fn told_board(&self, board: &Board) -> Value {
        let Board { id, project, .. } = board;
        json!({
            "id": id,
            "self": format!("{}/rest/agile/1.0/board/{id}", self.url),
            "name": format!("{project} board"),
            "type": board.kind(),
            "location": {"projectKey": project, "displayName": project},
        })
    }

    fn configuration(&self, board: &Board) -> Reply {
        let mut told = self.told_board(board);
        if let Some(members) = told.as_object_mut() {
            let filter = (10_000 + board.id).to_string();
            members.insert("filter".to_owned(), json!({ "id": filter }));
            let columns = json!({"columns": self.columns(), "constraintType": "none"});
            members.insert("columnConfig".to_owned(), columns);
            if board.kind() == "scrum" {
                let field = json!({"fieldId": POINTS_FIELD, "displayName": "Story point estimate"});
                let estimation = json!({"type": "field", "field": field});
                members.insert("estimation".to_owned(), estimation);
            } else {
                let query = "fixVersion in unreleasedVersions() OR fixVersion is EMPTY";
                members.insert("subQuery".to_owned(), json!({ "query": query }));
            }
        }
        Reply::value(&told)
    }

    /// A column for each category that a status is in.
    fn columns(&self) -> Vec<Value> {
        let catalog = &self.world.catalog;
        let column = |key: &str, name: &str| {
            let all = catalog.statuses.entries().iter();
            let statuses: Vec<Value> = all
                .filter(|entry| catalog.category_of(&entry.id) == Some(key))
                .map(|entry| json!({"id": entry.id}))
                .collect();
            (!statuses.is_empty()).then(|| json!({"name": name, "statuses": statuses}))
        };
        CATEGORIES.iter().filter_map(|(_, key, name, _)| column(key, name)).collect()
    }

    fn sprints_of(&self, board: &Board) -> Answer {
        if board.sprints.is_empty() {
            return Err(Reply::failure(400, "The board does not support sprints"));
        }
        let states = self.request.parameter("state");
        let sprints = board.sprints.iter().filter_map(|id| self.told_sprint(*id));
        let fits = |sprint: &Value| {
            let state = sprint.get("state").and_then(Value::as_str).unwrap_or_default();
            states.is_none_or(|states| states.split(',').any(|it| it == state))
        };
        self.page(sprints.filter(fits).collect(), PAGE_MAX)
    }

    fn sprint(&self, id: &str) -> Answer {
        let sprint = id.parse().ok().and_then(|id| self.told_sprint(id));
        let missing = || Reply::failure(404, "Sprint does not exist");
        sprint.map(|sprint| Reply::value(&sprint)).ok_or_else(missing)
    }

    fn told_sprint(&self, id: u64) -> Option<Value> {
        let mut told = self.world.catalog.sprints.get(&id)?.clone();
        let members = told.as_object_mut()?;
        if let Some(board) = members.shift_remove("boardId") {
            members.insert("originBoardId".to_owned(), board);
        }
        let here = format!("{}/rest/agile/1.0/sprint/{id}", self.url);
        members.insert("self".to_owned(), here.into());
        Some(told)
    }
}
