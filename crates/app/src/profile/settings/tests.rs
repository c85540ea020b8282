//! Settings are saved whole or not at all, what nobody knows stays, and figures follow.

use model::{Json, Profile, Settings, Token};
use store::SecretFile;

use super::*;
use crate::Error;
use crate::figures::ask::OverviewAsk;
use crate::figures::forecast::ForecastAsk;
use crate::sample::Sample;

mod unknown;

fn found(name: &str) -> &'static Setting {
    Setting::find(name).unwrap()
}

fn draft(values: &[(&str, &str)]) -> SettingsDraft {
    let lines = |text: &str| text.split('\n').map(str::to_owned).collect();
    let value = |(name, text): &(&str, &str)| (found(name), Change::Set(lines(text)));
    SettingsDraft { values: values.iter().map(value).collect(), token: TokenChange::Keep }
}

impl Sample {
    #[track_caller]
    fn set(&self, values: &[(&str, &str)]) {
        self.try_set(values).unwrap();
    }

    fn try_set(&self, values: &[(&str, &str)]) -> Result<()> {
        let seen = self.settings().revision;
        self.app.edit_settings(&self.key.profile, &draft(values), seen).map(drop)
    }

    fn change(&self, name: &str, change: Change) -> Result<SettingsEdit> {
        let draft = SettingsDraft::of(found(name), change);
        self.app.edit_settings(&self.key.profile, &draft, None)
    }

    fn settings(&self) -> SettingsList {
        self.app.settings(&self.key.profile).unwrap()
    }

    fn line(&self, name: &str) -> String {
        self.settings().lines(found(name)).join("|")
    }

    /// What is in force, and who said so.
    fn origin(&self, name: &str) -> (String, Origin) {
        (self.line(name), self.settings().value(found(name)).unwrap().origin)
    }

    fn stored(&self) -> Settings {
        self.app.store.read().unwrap().profile(&self.key.profile).unwrap().unwrap().settings
    }

    fn put(&self, settings: Settings) {
        let store = &self.app.store;
        let before = store.read().unwrap().profile(&self.key.profile).unwrap().unwrap();
        store.transact(|tx| tx.put_profile(&Profile { settings, ..before })).unwrap();
    }

    /// The same with a place for secrets.
    fn with_secrets(self) -> Sample {
        std::fs::create_dir(self.secret_folder()).unwrap();
        self
    }

    fn secret_folder(&self) -> std::path::PathBuf {
        self.app.folder.as_ref().unwrap().join("profiles")
    }

    fn secrets(&self) -> SecretFile {
        SecretFile::open(&self.secret_folder()).unwrap()
    }
}

#[test]
fn every_setting_comes_back_as_it_was_saved() {
    let sample = Sample::issues();
    for (name, text, member) in [
        ("window", "26", r#""window_weeks":26,"data_points_count":26"#),
        ("points", "off", "false"),
        ("deadline", "2026-12-01", r#""deadline":"2026-12-01""#),
        ("milestones", "2026-03-01 Beta", r#"[{"name":"Beta","date":"2026-03-01"}]"#),
        ("time-zone", "Asia/Tokyo", r#""time_zone":"Asia/Tokyo""#),
        ("working-days", "mon\ntue", r#""working_days":["mon","tue"]"#),
        ("holidays", "2026-12-24", r#""holidays":["2026-12-24"]"#),
        ("done", "Resolved\nClosed", r#""flow_end_statuses":["Resolved","Closed"]"#),
        ("not-delivered", "Nope", r#""not_delivered_resolutions":["Nope"]"#),
        ("debt-types", "Chore", r#""Technical Debt":{"issue_types":["Chore"]}"#),
        ("server", "https://jira.example.org", r#""base_url":"https://jira.example.org""#),
        ("points-field", "cf2", r#""points_field":"cf2""#),
    ] {
        sample.set(&[(name, text)]);
        assert_eq!(sample.line(name), text.replace('\n', "|"), "{name}");
        let groups = format!("{:?}", compact(&sample.stored()));
        assert!(groups.replace('\\', "").contains(member), "{name}: {groups}");
        let setting = found(name);
        assert!(sample.settings().is_chosen(setting), "{name}");
        sample.change(name, Change::Unset).unwrap();
        let usual = match name {
            "done" => "Done".to_owned(),
            _ => setting.field(&ProfileSettings::usual()).lines().join("|"),
        };
        assert_eq!(sample.line(name), usual, "{name} is as usual again");
        let revision = sample.settings().revision;
        sample.change(name, Change::Unset).unwrap();
        assert_eq!(sample.settings().revision, revision, "{name} was so already");
    }
}

fn compact(settings: &Settings) -> Vec<String> {
    let groups = [
        &settings.jira_config,
        &settings.forecast_settings,
        &settings.project_classification,
        &settings.flow_type_mappings,
        &settings.show_points,
    ];
    groups.into_iter().flatten().map(Json::to_compact).collect()
}

#[test]
fn what_nobody_knows_stays_and_an_unchanged_form_writes_nothing() {
    let sample = Sample::issues();
    let group = |text: &str| Json::parse(text).ok();
    let settings = Settings {
        forecast_settings: group(
            r#"{"pert_factor":1.2,"deadline":"","x":{"y":1e400},"data_points_count":20.0}"#,
        ),
        flow_type_mappings: group(
            r#"{"Risk":{"issue_types":["R"],"effort_categories":["E"]},"Own":[1]}"#,
        ),
        show_points: group(r#"["show"]"#),
        ..sample.stored()
    };
    sample.put(settings.clone());
    let shown = sample.settings();
    for (section, _) in Section::ALL {
        let values = section
            .settings()
            .map(|setting| (setting, Change::Shown(shown.lines(setting).to_vec())));
        let draft = SettingsDraft { values: values.collect(), token: TokenChange::Keep };
        sample.app.edit_settings(&sample.key.profile, &draft, shown.revision).unwrap();
    }
    assert_eq!((sample.stored(), sample.settings().revision), (settings, shown.revision));
    assert_eq!((sample.line("window"), shown.old_window_weeks), ("12".into(), Some(20)));
    sample.set(&[("deadline", "2026-12-01"), ("risk-types", "R\nHazard")]);
    let [_, forecast, _, flow, points] = &compact(&sample.stored())[..] else { panic!() };
    assert_eq!(
        forecast,
        r#"{"pert_factor":1.2,"deadline":"2026-12-01","x":{"y":1e400},"data_points_count":20.0}"#
    );
    assert_eq!(
        flow,
        r#"{"Risk":{"issue_types":["R","Hazard"],"effort_categories":["E"]},"Own":[1]}"#
    );
    assert_eq!(points, r#"["show"]"#);
}

#[test]
fn all_that_is_wrong_is_said_and_nothing_is_saved() {
    let sample = Sample::issues();
    let before = sample.stored();
    let wrong = [
        ("window", "0"),
        ("deadline", "2026-12-01"),
        ("holidays", "<script>"),
        ("time-zone", "x\u{0}y"),
        ("done", "a\u{1b}[2J"),
    ];
    let Err(Error::Settings { faults }) = sample.try_set(&wrong) else { panic!("saved") };
    let names: Vec<&str> = faults.iter().map(|fault| fault.name).collect();
    assert_eq!(names, ["window", "holidays", "time-zone", "done"]);
    assert_eq!(sample.stored(), before);
    let error = sample.try_set(&[("authentication", "basic")]).unwrap_err().to_string();
    assert!(error.contains("email: an API token needs the e-mail address"), "{error}");
    sample.set(&[("authentication", "basic"), ("email", "me@example.org")]);
    assert_eq!(sample.settings().authentication, "basic");

    let classification = Some(Json::parse("[1]").unwrap());
    sample.put(Settings { project_classification: classification.clone(), ..before });
    let error = sample.try_set(&[("done", "Done"), ("window", "26")]).unwrap_err().to_string();
    assert!(error.contains("keeps something else in its place"), "{error}");
    assert_eq!(sample.stored().project_classification, classification);
    assert_eq!(sample.line("window"), "12");
}

#[test]
fn of_two_who_edit_the_second_is_told() {
    let sample = Sample::issues();
    let seen = sample.settings().revision;
    let save = |name, text| {
        sample.app.edit_settings(&sample.key.profile, &draft(&[(name, text)]), seen).map(drop)
    };
    save("window", "26").unwrap();
    assert!(matches!(save("deadline", "2026-12-01"), Err(Error::ChangedMeanwhile { .. })));
    assert_eq!((sample.line("window"), sample.line("deadline")), ("26".into(), String::new()));
}

#[test]
fn the_data_speaks_for_itself() {
    let sample = Sample::issues();
    sample.set(&[("active", "Doing\nReviewing"), ("not-delivered", "won’t do\nNever heard of")]);
    let evidence = &sample.app.profile_settings(&sample.key.profile).unwrap().evidence;
    let said = |seen: &[Seen]| -> Vec<String> {
        let said = |seen: &Seen| {
            let category = seen.category.as_deref().unwrap_or("-");
            format!("{} {category} {} {} {}", seen.name, seen.now, seen.entered, seen.is_seen)
        };
        seen.iter().map(said).collect()
    };
    assert_eq!(
        said(&evidence.statuses),
        ["Done done 3 3 true", "Open new 3 0 true", "Doing - 0 0 false", "Reviewing - 0 0 false"]
    );
    assert_eq!(
        said(&evidence.resolutions),
        ["Fixed - 2 0 true", "Won't Do - 1 0 true", "Never heard of - 0 0 false"]
    );
    assert_eq!(said(&evidence.projects), ["K - 0 0 false"]);
}

#[test]
fn figures_follow_the_settings() {
    let issues = Sample::issues();
    let figures = |sample: &Sample| {
        let overview = sample.app.overview(&sample.key, &OverviewAsk::default()).unwrap();
        let rows = overview.weeks.known().unwrap().rows.iter();
        let done: i64 = rows.clone().map(|row| row.flow.done.items).sum();
        let cancelled: i64 = rows.map(|row| row.flow.cancelled.unwrap_or_default().items).sum();
        (overview.as_of.date.to_string(), overview.window_weeks, done, cancelled)
    };
    assert_eq!(figures(&issues), ("2025-06-25".into(), Some(12), 2, 1));
    issues.set(&[("not-delivered", "")]);
    assert_eq!(figures(&issues), ("2025-06-25".into(), Some(12), 3, 0));
    issues.set(&[("not-delivered", "Won't Do\nFixed")]);
    assert_eq!(figures(&issues), ("2025-06-25".into(), Some(12), 0, 3));
    issues.set(&[("done", "Open"), ("window", "5"), ("time-zone", "Pacific/Kiritimati")]);
    assert_eq!(figures(&issues), ("2025-06-26".into(), Some(5), 0, 0));
    issues.set(&[("points", "off")]);
    let overview = issues.app.overview(&issues.key, &OverviewAsk::default()).unwrap();
    assert!(!overview.usual.offers_points);
}

#[test]
fn weeks_begin_in_the_zone_of_the_profile() {
    // Fetched on Sunday 2025-06-22, 20:00 UTC: that is Monday in Tokyo, so the week is complete.
    let steady = Sample::steady();
    let last = || {
        let overview = steady.app.overview(&steady.key, &OverviewAsk::default()).unwrap();
        let row = overview.weeks.known().unwrap().rows.last().copied().unwrap();
        (row.week.to_string(), row.is_partial)
    };
    assert_eq!(last(), ("2025-W25".into(), true));
    steady.set(&[("time-zone", "Asia/Tokyo")]);
    assert_eq!(last(), ("2025-W26".into(), true));
}

#[test]
fn dates_follow_deadline_calendar_and_window() {
    let steady = Sample::steady();
    let said = || {
        let forecast =
            steady.app.forecast(&steady.key, &ForecastAsk::default()).unwrap().base.clone();
        let when = forecast.when.known().unwrap();
        let date = when.percentile(50).unwrap().date.unwrap().to_string();
        (date, forecast.deadlines.len(), forecast.sample.known().unwrap().used().count())
    };
    let (usual, deadlines, weeks) = said();
    assert_eq!((deadlines, weeks), (0, 12));
    steady.set(&[("deadline", "2025-09-01"), ("milestones", "2025-08-01 Beta"), ("window", "6")]);
    assert_eq!((said().1, said().2), (2, 6));
    steady.set(&[("holidays", &format!("{usual}\n2025-07-14\n2025-07-15\n2025-07-16"))]);
    let later = said().0;
    assert!(later > usual, "{usual} {later}");
}

const CANARY: &str = "canary-token-77";

#[test]
fn a_token_is_taken_in_and_never_given_out() {
    let sample = Sample::issues().with_secrets();
    let id = &sample.key.profile;
    let edit = |values: &[(&str, &str)], token| {
        let draft = SettingsDraft { token, ..draft(values) };
        sample.app.edit_settings(id, &draft, sample.settings().revision)
    };
    let stored = || sample.secrets().token(id).map(|token| token.reveal().to_owned());
    let typed = |text: &str| TokenChange::typed(text, false);
    edit(&[("server", "https://a.example")], typed(CANARY)).unwrap();
    assert_eq!(stored().as_deref(), Some(CANARY));
    assert!(sample.settings().has_token);
    let shown = format!("{:?}{:?}", sample.settings(), sample.stored());
    let shown = shown + &serde_json::to_string(&sample.settings()).unwrap();
    assert!(!shown.contains(CANARY) && !format!("{:?}", typed(CANARY)).contains(CANARY));
    let files = std::fs::read_dir(sample.database().parent().unwrap()).unwrap();
    for file in files.map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()), "{file:?}");
    }

    edit(&[("server", "https://a.example/jira")], TokenChange::Keep).unwrap();
    assert_eq!(stored().as_deref(), Some(CANARY), "the same server");
    edit(&[("server", "https://b.example")], TokenChange::Keep).unwrap();
    assert_eq!(stored(), None, "another server");
    edit(&[("server", "https://c.example")], typed("other")).unwrap();
    assert_eq!(stored().as_deref(), Some("other"), "given for the new server");
    assert!(edit(&[("server", "no sense")], typed("third")).is_err());
    assert_eq!(stored().as_deref(), Some("other"), "nothing is saved half");
    edit(&[], TokenChange::Forget).unwrap();
    assert_eq!(stored(), None);
    edit(&[("server", "https://d.example")], typed("fourth")).unwrap();
    edit(&[("server", "")], TokenChange::Keep).unwrap();
    assert_eq!(stored(), None, "no server");
}

#[test]
fn what_is_no_token_is_refused_without_repeating_it() {
    let sample = Sample::issues();
    for (text, is_forgotten, part) in [
        ("a b", false, "characters that no token has"),
        ("a\u{0}b", false, "characters that no token has"),
        (&"x".repeat(4_001), false, "too long"),
        ("abc", true, "not both"),
    ] {
        let token = TokenChange::typed(text, is_forgotten);
        let draft = SettingsDraft { token, ..draft(&[("window", "0")]) };
        let seen = sample.settings().revision;
        let error = sample.app.edit_settings(&sample.key.profile, &draft, seen).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains(part) && error.contains("window") && !error.contains(text),
            "{error}"
        );
    }
    assert_eq!(TokenChange::typed(" ", false), TokenChange::Keep);
    assert_eq!(TokenChange::typed("", true), TokenChange::Forget);
    assert_eq!(TokenChange::typed(" t ", false), TokenChange::Set(Token::new("t").unwrap()));
}

#[test]
fn the_connection_is_warned_about() {
    let sample = Sample::issues().with_secrets();
    assert_eq!(sample.settings().warning, None);
    sample.set(&[("server", "http://jira.example.org"), ("authentication", "bearer")]);
    assert!(sample.settings().warning.unwrap().starts_with("No token is stored"));
    let store = |token| {
        let draft = SettingsDraft { token, ..SettingsDraft::default() };
        let seen = sample.settings().revision;
        sample.app.edit_settings(&sample.key.profile, &draft, seen)
    };
    let refused = store(TokenChange::typed("t", false)).unwrap_err();
    assert!(matches!(refused, Error::Settings { .. }), "{refused}");
    store(TokenChange::typed("t", false).allowing_http(true)).unwrap();
    assert!(sample.settings().warning.unwrap().contains("begins with http"));
}

fn lines(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn what_is_in_force_says_where_it_comes_from() {
    let sample = Sample::issues();
    assert_eq!(sample.origin("done"), ("Done".into(), Origin::Chosen));
    assert_eq!(sample.origin("window"), ("12".into(), Origin::Usual));
    assert_eq!(sample.origin("active"), (String::new(), Origin::Usual));
    sample.change("done", Change::Unset).unwrap();
    assert_eq!(sample.origin("done"), ("Done".into(), Origin::Proposed));
    assert_eq!(sample.origin("in-progress"), (String::new(), Origin::Usual));
    sample.change("in-progress", Change::Set(lines(&["Doing", "Review"]))).unwrap();
    sample.change("started", Change::Unset).unwrap();
    assert_eq!(sample.origin("started"), ("Doing|Review".into(), Origin::Usual));
}

#[test]
fn what_is_added_comes_to_what_is_in_force() {
    let sample = Sample::issues();
    let done = || {
        let overview = sample.app.overview(&sample.key, &OverviewAsk::default()).unwrap();
        overview.weeks.known().unwrap().rows.iter().map(|row| row.flow.done.items).sum::<i64>()
    };
    sample.change("done", Change::Unset).unwrap();
    assert_eq!(done(), 2);
    let edit = sample.change("done", Change::Add(lines(&["Shipped"]))).unwrap();
    assert_eq!(edit.settings[0].value, ["Done", "Shipped"]);
    assert_eq!(done(), 2, "the figures did not lose what was done");
    sample.change("working-days", Change::Add(lines(&["sat"]))).unwrap();
    assert_eq!(sample.line("working-days"), "mon|tue|wed|thu|fri|sat");
    sample.change("not-delivered", Change::Add(lines(&["Nope"]))).unwrap();
    assert!(
        sample.line("not-delivered").contains("Won't Do|")
            && sample.line("not-delivered").ends_with("|Nope")
    );
    // What the profile says to be delivered is none of it.
    sample.change("not-delivered", Change::Unset).unwrap();
    sample.change("delivered", Change::Add(lines(&["Duplicate"]))).unwrap();
    sample.change("not-delivered", Change::Add(lines(&["Nope"]))).unwrap();
    assert!(!sample.line("not-delivered").contains("|Duplicate|"));
    assert!(sample.line("not-delivered").contains("|Duplicated|"));
    sample.change("in-progress", Change::Set(lines(&["Doing"]))).unwrap();
    sample.change("started", Change::Unset).unwrap();
    sample.change("started", Change::Add(lines(&["Picked"]))).unwrap();
    assert_eq!(sample.line("started"), "Doing|Picked");
    let missing = sample.change("done", Change::Remove(lines(&["Nope"]))).unwrap_err();
    assert!(missing.to_string().contains("\"Nope\" is not on the list"), "{missing}");
}

#[test]
fn two_who_add_to_one_list_both_have_what_they_added() {
    let Sample { app, key, .. } = &Sample::issues();
    let begin = std::sync::Barrier::new(2);
    let add = |name: &str| {
        let draft = SettingsDraft::of(found("done"), Change::Add(lines(&[name])));
        begin.wait();
        app.edit_settings(&key.profile, &draft, None).unwrap();
    };
    std::thread::scope(|scope| {
        scope.spawn(|| add("Shipped"));
        scope.spawn(|| add("Closed"));
    });
    let mut found: Vec<String> = app.settings(&key.profile).unwrap().lines(found("done")).to_vec();
    found.sort();
    assert_eq!(found, ["Closed", "Done", "Shipped"]);
}

#[test]
fn a_form_that_shows_what_jira_says_does_not_choose_it() {
    let sample = Sample::issues();
    for name in ["done", "started"] {
        sample.change(name, Change::Unset).unwrap();
    }
    let before = sample.stored();
    sample.change("done", Change::Shown(lines(&["Done"]))).unwrap();
    assert_eq!(sample.stored(), before);
    sample.change("done", Change::Shown(Vec::new())).unwrap();
    assert_eq!(sample.origin("done"), ("Done".into(), Origin::Proposed));
    sample.change("done", Change::Shown(lines(&["Done", "Open"]))).unwrap();
    assert_eq!(sample.origin("done"), ("Done|Open".into(), Origin::Chosen));
    sample.change("done", Change::Unset).unwrap();
    sample.change("done", Change::Set(lines(&["Done"]))).unwrap();
    assert_eq!(sample.origin("done").1, Origin::Chosen);
}
