//! Every command that writes, killed at any moment: what is in force is what was before or what would
//! have been after, what was acknowledged is there, and the next run goes on.
//!
//! `KILL_ROUNDS=75 cargo test -p burndown --test it -- --ignored --nocapture kills::soak` kills each of
//! them that often and prints how often it came to that; `KILL_CASE=trash` takes those of that name.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fake_jira::{Anonymous, Behaviour, FakeJira, Kind, Login, World};
use serde_json::Value;

use crate::program::{BINARY, command, finish, run};
use crate::samples::{Workspace, copy_folder};

#[path = "../../../store/tests/it/old_schema.rs"]
mod old_schema;

const TOKEN: &str = "example-token";
/// How often each command is killed in every run of the tests.
const ROUNDS: u32 = 6;
/// The schema as an old version of this program wrote it.
const OLD_SCHEMA: &str = include_str!("../../../../fixtures/schema/sqlite/v002.sql");

/// A command that writes, and the workspace that it is run on.
struct Case {
    name: &'static str,
    arguments: Vec<String>,
    /// Whether it puts another database in the place of the one that is there, which is kept.
    replaces: bool,
    /// Whether what is in the trash is a part of what it does.
    is_of_trash: bool,
    before: Workspace,
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn case(name: &'static str, line: &str, prepare: &[&[&str]]) -> Case {
    let before = Workspace::migrated();
    prepare.iter().for_each(|step| drop(run(&before.path, step).answer()));
    let arguments = words(line);
    Case { name, arguments, replaces: false, is_of_trash: false, before }
}

/// All of them; the Jira is asked by `sync`.
fn cases(jira: &FakeJira) -> Vec<Case> {
    let replacing = |case: Case| Case { replaces: true, ..case };
    let later: &[&str] = &["profile", "create", "Later"];
    let export: &[&str] = &["export", "whole.json.gz"];
    let of_trash = |case: Case| Case { is_of_trash: true, ..case };
    let two_in_trash: &[&[&str]] = &[
        later,
        &["profile", "delete", "Later", "--yes"],
        &["query", "duplicate", "All issues", "Gone", "--with-data"],
        &["query", "delete", "Gone", "--yes"],
    ];
    let in_its_place = "import whole.json.gz --replace Apache\u{a0}Kafka --yes";
    let mut cases = vec![
        Case { before: Workspace::small(), ..case("migrate", "migrate", &[]) },
        replacing(case("migrate again", "migrate --again --yes", &[later])),
        replacing(case("rollback", "rollback --yes", &[later])),
        case("rollback with changes", "rollback --with-changes", &[later]),
        replacing(case("restore", "restore --yes", &[&["backup"], later])),
        case("import", "import whole.json.gz --name Imported", &[export]),
        case("settings", "settings set window 9", &[]),
        case("delete", "profile delete Later --yes", &[later]),
        case("query", "query create project=X --name New", &[]),
        case("duplicate", "query duplicate All\u{a0}issues Copied --with-data", &[]),
        case("milestone", "milestone set Release 2026-12-24", &[]),
        case("backup", "backup", &[later]),
        case("create", "profile create Other", &[]),
        of_trash(case(
            "import replace",
            in_its_place,
            &[export, &["settings", "set", "window", "9"]],
        )),
        of_trash(case("query delete", "query delete All\u{a0}issues --yes", &[])),
        of_trash(case("trash empty", "trash empty --yes", two_in_trash)),
        case("key add", "key add Script --role view --file script.key", &[]),
        case("delivery add", "delivery add all --name Everything", &[]),
        case("profile duplicate", "profile duplicate Apache\u{a0}Kafka Twin --with data", &[]),
    ];
    for case in &mut cases {
        case.arguments.iter_mut().for_each(|argument| *argument = argument.replace('\u{a0}', " "));
    }
    cases.push(restoring_from_the_trash());
    cases.push(upgrading());
    cases.push(repairing());
    cases.push(syncing(jira));
    cases
}

fn restoring_from_the_trash() -> Case {
    let case = case("trash restore", "", &[&["profile", "create", "Later"]]);
    run(&case.before.path, &["profile", "delete", "Later", "--yes"]).answer();
    let trash = run(&case.before.path, &["trash", "list", "--json"]).json();
    let id = trash.pointer("/entries/0/id").or_else(|| trash.pointer("/0/id"));
    Case { arguments: words(&format!("trash restore {}", id.unwrap().as_str().unwrap())), ..case }
}

/// A database of an older version, with issues and their changes, is taken to the newest by whoever opens it.
fn upgrading() -> Case {
    let (present, before) = (Workspace::migrated(), Workspace::empty());
    std::fs::create_dir(before.path.join("profiles")).unwrap();
    old_schema::make(&present.database(), &before.database(), OLD_SCHEMA);
    let arguments = words("profiles");
    Case { name: "upgrade", arguments, replaces: false, is_of_trash: false, before }
}

fn repairing() -> Case {
    let case = case("repair", "doctor --repair --yes", &[&["profile", "create", "Later"]]);
    let database = rusqlite::Connection::open(case.before.database()).unwrap();
    // A place where a row was: what is counted and what is there differ.
    database.execute_batch("DELETE FROM jira_cache WHERE position = 7").unwrap();
    Case { replaces: true, ..case }
}

fn syncing(jira: &FakeJira) -> Case {
    let before = Workspace::empty();
    let at = |arguments: &[&str]| {
        let mut command = command(BINARY, &before.path);
        command.args(["--workspace", "."]).args(arguments).env("BURNDOWN_JIRA_TOKEN", TOKEN);
        finish(&mut command).answer()
    };
    at(&["connect", jira.url(), "--profile", "Team"]);
    at(&["query", "create", "project = DEMO", "--name", "All"]);
    let arguments = words("sync All");
    Case { name: "sync", arguments, replaces: false, is_of_trash: false, before }
}

fn start(path: &Path, arguments: &[String]) -> Child {
    prepared(path, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn prepared(path: &Path, arguments: &[String]) -> Command {
    let mut command = command(BINARY, path);
    command.args(["--workspace", "."]).args(arguments);
    command
}

/// Everything in force that a user put there or fetched, as one text.
fn in_force(case: &Case, path: &Path) -> String {
    let ended = run(path, &["--workspace", ".", "status", "--check", "--json"]);
    let told: Value = serde_json::from_str(&ended.out).unwrap_or_default();
    let state = told["state"].as_str().unwrap_or("none").to_owned();
    let mut lines = vec![state, format!("{}", told["health"]["integrity"])];
    let profiles = told["workspace"]["profiles"].as_array().cloned().unwrap_or_default();
    for profile in profiles {
        lines.push(format!("{} {} {}", profile["name"], profile["description"], profile["issues"]));
        for query in profile["queries"].as_array().unwrap() {
            let counts = (&query["issues"], &query["changelogs"]);
            lines.push(format!("  {} {} {counts:?}", query["name"], query["jql"]));
        }
        let id = profile["id"].as_str().unwrap();
        let settings = run(path, &["--workspace", ".", "settings", "--profile", id, "--json"]);
        let settings: Value = serde_json::from_str(&settings.out).unwrap_or_default();
        lines.push(settings["settings"].to_string());
    }
    let listed = |words: &[&str]| -> Value {
        let ended = run(path, &[&["--workspace", "."], words, &["--json"]].concat());
        serde_json::from_str(&ended.out).unwrap_or_default()
    };
    let named = |what: &str, list: &Value| -> Vec<String> {
        let all = list.as_array().into_iter().flatten();
        all.map(|one| format!("{what} {}{}", one["name"], one["role"])).collect()
    };
    lines.extend(named("key", &listed(&["key", "list"])));
    lines.extend(named("delivery", &listed(&["delivery", "list"])["deliveries"]));
    if case.is_of_trash {
        let trash = listed(&["trash", "list"]);
        let entries = trash["entries"].as_array().cloned().unwrap_or_default();
        let entry = |of: &Value| format!("trash {} {}", of["profile"]["name"], of["query"]["name"]);
        // A deletion that was cut off leaves its copy as well: once more is not less.
        let entries: BTreeSet<String> = entries.iter().map(entry).collect();
        lines.extend(entries);
    }
    lines.sort();
    lines.join("\n")
}

/// Kills a run at a moment; whether it came to that, and whether the run had succeeded before.
fn killed_after(mut child: Child, moment: Duration) -> (bool, bool) {
    let begin = Instant::now();
    while begin.elapsed() < moment {
        if let Some(status) = child.try_wait().unwrap() {
            return (false, status.success());
        }
        std::thread::yield_now();
    }
    let _ = child.kill();
    let status = child.wait().unwrap();
    (status.code().is_none(), status.success())
}

fn check(case: &Case, rounds: u32, seed: u64) -> u32 {
    // A look takes an older database to the newest version.
    let before = in_force(case, &copy_folder(&case.before).path);
    let whole = copy_folder(&case.before);
    let begin = Instant::now();
    finish(&mut prepared(&whole.path, &case.arguments)).answer();
    let duration = begin.elapsed();
    let after = in_force(case, &whole.path);
    let (mut kills, mut random) = (0, seed);
    for round in 0..rounds {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = f64::from(round) + f64::from((random >> 40) as u32) / f64::from(1 << 24);
        let moment = duration.mul_f64(part / f64::from(rounds));
        let workspace = copy_folder(&case.before);
        let (was_killed, is_acknowledged) =
            killed_after(start(&workspace.path, &case.arguments), moment);
        kills += u32::from(was_killed);
        check_round(case, &workspace, (&before, &after), is_acknowledged);
    }
    kills
}

fn check_round(
    case: &Case,
    workspace: &Workspace,
    (before, after): (&str, &str),
    is_acknowledged: bool,
) {
    let name = case.name;
    let mut found = in_force(case, &workspace.path);
    if found != before && found != after {
        // Between two names nothing is in force; whoever comes next finishes.
        finish(&mut prepared(&workspace.path, &case.arguments)).answer();
        found = in_force(case, &workspace.path);
        assert_eq!(found, after, "{name}: neither what was before nor what would have been after");
    }
    if is_acknowledged {
        assert_eq!(found, after, "{name}: what was acknowledged is not in force");
    }
    if found != after {
        finish(&mut prepared(&workspace.path, &case.arguments)).answer();
        assert_eq!(in_force(case, &workspace.path), after, "{name}: the next run does not go on");
    }
    if case.replaces {
        let list = run(&workspace.path, &["--workspace", ".", "backup", "list", "--json"]).json();
        let aside = list.as_array().unwrap().iter().find(|it| it["kind"] != "backup");
        let aside = aside.unwrap_or_else(|| panic!("{name}: what was there is not kept"));
        let database = Path::new(aside["path"].as_str().unwrap()).join("burndown.sqlite");
        let kept = rusqlite::Connection::open(database).unwrap();
        let later = "SELECT count(*) FROM profiles WHERE name = 'Later'";
        let count: i64 = kept.query_row(later, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 1, "{name}: what was written later is not kept");
    }
}

fn jira() -> FakeJira {
    let kind = Kind::DataCenter;
    let login = Login::Bearer(TOKEN.to_owned());
    let behaviour = Behaviour::honest(kind).login(login, Anonymous::Refused);
    FakeJira::start(World::generated(120, 7), kind, behaviour).unwrap()
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_or_the_new() {
    let jira = jira();
    for case in cases(&jira) {
        check(&case, ROUNDS, 7);
    }
}

#[test]
#[ignore = "takes minutes; the figures of docs/reliability.md come from it"]
fn soak() {
    let number = |name: &str, usual: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
    };
    let (rounds, seed) = (number("KILL_ROUNDS", 75) as u32, number("KILL_SEED", 11));
    let only = std::env::var("KILL_CASE").unwrap_or_default();
    let jira = jira();
    let mut all = 0;
    for case in cases(&jira).into_iter().filter(|case| case.name.contains(&only)) {
        let kills = check(&case, rounds, seed);
        eprintln!("{}: {kills} kills in {rounds} rounds", case.name);
        all += kills;
    }
    eprintln!("{all} kills, nothing that was acknowledged is lost");
}
