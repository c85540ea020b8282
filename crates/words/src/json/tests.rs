//! JSON answers say what pages say.

use metrics::{Measured, NoteCode};
use serde_json::json;

use super::*;

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
    assert_eq!(told(&unknown, Front::Page), want);
    assert_eq!(told(&unknown, Front::Terminal)["remedy"], "Run “burndown sync”.");
    let notes = [Note::about(NoteCode::NotCreated, Remedy::LookInJira, 1)];
    let told = told(&notes, Front::Page);
    assert_eq!(told[0]["sentence"], "1 issue has no date of creation.");
    assert_eq!(told[0]["code"], "not-created");
    assert_eq!(told[0]["remedy_code"], "look_in_jira");
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
    let told = super::told(&json!({ "headline": headline }), Front::Page);
    assert_eq!(told, json!({ "headline": want, "headline_code": "all" }));
}

/// Every code reads back as it was written, so that none is left without its sentence.
#[test]
fn what_others_wrote_stays_as_it_is() {
    let theirs = json!({ "reason": { "code": "theirs" }, "sentence": "S", "remedy": null });
    assert_eq!(told(&theirs, Front::Page), theirs);
}
