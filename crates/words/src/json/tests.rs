//! JSON answers say what pages say.

use metrics::{Measured, NoteCode};
use serde_json::json;

use super::*;

fn told(answer: &impl Serialize) -> Value {
    serde_json::to_value(Told(answer)).unwrap()
}

#[test]
fn codes_get_their_sentences() {
    let unknown: Measured<u8> = Measured::unavailable(Reason::NoIssues, Remedy::SyncNow);
    let want = json!({
        "state": "unavailable",
        "reason": "The query holds no issues.",
        "reason_code": "no_issues",
        "remedy": "Sync the query.",
        "remedy_code": "sync_now",
    });
    assert_eq!(told(&unknown), want);
    let notes = [Note::about(NoteCode::NotCreated, Remedy::LookInJira, 1)];
    let notes = told(&notes);
    assert_eq!(notes[0]["sentence"], "1 issue has no date of creation.");
    assert_eq!(notes[0]["code"], "not-created");
    assert_eq!(notes[0]["remedy_code"], "look_in_jira");
    let headline = ForecastStatement::All {
        said: vec![
            ForecastStatement::NothingLeft,
            ForecastStatement::WithoutNewWork {
                said: Box::new(ForecastStatement::NotInSight { unfinished: 0.126 }),
            },
        ],
    };
    let want = "Nothing is left to do. Without new work: At this rate the work does not finish \
                within 5 years in 13 % of cases.";
    let headline = told(&json!({ "headline": headline }));
    assert_eq!(headline, json!({ "headline": want, "headline_code": "all" }));
}

#[test]
fn what_others_wrote_stays_as_it_is() {
    let theirs = json!({ "reason": { "code": "theirs" }, "sentence": "S", "remedy": null,
        "document": { "reason": { "code": "no_issues" } } });
    assert_eq!(told(&theirs), theirs);
}
