//! Colours and control characters on a terminal.

use crate::memory::pages;
use crate::program::{BINARY, command, finish, run};
use crate::samples::Workspace;
use crate::serving::Server;

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

/// Whether a character is not seen, or changes how others are seen.
fn is_odd(character: char) -> bool {
    let is_direction = matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    is_direction || character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}

#[test]
fn text_of_others_turns_nothing_around_on_any_page() {
    let workspace = Workspace::small();
    let names: Vec<String> = workspace.files().into_keys().collect();
    for name in names.iter().filter(|name| name.ends_with(".json")) {
        let file = workspace.path.join(name);
        let mut text = std::fs::read_to_string(&file).unwrap();
        for member in
            ["name", "summary", "fromString", "toString", "displayName", "jql", "description"]
        {
            for colon in [": ", ":"] {
                let begun = format!("\"{member}\"{colon}\"");
                text = text.replace(&begun, &format!("{begun}\\u202e\\u009b\\u2066"));
            }
        }
        std::fs::write(&file, text).unwrap();
    }
    run(&workspace.path, &["migrate"]).answer();
    let server = Server::start(&workspace, &["--port", "0"]);
    let (mut spelled, mut sent) = (0, 0);
    for path in pages(&server) {
        let (_, page) = server.get(&path);
        let odd = page.find(is_odd).map(|at| page[..at].chars().rev().take(80).collect::<Vec<_>>());
        let odd = odd.map(|before| before.into_iter().rev().collect::<String>());
        assert_eq!(odd, None, "{path}");
        spelled += page.matches("=\"\\u{202e}").count();
        sent += page.matches("value=\"&#x202e;").count();
    }
    assert!(spelled > 0 && sent > 0, "{spelled} attributes were spelled out, {sent} are sent back");
}
