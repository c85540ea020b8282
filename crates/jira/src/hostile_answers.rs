//! Answers with something else in every place: read or refused, never a panic.

use model::json::{Json, Value};
use model::{ChangelogFacts, Tape, sprint};

use crate::http::{Answer, Request};
use crate::login::Login;
use crate::refusal::{Context, refusal};
use crate::{fetch, field, issue, jql_check, metadata, rate_limit, server, sweep};

const ISSUE: &str = r#"{"id":"1","key":"A-1","fields":{"updated":"2025-06-02T10:00:00.000+0000","summary":"s",
    "status":{"id":"1","name":"n","statusCategory":{"key":"new"}},"issuetype":{"name":"t"},"created":"x",
    "sprint":["S@1[id=1,name=a,state=CLOSED]",{"id":1,"name":"b","startDate":"2025-06-02"}]},
    "changelog":{"total":2,"histories":[{"id":"1","created":5,"items":[{"field":"status"}]},{"id":2,"created":"2025"}]}}"#;

/// `value` with each of its places in turn taken by something else.
fn variants(value: &Json) -> Vec<Json> {
    const OTHERS: [&str; 8] = [
        "null",
        "-1",
        "1e999",
        "18446744073709551616",
        "\"\"",
        "\"\\ud800\\u0000\"",
        "[[]]",
        "{\"id\":{}}",
    ];
    let mut all: Vec<Json> = OTHERS.iter().map(|text| Json::parse(text).unwrap()).collect();
    if let Some(elements) = value.as_array() {
        for (place, element) in elements.iter().enumerate() {
            all.extend(variants(element).into_iter().map(|other| {
                let mut changed = elements.to_vec();
                changed[place] = other;
                Json::Array(changed)
            }));
        }
    }
    if let Some(object) = value.as_object() {
        for (name, member) in object.iter() {
            all.extend(variants(member).into_iter().map(|other| {
                let mut changed = object.clone();
                changed.set(name, other);
                Json::Object(changed)
            }));
            let mut without = object.clone();
            without.remove(name);
            all.push(Json::Object(without));
        }
    }
    all
}

/// Gives a value to everything that reads answers; says how many understood it.
fn read_by_all(value: Value<'_>) -> usize {
    let sprints = value.get("fields").and_then(|f| f.get("sprint")).map(sprint::sprints);
    let understood = [
        issue::whole(value).is_ok_and(|whole| !whole.histories.document().as_str().is_empty()),
        sweep::read(value).is_ok(),
        fetch::read_many(value).is_ok(),
        jql_check::read(value).is_ok(),
        server::read(value).is_ok(),
        field::field(value).is_ok(),
        metadata::status(value).is_ok(),
        metadata::issue_type(value).is_ok(),
        metadata::version(value).is_ok(),
        metadata::each(value, field::field).is_ok(),
        metadata::board_setup(value).estimation_field.is_some(),
        ChangelogFacts::of(value).transitions.is_empty(),
        sprints.is_some_and(|sprints| !sprints.is_empty()),
    ];
    understood.into_iter().filter(|is_read| *is_read).count()
}

#[test]
fn something_else_in_any_place_is_no_panic() {
    let mut understood = 0;
    for text in [
        ISSUE.to_owned(),
        format!(r#"{{"issues":[{ISSUE}],"total":1,"nextPageToken":"t","isLast":false,"warnings":["w"]}}"#),
        r#"{"issueChangeLogs":[{"issueId":"1","changeHistories":[{"id":"1","created":5}]}],"nextPageToken":"t"}"#.to_owned(),
        r#"{"version":"9","deploymentType":"Cloud","serverTime":"2025-06-02T10:00:00.000+0000"}"#.to_owned(),
        r#"{"id":"1","name":"v","released":true,"releaseDate":"2025-06-02ü","scope":{"project":{"id":"1"}}}"#.to_owned(),
        r#"[{"id":"f","name":"n","custom":true,"schema":{"type":"number","custom":"x"},"clauseNames":["c"]}]"#.to_owned(),
        r#"{"estimation":{"field":{"fieldId":"f"}},"columnConfig":{"columns":[{"name":"c","statuses":[{"id":"1"}]}]}}"#.to_owned(),
    ] {
        let whole = Json::parse(&text).unwrap();
        let mut tape = Tape::new();
        for variant in variants(&whole) {
            understood += read_by_all(tape.parse(&variant.to_compact()).unwrap());
        }
    }
    assert!(understood > 1_000, "{understood}");
}

#[test]
fn errors_of_any_form_become_one_line() {
    let errors = r#"{"errorMessages":["a"],"errors":{"f":"b"},"message":"c","errorMessage":"d"}"#;
    let request = Request::get("/rest/api/2/search?jql=x");
    let context = Context { host: "h", login: &Login::None, kind: None };
    let forms = variants(&Json::parse(errors).unwrap()).into_iter().map(|json| json.to_compact());
    let cut = (0..errors.len()).map(|length| errors[..length].to_owned());
    for body in forms.chain(cut) {
        for status in [200, 301, 400, 401, 403, 404, 418, 429, 500] {
            let answer = Answer::of(status, &[("date", &body), ("retry-after", &body)], &body);
            assert_eq!(rate_limit::told(&answer), None, "{body}");
            let said = refusal(&answer, &request, context).unwrap().to_string();
            assert!(!said.chars().any(char::is_control), "{said}");
        }
    }
}
