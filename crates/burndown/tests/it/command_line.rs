//! What shells, scripts and nightly jobs expect of a command line.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::program::{BINARY, command, finish, run};
use crate::samples::Workspace;
use crate::serving::Server;

#[test]
fn each_shell_completes_commands_and_options() {
    let workspace = Workspace::empty();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = run(&workspace.path, &["completions", shell]).answer();
        for word in ["forecast", "workspace", "milestone", "quiet", "as-of"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
    assert!(workspace.files().is_empty());
    run(&workspace.path, &["completions", "tcsh"]).failed(2, &["tcsh"]);
}

/// Help is an answer, too: whoever keeps it in a file hears that there was no room.
#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_a_failure() {
    let workspace = Workspace::empty();
    for arguments in [&["help"][..], &["--help"], &["summary", "--help"], &["--version"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = command(BINARY, &workspace.path).args(arguments).stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("cannot be written"), "{said}");
    }
}

/// The script is no mere text: bash reads it and completes with it.
#[cfg(unix)]
#[test]
fn bash_completes_with_the_script() {
    let workspace = Workspace::empty();
    let script = run(&workspace.path, &["completions", "bash"]).answer();
    fs::write(workspace.path.join("burndown.bash"), script).unwrap();
    let ask = "source burndown.bash; COMP_WORDS=(burndown fore); COMP_CWORD=1; \
               _burndown burndown fore burndown; echo \"${COMPREPLY[@]}\"";
    let ended = finish(command("bash", &workspace.path).args(["--norc", "-c", ask]));
    assert_eq!((ended.code, ended.out.trim()), (0, "forecast"), "{}", ended.err);
}

#[test]
fn each_command_has_its_page_of_the_manual() {
    let workspace = Workspace::empty();
    run(&workspace.path, &["man", "pages"]).answer();
    let help = run(&workspace.path, &["help"]).answer();
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names: Vec<&str> =
        commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names.into_iter().filter(|name| *name != "help") {
        let page = workspace.path.join(format!("pages/burndown-{name}.1"));
        let page = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(page.contains(".SH SYNOPSIS"), "{name}: {page}");
    }
    let first = fs::read_to_string(workspace.path.join("pages/burndown.1")).unwrap();
    assert!(first.contains("BURNDOWN_WORKSPACE"), "{first}");
}

#[test]
fn help_names_each_variable_that_is_read() {
    let read =
        [include_str!("../../src/surroundings.rs"), include_str!("../../src/arguments/sync.rs")];
    let help = run(&Workspace::empty().path, &["--help"]).answer();
    let mut names: Vec<&str> = read
        .iter()
        .flat_map(|text| text.split('"'))
        .filter(|word| word.len() > 5 && word.contains('_'))
        .filter(|word| word.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        assert!(help.contains(name), "{name} is not in: {help}");
    }
}

/// Programs get every issue unless they ask for fewer, and are told which they got.
#[test]
fn lists_are_whole_for_programs() {
    let workspace = Workspace::migrated();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    let list = |more: &[&str]| at(&[&["issues", "--json"], more].concat()).json();
    let count = |list: &Value| list["issues"].as_array().unwrap().len();
    let whole = list(&[]);
    assert_eq!((count(&whole), &whole["is_whole"]), (60, &Value::Bool(true)));
    let part = list(&["--limit", "7"]);
    assert_eq!((count(&part), &part["is_whole"]), (7, &Value::Bool(false)));
    let rest = list(&["--offset", "58"]);
    assert_eq!((count(&rest), &rest["is_whole"]), (2, &Value::Bool(false)));
    let table = at(&["issues"]).answer();
    assert!(table.starts_with("50 of 60 issues\n"), "{table}");
    assert!(table.ends_with("10 more: --limit N, or --json for all\n"), "{table}");
    let rows = at(&["issues", "--csv"]).answer();
    assert_eq!(rows.lines().count(), 61);
    assert!(rows.starts_with("key,type,status,"), "{rows}");
    let keys: Vec<&str> =
        whole["issues"].as_array().unwrap().iter().filter_map(|i| i["key"].as_str()).collect();
    let of_rows: Vec<&str> = rows.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
    assert_eq!(of_rows, keys);
}

#[test]
fn tables_are_comma_separated_on_request() {
    let workspace = Workspace::migrated();
    for (arguments, head) in [
        (&["profiles"][..], "is_active,id,name,queries,issues,last_used\r\n"),
        (&["queries"], "is_active,id,name,issues,fetched_at,note\r\n"),
        (&["milestone"], "milestone,date\r\n"),
        (&["settings"], "setting,value,origin\r\n"),
        (&["trash", "list"], "id,what,name,of_profile,issues,until\r\n"),
        (&["backup", "list"], "id,what,made_at,profiles,issues,bytes\r\n"),
        (&["weeks"], "week,"),
        (&["forecast"], "what,date,chance_percent,amount\r\n"),
    ] {
        let rows = run(&workspace.path, &[arguments, &["--csv"]].concat()).answer();
        assert!(rows.starts_with(head), "{arguments:?}: {rows}");
        let width = |line: &str| {
            let outside = line.split('"').step_by(2);
            outside.map(|part| part.matches(',').count()).sum::<usize>()
        };
        assert_eq!(
            width(rows.lines().last().unwrap()),
            width(rows.lines().next().unwrap()),
            "{rows}"
        );
    }
    run(&workspace.path, &["status", "--csv"]).failed(2, &["--csv goes with one table", "weeks"]);
    run(&workspace.path, &["issues", "A-1", "--csv"]).failed(2, &["--csv goes with one table"]);
}

/// What is asked is answered; what is done is only told where it failed.
#[test]
fn quiet_leaves_answers_and_failures() {
    let workspace = Workspace::small();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    let done = at(&["migrate", "-q"]);
    assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (0, "", ""));
    let set = at(&["milestone", "set", "Release", "2026-12-24", "--quiet"]);
    assert_eq!((set.code, set.err.as_str()), (0, ""));
    assert!(at(&["profiles", "-q"]).answer().contains("Apache Kafka"));
    at(&["use", "nobody", "-q"]).failed(1, &["nobody"]);
    let json = at(&["settings", "set", "window", "8", "-q", "--json"]).json();
    assert!(json.is_object(), "{json}");
}

/// What a script reads of a forecast stands at one place, whatever else changes.
#[test]
fn the_date_and_the_odds_have_a_place_of_their_own() {
    let workspace = Workspace::migrated();
    run(&workspace.path, &["milestone", "set", "Release", "2200-01-01"]).failed(2, &["2199"]);
    run(&workspace.path, &["milestone", "set", "Release", "2199-01-01"]).answer();
    let as_of = ["--as-of", "2025-11-24"];
    let answer = run(&workspace.path, &[&["forecast", "--json"], &as_of[..]].concat()).json();
    let said = answer["base"]["when"]["value"]["percentiles"].as_array().unwrap();
    let of = |percent: u64| said.iter().find(|said| said["percent"] == percent).unwrap();
    for percent in [50, 70, 85, 95] {
        assert_eq!(answer["done_by"][format!("p{percent}")], of(percent)["date"], "{answer}");
    }
    let release = answer["odds"].as_array().unwrap().iter().find(|one| one["name"] == "Release");
    let release = release.unwrap();
    assert_eq!(release["date"], "2199-01-01");
    assert!(release["at_least_percent"].as_u64().unwrap() >= 90, "{release}");
}

/// A double click and a bare word open the workspace. Without a browser the address is there.
#[cfg(unix)]
#[test]
fn without_a_command_the_workspace_is_served() {
    let workspace = Workspace::migrated();
    let mut bare = command(BINARY, &workspace.path);
    bare.args(["--workspace", "."]).env("PATH", "/nonexistent").stdin(Stdio::null());
    let server = Server::spawn(&mut bare);
    assert!(server.get("/healthz").0.starts_with("HTTP/1.1 200"));
    let ended = server.end("-TERM");
    assert_eq!(ended.code, 0);
    assert!(ended.err.contains("the browser could not be opened"), "{}", ended.err);
}

/// A second one finds the first instead of taking another port.
#[cfg(unix)]
#[test]
fn a_second_server_leads_to_the_first() {
    let workspace = Workspace::migrated();
    let first = Server::start(&workspace, &[]);
    let second = run(&workspace.path, &["serve", "--workspace", "."]);
    assert_eq!(second.code, 0, "{}", second.err);
    assert!(second.out.contains(&format!("http://{}/ already", first.address)), "{}", second.out);
    let json = run(&workspace.path, &["serve", "--workspace", ".", "--json"]).json();
    assert_eq!(json["is_running"], true);
    // One on a port of its own takes its own note away, in whichever order they end.
    let other = Server::start(&workspace, &["--port", "0"]);
    let note = workspace.path.join("profiles").join(model::access_key::ADDRESS_FILE);
    let found = || {
        assert!(note.exists(), "one that finds no other would go on running");
        run(&workspace.path, &["serve", "--workspace", ".", "--json"]).json()
    };
    assert_eq!(found()["url"], format!("http://{}/", other.address));
    other.end("-TERM");
    assert_eq!(found()["url"], format!("http://{}/", first.address));
    let other = Server::start(&workspace, &["--port", "0"]);
    first.end("-TERM");
    assert_eq!(found()["url"], format!("http://{}/", other.address));
    other.end("-TERM");
    assert!(!note.exists(), "{note:?}");
    let first = Server::start(&workspace, &[]);
    first.end("-KILL");
    // What it left behind leads nobody astray.
    let third = Server::start(&workspace, &[]);
    assert!(third.get("/healthz").0.starts_with("HTTP/1.1 200"));
}

/// A script stops where a milestone is less likely than it wants; the answer is printed all the same.
#[test]
fn a_forecast_that_is_too_unlikely_ends_with_a_code_of_its_own() {
    let workspace = Workspace::migrated();
    let at = |least: &str| run(&workspace.path, &["forecast", "--min-odds", least]);
    for name in ["Milestone", "Deadline"] {
        let _ = run(&workspace.path, &["milestone", "remove", name]);
    }
    let check = |least: &str, code: i32, said: &str| {
        let ended = at(least);
        assert_eq!(ended.code, code, "{}", ended.err);
        assert!(ended.out.contains("items"), "{}", ended.out);
        assert!(ended.err.contains(said), "{said:?}: {}", ended.err);
    };
    check("80", 5, "there is no milestone");
    run(&workspace.path, &["milestone", "set", "Far", "2190-01-01"]).answer();
    check("80", 0, "");
    run(&workspace.path, &["milestone", "set", "Near", "2025-12-29"]).answer();
    check("80", 5, "less likely than 80 %: Near is ");
    assert_eq!(at("100").code, 2);
}
