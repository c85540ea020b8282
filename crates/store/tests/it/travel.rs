//! Random workspaces travel as files, profile by profile, and arrive equal. It stands here because
//! the workspaces are made here.

use std::io::Cursor;

use model::TimeZone;
use proptest::prelude::*;
use transfer::{Content, ExportAsk, ImportAsk};

use crate::backends::Place;
use crate::properties::{Workspace, any_workspace};
use crate::sample::{at, json};

/// What a file holds of a workspace: no state, no tasks, and of a connection no text that nobody
/// knows.
fn as_exported(mut workspace: Workspace) -> Workspace {
    let known =
        r#"{"base_url":"https://x","points_field":"","cache_size_mb":1.0,"configured":null}"#;
    for (profile, _) in &mut workspace.profiles {
        profile.settings.jira_config = Some(json(known));
    }
    (workspace.states, workspace.tasks) = (Vec::new(), Vec::new());
    workspace
}

#[track_caller]
fn check(workspace: &Workspace, from: &Place, to: &Place) {
    let ask = ExportAsk {
        query: None,
        content: Content::Everything,
        is_gzip: true,
        program_version: "1.2.3",
        exported_at: at("2026-01-05T08:00:00Z"),
        zone: &TimeZone::UTC,
        note: None,
    };
    let (from, to) = (from.open(), to.open());
    workspace.write(&*from);
    let reader = from.read().unwrap();
    for (profile, _) in &workspace.profiles {
        let mut file = Vec::new();
        transfer::export_profile(&*reader, &profile.id, &ask, &mut file).unwrap();
        let mut writer = to.write().unwrap();
        let import = ImportAsk {
            name: None,
            zone: &TimeZone::UTC,
            day_order: None,
            into: None,
            is_own: false,
            scratch: None,
        };
        let done = transfer::import(&mut Cursor::new(file), &mut *writer, &import).unwrap();
        assert_eq!(done.notes, Vec::<String>::new());
        writer.commit().unwrap();
    }
    assert_eq!(&Workspace::read(&*to.read().unwrap()), workspace);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn profiles_arrive_as_they_left(workspace in any_workspace()) {
        let workspace = as_exported(workspace);
        check(&workspace, &Place::sqlite(), &Place::sqlite());
        check(&workspace, &Place::json(), &Place::sqlite());
        check(&workspace, &Place::sqlite(), &Place::json());
    }
}
