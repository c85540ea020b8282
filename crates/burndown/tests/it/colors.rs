//! Colours and control characters on a terminal.

use crate::program::{BINARY, command, finish, run};
use crate::samples::Workspace;

const ESCAPE: char = '\u{1b}';

#[test]
fn colours_are_for_those_who_want_them() {
    let workspace = Workspace::migrated();
    let plain = run(&workspace.path, &["profiles"]).answer();
    assert!(!plain.contains(ESCAPE));
    let always = run(&workspace.path, &["profiles", "--color", "always"]).answer();
    assert!(always.contains(ESCAPE));
    let mut unset = command(BINARY, &workspace.path);
    unset.args(["profiles"]).env("NO_COLOR", "1");
    assert_eq!(finish(&mut unset).answer(), plain);
}

#[test]
fn text_of_others_cannot_drive_the_terminal() {
    let workspace = Workspace::small();
    let file = workspace.path.join("profiles/profiles.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("\"Apache Kafka\"", "\"A\\u202e\\u009b2J\"")).unwrap();
    let issues = workspace.files().into_keys().find(|name| name.ends_with("/jira_cache.json"));
    let file = workspace.path.join(issues.unwrap());
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("\"Resolved\"", "\"\\u001b[2J\\u0007Resolved\"")).unwrap();
    run(&workspace.path, &["migrate"]).answer();
    for arguments in
        [&["status"][..], &["profiles"], &["issues", "--limit", "1000"], &["migrate", "--dry-run"]]
    {
        let ended = run(&workspace.path, arguments);
        assert_eq!(ended.code, 0, "{}", ended.err);
        let said = ended.out + &ended.err;
        let driving = said.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
        assert_eq!(driving, None, "{arguments:?}");
    }
}
