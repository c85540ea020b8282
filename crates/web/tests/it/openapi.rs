//! The description of the JSON interface, held against real answers.
//!
//! `INSTA_UPDATE=always` writes the schemas anew from the answers of these servers.

use std::collections::BTreeMap;

use model::delivery::{DeliveryQuery, DeliverySaid, DeliveryState};
use model::{Delivery, DeliveryKey, QueryKey, Rule};
use serde_json::{Map, Value, json};

use crate::server::{QUERY, Server};

const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/asset/schemas.json");

/// Members whose names are data, or that hold what others made: their content is not described.
const FREE: [&str; 6] = ["document", "value_as_stored", "settings", "fates", "metrics", "values"];

/// Concrete addresses of an endpoint on a server whose things have these names.
fn addresses(path: &str, parts: &BTreeMap<&str, &str>) -> Vec<String> {
    let filled = parts
        .iter()
        .fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
    let mut found = vec![filled.clone()];
    if path.ends_with("/forecast") {
        found.push(format!("{filled}?focus=80&by=2027-01-31&pert=true"));
    }
    if path.ends_with("{query}") || path.ends_with("/weeks") || path.ends_with("/forecast") {
        found.push(format!("{filled}?unit=points&window=all"));
        found.push(format!("{filled}?as_of=2025-06-04"));
    }
    if path.ends_with("{delivery}") {
        found.push(format!("{filled}?as_of=2025-06-04"));
    }
    if path.ends_with("/issues") {
        found.push(format!("{filled}?event=started"));
    }
    found
}

/// The demo with a delivery that runs and one of which nothing is open; something was said of both.
fn demo_with_deliveries() -> Server {
    let issues = Server::demo()
        .get("/api/v1/profiles/demo-harbour/queries/checkout-rewrite/issues?status=Done");
    let issues: Value = serde_json::from_str(&issues.text).unwrap();
    let done = issues["issues"][0]["summary"].as_str().unwrap().to_owned();
    let key = QueryKey::parse("demo-harbour", "checkout-rewrite").unwrap();
    let said = |date: &str| DeliverySaid {
        date: date.parse().unwrap(),
        scope: 12,
        done: 3,
        half: date.parse().ok(),
        likely: date.parse().ok(),
        target: date.parse().ok(),
        odds_per_mille: Some(850),
    };
    let delivery = |id: &str, rule: Rule, place: u32| Delivery {
        key: DeliveryKey::parse("demo-harbour", id).unwrap(),
        name: id.to_owned(),
        rule,
        target: "2027-03-01".parse().ok(),
        place,
        state: DeliveryState::Running,
        split: None,
        queries: vec![DeliveryQuery { key: key.clone(), name: "Checkout".to_owned() }],
        created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        record: vec![said("2020-03-01"), said("2020-04-01")],
        extra: model::Object::new(),
    };
    let put = |store: &dyn store::Store| {
        let unsaid =
            Delivery { record: Vec::new(), ..delivery("two", Rule::Text(done.clone()), 3) };
        let deliveries =
            [delivery("all", Rule::All, 1), delivery("one", Rule::Text(done), 2), unsaid];
        let put = |tx: &mut dyn store::Writer| {
            deliveries.iter().try_for_each(|delivery| tx.put_delivery(delivery))
        };
        store.transact(put).unwrap();
    };
    Server::demo_with(put)
}

/// What real servers answer, by endpoint.
fn answers() -> Vec<(String, Value)> {
    let filled = Server::filled();
    let demo = demo_with_deliveries();
    let main = QUERY.rsplit('/').next().unwrap();
    let of = |profile, query, key, delivery| {
        let parts = [("profile", profile), ("query", query), ("key", key), ("delivery", delivery)];
        BTreeMap::from(parts)
    };
    let servers = [
        (&filled, of("p%201", main, "K-10", "none")),
        (&filled, of("p%201", main, "K-11", "none")),
        (&filled, of("p%201", "q2", "K-10", "none")),
        (&demo, of("demo-harbour", "checkout-rewrite", "CHK-1", "all")),
        (&demo, of("demo-harbour", "checkout-rewrite", "CHK-1", "one")),
        (&demo, of("demo-harbour", "checkout-rewrite", "CHK-1", "two")),
    ];
    let mut found = Vec::new();
    for endpoint in web::endpoints() {
        for (server, parts) in &servers {
            for address in addresses(&endpoint.path, parts) {
                let answer = server.get(&address);
                if answer.status.is_success() {
                    let value = serde_json::from_str(&answer.text).unwrap();
                    found.push((endpoint.path.clone(), value));
                }
            }
        }
    }
    found
}

/// Members that may be null, where no sample has that: the endpoint, and the way to one.
const NULLABLE: [(&str, &str); 9] = [
    ("/api/v1/answers", "/answers/0/likely/value/date"),
    ("/api/v1/answers", "/answers/0/oldest/value"),
    ("/api/v1/answers", "/answers/0/target"),
    ("/api/v1/answers", "/answers/0/fetched_at"),
    ("/api/v1/answers", "/answers/0/stale"),
    ("/api/v1/answers", "/deliveries/0/odds"),
    ("/api/v1/answers", "/deliveries/0/likely/value"),
    ("/api/v1/workspace", "/active/profile"),
    ("/api/v1/workspace", "/active/query"),
];

/// The answers with null in each of those places that they have.
fn with_nulls(path: &str, value: &Value) -> Vec<Value> {
    let places = NULLABLE.iter().filter(|(of, _)| *of == path);
    let nulled = places.filter_map(|(_, place)| {
        let mut value = value.clone();
        *value.pointer_mut(place)? = Value::Null;
        Some(value)
    });
    nulled.collect()
}

/// A schema that the value and all that `known` described are of.
fn widened(known: Option<Value>, value: &Value) -> Value {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let mut schema = known.and_then(|known| known.as_object().cloned()).unwrap_or_default();
    let kinds = schema.remove("type").unwrap_or(json!([]));
    let mut kinds: Vec<String> = serde_json::from_value(kinds).unwrap();
    if !kinds.iter().any(|known| known == kind) {
        kinds.push(kind.to_owned());
    }
    kinds.sort_unstable();
    let was_object = schema.contains_key("properties");
    schema.insert("type".to_owned(), json!(kinds));
    match value {
        Value::Array(values) => {
            for value in values {
                let items = widened(schema.remove("items"), value);
                schema.insert("items".to_owned(), items);
            }
        }
        Value::Object(members) => widen_members(&mut schema, members, was_object),
        _ => {}
    }
    Value::Object(schema)
}

fn widen_members(schema: &mut Map<String, Value>, members: &Map<String, Value>, was_object: bool) {
    let mut properties =
        schema.remove("properties").and_then(|p| p.as_object().cloned()).unwrap_or_default();
    let required: Vec<String> = match schema.remove("required") {
        Some(required) if was_object => {
            let required: Vec<String> = serde_json::from_value(required).unwrap();
            required.into_iter().filter(|name| members.contains_key(name)).collect()
        }
        _ => members.keys().cloned().collect(),
    };
    // What else stands beside a tag depends on what it says.
    let tag =
        ["kind", "state"].into_iter().find(|tag| members.get(*tag).is_some_and(Value::is_string));
    let is_needed = |name: &String| tag.is_none_or(|tag| name == tag);
    let required: Vec<String> = required.into_iter().filter(is_needed).collect();
    for (name, value) in members {
        let free = FREE.contains(&name.as_str()).then(|| json!({}));
        let found = free.unwrap_or_else(|| widened(properties.remove(name), value));
        properties.insert(name.clone(), found);
    }
    properties.sort_keys();
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("required".to_owned(), json!(required));
}

/// Where a value is not of a schema.
fn breach(schema: &Value, value: &Value, at: &str) -> Option<String> {
    let kinds = schema.get("type").and_then(Value::as_array)?;
    let kind = widened(None, value)["type"][0].clone();
    if !kinds.contains(&kind) {
        return Some(format!("{at} is {kind}, not {kinds:?}"));
    }
    match value {
        Value::Array(values) => values.iter().enumerate().find_map(|(place, value)| {
            breach(schema.get("items")?, value, &format!("{at}[{place}]"))
        }),
        Value::Object(members) => {
            let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
            let missing =
                required.filter_map(Value::as_str).find(|name| !members.contains_key(*name));
            missing.map(|name| format!("{at} has no {name}")).or_else(|| {
                members.iter().find_map(|(name, value)| {
                    breach(schema["properties"].get(name)?, value, &format!("{at}.{name}"))
                })
            })
        }
        _ => None,
    }
}

#[test]
fn real_answers_are_as_described() {
    let answers = answers();
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        let mut schemas: BTreeMap<&str, Value> = BTreeMap::new();
        for (path, value) in &answers {
            let known = schemas.remove(path.as_str());
            let all = [value.clone()].into_iter().chain(with_nulls(path, value));
            let schema = all.fold(known, |known, value| Some(widened(known, &value)));
            schemas.insert(path, schema.unwrap_or_default());
        }
        let lines: Vec<String> =
            schemas.iter().map(|(path, schema)| format!("{}:{schema}", json!(path))).collect();
        std::fs::write(SCHEMAS, format!("{{\n{}\n}}\n", lines.join(",\n"))).unwrap();
        return;
    }
    let described: Value =
        serde_json::from_str(&Server::empty().get("/api/v1/openapi.json").text).unwrap();
    assert_eq!(described["openapi"], "3.1.0");
    let mut checked = 0;
    for (path, value) in &answers {
        let content = &described["paths"][path]["get"]["responses"]["200"]["content"];
        let schema = &content["application/json"]["schema"];
        assert_eq!(breach(schema, value, path), None);
        checked += 1;
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn the_description_has_every_address_and_what_it_takes() {
    let described: Value =
        serde_json::from_str(&Server::empty().get("/api/v1/openapi.json").text).unwrap();
    let names = |path: &str| -> Vec<String> {
        let parameters = described["paths"][path]["get"]["parameters"].as_array().unwrap();
        parameters.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let query = "/api/v1/profiles/{profile}/queries/{query}";
    assert_eq!(names("/api/v1/workspace"), ["text", "page"]);
    assert_eq!(names(query), ["profile", "query", "window", "unit", "as_of"]);
    let issues = names(&format!("{query}/issues"));
    for name in
        ["status", "type", "text", "event", "week", "as_of", "sort", "order", "page", "size"]
    {
        assert!(issues.iter().any(|known| known == name), "{name} is not in {issues:?}");
    }
    assert_eq!(names(&format!("{query}/sync")), ["profile", "query"]);
    assert!(names(&format!("{query}/now")).contains(&"blocked".to_owned()));
    assert_eq!(described["paths"].as_object().unwrap().len(), web::endpoints().len());
    let about = Server::empty().get("/about").text;
    assert!(about.contains("href=\"/api/v1/openapi.json\""));
}
