//! What the contract says about profiles.

use model::{Profile, Query, Settings, Stamp};
use store::Error;

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    a_full_profile_comes_back,
    every_group_keeps_odd_json,
    deep_settings_mean_the_same,
    absent_null_and_empty_are_kept_apart,
    put_replaces_by_id,
    names_are_unique,
    names_follow_the_rules,
    rename_follows_the_same_rules,
    touch_sets_last_used,
    the_list_is_sorted_and_counts,
    hostile_ids_are_exact,
    removal_takes_everything_below,
    times_keep_their_text,
);

fn full(id: &str) -> Profile {
    Profile {
        id: profile_id(id),
        name: "Zürich – Größe 项目 🚀".into(),
        description: Some("Two\nlines".into()),
        created_at: stamp("2025-12-22T16:05:02.176551+00:00"),
        last_used: stamp("2025-12-23T08:00:00.000Z"),
        settings: Settings {
            jira_config: Some(json(
                r#"{"base_url":"https://jira.example","points_field":"customfield_1","max":1.50}"#,
            )),
            field_mappings: Some(json(r#"{"dora":{"deployment_date":"fixVersions"},"flow":{}}"#)),
            forecast_settings: Some(json(r#"{"pert_factor":1.2,"deadline":"","milestone":null}"#)),
            project_classification: Some(json(r#"{"flow_end_statuses":["Done","Größe"]}"#)),
            flow_type_mappings: Some(json(r#"{"Feature":{"issue_types":["Story"]}}"#)),
            show_milestone: Some(json("false")),
            show_points: Some(json(r#"["show"]"#)),
            listed_queries: Some(json(r#"["q_1",null]"#)),
            active_query_id: Some(json("null")),
            older: object(r#"{"setup_status":{"step":3},"story_types":["Story"]}"#),
            extra: object(r#"{"unheard_of":[NaN,{"a":"\ud800"}]}"#),
        },
    }
}

#[track_caller]
fn check_round_trip(place: &Place, profile: &Profile) {
    let store = place.open();
    put(&*store, |writer| {
        writer.put_profile(profile)?;
        assert_eq!(writer.profile(&profile.id)?.as_ref(), Some(profile));
        Ok(())
    });
    assert_eq!(store.read().unwrap().profile(&profile.id).unwrap().as_ref(), Some(profile));
    let reopened = place.open();
    assert_eq!(reopened.read().unwrap().profile(&profile.id).unwrap().as_ref(), Some(profile));
}

fn a_full_profile_comes_back(place: &Place) {
    assert_eq!(place.open().read().unwrap().profile(&profile_id("p")).unwrap(), None);
    check_round_trip(place, &full("p"));
}

fn every_group_keeps_odd_json(place: &Place) {
    for text in ODD_JSON {
        let mut odd = profile("odd");
        let value = Some(json(text));
        odd.settings = Settings {
            jira_config: value.clone(),
            field_mappings: value.clone(),
            forecast_settings: value.clone(),
            project_classification: value.clone(),
            flow_type_mappings: value.clone(),
            show_milestone: value.clone(),
            show_points: value.clone(),
            listed_queries: value.clone(),
            active_query_id: value,
            older: [("task_types".to_owned(), json(text))].into_iter().collect(),
            extra: [("änderung".to_owned(), json(text))].into_iter().collect(),
        };
        check_round_trip(place, &odd);
    }
}

fn deep_settings_mean_the_same(place: &Place) {
    let deep = json(&format!("{}1{}", "[".repeat(1_000), "]".repeat(1_000)));
    let mut nested = profile("p");
    nested.settings.forecast_settings = Some(deep.clone());
    let store = place.open();
    put(&*store, |writer| writer.put_profile(&nested));
    let found = store.read().unwrap().profile(&nested.id).unwrap().unwrap();
    assert!(found.settings.forecast_settings.unwrap().means_same(&deep));
}

fn absent_null_and_empty_are_kept_apart(place: &Place) {
    for text in [None, Some("null"), Some("{}"), Some("[]"), Some("\"\"")] {
        let mut one = profile("p");
        one.settings.jira_config = text.map(json);
        one.settings.show_points = text.map(json);
        check_round_trip(place, &one);
    }
    for description in [None, Some(""), Some("x")] {
        let description = description.map(str::to_owned);
        check_round_trip(place, &Profile { description, ..profile("p") });
    }
}

fn put_replaces_by_id(place: &Place) {
    check_round_trip(place, &full("p"));
    let bare = profile("p");
    check_round_trip(place, &bare);
    assert_eq!(place.open().read().unwrap().profiles().unwrap().len(), 1);
}

fn names_are_unique(place: &Place) {
    let store = place.open();
    let named = |id: &str, name: &str| Profile { name: name.into(), ..profile(id) };
    put(&*store, |writer| writer.put_profile(&named("a", "Straße")));
    for twin in ["Straße", "STRASSE", "straße ", "STRAßE"] {
        let refused = store.transact(|writer| writer.put_profile(&named("b", twin)));
        assert!(matches!(refused, Err(Error::NameTaken(name)) if name == twin), "{twin}");
    }
    put(&*store, |writer| writer.put_profile(&named("a", "STRASSE")));
    put(&*store, |writer| {
        writer.remove_profile(&profile_id("a"))?;
        writer.put_profile(&named("b", "Straße"))
    });
    assert_eq!(store.read().unwrap().profiles().unwrap().len(), 1);
}

fn names_follow_the_rules(place: &Place) {
    let store = place.open();
    for bad in ["", "  ", "a\nb", "a\0", &"x".repeat(101)] {
        let refused = store
            .transact(|writer| writer.put_profile(&Profile { name: bad.into(), ..profile("p") }));
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{bad:?}");
    }
    check_round_trip(place, &Profile { name: "ü".repeat(100), ..profile("p") });
    check_round_trip(place, &Profile { name: " padded ".into(), ..profile("p") });
}

fn rename_follows_the_same_rules(place: &Place) {
    let store = place.open();
    put(&*store, |writer| {
        writer.put_profile(&full("a"))?;
        writer.put_profile(&profile("b"))
    });
    let rename = |id: &str, name: &str| {
        store.transact(|writer| writer.rename_profile(&profile_id(id), name))
    };
    assert!(
        matches!(rename("none", "x"), Err(Error::ProfileNotFound(id)) if id.as_str() == "none")
    );
    assert!(matches!(rename("a", "profile B"), Err(Error::NameTaken(_))));
    assert!(matches!(rename("a", " "), Err(Error::Invalid { .. })));
    rename("b", "PROFILE B").unwrap();
    rename("a", "Neu").unwrap();
    let renamed = store.read().unwrap().profile(&profile_id("a")).unwrap().unwrap();
    assert_eq!(renamed, Profile { name: "Neu".into(), ..full("a") });
}

fn touch_sets_last_used(place: &Place) {
    let store = place.open();
    let now = at("2026-01-02T03:04:05.678Z");
    let touch = || store.transact(|writer| writer.touch_profile(&profile_id("p"), now));
    assert!(matches!(touch(), Err(Error::ProfileNotFound(_))));
    put(&*store, |writer| writer.put_profile(&full("p")));
    touch().unwrap();
    let touched = store.read().unwrap().profile(&profile_id("p")).unwrap().unwrap();
    assert_eq!(touched, Profile { last_used: Some(Stamp::at(now)), ..full("p") });
}

fn the_list_is_sorted_and_counts(place: &Place) {
    let store = place.open();
    assert_eq!(store.read().unwrap().profiles().unwrap(), []);
    let used = |id: &str, name: &str, last_used: Option<&str>| Profile {
        name: name.into(),
        last_used: last_used.and_then(stamp),
        ..profile(id)
    };
    put(&*store, |writer| {
        writer.put_profile(&used("1", "Never b", None))?;
        writer.put_profile(&used("2", "Never a", None))?;
        // Later by real time although its text sorts first.
        writer.put_profile(&used("3", "East", Some("2025-12-22T10:00:00+05:00")))?;
        writer.put_profile(&used("4", "West", Some("2025-12-22T06:00:00.000Z")))?;
        writer.put_profile(&used("5", "Odd", Some("yesterday")))?;
        for (query_id, keys) in [("x", ["A-1", "A-2"]), ("y", ["A-1", "A-3"])] {
            writer.put_query(&query(&key("4", query_id)))?;
            writer.put_issues(&key("4", query_id), &keys.map(issue))?;
        }
        writer.put_changelogs(&key("4", "y"), &[changelog("A-3", "Open")])?;
        Ok(())
    });
    let listed = store.read().unwrap().profiles().unwrap();
    let order: Vec<_> = listed.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(order, ["4", "3", "2", "1", "5"]);
    let first = &listed[0];
    assert_eq!((first.name.as_str(), first.queries), ("West", 2));
    assert_eq!((first.issues, first.changelogs), (4, 1));
    assert_eq!(first.last_used, Some(at("2025-12-22T06:00:00Z")));
    assert_eq!((listed[1].queries, listed[1].issues), (0, 0));
}

fn hostile_ids_are_exact(place: &Place) {
    let store = place.open();
    let longest = "x".repeat(200);
    let ids: Vec<&str> = HOSTILE_IDS.into_iter().chain([longest.as_str()]).collect();
    put(&*store, |writer| {
        for (number, id) in ids.iter().enumerate() {
            writer.put_profile(&Profile { name: format!("{number}"), ..profile(id) })?;
            writer.put_query(&Query { name: format!("{number}"), ..query(&key(id, id)) })?;
        }
        Ok(())
    });
    let reopened = place.open();
    let reader = reopened.read().unwrap();
    for (number, id) in ids.iter().enumerate() {
        let found = reader.profile(&profile_id(id)).unwrap().unwrap();
        assert_eq!((found.id.as_str(), found.name), (*id, format!("{number}")));
        let found = reader.query(&key(id, id)).unwrap().unwrap();
        assert_eq!((found.key, found.name), (key(id, id), format!("{number}")));
    }
    assert_eq!(reader.profiles().unwrap().len(), ids.len());
}

fn removal_takes_everything_below(place: &Place) {
    let (store, query_key) = workspace(place);
    put(&*store, |writer| {
        writer.put_issues(&query_key, &[issue("A-1")])?;
        writer.put_changelogs(&query_key, &[changelog("A-1", "Done")])?;
        writer.put_project_data(&query_key, &Default::default())?;
        writer.put_snapshots(&query_key, &[snapshot("2025-W44", "flow_time", "1")])
    });
    let remove = || store.transact(|writer| writer.remove_profile(&profile_id("p"))).unwrap();
    assert!(remove());
    assert!(!remove());
    put(&*store, |writer| writer.put_profile(&profile("p")));
    assert_eq!(store.read().unwrap().queries(&profile_id("p")).unwrap(), []);
    put(&*store, |writer| writer.put_query(&query(&query_key)));
    let reader = store.read().unwrap();
    assert_eq!(reader.issue_count(&query_key).unwrap(), 0);
    assert_eq!(reader.changelog_count(&query_key).unwrap(), 0);
    assert_eq!(reader.project_data(&query_key).unwrap(), None);
    assert_eq!(reader.snapshots(&query_key, 9).unwrap(), []);
}

fn times_keep_their_text(place: &Place) {
    for text in [
        "2025-12-22T16:05:02.176Z",
        "2025-12-22T17:09:33.638444",
        "2025-12-05T07:45:01Z",
        "2025-06-02",
        "yesterday",
        "",
    ] {
        let (created_at, last_used) = (stamp(text), stamp(text));
        check_round_trip(place, &Profile { created_at, last_used, ..profile("p") });
    }
    // A local time whose zone was known when it was read keeps its moment.
    let local = Stamp {
        at: Some(at("2025-12-22T16:09:33.638Z")),
        text: Some("2025-12-22T17:09:33.638444".into()),
    };
    check_round_trip(place, &Profile { created_at: Some(local), ..profile("p") });
}
