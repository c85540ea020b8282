//! A connection is stored over what was seen, or not at all.

use super::*;
use crate::sample::Sample;

#[test]
fn a_connection_is_not_stored_over_one_that_was_not_seen() {
    let sample = Sample::issues();
    let (app, id) = (&sample.app, &sample.key.profile);
    let draft = ConnectionDraft {
        allows_http: false,
        address: "https://jira.example.org".into(),
        auth: "none".into(),
        email: String::new(),
        token: None,
    };
    let seen = app.profile_revision(id).unwrap();
    app.connect_profile(id, &draft, seen).unwrap();
    let late = app.connect_profile(id, &draft, seen);
    assert!(matches!(late, Err(Error::ChangedMeanwhile { .. })));
    let late = app.accept_points_field(id, "cf", seen);
    assert!(matches!(late, Err(Error::ChangedMeanwhile { .. })));
    let now = app.profile_revision(id).unwrap();
    app.accept_points_field(id, "cf2", now).unwrap();
    let list = app.settings(id).unwrap();
    assert_eq!(list.lines(Setting::find("points-field").unwrap()), ["cf", "cf2"]);
}
