//! A migrated workspace is proven equal to its backup whatever its settings became since.

use std::path::PathBuf;

use app::settings::{Change, SettingsDraft};
use model::ProfileSummary;
use model::settings::{Kind, SETTINGS, Setting};
use proptest::prelude::*;
use store::Store;

use crate::legacy;
use crate::workspace::{app_over, noon};

/// A migrated workspace of the repository; the folder goes with it.
struct Migrated {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Migrated {
    fn of(name: &str) -> Migrated {
        let (folder, path) = legacy::sample(name).unwrap();
        legacy::migrated(&path);
        Migrated { path, _folder: folder }
    }

    fn store(&self) -> Box<dyn Store> {
        store::Address::Sqlite(migrate::database_path(&self.path)).open().unwrap()
    }

    /// Makes the change in every profile; `false` where none takes it.
    fn set(&self, setting: &'static Setting, change: &Change) -> bool {
        let profiles = self.store().read().unwrap().profiles().unwrap();
        let app = app_over(self.store(), &self.path, noon);
        let draft = SettingsDraft::of(setting, change.clone());
        let takes =
            |profile: &&ProfileSummary| app.edit_settings(&profile.id, &draft, None).is_ok();
        profiles.iter().filter(takes).count() > 0
    }

    #[track_caller]
    fn assert_proven(&self, after: &str) {
        let found = migrate::verify(&self.path, &|_| {}).unwrap();
        assert_eq!(found.unexplained, Vec::<String>::new(), "after {after}");
        assert!(found.compared > 0);
    }
}

/// What a setting of that kind can be set to; some of it is refused by some settings.
fn values(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Whole => &["3", "12", "26"],
        Kind::Percent => &["50", "95"],
        Kind::Day | Kind::Days => &["2026-02-03", "2026-12-24"],
        Kind::Milestones => &["2026-05-01 Beta", "2026-07-01 Launch"],
        Kind::Switch => &["on", "off"],
        Kind::Lanes => &["Closed: done", "In Progress: waiting", "Open: active"],
        Kind::CycleTimeStart => &["last", "first"],
        Kind::Zone => &["Asia/Tokyo", "UTC"],
        Kind::Weekdays => &["Mon", "Tue"],
        Kind::Names(_) | Kind::Ordered(_) => &["Closed", "Bug", "KAFKA", "Fixed", "Nothing"],
        Kind::Address => &["https://jira.example.org", "https://other.example.net/jira"],
        Kind::Authentication => &["bearer", "none"],
        Kind::Email => &["a@example.org"],
        Kind::Fields => &["customfield_12000", "customfield_10099", "timeoriginalestimate"],
    }
}

fn changes() -> impl Strategy<Value = (&'static Setting, Change)> {
    let points_field = Setting::find("points-field").unwrap();
    let setting = prop_oneof![
        2 => prop::sample::select(SETTINGS.iter().collect::<Vec<_>>()),
        1 => Just(points_field),
    ];
    (setting, 0..4_usize, any::<prop::sample::Index>()).prop_map(|(setting, how, which)| {
        let line = vec![(*which.get(values(setting.kind))).to_owned()];
        let change = match how {
            0 => Change::Unset,
            1 => Change::Add(line),
            _ => Change::Set(line),
        };
        (setting, change)
    })
}

#[test]
fn another_field_for_points_is_no_difference() {
    for name in ["small", "sqlite-v2.5.0-small"] {
        let workspace = Migrated::of(name);
        let points_field = Setting::find("points-field").unwrap();
        let other = Change::Set(vec!["customfield_12000".to_owned()]);
        assert!(workspace.set(points_field, &other));
        workspace.assert_proven(name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_set_the_workspace_stays_proven(
        steps in prop::collection::vec(changes(), 1..8),
    ) {
        let workspace = Migrated::of("small");
        let taken = steps.iter().filter(|(setting, change)| workspace.set(setting, change)).count();
        let names: Vec<_> = steps.iter().map(|(setting, change)| (setting.name, change)).collect();
        workspace.assert_proven(&format!("{taken} of {names:?}"));
    }
}
