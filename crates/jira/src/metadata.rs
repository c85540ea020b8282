//! What a Jira has besides issues: statuses, types, versions, boards, people.

use model::json::{Kind as Json, Value};
use model::{Date, TypePlace};

use crate::changelog::id_text;
use crate::client::Client;
use crate::error::Result;
use crate::fetch::encoded;
use crate::http::Request;
use crate::issue::Read;
use crate::server::Kind;

/// Most entries of a list that comes in pages; a server that names more never ends.
const LISTED_MAX: usize = 20_000;

/// A person who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name that others see.
    pub name: String,
    /// Zone in which Jira reads the times in this person's JQL.
    pub time_zone: Option<String>,
}

/// A priority or a resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Jira's id.
    pub id: String,
    /// Its name, which may stand for several ids.
    pub name: String,
}

/// A status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Jira's id.
    pub id: String,
    /// Its name, which may stand for several ids.
    pub name: String,
    /// Key of its category: `new`, `indeterminate` or `done`, in every language.
    pub category: Option<String>,
    /// Its name in no language, where Jira says so.
    pub untranslated_name: Option<String>,
    /// Id of the one project that has it; `None` if it belongs to all.
    pub project_id: Option<String>,
}

/// A type of issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueType {
    /// Jira's id.
    pub id: String,
    /// Its name, which may stand for several ids.
    pub name: String,
    /// Whether such issues are parts of others, or hold others.
    pub place: TypePlace,
    /// Id of the one project that has it; `None` if it belongs to all.
    pub project_id: Option<String>,
}

/// A version of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Jira's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is out.
    pub is_released: bool,
    /// Whether it is put away.
    pub is_archived: bool,
    /// When work on it begins.
    pub start: Option<Date>,
    /// When it comes out.
    pub release: Option<Date>,
}

/// A board of Jira Software.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Jira's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `scrum`, `kanban` or `simple`.
    pub kind: String,
}

/// How a board is set up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoardSetup {
    /// The field in which its issues are estimated: the surest way to the points.
    pub estimation_field: Option<String>,
    /// Its columns with the ids of their statuses.
    pub columns: Vec<(String, Vec<String>)>,
}

impl Client {
    /// Who is logged in. The surest test of a login.
    pub fn myself(&self) -> Result<Person> {
        self.ask(&self.about("myself"), |person| {
            let names = ["displayName", "name", "emailAddress", "key", "accountId"];
            let name = names.iter().find_map(|member| text(person, member));
            let time_zone = text(person, "timeZone");
            Ok(Person { name: name.ok_or("a person has no name")?, time_zone })
        })
    }

    /// All statuses.
    pub fn statuses(&self) -> Result<Vec<Status>> {
        self.ask(&self.about("status"), |list| each(list, status))
    }

    /// The key of a project; `None` if it cannot be had.
    pub fn project_key(&self, id: &str) -> Result<Option<String>> {
        let path = format!("project/{}", encoded(id));
        let key = self.ask(&self.about(&path), |project| Ok(text(project, "key")));
        match key {
            Ok(key) => Ok(key),
            Err(error) if error.is_of_one_call() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All types of issues.
    pub fn issue_types(&self) -> Result<Vec<IssueType>> {
        self.ask(&self.about("issuetype"), |list| each(list, issue_type))
    }

    /// All priorities or resolutions. On Cloud the paged list is asked first, which took the place of
    /// the plain one.
    pub(crate) fn named_list(&self, what: &str) -> Result<Vec<Named>> {
        if self.server().kind == Kind::Cloud {
            match self.paged_list(what) {
                Err(error) if error.is_of_one_call() => {}
                other => return other,
            }
        }
        self.ask(&self.about(what), |list| each(list, named))
    }

    fn paged_list(&self, what: &str) -> Result<Vec<Named>> {
        let page = |start| self.about(&format!("{what}/search?startAt={start}&maxResults=50"));
        self.all_pages(page, named)
    }

    /// The entries of all pages; `request` asks for the page that begins at an entry.
    fn all_pages<T>(
        &self,
        request: impl Fn(usize) -> Request,
        one: impl Fn(Value<'_>) -> Read<T>,
    ) -> Result<Vec<T>> {
        let mut all: Vec<T> = Vec::new();
        loop {
            let start = all.len();
            let (page, is_last) = self.ask(&request(start), |page| {
                let values = page.get("values").ok_or("there is no list of values in it")?;
                let is_last = page.get("isLast").is_none_or(|last| last.kind() == Json::True);
                if !is_last && start > LISTED_MAX {
                    return Err("the list does not end");
                }
                Ok((each(values, &one)?, is_last))
            })?;
            let is_over = is_last || page.is_empty();
            all.extend(page);
            if is_over {
                return Ok(all);
            }
        }
    }

    /// All priorities, the most urgent first.
    pub fn priorities(&self) -> Result<Vec<Named>> {
        self.named_list("priority")
    }

    /// All resolutions.
    pub fn resolutions(&self) -> Result<Vec<Named>> {
        self.named_list("resolution")
    }

    /// The versions of a project, in its own order.
    pub fn versions(&self, project_key: &str) -> Result<Vec<Version>> {
        let path = format!("project/{}/versions", encoded(project_key));
        self.ask(&self.about(&path), |list| each(list, version))
    }

    /// The boards of a project; [`Error::NotFound`](crate::Error::NotFound) without Jira Software.
    pub fn boards(&self, project_key: &str) -> Result<Vec<Board>> {
        let project = encoded(project_key);
        let page = |start| {
            Request::get(format!("/rest/agile/1.0/board?projectKeyOrId={project}&startAt={start}"))
        };
        self.all_pages(page, board)
    }

    /// How a board is set up.
    pub fn board_setup(&self, board_id: &str) -> Result<BoardSetup> {
        let path = format!("/rest/agile/1.0/board/{}/configuration", encoded(board_id));
        self.ask(&Request::get(path), |setup| Ok(board_setup(setup)))
    }

    pub(crate) fn about(&self, what: &str) -> Request {
        Request::get(format!("/rest/api/{}/{what}", self.api()))
    }
}

/// Every element of a list.
pub(crate) fn each<T>(list: Value<'_>, one: impl Fn(Value<'_>) -> Read<T>) -> Read<Vec<T>> {
    if list.kind() != Json::Array {
        return Err("it is no list");
    }
    list.elements().map(one).collect()
}

pub(crate) fn text(value: Value<'_>, name: &str) -> Option<String> {
    Some(value.get(name)?.as_text()?.into_owned())
}

pub(crate) fn is_true(value: Value<'_>, name: &str) -> bool {
    value.get(name).is_some_and(|truth| truth.kind() == Json::True)
}

fn named(value: Value<'_>) -> Read<Named> {
    let id = id_text(value).ok_or("an entry has no id")?;
    Ok(Named { id, name: text(value, "name").ok_or("an entry has no name")? })
}

fn project_id(value: Value<'_>) -> Option<String> {
    id_text(value.get("scope")?.get("project")?)
}

pub(crate) fn status(value: Value<'_>) -> Read<Status> {
    let Named { id, name } = named(value)?;
    let category = value.get("statusCategory").and_then(|category| text(category, "key"));
    let untranslated_name = text(value, "untranslatedName");
    Ok(Status { id, name, category, untranslated_name, project_id: project_id(value) })
}

pub(crate) fn issue_type(value: Value<'_>) -> Read<IssueType> {
    let Named { id, name } = named(value)?;
    Ok(IssueType { id, name, place: model::type_place(value), project_id: project_id(value) })
}

pub(crate) fn version(value: Value<'_>) -> Read<Version> {
    let Named { id, name } = named(value)?;
    let day = |name| text(value, name)?.get(..10)?.parse().ok();
    Ok(Version {
        id,
        name,
        is_released: is_true(value, "released"),
        is_archived: is_true(value, "archived"),
        start: day("startDate"),
        release: day("releaseDate"),
    })
}

fn board(value: Value<'_>) -> Read<Board> {
    let Named { id, name } = named(value)?;
    Ok(Board { id, name, kind: text(value, "type").unwrap_or_default() })
}

pub(crate) fn board_setup(setup: Value<'_>) -> BoardSetup {
    let column = |column: Value<'_>| {
        let statuses = column.get("statuses");
        let ids = statuses.iter().flat_map(Value::elements).filter_map(id_text).collect();
        (text(column, "name").unwrap_or_default(), ids)
    };
    let columns = setup.get("columnConfig").and_then(|config| config.get("columns"));
    let estimation = setup.get("estimation").and_then(|estimation| estimation.get("field"));
    BoardSetup {
        estimation_field: estimation.and_then(|field| text(field, "fieldId")),
        columns: columns.iter().flat_map(Value::elements).map(column).collect(),
    }
}
