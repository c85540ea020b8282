//! What the contract says about project data.

use model::ProjectData;
use store::Error;

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    full_data_comes_back,
    members_keep_odd_json,
    empty_data_is_not_no_data,
    put_needs_its_query,
    removal_says_whether_it_was_there,
);

#[track_caller]
fn check_round_trip(place: &Place, data: &ProjectData) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_project_data(&key, data));
    for store in [store, place.open()] {
        let found = store.read().unwrap().project_data(&key).unwrap();
        assert_eq!(found.as_ref(), Some(data));
    }
}

fn full_data_comes_back(place: &Place) {
    let data = ProjectData {
        statistics: Some(json(
            r#"[{"date":"2025-06-02","completed_items":3,"completed_points":1.50},{"date":"2025-06-02"},{"date":"NaT"},7]"#,
        )),
        project_scope: Some(json(r#"{"total_items":10,"remaining_total_points":12.0}"#)),
        metadata: Some(json(r#"{"version":"2.0","jira_query":"project = A"}"#)),
        metrics_history: Some(json(r#"{"dora_metrics":[]}"#)),
        totals: object(r#"{"total_items":1,"estimated_points":2.5}"#),
        version: Some(json("\"1.0\"")),
        last_updated: stamp("2025-12-22T16:05:02.176551+00:00"),
        partial: Some("the file was cut".into()),
        extra: object(r#"{"source":"csv"}"#),
    };
    check_round_trip(place, &data);
    check_round_trip(place, &ProjectData { partial: None, ..data });
}

fn members_keep_odd_json(place: &Place) {
    for text in ODD_JSON {
        let value = Some(json(text));
        let odd = ProjectData {
            statistics: value.clone(),
            project_scope: value.clone(),
            metadata: value.clone(),
            metrics_history: value.clone(),
            version: value,
            totals: [("total_points".to_owned(), json(text))].into_iter().collect(),
            extra: [("odd".to_owned(), json(text))].into_iter().collect(),
            ..ProjectData::default()
        };
        check_round_trip(place, &odd);
    }
}

fn empty_data_is_not_no_data(place: &Place) {
    let (store, key) = workspace(place);
    assert_eq!(store.read().unwrap().project_data(&key).unwrap(), None);
    check_round_trip(place, &ProjectData::default());
}

fn put_needs_its_query(place: &Place) {
    let (store, _) = workspace(place);
    for missing in [key("p", "none"), key("nobody", "q")] {
        let refused =
            store.transact(|writer| writer.put_project_data(&missing, &ProjectData::default()));
        assert!(matches!(refused, Err(Error::QueryNotFound(key)) if key == missing));
    }
}

fn removal_says_whether_it_was_there(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| writer.put_project_data(&key, &ProjectData::default()));
    let remove = || store.transact(|writer| writer.remove_project_data(&key)).unwrap();
    assert_eq!((remove(), remove()), (true, false));
    assert_eq!(store.read().unwrap().project_data(&key).unwrap(), None);
}
