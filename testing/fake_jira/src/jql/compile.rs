//! A parsed query against a world: names become ids, and what does not exist is refused.

use std::cmp::Ordering;
use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::Value;

use super::{Clause, Operator, Refusal, Test};
use crate::catalog::{CATEGORIES, text_of};
use crate::issue::{Issue, Key};
use crate::moment;
use crate::world::World;

/// What to do about values that do not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Data Center: the whole query fails.
    Strict,
    /// Cloud: an unknown issue matches nothing, anything else fails.
    LenientIssues,
    /// `validateQuery=false`: whatever is unknown matches nothing.
    Lenient,
}

/// A query that can be asked of one issue after another.
#[derive(Debug, Clone)]
pub(crate) enum Predicate {
    And(Vec<Predicate>),
    Or(Vec<Predicate>),
    Not(Box<Predicate>),
    Ids(HashSet<u64>),
    Project(HashSet<String>),
    Status(HashSet<String>),
    Created(Operator, Timestamp),
    Updated(Operator, Timestamp),
    /// Only in the project of that key.
    Key(Operator, Key),
    /// A field that has one of these, in small letters, as value, name, key or id.
    Field(String, HashSet<String>),
    /// A text in which that occurs, in small letters.
    Like(String, String),
    Empty(String),
}

impl Predicate {
    /// Whether the issue is found.
    pub fn holds(&self, issue: &Issue) -> bool {
        match self {
            Predicate::And(all) => all.iter().all(|it| it.holds(issue)),
            Predicate::Or(any) => any.iter().any(|it| it.holds(issue)),
            Predicate::Not(it) => !it.holds(issue),
            Predicate::Ids(ids) => ids.contains(&issue.id),
            Predicate::Project(keys) => keys.contains(&issue.key.project),
            Predicate::Status(ids) => ids.contains(&issue.status),
            Predicate::Created(operator, at) => compares(*operator, issue.created.cmp(at)),
            Predicate::Updated(operator, at) => compares(*operator, issue.updated.cmp(at)),
            Predicate::Key(operator, key) => {
                issue.key.project == key.project && compares(*operator, issue.key.cmp(key))
            }
            Predicate::Field(field, words) => {
                words_of(issue, field).iter().any(|it| words.contains(it))
            }
            Predicate::Like(field, part) => {
                words_of(issue, field).iter().any(|it| it.contains(part))
            }
            Predicate::Empty(field) => words_of(issue, field).is_empty(),
        }
    }
}

fn compares(operator: Operator, found: Ordering) -> bool {
    match operator {
        Operator::Less => found.is_lt(),
        Operator::LessOrEqual => found.is_le(),
        Operator::Greater => found.is_gt(),
        Operator::GreaterOrEqual => found.is_ge(),
        _ => false,
    }
}

/// What a field says, in small letters: texts, and of objects their name, value, key and id.
fn words_of(issue: &Issue, field: &str) -> Vec<String> {
    if field == "sprint" {
        return issue.sprints.iter().map(u64::to_string).collect();
    }
    let mut words = Vec::new();
    push_words(&issue.value(field), &mut words);
    words
}

fn push_words(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Array(all) => all.iter().for_each(|it| push_words(it, words)),
        Value::Object(_) => {
            let parts = ["name", "value", "key", "id", "displayName"];
            let texts = parts.iter().filter_map(|part| text_of(value, part));
            words.extend(texts.map(|text| text.to_lowercase()));
        }
        Value::String(text) => words.push(text.to_lowercase()),
        other => words.push(other.to_string()),
    }
}

/// Makes a query ready to be asked, or says in Jira's words what is wrong with it.
pub(crate) fn compile(
    clause: &Clause,
    world: &World,
    strictness: Strictness,
) -> Result<Predicate, Refusal> {
    let all = |clauses: &[Clause]| {
        clauses.iter().map(|it| compile(it, world, strictness)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match clause {
        Clause::And(clauses) => Predicate::And(all(clauses)?),
        Clause::Or(clauses) => Predicate::Or(all(clauses)?),
        Clause::Not(inner) => Predicate::Not(Box::new(compile(inner, world, strictness)?)),
        Clause::Test(test) => Compiler { world, strictness, test }.predicate()?,
    })
}

struct Compiler<'a> {
    world: &'a World,
    strictness: Strictness,
    test: &'a Test,
}

impl Compiler<'_> {
    fn predicate(&self) -> Result<Predicate, Refusal> {
        let field = self.test.field.to_lowercase();
        match field.as_str() {
            "project" => self.listed(|name| self.projects(name), Predicate::Project),
            "key" | "issuekey" | "issue" | "id" => self.issues(),
            "status" => self.listed(|name| self.statuses(name), Predicate::Status),
            "statuscategory" => self.listed(|name| self.in_category(name), Predicate::Status),
            "created" | "createddate" => self.time(Predicate::Created),
            "updated" | "updateddate" => self.time(Predicate::Updated),
            "type" => self.field("issuetype"),
            "resolved" => self.field("resolutiondate"),
            "fixversion" => self.field("fixVersions"),
            "component" => self.field("components"),
            "issuetype" | "priority" | "resolution" | "labels" | "assignee" | "reporter"
            | "parent" | "summary" | "sprint" | "resolutiondate" => self.field(&field),
            _ => match self.world.field_called(&self.test.field) {
                Some(id) => self.field(&id),
                None => Err(format!(
                    "Field '{}' does not exist or you do not have permission to view it.",
                    self.test.field
                )),
            },
        }
    }

    /// `=`, `!=`, `in` and `not in` over names that `find` turns into what is compared.
    fn listed<T: std::hash::Hash + Eq>(
        &self,
        find: impl Fn(&str) -> Vec<T>,
        predicate: impl Fn(HashSet<T>) -> Predicate,
    ) -> Result<Predicate, Refusal> {
        let mut found = HashSet::new();
        for name in &self.test.values {
            let of_name = find(name);
            if of_name.is_empty() && self.strictness != Strictness::Lenient {
                let field = &self.test.field;
                return Err(format!("The value '{name}' does not exist for the field '{field}'."));
            }
            found.extend(of_name);
        }
        match self.test.operator {
            Operator::In => Ok(predicate(found)),
            Operator::NotIn => Ok(Predicate::Not(Box::new(predicate(found)))),
            // Neither of them is ever empty.
            Operator::Empty => Ok(Predicate::Or(Vec::new())),
            Operator::NotEmpty => Ok(Predicate::And(Vec::new())),
            _ => Err(self.unsupported()),
        }
    }

    fn projects(&self, name: &str) -> Vec<String> {
        let projects = &self.world.catalog.projects;
        let fits = |key: &str, value: &Value| {
            key.eq_ignore_ascii_case(name)
                || text_of(value, "name").is_some_and(|it| it.eq_ignore_ascii_case(name))
                || text_of(value, "id").is_some_and(|id| id == name)
        };
        projects
            .iter()
            .filter(|(key, value)| fits(key, value))
            .map(|(key, _)| key.clone())
            .collect()
    }

    fn statuses(&self, name: &str) -> Vec<String> {
        self.world.catalog.statuses.ids_called(name)
    }

    /// A category is called by its English name, its key or its id.
    fn in_category(&self, name: &str) -> Vec<String> {
        let known = CATEGORIES.iter().find(|(id, key, english, _)| {
            english.eq_ignore_ascii_case(name)
                || key.eq_ignore_ascii_case(name)
                || id.to_string() == name
        });
        let Some((_, key, _, _)) = known else { return Vec::new() };
        let catalog = &self.world.catalog;
        let all = catalog.statuses.entries().iter().map(|entry| entry.id.clone());
        let mut found: Vec<String> =
            all.filter(|id| catalog.category_of(id) == Some(key)).collect();
        // A category that no status is in exists all the same.
        found.push(String::new());
        found
    }

    fn issues(&self) -> Result<Predicate, Refusal> {
        let mut ids = HashSet::new();
        for name in &self.test.values {
            match self.world.visible_id(name) {
                Some(id) => drop(ids.insert(id)),
                None if self.strictness == Strictness::Strict => {
                    return Err(self.no_such_issue(name));
                }
                None => {}
            }
        }
        let first = self.test.values.first().and_then(|name| Key::read(name));
        match (self.test.operator, first) {
            (Operator::In, _) => Ok(Predicate::Ids(ids)),
            (Operator::NotIn, _) => Ok(Predicate::Not(Box::new(Predicate::Ids(ids)))),
            (Operator::Empty, _) => Ok(Predicate::Or(Vec::new())),
            (Operator::NotEmpty, _) => Ok(Predicate::And(Vec::new())),
            (Operator::Like | Operator::NotLike, _) | (_, None) => Err(self.unsupported()),
            (operator, Some(key)) => Ok(Predicate::Key(operator, key)),
        }
    }

    fn no_such_issue(&self, name: &str) -> Refusal {
        let field = &self.test.field;
        if name.chars().all(|it| it.is_ascii_digit()) {
            return format!("A value with ID '{name}' does not exist for the field '{field}'.");
        }
        format!("An issue with key '{name}' does not exist for field '{field}'.")
    }

    fn time(&self, predicate: fn(Operator, Timestamp) -> Predicate) -> Result<Predicate, Refusal> {
        let is_order = matches!(
            self.test.operator,
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual
        );
        let (true, Some(text)) = (is_order, self.test.values.first()) else {
            return Err(self.unsupported());
        };
        let at = moment::read_jql(text, self.world.zone(), self.world.now()).ok_or_else(|| {
            format!(
                "Date value '{text}' for field '{}' is invalid. Valid formats include: \
                 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period \
                 format e.g. '-5d', '4w 2d'.",
                self.test.field
            )
        })?;
        Ok(predicate(self.test.operator, at))
    }

    fn field(&self, id: &str) -> Result<Predicate, Refusal> {
        let lower = || self.test.values.iter().map(|value| value.to_lowercase());
        let found = || Predicate::Field(id.to_owned(), lower().collect());
        let like = || Predicate::Like(id.to_owned(), lower().next().unwrap_or_default());
        let empty = || Predicate::Empty(id.to_owned());
        // What is empty is not found by `!=` either.
        let neither = |it| Predicate::Not(Box::new(Predicate::Or(vec![it, empty()])));
        match self.test.operator {
            Operator::In => Ok(found()),
            Operator::NotIn => Ok(neither(found())),
            Operator::Like => Ok(like()),
            Operator::NotLike => Ok(neither(like())),
            Operator::Empty => Ok(empty()),
            Operator::NotEmpty => Ok(Predicate::Not(Box::new(empty()))),
            _ => Err(self.unsupported()),
        }
    }

    fn unsupported(&self) -> Refusal {
        format!(
            "The operator of the condition on '{}' is not supported by that field.",
            self.test.field
        )
    }
}
