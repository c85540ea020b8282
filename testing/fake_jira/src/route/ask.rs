//! What a search asks for, whether it came behind a `?` or as JSON.

use serde_json::Value;

use crate::behaviour::Kind;
use crate::reply::Reply;
use crate::request::Request;

/// The parts of a request for issues or histories.
#[derive(Debug, Default)]
pub(super) struct Ask {
    pub jql: String,
    pub start_at: usize,
    /// Negative means as many as there may be.
    pub max_results: Option<i64>,
    pub fields: Fields,
    pub has_changelog: bool,
    /// `validateQuery`.
    pub is_strict: bool,
    pub token: Option<String>,
    /// `issueIdsOrKeys`.
    pub issues: Vec<String>,
    /// `fieldIds`.
    pub field_ids: Vec<String>,
}

/// Which fields are wanted.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// `None` if the request does not say.
    named: Option<Vec<String>>,
}

impl Fields {
    fn read(names: Vec<String>) -> Fields {
        let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        Fields { named: (!names.is_empty()).then_some(names) }
    }

    pub(super) fn is_told(&self) -> bool {
        self.named.is_some()
    }

    /// Whether a field is wanted; all are where nothing is said.
    pub(super) fn want(&self, field: &str) -> bool {
        let Some(named) = &self.named else { return true };
        if named.iter().any(|name| name.strip_prefix('-') == Some(field)) {
            return false;
        }
        let has_positive = named.iter().any(|name| !name.starts_with('-'));
        !has_positive || named.iter().any(|name| name.starts_with('*') || name == field)
    }

    /// Whether so little is wanted that pages may be long: id, key and one more.
    pub(super) fn are_few(&self) -> bool {
        self.named.as_ref().is_some_and(|named| {
            named.len() <= 3 && !named.iter().any(|name| name.starts_with(['*', '-']))
        })
    }
}

impl Ask {
    /// Reads a request, or says why Jira would not.
    pub(super) fn read(request: &Request, kind: Kind) -> Result<Ask, Reply> {
        if request.method != "POST" {
            return Ok(Ask::from_query(request));
        }
        let body = serde_json::from_str(&request.body)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| Reply::failure(400, "The request body is not a JSON object."))?;
        Ask::from_body(&body, kind, &request.path)
    }

    fn from_query(request: &Request) -> Ask {
        let text = |name| request.parameter(name).unwrap_or_default();
        let list = |name| text(name).split(',').map(|part| part.trim().to_owned()).collect();
        Ask {
            jql: text("jql").to_owned(),
            start_at: text("startAt").parse().unwrap_or(0),
            max_results: text("maxResults").parse().ok(),
            fields: Fields::read(list("fields")),
            has_changelog: is_in(text("expand"), "changelog"),
            is_strict: text("validateQuery") != "false",
            token: request.parameter("nextPageToken").map(str::to_owned),
            ..Ask::default()
        }
    }

    fn from_body(body: &Value, kind: Kind, path: &str) -> Result<Ask, Reply> {
        let texts = |name: &str| {
            let list = body.get(name).and_then(Value::as_array).into_iter().flatten();
            let one = |it: &Value| {
                it.as_str().map(str::to_owned).or_else(|| it.as_u64().map(|id| id.to_string()))
            };
            list.filter_map(one).collect::<Vec<String>>()
        };
        // The one place where the new search differs from all others.
        let wants_text = kind == Kind::Cloud && path.ends_with("/search/jql");
        let expand = body.get("expand").unwrap_or(&Value::Null);
        let has_changelog = match expand {
            Value::Null => false,
            Value::String(text) if wants_text => is_in(text, "changelog"),
            Value::Array(list) if !wants_text => list.iter().any(|it| it == "changelog"),
            _ => return Err(Reply::failure(400, "Invalid request payload: expand.")),
        };
        let start_at = body.get("startAt").and_then(Value::as_u64).unwrap_or(0);
        Ok(Ask {
            jql: body.get("jql").and_then(Value::as_str).unwrap_or_default().to_owned(),
            start_at: usize::try_from(start_at).unwrap_or(usize::MAX),
            max_results: body.get("maxResults").and_then(Value::as_i64),
            fields: Fields::read(texts("fields")),
            has_changelog,
            is_strict: body.get("validateQuery") != Some(&Value::Bool(false)),
            token: body.get("nextPageToken").and_then(Value::as_str).map(str::to_owned),
            issues: texts("issueIdsOrKeys"),
            field_ids: texts("fieldIds"),
        })
    }

    /// How many are given of those that are asked for.
    pub(super) fn size(&self, default: usize, max: usize) -> usize {
        match self.max_results {
            None => default.min(max),
            Some(asked) => usize::try_from(asked).map_or(max, |asked| asked.min(max)),
        }
    }
}

fn is_in(list: &str, word: &str) -> bool {
    list.split(',').any(|part| part.trim() == word)
}
