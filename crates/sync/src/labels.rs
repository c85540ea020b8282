//! What the server calls statuses, types, priorities and resolutions. They are renamed without any
//! issue being touched, so that an issue may not be what Jira has though nothing of it changed.

use std::collections::HashMap;

use model::hash::hex;
use model::json::Value;
use model::remote::Label;
use model::{Document, Status, StatusCategory, Tape, Timestamp, TypePlace};
use sha2::{Digest as _, Sha256};

/// Bytes of the mark.
const MARK_BYTES: usize = 16;

/// Names and categories by field and id.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// By id, below the name of the field.
    of_field: HashMap<&'static str, HashMap<String, Called>>,
    mark: String,
    statuses: Vec<Status>,
}

#[derive(Debug)]
struct Called {
    name: String,
    category: Option<String>,
    type_place: TypePlace,
}

impl Labels {
    pub fn new(mut all: Vec<Label>) -> Labels {
        all.sort();
        let mark = mark(&all);
        let is_status = |label: &&Label| label.field == "status";
        let statuses = all.iter().filter(is_status).map(status).collect();
        let mut of_field: HashMap<_, HashMap<_, _>> = HashMap::new();
        for Label { field, id, name, category, type_place, .. } in all {
            of_field.entry(field).or_default().insert(id, Called { name, category, type_place });
        }
        Labels { of_field, mark, statuses }
    }

    /// The same for the same names only.
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// The statuses that the server lists, and those of `before` that it does not list any more, with
    /// their places in `order`. An empty list is one that this login may not see.
    pub fn statuses(
        &self,
        before: Vec<Status>,
        order: Option<&[String]>,
        now: Timestamp,
    ) -> Vec<Status> {
        if self.statuses.is_empty() {
            return before;
        }
        let seen = |status: &Status| Status { seen_last: Some(now), ..status.clone() };
        let mut all: Vec<Status> = self.statuses.iter().map(seen).collect();
        for old in before {
            match all.iter_mut().find(|status| status.id == old.id) {
                Some(status) => status.order = old.order,
                None => all.push(Status { is_gone: true, ..old }),
            }
        }
        for (place, id) in (0..).zip(order.unwrap_or_default()) {
            if let Some(status) = all.iter_mut().find(|status| status.id == *id) {
                status.order = Some(place);
            }
        }
        all
    }

    /// Whether an issue calls something otherwise than the server does now.
    pub fn differ(&self, document: &Document, tape: &mut Tape) -> bool {
        let Ok(issue) = tape.parse(document.as_str()) else { return true };
        let Some(fields) = issue.get("fields") else { return true };
        self.of_field.iter().any(|(field, called)| {
            let value = fields.get(field);
            value.is_some_and(|value| is_called_otherwise(value, called))
        })
    }
}

fn is_called_otherwise(value: Value<'_>, called: &HashMap<String, Called>) -> bool {
    let text = |value: Value<'_>, name| Some(value.get(name)?.as_text()?.into_owned());
    // What the server does not list may be of a project that this login does not see whole.
    let Some(now) = text(value, "id").and_then(|id| called.get(&id)) else { return false };
    let category = value.get("statusCategory").and_then(|category| text(category, "key"));
    text(value, "name").as_ref() != Some(&now.name)
        || (now.category.is_some() && category != now.category)
        || now.type_place.differs(model::type_place(value))
}

fn status(label: &Label) -> Status {
    Status {
        id: label.id.clone(),
        name: label.name.clone(),
        untranslated_name: label.untranslated_name.clone(),
        category: label.category.as_deref().and_then(StatusCategory::of_key),
        project: label.project.clone(),
        order: None,
        seen_last: None,
        is_gone: false,
    }
}

fn mark(labels: &[Label]) -> String {
    let mut hasher = Sha256::new();
    for Label { field, id, name, category, type_place, .. } in labels {
        let place = match type_place {
            TypePlace { is_subtask: None, hierarchy_level: None } => String::new(),
            place => format!("{:?} {:?}", place.is_subtask, place.hierarchy_level),
        };
        for part in [*field, id, name, category.as_deref().unwrap_or_default(), &place] {
            hasher.update(part);
            hasher.update([0]);
        }
    }
    hex(hasher.finalize().get(..MARK_BYTES).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(names: &[(&'static str, &str, &str, Option<&str>)]) -> Labels {
        let label = |&(field, id, name, category): &(_, &str, &str, Option<&str>)| Label {
            field,
            id: id.to_owned(),
            name: name.to_owned(),
            category: category.map(str::to_owned),
            untranslated_name: None,
            type_place: TypePlace::default(),
            project: None,
        };
        Labels::new(names.iter().map(label).collect())
    }

    #[track_caller]
    fn check(fields: &str, want: bool) {
        let now = labels(&[
            ("status", "3", "Doing", Some("indeterminate")),
            ("issuetype", "1", "Bug", None),
        ]);
        let mut tape = Tape::new();
        let document =
            Document::parse(&format!(r#"{{"fields":{{{fields}}}}}"#), &mut tape).unwrap();
        assert_eq!(now.differ(&document, &mut tape), want, "{fields}");
    }

    #[test]
    fn another_name_or_category_is_noticed() {
        let category = r#""statusCategory":{"key":"indeterminate"}"#;
        check(&format!(r#""status":{{"id":"3","name":"Doing",{category}}}"#), false);
        check(&format!(r#""status":{{"id":"3","name":"In Progress",{category}}}"#), true);
        check(r#""status":{"id":"3","name":"Doing","statusCategory":{"key":"done"}}"#, true);
        check(r#""status":{"id":"9","name":"Hidden"}"#, false);
        check(
            r#""issuetype":{"id":"1","name":"Defect"},"priority":{"id":"1","name":"High"}"#,
            true,
        );
        check(r#""issuetype":{"id":"1","name":"Bug"},"status":null"#, false);
    }

    #[test]
    fn a_type_that_became_one_of_subtasks_or_parents_is_noticed() {
        let of = |is_subtask, hierarchy_level| {
            let type_place = TypePlace { is_subtask, hierarchy_level };
            let bug = Label {
                field: "issuetype",
                id: "1".to_owned(),
                name: "Bug".to_owned(),
                category: None,
                untranslated_name: None,
                type_place,
                project: None,
            };
            Labels::new(vec![bug])
        };
        let differ = |now: &Labels, said: &str| {
            let text = format!(r#"{{"fields":{{"issuetype":{{"id":"1","name":"Bug"{said}}}}}}}"#);
            let mut tape = Tape::new();
            let document = Document::parse(&text, &mut tape).unwrap();
            now.differ(&document, &mut tape)
        };
        let usual = of(Some(false), Some(0));
        assert!(!differ(&usual, r#","subtask":false,"hierarchyLevel":0"#));
        assert!(!differ(&usual, ""));
        assert!(differ(&usual, r#","subtask":true,"hierarchyLevel":-1"#));
        assert!(differ(&usual, r#","subtask":false,"hierarchyLevel":1"#));
        assert!(!differ(&of(None, None), r#","subtask":true"#));
        assert_ne!(usual.mark(), of(Some(true), Some(-1)).mark());
        assert_ne!(usual.mark(), of(Some(false), Some(1)).mark());
    }

    #[test]
    fn the_mark_follows_names_and_not_their_order() {
        let (a, b) = (("status", "1", "A", None), ("priority", "1", "A", None));
        assert_eq!(labels(&[a, b]).mark(), labels(&[b, a]).mark());
        assert_ne!(labels(&[a]).mark(), labels(&[b]).mark());
        assert_ne!(labels(&[a]).mark(), labels(&[("status", "1", "B", None)]).mark());
    }
}
