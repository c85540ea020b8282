//! One Jira issue as last fetched, and the facts that figures need of it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::json::{Document, Kind, Tape, Value};
use crate::membership::ParentKey;
use crate::settings::points_fields::{self, is_time_field};
use crate::stamp;

/// A cached issue.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Its key, which identifies it inside its query.
    pub key: String,
    /// The document as Jira sent it.
    pub document: Document,
}

/// What figures need of an issue, derived from its document in one place: [`IssueFacts::derive`].
///
/// Names that many issues have are shared texts: a store makes each once for all of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IssueFacts {
    /// Its key.
    pub key: String,
    /// Key of the project it lies in.
    pub project: Option<Arc<str>>,
    /// Id of that project, which stays when its key changes.
    pub project_id: Option<Arc<str>>,
    /// Name of its type.
    pub issue_type: Option<Arc<str>>,
    /// Id of its type, which stays when it is renamed.
    pub issue_type_id: Option<Arc<str>>,
    /// Whether its type is one of sub-tasks; `None` if its document does not say.
    pub is_subtask: Option<bool>,
    /// Level of its type: 0 of usual issues, 1 of epics, more of what holds those; `None` if its
    /// document does not say.
    pub hierarchy_level: Option<i8>,
    /// Name of its current status.
    pub status: Option<Arc<str>>,
    /// Id of that status.
    pub status_id: Option<Arc<str>>,
    /// Category key of that status: `new`, `indeterminate` or `done`.
    pub status_category: Option<Arc<str>>,
    /// Name of its priority.
    pub priority: Option<Arc<str>>,
    /// Its one-line title; the old app did not fetch it.
    pub summary: Option<String>,
    /// When it was created; `None` if absent or not a time.
    pub created: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// When it was resolved.
    pub resolved: Option<Timestamp>,
    /// How it was resolved; the old app did not fetch it.
    pub resolution: Resolution,
    /// Its story points.
    pub points: Points,
    /// Key of its parent; of its epic where the server keeps that in a field of its own.
    pub parent: Option<String>,
    /// Since when the query no longer finds it; `None` as long as it does. Not in its document.
    pub left: Option<Timestamp>,
}

/// Where a type of issues stands among the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypePlace {
    /// Whether such issues are parts of others.
    pub is_subtask: Option<bool>,
    /// 0 of usual issues, more of what holds them.
    pub hierarchy_level: Option<i8>,
}

impl TypePlace {
    /// Whether both say something, and not the same.
    pub fn differs(self, other: TypePlace) -> bool {
        fn differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
            one.zip(other).is_some_and(|(one, other)| one != other)
        }
        differ(self.is_subtask, other.is_subtask)
            || differ(self.hierarchy_level, other.hierarchy_level)
    }
}

/// How an issue was resolved. A document that does not say is not one that is unresolved.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Resolution {
    /// The document does not have the field.
    #[default]
    Absent,
    /// The field is there and empty.
    Unresolved,
    /// The name of the resolution, e.g. `Won't Do`.
    Named(String),
}

/// Story points: a value, and four ways not to have one, which are never 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Points {
    /// A number, or text or an object that holds one.
    Known(f64),
    /// The field is there and empty.
    Empty,
    /// The field is not in the document.
    #[default]
    Absent,
    /// The document comes from a fetch that did not ask for the field.
    NotRequested,
    /// The field holds something that is no number.
    Unreadable,
}

impl IssueFacts {
    /// What tells its type from all others: its id, else its name.
    pub fn type_key(&self) -> Option<&str> {
        self.issue_type_id.as_deref().or(self.issue_type.as_deref())
    }

    /// Id and name of its type, as far as they are told: settings name types by either.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.issue_type_id.as_deref().into_iter().chain(self.issue_type.as_deref())
    }

    /// Reads the facts out of a document. `points_field` is the profile's mapped field; of several,
    /// separated by commas, the first that is filled.
    pub fn derive(
        key: &str,
        document: &Document,
        points_field: Option<&str>,
        tape: &mut Tape,
    ) -> Self {
        match tape.parse(document.as_str()) {
            Ok(value) => Self::of(key, value, points_field),
            Err(_) => Self { key: key.to_owned(), ..Self::default() },
        }
    }

    /// The same from a parsed document.
    pub fn of(key: &str, document: Value<'_>, points_field: Option<&str>) -> Self {
        let mut facts = Self { key: key.to_owned(), ..Self::default() };
        let Some(fields) = document.get("fields") else { return facts };
        let (mut points, mut parent) = (FirstFilled::default(), ParentKey::default());
        for (name, value) in fields.members() {
            let name = name.as_text().unwrap_or_default();
            match &*name {
                "project" => {
                    facts.project = name_member(value, "key");
                    facts.project_id = id_member(value, "id");
                }
                "issuetype" => {
                    facts.issue_type = name_member(value, "name");
                    facts.issue_type_id = id_member(value, "id");
                    let place = type_place(value);
                    (facts.is_subtask, facts.hierarchy_level) =
                        (place.is_subtask, place.hierarchy_level);
                }
                "status" => {
                    facts.status = name_member(value, "name");
                    facts.status_id = id_member(value, "id");
                    let category = value.get("statusCategory");
                    facts.status_category = category.and_then(|c| name_member(c, "key"));
                }
                "priority" => facts.priority = name_member(value, "name"),
                "summary" => facts.summary = text(value),
                "created" => facts.created = time(value),
                "updated" => facts.updated = time(value),
                "resolutiondate" => facts.resolved = time(value),
                "resolution" => facts.resolution = resolution(value),
                name => {
                    parent.offer(name, value);
                }
            }
            if let Some(place) = points_field.and_then(|fields| place_among(fields, &name)) {
                points.offer(place, in_hours(&name, read_points(value)));
            }
        }
        facts.parent = parent.key(fields.get("issuetype")).map(|key| cut(&key).to_owned());
        // A delta fetch of the old app asked for a summary, for no custom field and, as ever, for no
        // resolution. Elsewhere Jira leaves out fields that a type of issues does not have.
        let is_delta = facts.summary.is_some()
            && points_field.is_some()
            && facts.resolution == Resolution::Absent;
        facts.points = points.0.map(|(_, points)| points).unwrap_or(if is_delta {
            Points::NotRequested
        } else {
            Points::Absent
        });
        facts
    }
}

/// Longest text of a fact in bytes. Jira gives 255 characters; what a file says is cut, as the facts of many
/// issues are in memory together. The document stays whole.
const FACT_BYTES_MAX: usize = 1_000;

fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(FACT_BYTES_MAX)).unwrap_or(text)
}

fn text(value: Value<'_>) -> Option<String> {
    value.as_text().map(|text| cut(&text).to_owned())
}

fn text_member(value: Value<'_>, name: &str) -> Option<String> {
    value.get(name).and_then(text)
}

fn name_member(value: Value<'_>, name: &str) -> Option<Arc<str>> {
    value.get(name)?.as_text().map(|text| Arc::from(cut(&text)))
}

/// Jira writes ids as texts, some programs between write numbers.
pub(crate) fn id_member(value: Value<'_>, name: &str) -> Option<Arc<str>> {
    let id = value.get(name)?;
    match id.kind() {
        Kind::Number => Some(Arc::from(cut(id.raw()))),
        _ => id.as_text().filter(|id| !id.is_empty()).map(|id| Arc::from(cut(&id))),
    }
}

/// Where a type stands, as an issue or a list of types tells.
pub fn type_place(issue_type: Value<'_>) -> TypePlace {
    TypePlace {
        is_subtask: issue_type.get("subtask").and_then(flag),
        hierarchy_level: issue_type.get("hierarchyLevel").and_then(level),
    }
}

fn flag(value: Value<'_>) -> Option<bool> {
    match value.kind() {
        Kind::True => Some(true),
        Kind::False => Some(false),
        _ => None,
    }
}

fn level(value: Value<'_>) -> Option<i8> {
    value.as_f64().filter(|level| level.fract() == 0.0 && level.abs() < 100.0).map(|l| l as i8)
}

fn resolution(value: Value<'_>) -> Resolution {
    match text_member(value, "name") {
        Some(name) if !name.is_empty() => Resolution::Named(name),
        _ if value.is_null() => Resolution::Unresolved,
        _ => Resolution::Absent,
    }
}

fn time(value: Value<'_>) -> Option<Timestamp> {
    // Jira always names the offset; text without one is a hand edit and taken as UTC.
    stamp::parse(&value.as_text()?, &TimeZone::UTC).map(|(at, _)| at)
}

fn in_hours(field: &str, points: Points) -> Points {
    match points {
        Points::Known(seconds) if is_time_field(field) => Points::Known(seconds / 3_600.0),
        other => other,
    }
}

/// Which of the mapped fields that is.
fn place_among(fields: &str, name: &str) -> Option<usize> {
    points_fields::split(fields).position(|field| field == name)
}

/// The points of the first field that is filled; else those of the first that is there.
#[derive(Default)]
struct FirstFilled(Option<(usize, Points)>);

impl FirstFilled {
    fn offer(&mut self, place: usize, points: Points) {
        let rank = |(place, points): (usize, Points)| (!matches!(points, Points::Known(_)), place);
        if self.0.is_none_or(|known| rank((place, points)) < rank(known)) {
            self.0 = Some((place, points));
        }
    }
}

/// Points as a number, numeric text, or an object that the old app understood.
fn read_points(value: Value<'_>) -> Points {
    let number = |value: Value<'_>| match value.kind() {
        Kind::Number => value.as_f64(),
        Kind::Plain | Kind::Escaped => {
            value.as_text()?.trim().parse().ok().filter(|number: &f64| number.is_finite())
        }
        _ => None,
    };
    let inner = |value: Value<'_>| {
        let direct = ["value", "count", "total", "points"];
        let member = direct.iter().find_map(|name| number(value.get(name)?));
        member.or_else(|| number(value.get("votes")?.get("votes")?))
    };
    let is_blank = || value.as_text().is_some_and(|text| text.trim().is_empty());
    match value.kind() {
        Kind::Null => Points::Empty,
        Kind::Plain | Kind::Escaped if is_blank() => Points::Empty,
        Kind::Object => inner(value).map_or(Points::Unreadable, Points::Known),
        _ => number(value).map_or(Points::Unreadable, Points::Known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: &str, want: Points) {
        let text = format!(r#"{{"key":"A-1","fields":{{{fields}}}}}"#);
        let mut tape = Tape::new();
        let document = Document::parse(&text, &mut tape).unwrap();
        assert_eq!(IssueFacts::derive("A-1", &document, Some("cf"), &mut tape).points, want);
    }

    /// The facts of many issues are in memory together, whatever a file says.
    #[test]
    fn texts_without_end_are_cut() {
        let long = "é".repeat(1 << 20);
        let text = format!(
            r#"{{"fields":{{"summary":"{long}","status":{{"name":"{long}","id":"{long}"}},"parent":{{"key":"{long}"}},"resolution":{{"name":"{long}"}},"issuetype":{{"id":1{}}}}}}}"#,
            "0".repeat(1 << 20)
        );
        let mut tape = Tape::new();
        let document = Document::parse(&text, &mut tape).unwrap();
        let facts = IssueFacts::derive("A-1", &document, None, &mut tape);
        assert_eq!(facts.summary.as_deref(), Some("é".repeat(500).as_str()));
        assert!(format!("{facts:?}").len() < 10_000);
    }

    #[test]
    fn points_are_never_invented() {
        check(r#""cf":0"#, Points::Known(0.0));
        check(r#""cf":0.5"#, Points::Known(0.5));
        check(r#""cf":" 3 ""#, Points::Known(3.0));
        check(r#""cf":" ""#, Points::Empty);
        check(r#""cf":{"value":"8"}"#, Points::Known(8.0));
        check(r#""cf":{"votes":{"votes":2}}"#, Points::Known(2.0));
        check(r#""cf":null"#, Points::Empty);
        check(r#""cf":NaN"#, Points::Unreadable);
        check(r#""cf":1e400"#, Points::Unreadable);
        check(r#""cf":[3]"#, Points::Unreadable);
        check(r#""other":3"#, Points::Absent);
        check(r#""summary":"x""#, Points::NotRequested);
        check(r#""summary":"x","resolution":null"#, Points::Absent);
    }

    #[test]
    fn the_first_field_that_is_filled_wins() {
        for (fields, want) in [
            (r#""a":3,"b":5"#, Points::Known(3.0)),
            (r#""b":5,"a":3"#, Points::Known(3.0)),
            (r#""a":null,"b":5"#, Points::Known(5.0)),
            (r#""b":5"#, Points::Known(5.0)),
            (r#""b":null,"a":"x""#, Points::Unreadable),
            (r#""a":null"#, Points::Empty),
            (r#""timeestimate":7200"#, Points::Known(2.0)),
            (r#""c":1"#, Points::Absent),
        ] {
            let mut tape = Tape::new();
            let text = format!(r#"{{"fields":{{{fields}}}}}"#);
            let document = Document::parse(&text, &mut tape).unwrap();
            let wanted = Some("a, b,timeestimate");
            assert_eq!(IssueFacts::derive("A-1", &document, wanted, &mut tape).points, want);
        }
    }

    #[test]
    fn facts_survive_wrong_types() {
        let text = r#"{"fields":{"project":"x","status":{"name":5},"issuetype":null,"created":"yesterday",
            "resolutiondate":"2025-06-02T10:00:00.000+0530","parent":{"key":"P-1"}}}"#;
        let mut tape = Tape::new();
        let document = Document::parse(text, &mut tape).unwrap();
        let facts = IssueFacts::derive("A-1", &document, None, &mut tape);
        assert_eq!((facts.project, facts.status, facts.created), (None, None, None));
        assert_eq!(facts.resolved.map(stamp::format).as_deref(), Some("2025-06-02T04:30:00.000Z"));
        assert_eq!(facts.parent.as_deref(), Some("P-1"));
    }

    #[test]
    fn a_resolution_that_is_not_said_is_not_none() {
        for (fields, want) in [
            (r#""resolution":null"#, Resolution::Unresolved),
            (r#""resolution":{"name":"Won't Do"}"#, Resolution::Named("Won't Do".to_owned())),
            (r#""resolution":5"#, Resolution::Absent),
            (r#""status":{}"#, Resolution::Absent),
        ] {
            let mut tape = Tape::new();
            let document =
                Document::parse(&format!(r#"{{"fields":{{{fields}}}}}"#), &mut tape).unwrap();
            assert_eq!(IssueFacts::derive("A-1", &document, None, &mut tape).resolution, want);
        }
    }
}
