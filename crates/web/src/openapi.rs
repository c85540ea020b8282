//! The description of the JSON interface (OpenAPI 3.1): addresses and parameters as the router has
//! them, answers as a test found them.

use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::ask::{Ask, Place};
use crate::router::views;
use crate::view::{API_ROOT, Answer, Draw, Views};

/// Where the description is.
pub(crate) const PATH: &str = "/api/v1/openapi.json";

/// The schema of the answer of each address, written by the test that checks them.
const SCHEMAS: &str = include_str!("../asset/schemas.json");

/// An address that answers in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its path, with the names of its parts in braces.
    pub path: String,
    /// What can stand behind the `?`.
    pub parameters: Vec<String>,
}

/// All addresses that answer in JSON, as the router has them.
pub fn endpoints() -> Vec<Endpoint> {
    views(Endpoints(Vec::new())).0
}

/// Takes down what the router serves.
struct Endpoints(Vec<Endpoint>);

impl Views for Endpoints {
    fn page<P, A, T>(self, _: &str, _: impl Answer<P, A, T>, _: impl Draw<T, A>) -> Self
    where
        P: Place + Send + 'static,
        A: Ask + Send + 'static,
        T: Send + 'static,
    {
        self
    }

    fn json<P, A, T>(mut self, path: &str, _: impl Answer<P, A, T>) -> Self
    where
        P: Place + Send + 'static,
        A: Ask + Send + 'static,
        T: serde::Serialize + Send + 'static,
    {
        self.0.push(Endpoint { path: format!("{API_ROOT}{path}"), parameters: names::<A>() });
        self
    }
}

/// What can be asked: the refusal of anything else names it.
fn names<A: Ask>() -> Vec<String> {
    let refusal = A::default().set("?", "?").err().map(|error| error.to_string());
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let refusal = refusal.unwrap_or_default();
    let words = refusal.split(|c| !is_name(c)).filter(|word| !word.is_empty());
    let mut names: Vec<String> = Vec::new();
    for word in words {
        let asked = A::default().set(word, "?");
        let is_known = asked.err().is_none_or(|error| !error.is_unknown_parameter());
        if is_known && !names.iter().any(|name| name == word) {
            names.push(word.to_owned());
        }
    }
    names
}

/// The description.
pub(crate) async fn show() -> Response {
    axum::Json(description()).into_response()
}

fn description() -> Value {
    let schemas: Map<String, Value> = serde_json::from_str(SCHEMAS).unwrap_or_default();
    let mut paths = Map::new();
    for endpoint in endpoints() {
        let schema = schemas.get(&endpoint.path).cloned().unwrap_or(json!({ "type": "object" }));
        paths.insert(endpoint.path.clone(), json!({ "get": operation(&endpoint, &schema) }));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "burndown",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the pages show, as JSON. What is not known is null or has the state \
                            \"unavailable\" with a reason and a remedy; it is never 0.",
        },
        "paths": paths,
        "components": { "schemas": { "Error": {
            "type": "object",
            "required": ["error"],
            "properties": { "error": {
                "type": "object",
                "required": ["kind", "message"],
                "properties": { "kind": { "type": "string" }, "message": { "type": "string" } },
            } },
        } } },
    })
}

fn operation(endpoint: &Endpoint, schema: &Value) -> Value {
    let parts = endpoint.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        Some(
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }),
        )
    });
    let asked = endpoint.parameters.iter();
    let asked =
        asked.map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string" } }));
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    json!({
        "parameters": parts.chain(asked).collect::<Vec<_>>(),
        "responses": {
            "200": { "description": "the answer", "content": content(schema.clone()) },
            "default": {
                "description": "why there is none",
                "content": content(json!({ "$ref": "#/components/schemas/Error" })),
            },
        },
    })
}
