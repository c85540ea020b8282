//! Settings are read once, what they do not know stays to the byte, and only what changed is written.

use proptest::prelude::*;

use super::*;

fn stored(forecast: &str, classification: &str) -> Settings {
    Settings {
        forecast_settings: Json::parse(forecast).ok(),
        project_classification: Json::parse(classification).ok(),
        ..Settings::default()
    }
}

#[track_caller]
fn check_milestones(forecast: &str, want: &[&str]) {
    let found = ProfileSettings::read(&stored(forecast, "{}")).forecast.all_milestones();
    assert_eq!(found.iter().map(Milestone::to_string).collect::<Vec<_>>(), want, "{forecast}");
}

#[test]
fn deadlines_are_read_as_they_were_written() {
    check_milestones("{}", &[]);
    check_milestones("[]", &[]);
    check_milestones(r#"{"deadline":"","milestone":null}"#, &[]);
    check_milestones(r#"{"deadline":"soon","milestone":"2026-02-30"}"#, &[]);
    check_milestones(
        r#"{"deadline":"2026-06-30","milestone":"2026-03-01","milestones":[{"name":"Beta","date":"2026-01-15"},{"name":"No date"},7]}"#,
        &["2026-01-15 Beta", "2026-03-01 Milestone", "2026-06-30 Deadline"],
    );
}

#[test]
fn working_days_are_monday_to_friday_unless_others_are_named() {
    let of = |text: &str| ProfileSettings::read(&stored(text, "{}")).calendar;
    assert_eq!(of("{}"), CalendarSettings::default());
    assert_eq!(of(r#"{"working_days":[]}"#), CalendarSettings::default());
    let found = of(r#"{"working_days":["sun","Mon","someday"],"holidays":["2026-12-25","x"]}"#);
    assert_eq!(found.working_days.unwrap().words().collect::<Vec<_>>(), ["mon", "sun"]);
    assert_eq!(found.holidays.lines(), ["2026-12-25"]);
}

#[test]
fn the_old_apps_setting_is_a_number_of_weeks() {
    for (text, want) in [
        ("{}", 3),
        (r#"{"pert_factor":6}"#, 6),
        (r#"{"pert_factor":1.2}"#, 1),
        (r#"{"pert_factor":99}"#, 15),
        (r#"{"pert_factor":"6"}"#, 3),
        (r#"{"pert_factor":-1}"#, 1),
        (r#"{"pert_factor":NaN}"#, 3),
    ] {
        assert_eq!(ProfileSettings::read(&stored(text, "{}")).pert_weeks(), want, "{text}");
    }
}

#[track_caller]
fn check_stored(name: &str, stored: &str, want: &[&str]) {
    let setting = Setting::find(name).unwrap();
    let mut settings = ProfileSettings::default();
    let field = setting.field_mut(&mut settings);
    field.read(&Json::parse(stored).unwrap());
    assert_eq!(field.lines(), want, "{name} {stored}");
}

#[test]
fn what_the_old_app_stored_is_understood_and_the_rest_passed_over() {
    check_stored("points", r#"["show"]"#, &["on"]);
    check_stored("points", "[]", &["off"]);
    check_stored("points", "false", &["off"]);
    check_stored("window", "20.0", &["20"]);
    check_stored("window", "5000", &[]);
    check_stored("window", "\"20\"", &[]);
    check_stored("deadline", "\"\"", &[]);
    check_stored("deadline", "\"soon\"", &[]);
    check_stored("done", r#"["Done",7,""]"#, &["Done"]);
    check_stored("done", r#""Done""#, &["Done"]);
    check_stored("server", r#""not one""#, &["not one"]);
}

#[test]
fn an_own_list_of_resolutions_replaces_the_usual_one() {
    let of = |text: &str| ProfileSettings::read(&stored("{}", text)).workflow.not_delivered;
    assert_eq!(of("{}"), None);
    let empty = Some(NameSet::default());
    for text in [r#"{"not_delivered_resolutions":[]}"#, r#"{"not_delivered_resolutions":null}"#] {
        assert_eq!(of(text), empty, "{text}");
    }
}

#[track_caller]
fn check_typed(name: &str, lines: &[&str], want: Result<&[&str], &str>) {
    let mut settings = ProfileSettings::default();
    let field = Setting::find(name).unwrap().field_mut(&mut settings);
    let found = field.set(lines).map(|()| field.lines()).map_err(|why| why.to_string());
    let want = want.map(|lines| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
    match (&found, want) {
        (Err(found), Err(part)) => assert!(found.contains(part), "{name} {lines:?}: {found}"),
        (found, want) => assert_eq!(*found, want.map_err(str::to_owned), "{name} {lines:?}"),
    }
}

#[test]
fn what_is_typed_is_checked_and_brought_into_form() {
    let long = "x".repeat(201);
    for (name, lines, want) in [
        ("window", &["26"][..], Ok(&["26"][..])),
        ("window", &[], Ok(&[])),
        ("window", &["0"], Err("a whole number from 1 to 1040")),
        ("window", &["1041"], Err("from 1 to 1040")),
        ("window", &["6", "7"], Err("at most one value")),
        ("pert-weeks", &["16"], Err("from 1 to 15")),
        ("points", &["OFF"], Ok(&["off"])),
        ("points", &["maybe"], Err("on, off")),
        ("deadline", &["2026-12-24"], Ok(&["2026-12-24"])),
        ("deadline", &["2026-12-24T10:00"], Err("write it as 2026-12-24")),
        ("deadline", &["1969-12-31"], Err("a day from 1970 to 2199")),
        ("deadline", &["2200-01-01"], Err("a day from 1970 to 2199")),
        (
            "holidays",
            &["2026-12-25", "2026-12-24", "2026-12-25"],
            Ok(&["2026-12-24", "2026-12-25"]),
        ),
        ("milestones", &["2026-12-24  Release 1 "], Ok(&["2026-12-24 Release 1"])),
        ("milestones", &["2026-12-24"], Err("has no name")),
        ("milestones", &["2026-12-24 a", "2026-12-25 A"], Err("that another one has")),
        ("time-zone", &["asia/tokyo"], Ok(&["Asia/Tokyo"])),
        ("time-zone", &["Atlantis"], Err("no time zone is called \"Atlantis\"")),
        ("working-days", &["fri-mon"], Ok(&["mon", "fri", "sat", "sun"])),
        ("working-days", &["tue, Mon"], Ok(&["mon", "tue"])),
        ("working-days", &["someday"], Err("no day of the week")),
        ("done", &["Done", "done ", "Closed"], Ok(&["Done", "Closed"])),
        ("done", &["a\u{202e}b"], Err("invisible characters")),
        ("done", &[&long], Err("longer than 200 characters")),
        ("server", &[" https://jira.example.org/ "], Ok(&["https://jira.example.org"])),
        ("server", &["jira"], Ok(&["https://jira"])),
        ("server", &["our jira"], Err("such as https://jira.example.org")),
        ("authentication", &["Basic"], Ok(&["basic"])),
        ("authentication", &["magic"], Err("bearer, basic, none")),
        ("email", &["me@example.org"], Ok(&["me@example.org"])),
        ("email", &["me:x@example.org"], Err("write an e-mail address, or a user name")),
        ("points-field", &["cf 1"], Err("the id of the Jira field")),
    ] {
        check_typed(name, lines, want);
    }
    let many: Vec<String> = (0..401).map(|number| format!("s{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    check_typed("done", &many, Err("at most 400"));
    let many: Vec<String> = (0..21).map(|number| format!("2026-01-01 m{number}")).collect();
    check_typed(
        "milestones",
        &many.iter().map(String::as_str).collect::<Vec<_>>(),
        Err("at most 20"),
    );
}

#[test]
fn a_milestone_of_the_old_app_goes_to_its_field() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let mut forecast = ForecastSettings::default();
    for (name, date) in
        [(" Beta ", "2026-03-01"), ("beta", "2026-04-01"), ("DEADLINE", "2026-12-24")]
    {
        forecast.put_milestone(Milestone::typed(name, day(date)).unwrap()).unwrap();
    }
    assert_eq!(forecast.milestones.lines(), ["2026-04-01 beta"]);
    assert_eq!(forecast.deadline, Some(day("2026-12-24")));
    let mut listed = ForecastSettings::default();
    listed.milestones.set(&["2026-12-25 Deadline", "2026-04-01 Beta"]).unwrap();
    listed.sort_out_milestones();
    assert_eq!(
        (listed.deadline, listed.milestones.lines()),
        (Some(day("2026-12-25")), vec!["2026-04-01 Beta".to_owned()])
    );
    assert!(listed.remove_milestone("deadline") && !listed.remove_milestone("deadline"));
    assert!(listed.remove_milestone("BETA"));
    assert!(Milestone::typed(&"x".repeat(61), day("2026-01-01")).is_err());
    assert!(Milestone::typed(" ", day("2026-01-01")).is_err());
}

#[test]
fn what_nobody_can_read_stays_beside_what_is_written() {
    let before = stored(
        r#"{"pert_factor":1.2,"x":1e400,"milestones":[7,{"name":"Beta","date":"2026-01-15","by":"me"}]}"#,
        r#"{"flow_end_statuses":[3," Done "],"wip_statuses":7}"#,
    );
    let mut settings = ProfileSettings::read(&before);
    settings.workflow.done.set(&["done", "Closed"]).unwrap();
    settings.forecast.milestones.set(&["2026-01-15 Beta", "2026-01-01 Alpha"]).unwrap();
    settings.forecast.window_weeks = WindowWeeks::new(8);
    let after = settings.applied_to(&before).unwrap();
    assert_eq!(
        after.forecast_settings.unwrap().to_compact(),
        r#"{"pert_factor":1.2,"x":1e400,"milestones":[{"name":"Alpha","date":"2026-01-01"},{"name":"Beta","date":"2026-01-15","by":"me"},7],"window_weeks":8,"data_points_count":8}"#
    );
    assert_eq!(
        after.project_classification.unwrap().to_compact(),
        r#"{"flow_end_statuses":[" Done ","Closed",3],"wip_statuses":7}"#
    );
    let odd = Settings { project_classification: Json::parse("[1]").ok(), ..Settings::default() };
    let faults = settings.applied_to(&odd).unwrap_err();
    assert!(faults.iter().all(|(_, why)| *why == Why::InTheWay), "{faults:?}");
}

#[test]
fn every_setting_has_a_name_and_a_place_of_its_own() {
    let usual = ProfileSettings::usual();
    for (place, setting) in SETTINGS.iter().enumerate() {
        for other in &SETTINGS[..place] {
            assert_ne!(setting.name, other.name);
            assert_ne!((setting.group, setting.path), (other.group, other.path));
        }
        assert!(Settings::default().groups().iter().any(|(name, _)| *name == setting.group));
        let mut typed = ProfileSettings::default();
        let lines = setting.field(&usual).lines();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        setting.field_mut(&mut typed).set(&lines).unwrap();
        assert!(setting.field(&typed).is_same(setting.field(&usual)) || lines.is_empty());
    }
    for section in Section::ALL {
        assert_eq!(Section::parse(section.0.as_str()), Some(section.0));
        assert!(section.0.settings().next().is_some());
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let texts = prop_oneof![
        Just(""),
        Just("on"),
        Just("2026-12-24"),
        Just("mon"),
        Just("UTC"),
        Just("basic"),
        Just("Done"),
        Just("x\u{1}")
    ];
    let number = prop_oneof![Just("1"), Just("20.0"), Just("-3"), Just("1e400"), Just("NaN")];
    let leaf = prop_oneof![
        texts.prop_map(Json::text),
        number.prop_map(|text| Json::parse(text).unwrap()),
        any::<bool>().prop_map(Json::Bool),
        Just(Json::Null),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let name = prop_oneof![Just("name"), Just("date"), Just("issue_types"), Just("other")];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::vec((name, inner), 0..4).prop_map(|members| {
                let mut object = Object::new();
                members.into_iter().for_each(|(name, value)| object.set(name, value));
                Json::Object(object)
            }),
        ]
    })
}

fn any_settings() -> impl Strategy<Value = Settings> {
    prop::collection::vec(prop::option::of(any_json()), SETTINGS.len()).prop_map(|values| {
        let mut settings = Settings::default();
        for (setting, value) in SETTINGS.iter().zip(values) {
            for (name, group) in settings.groups_mut() {
                if name == setting.group && value.is_some() {
                    put_at(group, setting.path, value.clone()).unwrap_or_default();
                }
            }
        }
        settings
    })
}

proptest! {
    #[test]
    fn what_is_read_and_written_back_is_the_same_to_the_byte(before in any_settings()) {
        let settings = ProfileSettings::read(&before);
        prop_assert_eq!(&settings.applied_to(&before).unwrap(), &before);
    }

    #[test]
    fn what_is_shown_can_be_typed_again_and_changes_nothing(before in any_settings()) {
        let mut settings = ProfileSettings::read(&before);
        let was_set = settings.clone();
        // A list that may be empty is another choice once it was typed.
        for setting in SETTINGS.iter().filter(|setting| setting.field(&was_set).is_set()) {
            let lines = setting.field(&settings).lines();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let typed = setting.field_mut(&mut settings).set(&lines);
            prop_assert!(typed.is_ok() || setting.name == "milestones", "{}: {typed:?}", setting.name);
        }
        prop_assert_eq!(&settings.applied_to(&before).unwrap(), &before);
    }

    #[test]
    fn what_is_written_is_read(before in any_settings(), other in any_settings()) {
        let wanted = ProfileSettings::read(&other);
        if let Ok(after) = wanted.applied_to(&before) {
            let found = ProfileSettings::read(&after);
            for setting in &SETTINGS {
                let (found, wanted) = (setting.field(&found), setting.field(&wanted));
                prop_assert!(found.is_same(wanted), "{setting:?}: {:?} {:?}", found.lines(), wanted.lines());
            }
        }
    }
}
