//! Tokens and passwords leave the old files for the secret file, and for nowhere else.

use std::fs;

use migrate::Standing;

use super::odd::{in_query, key, look_at, workspace};
use super::workspace::{Workspace, findings};

#[test]
fn tokens_go_to_the_secret_file_and_nowhere_else() {
    let canary = "canary-7f3a";
    let profile = format!(
        r#"{{"id":"p_1","name":"One","jira_token":"{canary}1","jira_config":{{"token":"{canary}2"}},
        "setup_status":{{"deep":[{{"api_token":"{canary}3"}}]}}}}"#
    );
    let workspace = workspace(&[("profiles/p_1/profile.json", profile.as_bytes())]);
    look_at(&workspace, |report, _| {
        assert_eq!(findings(report, "p_1/profile.json", "secret-removed"), 3);
        // The copy in the backup has to stay whole, so nobody is told to change it.
        assert_eq!(report.token_files, ["profiles/p_1/profile.json"]);
        assert!(!report.to_text().contains(canary));
        assert!(!serde_json::to_string(report).unwrap().contains(canary));
    });
    let database = fs::read(workspace.database()).unwrap();
    assert!(!database.windows(canary.len()).any(|bytes| bytes == canary.as_bytes()));
    let secrets = store::SecretFile::open(&workspace.path.join("profiles")).unwrap();
    assert!(secrets.token(&key().profile).unwrap().reveal().starts_with(canary));
}

#[test]
fn secrets_in_wrong_places_are_taken_out() {
    let canary = "canary-91c2";
    let profile = format!(
        r#"{{"id":"p_1","name":"One","jira_token":"old","jira_config":{{"token":"live","base_url":"https://me:{canary}@j.example.org/x"}}}}"#
    );
    let query = format!(r#"{{"name":"Q","jql":"","jira_token":"{canary}"}}"#);
    let data = format!(r#"{{"statistics":[],"metadata":{{"token":"{canary}"}}}}"#);
    let saved = format!(r#"[{{"name":"a","jql":"b","token":"{canary}"}}]"#);
    let workspace = workspace(&[
        ("profiles/p_1/profile.json", profile.as_bytes()),
        (&in_query("query.json"), query.as_bytes()),
        (&in_query("project_data.json"), data.as_bytes()),
        ("jira_query_profiles.json", saved.as_bytes()),
    ]);
    look_at(&workspace, |_, reader| {
        let settings = reader.profile(&key().profile).unwrap().unwrap().settings;
        assert_eq!(settings.base_url(), Some("https://j.example.org/x"));
    });
    let database = fs::read(workspace.database()).unwrap();
    assert!(!database.windows(canary.len()).any(|bytes| bytes == canary.as_bytes()));
    let secrets = store::SecretFile::open(&workspace.path.join("profiles")).unwrap();
    assert_eq!(secrets.token(&key().profile).unwrap().reveal(), "live");
}

/// Migrates an old file with a token, changes the file, and looks how the workspace stands.
#[track_caller]
fn check_changed(after: &str, is_changed: bool) {
    let before = r#"{"id":"p_1","name":"One","jira_config":{"token":"t1","base_url":"https://j"}}"#;
    let file = "profiles/p_1/profile.json";
    let workspace = Workspace::with(&[(file, before.as_bytes())]);
    workspace.migrate();
    fs::write(workspace.path.join(file), after).unwrap();
    let standing = migrate::standing(&workspace.path, &workspace.path).unwrap();
    let is_told = matches!(standing, Standing::LegacyChanged { .. });
    assert_eq!(is_told, is_changed, "{after}: {standing:?}");
    let store = workspace.store();
    let watched = migrate::OldFiles::new(&workspace.path);
    for _ in 0..2 {
        assert_eq!(watched.changed(&*store).unwrap().is_some(), is_changed, "{after}");
    }
    assert_eq!(workspace.verify().unexplained_count, 0);
}

#[test]
fn taking_the_token_out_of_an_old_file_is_no_change() {
    let with = |token: &str, url: &str| {
        format!(r#"{{"id":"p_1","name":"One","jira_config":{{{token}"base_url":"{url}"}}}}"#)
    };
    check_changed(&with("", "https://j"), false);
    check_changed(&with(r#""token":"","#, "https://j"), false);
    check_changed(&with(r#""token":null,"#, "https://j"), false);
    check_changed(&with(r#""token":"t2","#, "https://j"), true);
    check_changed(&with("", "https://k"), true);
    check_changed("{}", true);
    check_changed("", true);
}
